"""Calls a function with JSON values for `advisor run --python`: imports its module once, and forks workers that have it.

Run as `python3 -c … MODULE:FUNCTION`. Messages are lines of JSON, each followed by as many bytes as it says. Standard input:
{"task": id, "bytes": n, "timeout": s or null} and the value; {"shape": [interpreters, threads]}; {"cancel": [id, …], "grace": s}.
Descriptor 3, which was standard output: {"ready": …} or {"refused": …}, then {"ended": id, …, "output": n, "error": m} and both.
This process starts no thread, so that forking it is safe, and runs nothing of the user's but the import.
"""
import json
import os
import select
import signal
import sys
import threading
import time

import _queue

clock = time.perf_counter
SHORT = 0.005
FIRST_LOOK = 0.002


class Stream:
    """Messages that arrive on a descriptor."""

    def __init__(self, descriptor):
        self.descriptor, self.data, self.place = descriptor, bytearray(), 0

    def read(self):
        """Takes what is there; False at the end."""
        data = os.read(self.descriptor, 1 << 18)
        del self.data[: self.place]
        self.place = 0
        self.data += data
        return bool(data)

    def messages(self):
        while (end := self.data.find(b"\n", self.place)) >= 0:
            header = json.loads(self.data[self.place : end])
            size = header.get("bytes", 0)
            if len(self.data) < end + 1 + size:
                return
            self.place = end + 1 + size
            yield header, bytes(self.data[end + 1 : self.place])


def send(descriptor, payload=b"", **header):
    data = memoryview(json.dumps(header).encode() + b"\n" + payload)
    while data:
        data = data[os.write(descriptor, data) :]


class Worker:
    """In the forked process: runs tasks in its main thread, and in more threads or an event loop when told to."""

    def __init__(self, function, is_async, requests, replies):
        self.function, self.is_async, self.replies = function, is_async, replies
        self.stream = Stream(requests)
        self.queue, self.lock = _queue.SimpleQueue(), threading.Lock()
        self.threads = self.most_threads = 1
        self.taken = self.ended = 0
        self.base = time.process_time()
        self.capture = None if is_async else Capture()

    def run(self):
        if self.is_async:
            import asyncio

            asyncio.run(self.loop(asyncio))
        else:
            threading.Thread(target=self.receive, daemon=True).start()
            self.serve(is_first=True)

    def receive(self):
        while self.stream.read():
            for header, value in self.stream.messages():
                if "threads" in header:
                    self.most_threads = header["threads"]
                else:
                    self.taken += 1
                    self.queue.put((header["task"], value))
                    if self.threads < min(self.most_threads, self.taken - self.ended):
                        self.grow()
        os._exit(0)

    def grow(self):
        # What several print at once belongs to none of them.
        if self.capture:
            self.capture.end()
            self.capture = None
        self.threads += 1
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self, is_first=False):
        meter = Meter()
        if is_first:
            send(self.replies, up=True)
        while True:
            task, value = self.queue.get()
            meter.start()
            alone = self.threads == 1
            try:
                result, how, trace = encoded(self.function(json.loads(value))), None, b""
            except BaseException as error:
                result, how, trace = b"", *told(error)
            self.reply(task, result, how, trace, meter.stop(alone and self.threads == 1))

    async def loop(self, asyncio):
        """Tasks as coroutines: as many at once as the host hands over."""
        loop, running, ended = asyncio.get_running_loop(), {}, asyncio.Event()
        self.base = time.process_time()

        async def one(task, value):
            start, began = clock(), time.time()
            try:
                result, how, trace = encoded(await self.function(json.loads(value))), None, b""
            except BaseException as error:
                result, how, trace = b"", *told(error)
            running.pop(task, None)
            self.reply(task, result, how, trace, {"started": began, "wall": clock() - start, "cpu": 0.0, "queued": 0.0})

        def receive():
            if not self.stream.read():
                return ended.set()
            for header, value in self.stream.messages():
                if "task" in header:
                    running[header["task"]] = loop.create_task(one(header["task"], value))

        loop.add_reader(self.stream.descriptor, receive)
        await ended.wait()
        os._exit(0)

    def reply(self, task, result, how, trace, usage):
        error = (self.capture.take() if self.capture else b"") + trace
        with self.lock:
            # In one piece with the other threads'.
            self.ended += 1
            send(
                self.replies, result + error, ended=task, how=how, bytes=len(result) + len(error), output=len(result),
                rss=resident_bytes(), total=time.process_time() - self.base, **usage)


class Meter:
    """Wall, CPU and run-queue seconds of a task on this thread."""

    def __init__(self):
        try:
            self.schedule = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self.schedule = None

    def queued(self):
        return int(os.pread(self.schedule, 64, 0).split()[1]) / 1e9 if self.schedule is not None else 0.0

    def start(self):
        self.began, self.queue = time.time(), self.queued()
        self.thread, self.process, self.wall = time.thread_time(), time.process_time(), clock()

    def stop(self, alone):
        """Of a task that was alone in its process, what its own threads have used counts too."""
        wall = clock() - self.wall
        cpu = time.process_time() - self.process if alone else time.thread_time() - self.thread
        return {"started": self.began, "wall": wall, "cpu": cpu, "queued": max(0.0, self.queued() - self.queue)}


class Capture:
    """What a task prints, kept from the outputs of others."""

    def __init__(self):
        self.file = os.memfd_create("printed")
        self.error = os.dup(2)
        os.dup2(self.file, 1)
        os.dup2(self.file, 2)

    def take(self):
        sys.stdout.flush()
        sys.stderr.flush()
        size = os.lseek(self.file, 0, os.SEEK_CUR)
        if size == 0:
            return b""
        data = os.pread(self.file, size, 0)
        os.lseek(self.file, 0, os.SEEK_SET)
        os.ftruncate(self.file, 0)
        return data

    def end(self):
        printed = self.take()
        os.dup2(self.error, 1)
        os.dup2(self.error, 2)
        os.write(2, printed)


def resident_bytes(page=os.sysconf("SC_PAGESIZE"), files=[]):
    # Opened in the worker: in the host it would be the host's.
    if not files:
        files.append(os.open("/proc/self/statm", os.O_RDONLY))
    return int(os.pread(files[0], 64, 0).split()[1]) * page


def encoded(result):
    """One line of JSON."""
    try:
        return json.dumps(result, allow_nan=False, default=plain).encode() + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise Unfit(f"returned what JSON cannot hold: {error}") from None


def plain(value):
    """Arrays and numbers of numpy and its kin."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"an object of type {type(value).__name__}")


class Unfit(Exception):
    pass


def told(error):
    """How a task failed, and what to print of it."""
    if isinstance(error, Unfit):
        return str(error), b""
    if isinstance(error, SystemExit):
        return f"called sys.exit({error.code!r})", b""
    import traceback

    # Without this program's own frame.
    frames = error.__traceback__ and error.__traceback__.tb_next
    text = "".join(traceback.format_exception(type(error), error, frames))
    return "raised " + "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()[-1], text.encode()


class Process:
    """A worker as the host sees it."""

    def __init__(self, host):
        requests, self.requests = os.pipe()
        replies, reply_end = os.pipe()
        self.tasks, self.threads, self.killed_for = {}, 1, set()
        self.id = os.fork()
        if self.id == 0:
            run_worker(host, requests, reply_end, [self.requests, replies])
        os.close(requests)
        os.close(reply_end)
        self.stream = Stream(replies)
        self.exclusive = self.retired = False
        # When it began, with its CPU and run-queue seconds then.
        self.base = None

    def hand(self, task):
        self.tasks[task.id] = task
        if len(self.tasks) <= self.threads:
            task.begin()
        self.send(task.value, task=task.id, bytes=len(task.value))

    def send(self, payload=b"", **header):
        try:
            send(self.requests, payload, **header)
        except BrokenPipeError:
            # It has ended, which its replies will tell.
            pass

    def close(self):
        os.close(self.requests)
        os.close(self.stream.descriptor)


def run_worker(host, requests, replies, others):
    for process in host.processes:
        others += [process.requests, process.stream.descriptor]
    for descriptor in others + [0, 3]:
        os.close(descriptor)
    # Standard input of the function is empty.
    os.open(os.devnull, os.O_RDONLY)
    try:
        Worker(host.function, host.is_async, requests, replies).run()
    except BaseException:
        import traceback

        traceback.print_exc()
    os._exit(1)


class Task:
    def __init__(self, header, value):
        self.id, self.value, self.timeout = header["task"], value, header.get("timeout")
        self.began = self.deadline = None
        self.alone = False

    def begin(self):
        """It is under way now, as far as the host knows."""
        if self.began is None:
            self.began = clock()
            self.deadline = self.timeout and self.began + self.timeout

    def wall(self):
        return clock() - (self.began or clock())


class Host:
    def __init__(self, function, is_async, most_bytes):
        self.function, self.is_async, self.most_bytes = function, is_async, most_bytes
        self.interpreters, self.threads = 1, 1
        self.waiting, self.processes, self.kills = [], [], []
        self.mean, self.looks_at, self.pause = None, None, FIRST_LOOK
        self.stream = Stream(0)

    def run(self):
        while True:
            self.dispatch()
            poll = select.poll()
            by_descriptor = {process.stream.descriptor: process for process in self.processes}
            for descriptor in [0, *by_descriptor]:
                poll.register(descriptor, select.POLLIN)
            due = [process.deadline for process in self.timed()] + [time for time, _ in self.kills]
            due += [self.looks_at] if self.looks_at else []
            ready = poll.poll(max(0, min(due) - clock()) * 1000 + 1 if due else None)
            for descriptor, _ in ready:
                if descriptor == 0:
                    if not self.stream.read():
                        return self.end()
                    for header, value in self.stream.messages():
                        self.obey(header, value)
                else:
                    self.hear(by_descriptor[descriptor])
            self.enforce()

    def timed(self):
        return [task for process in self.processes for task in process.tasks.values() if task.deadline]

    def obey(self, header, value):
        if "task" in header:
            self.waiting.append(Task(header, value))
        elif "shape" in header:
            self.interpreters, self.threads = header["shape"]
        elif "cancel" in header:
            self.cancel(set(header["cancel"]), header.get("grace", 2))

    # Handing out

    def dispatch(self):
        self.retire()
        while self.waiting:
            task = self.waiting[0]
            process = self.free(task)
            if not process:
                return
            self.waiting.pop(0)
            process.exclusive = task.alone
            process.hand(task)

    def free(self, task):
        """The process with most room; a new one where all are at work and one more may be."""
        depth = 1
        if not self.is_async and self.threads == 1 and self.mean and self.mean < SHORT:
            # Enough that none waits for us; a long one must not hold up those behind it.
            depth = max(1, min(64, int(2 * SHORT / max(self.mean, 1e-5))))
        live = [process for process in self.processes if not process.retired and not process.killed_for]
        if task.alone:
            live = [process for process in live if not process.tasks]
        else:
            live = [process for process in live if len(process.tasks) < self.threads * depth and not process.exclusive]
        process = min(live, key=lambda process: len(process.tasks), default=None)
        if (not process or process.tasks) and len(self.processes) < self.interpreters:
            process = Process(self)
            self.processes.append(process)
        if process and process.threads < self.threads and not task.alone:
            process.threads = self.threads
            process.send(threads=self.threads)
        return process

    def retire(self):
        """Processes beyond those that are wanted end when they are idle."""
        spare = len(self.processes) - self.interpreters
        for process in self.processes if spare > 0 else []:
            if spare > 0 and not process.tasks and not process.retired:
                process.retired = True
                os.close(process.requests)
                process.requests = os.open(os.devnull, os.O_WRONLY)
                spare -= 1

    # What comes back

    def hear(self, process):
        if not process.stream.read():
            return self.bury(process)
        for header, payload in process.stream.messages():
            if "up" in header:
                process.base = (clock(), *schedule(process.id))
                if self.mean is None and not self.looks_at:
                    self.looks_at = clock() + FIRST_LOOK
                continue
            self.looks_at = None
            task = process.tasks.pop(header["ended"], None)
            if not task:
                continue
            process.exclusive = False
            wall = header["wall"]
            self.mean = wall if self.mean is None else 0.8 * self.mean + 0.2 * wall
            for next_task in list(process.tasks.values())[: process.threads]:
                next_task.begin()
            send(3, payload, pid=process.id, threads=process.threads, **header)
            if header["rss"] > self.most_bytes and not process.tasks and not process.retired:
                send(3, note=f"an interpreter held {header['rss'] >> 20} MiB and was replaced: does the function keep memory?")
                self.kill(process, 0)

    def bury(self, process):
        self.processes.remove(process)
        process.close()
        _, status = os.waitpid(process.id, 0)
        self.kills = [(due, other) for due, other in self.kills if other is not process]
        tasks = list(process.tasks.values())
        running, behind = tasks[: process.threads], tasks[process.threads :]
        suspects = [task for task in running if task.id not in process.killed_for]
        for task in running:
            if task.id in process.killed_for:
                send(3, ended=task.id, how=task.ending, wall=task.wall(), pid=process.id)
        if process.killed_for or process.retired:
            behind = suspects + behind
        elif len(suspects) == 1:
            how = {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"status": os.WEXITSTATUS(status)}
            send(3, ended=suspects[0].id, wall=suspects[0].wall(), pid=process.id, **how)
        else:
            # One of them ended all: each has another turn by itself, which shows who it is.
            for task in suspects:
                task.alone = True
            behind = suspects + behind
        for task in behind:
            task.began = task.deadline = None
        self.waiting = behind + self.waiting

    def look(self, now):
        """How much of the time the first tasks have used the CPU so far: those that wait leave room for more."""
        self.pause *= 2
        self.looks_at = now + self.pause
        looked = []
        for process in self.processes:
            if process.base and process.tasks:
                cpu, queued = schedule(process.id)
                began, base_cpu, base_queued = process.base
                wall = sum(now - max(began, task.began) for task in process.tasks.values() if task.began)
                looked.append([wall, cpu - base_cpu, queued - base_queued])
        send(3, looked=looked)

    # Ending tasks

    def enforce(self):
        now = clock()
        if self.looks_at and self.looks_at <= now:
            self.look(now)
        for process in self.processes:
            late = [task for task in process.tasks.values() if task.deadline and task.deadline <= now]
            if late:
                self.stop(process, late, "timeout", 2)
        for due, process in self.kills:
            if due <= now:
                signal_process(process.id, signal.SIGKILL)
        self.kills = [(due, process) for due, process in self.kills if due > now]

    def cancel(self, ids, grace):
        for task in [task for task in self.waiting if task.id in ids]:
            self.waiting.remove(task)
            send(3, withdrawn=task.id)
        for process in self.processes:
            tasks = [task for task in process.tasks.values() if task.id in ids]
            if tasks:
                self.stop(process, tasks, "stopped", grace)

    def stop(self, process, tasks, ending, grace):
        for task in tasks:
            task.ending, task.deadline = ending, None
            process.killed_for.add(task.id)
        self.kill(process, grace)

    def kill(self, process, grace):
        process.retired = True
        signal_process(process.id, signal.SIGTERM if grace else signal.SIGKILL)
        self.kills.append((clock() + grace, process))

    def end(self):
        for process in self.processes:
            os.close(process.requests)
            if process.tasks:
                signal_process(process.id, signal.SIGKILL)
        for process in self.processes:
            os.waitpid(process.id, 0)
        # Nothing is left to tidy up that would be worth its time.
        os._exit(0)


def schedule(process):
    """CPU and run-queue seconds of all its threads so far."""
    total = [0.0, 0.0]
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/schedstat") as file:
                cpu, queued, _ = file.read().split()
            total[0] += int(cpu) / 1e9
            total[1] += int(queued) / 1e9
    except OSError:
        pass
    return total


def signal_process(process, number):
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def imported(name):
    """The function, or why there is none."""
    module_name, _, attribute = name.partition(":")
    if module_name.endswith(".py"):
        sys.path.insert(0, os.path.dirname(module_name) or "")
        module_name = os.path.basename(module_name)[:-3]
    start = clock()
    signal.signal(signal.SIGALRM, lambda *_: send(3, note=f"{module_name} is still being imported after {clock() - start:.0f} s"))
    signal.setitimer(signal.ITIMER_REAL, 2, 10)
    try:
        __import__(module_name)
    except BaseException as error:
        missing = isinstance(error, ModuleNotFoundError) and error.name and (module_name + ".").startswith(error.name + ".")
        if missing:
            send(3, refused="module", why=str(error))
        else:
            how, trace = told(error)
            os.write(2, trace)
            send(3, refused="import", why=how)
        sys.exit(0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    target = sys.modules[module_name]
    for part in attribute.split("."):
        if not hasattr(target, part):
            names = [key for key, value in vars(sys.modules[module_name]).items() if callable(value) and not key.startswith("_")]
            send(3, refused="function", why=", ".join(names[:12]))
            sys.exit(0)
        target = getattr(target, part)
    if not callable(target):
        send(3, refused="call", why=type(target).__name__)
        sys.exit(0)
    return target, clock() - start


def is_coroutine_function(function, flag=0x80):
    code = getattr(function, "__code__", None) or getattr(getattr(function, "__call__", None), "__code__", None)
    return bool(code and code.co_flags & flag)


def main():
    # The function may print: what it prints must not pass for a message.
    os.dup2(1, 3)
    os.dup2(2, 1)
    os.set_inheritable(3, False)
    function, seconds = imported(sys.argv[1])
    import gc

    # What was imported stays shared between the workers: no collection writes into it.
    gc.collect()
    gc.freeze()
    is_async = is_coroutine_function(function)
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    send(3, ready=True, isAsync=is_async, importSeconds=seconds, holdsGIL=bool(gil), version=sys.version.split()[0])
    Host(function, is_async, int(sys.argv[2])).run()


main()
