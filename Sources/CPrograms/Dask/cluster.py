"""A cluster of our own. Part of one source with dask.py."""


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
        """Lets in only clients with the key of this run: other users of this machine could reach the port too."""
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
