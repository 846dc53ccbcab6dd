"""Drives a Dask cluster for advisor: tasks come as JSON lines on standard input, and what happens goes out the same way.

    {"do": "submit", "id": 1, "kind": "command", "arguments": ["echo", "a"], "killDelay": 2}
    {"do": "cancel", "ids": [1]}
    {"event": "ended", "id": 1, "worker": "w0", "ending": "exited", "status": 0, "output": "a\\n", …}

Without the address of a scheduler it starts one with workers on this machine, in its own process group: who kills that
ends all. It ends them itself when its standard input closes.
"""

import argparse
import asyncio
import collections
import json
import logging
import os
import sys
import uuid

LEAST_VERSION = (2022, 6)
# What tasks are put together to: ten times what Dask needs for one.
CHUNK_SECONDS = 0.02
# Work that a slot has with it, so that it does not wait for us; the rest stays here, to be put together.
AHEAD_SECONDS = 0.2
# What does not answer for so many seconds is no scheduler.
PATIENCE = 15


def tell(event, **values):
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")


def fail(problem, advice):
    """The engine cannot go on: says why, and ends with all that it has started."""
    tell("failed", problem=problem, advice=advice)
    leave(1)


def leave(status):
    sys.stdout.flush()
    for process in processes:
        if process.returncode is None:
            process.kill()
    # Neither threads nor pending tasks of Dask's are worth waiting for.
    os._exit(status)


processes = []
# Before the name of a program of Dask's and its arguments: this process is to be that.
START = "--start"


def load():
    """Imports Dask, which may not be there."""
    here = sys.executable
    install = f"install it: {here} -m pip install 'distributed>=2022.6', or name a Python that has it with --interpreter"
    try:
        import distributed
    except ImportError as error:
        fail(f"{here} cannot import dask.distributed: {error}", install)
    except Exception as error:
        # Of two packages that do not fit each other, say.
        again = f"install it anew: {here} -m pip install --force-reinstall 'distributed>=2022.6'"
        fail(f"dask.distributed of {here} is broken: its import raised {type(error).__name__}: {error}", again)
    if sys.version_info < (3, 9):
        fail(f"{here} is Python {sys.version.split()[0]}", "name one of 3.9 or later with --interpreter")
    has = getattr(distributed, "__version__", "without a version")
    if tuple(int(part) for part in has.split(".")[:2] if part.isdigit()) < LEAST_VERSION:
        fail(f"{here} has dask.distributed {has}, which is too old", install)
    return distributed


class LocalCluster:
    """A scheduler and workers on this machine, each a process."""

    def __init__(self, options, folder):
        self.folder, self.count = folder, options.workers
        self.file = os.path.join(folder, "scheduler.json")
        self.secrets, self.security = [], None
        self.workers = {}
        self.restarts = 0
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])]),
            # No task waits at the scheduler while a worker could have it: half the cost of a short one.
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "inf",
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "15s",
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s",
            # The web servers that each of them starts show nobody anything.
            "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "[]",
            "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
        }

    async def start(self):
        self.secure()
        scheme = "tls" if self.security else "tcp"
        self.scheduler = await self.spawn(
            "dask_scheduler", "--host", f"{scheme}://127.0.0.1", "--port", "0", "--no-show", "--scheduler-file", self.file,
        )  # fmt: skip
        for index in range(self.count):
            await self.add(index)

    def secure(self):
        """Lets in only who has the key of this run: other users of this machine could reach the port too."""
        try:
            from distributed.security import Security

            self.security = Security.temporary()
        except ImportError:
            return tell("note", text="without Python's cryptography, other users here can reach the Dask scheduler")
        for option, name in [("--tls-ca-file", "tls_ca_file"), ("--tls-cert", "tls_worker_cert"),
                             ("--tls-key", "tls_worker_key")]:  # fmt: skip
            path = os.path.join(self.folder, name)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(getattr(self.security, name))
            self.secrets += [option, path]

    async def spawn(self, program, *arguments):
        log = open(os.path.join(self.folder, f"{program}.log"), "ab")
        with log:
            # By this file, as `-m` would take modules from the current folder first.
            process = await asyncio.create_subprocess_exec(
                sys.executable, os.path.abspath(__file__), START, f"distributed.cli.{program}", *arguments,
                "--no-dashboard", "--dashboard-address", "127.0.0.1:0", *self.secrets,
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment,
            )  # fmt: skip
        processes.append(process)
        return process

    async def add(self, index):
        self.workers[index] = await self.spawn(
            "dask_worker", "--scheduler-file", self.file, "--host",
            ("tls" if self.security else "tcp") + "://127.0.0.1", "--nthreads", "1", "--nworkers", "1", "--name",
            f"w{index}", "--no-nanny", "--memory-limit", "0", "--local-directory", self.folder,
            "--death-timeout", "60",
        )  # fmt: skip

    async def look(self):
        """Replaces workers that are gone; false when the scheduler is."""
        for index, worker in list(self.workers.items()):
            if worker.returncode is None:
                continue
            self.restarts += 1
            if self.restarts > 3 * self.count + 7:
                return False
            tell("note", text=f"the Dask worker w{index} {ending(worker.returncode)}; another one takes its place")
            await self.add(index)
        return self.scheduler.returncode is None

    def log(self):
        """The last words of the scheduler and the workers, for messages."""
        lines = []
        for name in ("dask_scheduler.log", "dask_worker.log"):
            try:
                with open(os.path.join(self.folder, name), errors="replace") as file:
                    lines += [line.strip() for line in file if "rror" in line]
            except OSError:
                pass
        return lines[-1] if lines else ""


def ending(status):
    return f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"


class Engine:
    def __init__(self, distributed, options, folder):
        self.distributed, self.options = distributed, options
        self.folder = folder
        self.run = uuid.uuid4().hex[:12]
        self.cluster = self.address = self.security = None
        self.futures = {}
        # Tasks that Dask does not have yet.
        self.backlog = collections.deque()
        self.inventory = None
        self.sent = 0
        # Tasks whose workers have died, and the one of them that is tried alone now.
        self.suspects, self.suspect = [], None
        # Tasks that have ended, and what they took on their workers.
        self.count, self.seconds = 0, 0.0

    async def start(self):
        security = None
        address = self.options.scheduler
        if address is None:
            self.cluster = LocalCluster(self.options, self.folder)
            # A worker on this machine answers at once, or is dead.
            import dask

            dask.config.set({"distributed.comm.timeouts.connect": "3s"})
            await self.cluster.start()
            security = self.cluster.security
            while not os.path.exists(self.cluster.file):
                if not await self.cluster.look():
                    fail(f"the Dask scheduler did not start: {self.cluster.log()}", "try it by hand: dask scheduler")
                await asyncio.sleep(0.02)
            with open(self.cluster.file) as file:
                address = json.load(file)["address"]
        elif self.options.tls_ca:
            security = self.distributed.Security(
                tls_ca_file=self.options.tls_ca, tls_client_cert=self.options.tls_cert,
                tls_client_key=self.options.tls_key, require_encryption=True,
            )  # fmt: skip
        self.address, self.security = address, security
        sys.path.insert(0, self.folder)
        global advisor_tasks
        import advisor_tasks

        client = asyncio.ensure_future(
            self.distributed.Client(
                address, asynchronous=True, security=security, timeout=self.options.timeout, set_as_default=False
            )
        )
        # Its own limit ends with the connection, which a server of another kind takes too.
        if not (await asyncio.wait([client], timeout=PATIENCE))[0]:
            fail(
                f"cannot reach the Dask scheduler at {address}: what listens there has not answered as one for {PATIENCE} s",
                "give the scheduler's own port, as in tcp://HOST:8786: that of its web page, 8787, is another",
            )
        try:
            self.client = client.result()
            if self.cluster is None:
                await self.upload(os.path.join(self.folder, "advisor_tasks.py"))
            for path in self.options.upload:
                await self.upload(path)
        except (OSError, TimeoutError, asyncio.TimeoutError, ValueError, ImportError) as error:
            fail(
                f"cannot reach the Dask scheduler at {address}: {type(error).__name__}: {error}",
                "check that it runs there and that its address is right, as in tcp://HOST:8786 (tls:// with --tls-ca)",
            )
        self.completed = self.distributed.as_completed([], loop=self.client.loop)
        self.has_futures = asyncio.Event()

    async def version_of_scheduler(self):
        """That of its `distributed`, in the one call that all versions have alike; None where it does not answer."""
        connection = self.security.get_connection_args("client") if self.security else None
        try:
            async with self.distributed.rpc(self.address, connection_args=connection) as scheduler:
                return dict((await asyncio.wait_for(scheduler.versions(), 5))["packages"])["distributed"]
        except Exception:
            return None

    async def upload(self, path):
        """Has all workers import a module, those that join later included."""
        await self.client.upload_file(path)

    async def take_inventory(self):
        try:
            info = await self.client.scheduler.identity(n_workers=-1)
        except TypeError:
            info = await self.client.scheduler.identity()
        workers = [
            {"name": str(worker.get("name", address)), "host": worker.get("host", ""), "slots": worker["nthreads"]}
            for address, worker in info["workers"].items()
        ]
        workers.sort(key=lambda worker: worker["name"])
        self.names = {address: str(worker.get("name", address)) for address, worker in info["workers"].items()}
        self.offered = {}
        for worker in info["workers"].values():
            for name, amount in (worker.get("resources") or {}).items():
                self.offered[name] = max(self.offered.get(name, 0), amount)
        if workers != self.inventory:
            self.inventory = workers
            tell("workers", workers=workers)
            self.hand_out()

    def check_resources(self):
        """Dask waits for ever for what no worker has."""
        for name, amount in self.options.resources.items():
            if self.inventory and self.offered.get(name, 0) < amount:
                has = f"at most {self.offered[name]:g}" if name in self.offered else "none"
                fail(
                    f"a task needs {name}={amount:g}, but of {name} the workers at {self.address} have {has}",
                    f"start workers that have it: dask worker … --resources {name}={amount:g}",
                )

    async def watch(self):
        """Tells the workers that there are, and notices when the scheduler or all workers are gone."""
        told = False
        while True:
            if self.cluster and not await self.cluster.look():
                fail(f"the Dask scheduler or its workers ended: {self.cluster.log()}", "run it again")
            if self.client.status not in ("running", "connecting", "newly-created"):
                self.lose_scheduler()
            try:
                await asyncio.wait_for(self.take_inventory(), 30)
            except (OSError, asyncio.TimeoutError) as error:
                self.lose_scheduler(error)
            self.check_resources()
            expected = self.cluster.count if self.cluster else 1
            if not told and len(self.inventory or []) >= expected:
                told = True
                tell("ready", address=self.address, run=self.run)
            sys.stdout.flush()
            await asyncio.sleep(0.05 if not told else 1)

    def lose_scheduler(self, error=None):
        fail(
            f"the Dask scheduler at {self.address} is gone" + (f": {error}" if error else ""),
            "start it again, and run this again",
        )

    def submit(self, tasks):
        for task in tasks:
            task["run"] = self.run
        self.backlog.extend(tasks)
        self.hand_out()

    def hand_out(self):
        """Hands tasks to Dask, short ones several at a time: one costs Dask about 2 ms, however short it is."""
        slots = max(1, sum(worker["slots"] for worker in self.inventory or []))
        each = max(self.seconds / self.count, 1e-4) if self.count >= 8 else CHUNK_SECONDS
        most = slots * max(2, AHEAD_SECONDS / max(each, CHUNK_SECONDS))
        chunks = []
        while self.backlog and len(self.futures) + len(chunks) < most:
            # Towards the end smaller ones, so that all slots end together.
            size = max(1, min(int(CHUNK_SECONDS / each), len(self.backlog) // (2 * slots)))
            chunks.append([self.backlog.popleft() for _ in range(size)])
        if chunks:
            self.send(chunks)

    def send(self, chunks):
        self.sent += len(chunks)
        futures = self.client.map(
            advisor_tasks.run_all, chunks, pure=False, resources=self.options.resources or None, batch_size=None,
            key=[f"advisor-{self.run}-{self.sent - index}" for index in range(len(chunks))],
        )  # fmt: skip
        for chunk, future in zip(chunks, futures):
            self.futures[future.key] = (chunk, future)
        self.completed.update(futures)
        self.has_futures.set()

    async def cancel(self, ids):
        """Ends tasks: those that run tell it themselves; those that do not are given up, and never start."""
        wanted = set(ids)
        for task in [task for task in self.backlog if task["id"] in wanted]:
            self.backlog.remove(task)
            tell("withdrawn", id=task["id"])
        try:
            running = await self.client.run(advisor_tasks.cancel, self.run, ids, on_error="ignore")
        except (OSError, ValueError):
            running = {}
        running = {id for some in running.values() if isinstance(some, list) for id in some}
        for key, (chunk, future) in list(self.futures.items()):
            of_chunk = {task["id"] for task in chunk}
            if of_chunk <= wanted and not of_chunk & running and future.status == "pending":
                del self.futures[key]
                await future.cancel()
                for id in of_chunk:
                    tell("withdrawn", id=id)
        sys.stdout.flush()

    async def listen(self):
        """Obeys what comes on standard input until it closes."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=1 << 30)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(os.dup(0), "rb"))
        rest = b""
        while piece := await reader.read(1 << 20):
            *lines, rest = (rest + piece).split(b"\n")
            tasks = []
            for message in map(json.loads, lines):
                if message.pop("do") == "submit":
                    tasks.append(message)
                else:
                    await self.cancel(message["ids"])
            if tasks:
                self.submit(tasks)

    async def report(self):
        """Tells how tasks have ended, in as few trips to the workers as can be."""
        while True:
            await self.has_futures.wait()
            self.has_futures.clear()
            async for future in self.completed:
                batch = [future]
                if self.completed.has_ready():
                    batch += self.completed.next_batch(block=False)
                await self.tell_ended(batch)

    async def tell_ended(self, batch):
        finished = [future for future in batch if future.status == "finished"]
        results = await self.gather(finished)
        if len(results) == len(finished):
            for future, result in zip(finished, results):
                self.tell_results(future, result)
        else:
            # A worker was lost with results that had not come home: Dask has those tasks done again.
            for future in finished:
                for result in await self.gather([future]):
                    self.tell_results(future, result)
        for future in batch:
            if future.key not in self.futures or future.status == "finished":
                continue
            if future.status == "pending":
                self.completed.add(future)
                self.has_futures.set()
            elif future.status == "error":
                self.tell_error(future, await future.exception())
            else:
                self.tell_lost(future, future.status)
        for future in finished:
            if future.key in self.futures:
                self.completed.add(future)
                self.has_futures.set()
        self.hand_out()
        sys.stdout.flush()

    async def gather(self, futures):
        try:
            return await self.client.gather(futures, errors="skip", direct=self.cluster is not None or None)
        except OSError as error:
            if self.client.status != "running":
                self.lose_scheduler(error)
            return []

    def take(self, future):
        chunk, _ = self.futures.pop(future.key, ([], None))
        future.release()
        return chunk

    def tell_results(self, future, results):
        for task, result in zip(self.take(future), results):
            self.count += 1
            self.seconds += result.get("wall", 0)
            tell("ended", id=task["id"], **result)
            if task["id"] == self.suspect:
                self.try_next_suspect()

    def tell_error(self, future, error):
        chunk = self.take(future)
        if type(error).__name__ != "KilledWorker":
            for task in chunk:
                tell("ended", id=task["id"], ending="failed", reason=f"failed on its worker: {error!r}")
        elif len(chunk) == 1 and chunk[0]["id"] == self.suspect:
            tell("ended", id=self.suspect, ending="failed", reason="killed its worker again and again")
            self.try_next_suspect()
        else:
            # Dask blames all that a worker had when it died: one after the other they show which of them it was.
            self.suspects += chunk
            if self.suspect is None:
                self.try_next_suspect()

    def try_next_suspect(self):
        self.suspect = None
        if self.suspects:
            task = self.suspects.pop(0)
            self.suspect = task["id"]
            self.send([[task]])

    def tell_lost(self, future, why):
        if self.client.status != "running":
            self.lose_scheduler()
        for task in self.take(future):
            tell("lost", id=task["id"], reason=f"its worker was lost with its result ({why})")

    async def end(self):
        if self.cluster is None:
            try:
                await asyncio.wait_for(self.client.run(advisor_tasks.forget, self.run, on_error="ignore"), 2)
                await asyncio.wait_for(self.client.close(), 2)
            except (OSError, ValueError, asyncio.TimeoutError):
                pass


async def main(options):
    distributed = load()
    # What goes wrong is told in one sentence.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    engine = Engine(distributed, options, os.path.dirname(os.path.abspath(__file__)))
    try:
        await work(engine)
    except Exception as error:
        theirs, ours = await engine.version_of_scheduler(), distributed.__version__
        if theirs in (None, ours):
            raise
        fail(
            f"the Dask scheduler at {engine.address} is distributed {theirs}, and {sys.executable} has {ours}, which it does "
            f"not understand: {type(error).__name__}: {error}",
            f"use the same on both sides: {sys.executable} -m pip install 'distributed=={theirs}'",
        )
    await engine.end()
    leave(0)


async def work(engine):
    await engine.start()
    jobs = [asyncio.ensure_future(job()) for job in (engine.listen, engine.watch, engine.report)]
    done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    for job in done:
        try:
            job.result()
        except OSError as error:
            engine.lose_scheduler(error)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scheduler")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--timeout", default="10s")
    parser.add_argument("--tls-ca")
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    parser.add_argument("--upload", action="append", default=[])
    parser.add_argument("--resource", action="append", default=[], type=lambda text: text.split("="))
    options = parser.parse_args()
    options.resources = {name: float(amount) for name, amount in options.resource}
    return options


if __name__ == "__main__":
    if sys.argv[1:2] == [START]:
        import runpy

        del sys.argv[1]
        runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
        sys.exit(0)
    try:
        asyncio.run(main(arguments()))
    except Exception as error:
        import traceback

        traceback.print_exc()
        fail(f"the Dask engine failed: {type(error).__name__}: {error}", "see above; please report what is no fault of Dask")
