"""What advisor has a worker do: runs one task at a time in a process of its own, and says how it ended.

Workers import this module; tasks come to them as plain values. `run` hands a task to a runner, a small Python process
that stays for the next one: it starts programs, or calls functions itself. A runner leads a session of its own and ends,
with all that it has started, when the pipe to its worker closes, however the worker ends. Bytes travel as Latin-1 text.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time

_local = threading.local()
_lock = threading.Lock()
_running = {}
_cancelled = set()


def run_all(tasks):
    """Runs tasks one after the other on this worker of Dask's and returns how each ended."""
    from distributed import get_worker

    name = str(get_worker().name)
    return [{**run(task), "worker": name} for task in tasks]


def run(task):
    """Runs a task on this worker and returns how it ended, as a dict."""
    key = (task["run"], task["id"])
    with _lock:
        if key in _cancelled:
            return {"ending": "stopped"}
        runner = getattr(_local, "runner", None)
        if runner is None or not runner.is_alive():
            runner = _local.runner = Runner()
        _running[key] = runner
    try:
        return runner.run(task)
    finally:
        with _lock:
            _running.pop(key, None)
        if not runner.is_alive():
            _local.runner = None


def cancel(run, ids):
    """Ends tasks of a run: those that this worker runs now, which it returns, and those that it would start later."""
    with _lock:
        _cancelled.update((run, id) for id in ids)
        runners = {id: _running[run, id] for id in ids if (run, id) in _running}
    for runner in runners.values():
        runner.cancel()
    return list(runners)


def forget(run):
    """Forgets what was cancelled of a run that is over."""
    with _lock:
        for key in [key for key in _cancelled if key[0] == run]:
            _cancelled.discard(key)


class Runner:
    """The worker's end of a runner."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.is_cancelled = False

    def is_alive(self):
        return self.process.poll() is None

    def run(self, task):
        self.is_cancelled = False
        is_call = task["kind"] == "function"
        timer = None
        overdue = []

        def stop():
            overdue.append(True)
            self.kill()

        # A program is stopped by its runner; a function is stopped with it.
        if is_call and task.get("timeout"):
            timer = threading.Timer(task["timeout"], stop)
            timer.daemon = True
            timer.start()
        started, clock = time.time(), time.monotonic()
        self.is_call = is_call
        try:
            self._send(task)
            line = self.process.stdout.readline()
        except (BrokenPipeError, ValueError):
            line = b""
        finally:
            if timer:
                timer.cancel()
        if line:
            return json.loads(line)
        status = self.process.wait()
        if self.is_cancelled:
            ending = {"ending": "stopped"}
        elif overdue:
            ending = {"ending": "timedOut"}
        elif status < 0:
            ending = {"ending": "killed", "status": -status}
        else:
            ending = {"ending": "failed", "reason": f"ended its interpreter with status {status}"}
        return {**ending, "started": started, "wall": time.monotonic() - clock}

    def cancel(self):
        self.is_cancelled = True
        if getattr(self, "is_call", False):
            self.kill()
        else:
            try:
                self._send({"kind": "cancel"})
            except (BrokenPipeError, ValueError):
                pass

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def _send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()


# ---- The runner's own side ----


class Messages:
    """Reads what the worker says on a thread of its own; when the worker is gone, so is this process."""

    def __init__(self, stream):
        import queue

        self.stream = stream
        self.tasks = queue.SimpleQueue()
        self.group = None
        self.wake_read, self.wake_write = os.pipe()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.stream:
            message = json.loads(line)
            if message["kind"] == "cancel":
                os.write(self.wake_write, b"c")
            else:
                self.tasks.put(message)
        if self.group:
            _kill_group(self.group, signal.SIGKILL)
        os.killpg(0, signal.SIGKILL)


def _kill_group(group, number):
    try:
        os.killpg(group, number)
        # What is stopped takes no other signal until it goes on.
        os.killpg(group, signal.SIGCONT)
    except ProcessLookupError:
        pass


def _main():
    messages = Messages(os.fdopen(os.dup(0), "rb"))
    answers = os.fdopen(os.dup(1), "wb")
    # Neither programs nor functions get at the pipes to the worker.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    while True:
        task = messages.tasks.get()
        answer = _call(task) if task["kind"] == "function" else _execute(task, messages)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _execute(task, messages):
    """Starts a program, feeds it, and waits until it has ended."""
    given_environment = dict(entry.split("=", 1) for entry in task.get("environment", []))
    arguments = [argument.encode("latin-1") for argument in task["arguments"]]
    given = task.get("input", "").encode("latin-1")
    group = {"process_group": 0} if sys.version_info >= (3, 11) else {"start_new_session": True}
    started, clock = time.time(), time.monotonic()
    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=task.get("directory"),
            env={**os.environ, **given_environment} if given_environment else None,
            **group,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        where = os.uname().nodename
        name = arguments[0].decode(errors="replace")
        return {"ending": "notStarted", "reason": f"cannot start “{name}” on {where}: {reason}", "started": started}
    if task.get("niceness"):
        os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + task["niceness"])
    messages.group = process.pid
    stop, output, error = _attend(process, given, task, messages, clock)
    # Nothing stays of a task that was stopped; until it is reaped, its group's number is its own.
    if stop:
        _kill_group(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    messages.group = None
    process.returncode = status
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
    if stop:
        ending = {"ending": stop}
    elif os.WIFSIGNALED(status):
        ending = {"ending": "killed", "status": os.WTERMSIG(status)}
    else:
        ending = {"ending": "exited", "status": os.WEXITSTATUS(status)}
    return {
        **ending,
        "started": started,
        "wall": time.monotonic() - clock,
        "cpu": usage.ru_utime + usage.ru_stime,
        "rss": usage.ru_maxrss * 1024,
        "output": output.decode("latin-1"),
        "error": error.decode("latin-1"),
    }


def _attend(process, given, task, messages, clock):
    """Feeds a program and takes what it writes until it ends; stops it when it is time. Returns why, and both outputs."""
    import select

    ended = os.pidfd_open(process.pid)
    outputs = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    poll = select.poll()
    for descriptor in (ended, messages.wake_read, *outputs):
        poll.register(descriptor, select.POLLIN)
    for descriptor in outputs:
        os.set_blocking(descriptor, False)
    if process.stdin:
        os.set_blocking(process.stdin.fileno(), False)
        poll.register(process.stdin.fileno(), select.POLLOUT)
    sent, stop = 0, None
    deadline = clock + task["timeout"] if task.get("timeout") else None
    over = False
    while not over:
        wait = None if deadline is None else max(0, deadline - time.monotonic()) * 1000
        for descriptor, _ in poll.poll(wait):
            if descriptor == ended:
                over = True
            elif descriptor == messages.wake_read:
                os.read(descriptor, 1)
                stop, deadline = stop or "stopped", time.monotonic() + task["killDelay"]
                _kill_group(process.pid, signal.SIGTERM)
            elif descriptor in outputs:
                if not _take(descriptor, outputs[descriptor]):
                    poll.unregister(descriptor)
            else:
                try:
                    sent += os.write(descriptor, given[sent : sent + 65536])
                except BlockingIOError:
                    continue
                except BrokenPipeError:
                    sent = len(given)
                if sent == len(given):
                    poll.unregister(descriptor)
                    process.stdin.close()
        if deadline is not None and time.monotonic() >= deadline and not over:
            if stop:
                _kill_group(process.pid, signal.SIGKILL)
                deadline = None
            else:
                stop, deadline = "timedOut", time.monotonic() + task["killDelay"]
                _kill_group(process.pid, signal.SIGTERM)
    os.close(ended)
    for descriptor, taken in outputs.items():
        while _take(descriptor, taken):
            pass
    return stop, *outputs.values()


def _take(descriptor, taken):
    try:
        piece = os.read(descriptor, 65536)
    except BlockingIOError:
        return False
    taken.extend(piece)
    return bool(piece)


_functions = {}


def _call(task):
    """Calls a function with a JSON value; what it prints goes to the error output."""
    import tempfile

    # Held in C code, this process would not notice its worker's end.
    _die_with_parent()
    own = os.getpid()
    started, clock, cpu = time.time(), time.monotonic(), time.process_time()
    with tempfile.TemporaryFile() as printed:
        kept = os.dup(1), os.dup(2)
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        try:
            result = _function(task)(json.loads(task["argument"].encode("latin-1")))
            answer = {"ending": "exited", "status": 0, "output": _json_line(result)}
        except BaseException as error:
            answer = {"ending": "failed", "reason": f"raised {_words(error)}", "trace": _trace(error)}
        finally:
            if os.getpid() != own:
                # A process that the function has forked returns here too, and has nothing to answer.
                os._exit(0)
            _flush()
            os.dup2(kept[0], 1)
            os.dup2(kept[1], 2)
            os.close(kept[0])
            os.close(kept[1])
        printed.seek(0)
        error = printed.read().decode("latin-1") + answer.pop("trace", "")
    import resource

    return {
        **answer,
        "started": started,
        "wall": time.monotonic() - clock,
        "cpu": time.process_time() - cpu,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "error": error,
    }


def _function(task):
    name = task["function"]
    if name not in _functions:
        import importlib

        module, _, path = name.partition(":")
        for folder in (task.get("directory") or os.getcwd(), os.path.dirname(os.path.abspath(__file__))):
            if folder not in sys.path:
                sys.path.insert(0, folder)
        function = importlib.import_module(module)
        for part in path.split("."):
            function = getattr(function, part)
        _functions[name] = function
    return _functions[name]


def _flush():
    """Flushes both streams, and opens anew what a function has closed."""
    for number, name in (1, "stdout"), (2, "stderr"):
        try:
            getattr(sys, name).flush()
        except Exception:
            setattr(sys, name, open(number, "w", errors="backslashreplace", closefd=False))


def _json_line(result):
    try:
        text = json.dumps(result, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"the result, of type {type(result).__name__}, is nothing that JSON can hold: {error}") from None
    try:
        return (text + "\n").encode().decode("latin-1")
    except UnicodeEncodeError:
        # A lone surrogate is none of UTF-8's; JSON has an escape for it.
        return json.dumps(result, allow_nan=False) + "\n"


def _words(error):
    """The type and the message in one line, in characters that every reader takes."""
    name = type(error).__name__
    try:
        text = " ".join(str(error).split())[:2000]
    except BaseException:
        text = "it cannot say why"
    return (f"{name}: {text}" if text else name).encode(errors="backslashreplace").decode()


def _trace(error):
    import traceback

    # From the user's own function on: what called it is no news.
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    lines = traceback.format_exception(type(error), error, frames)
    return "".join(lines)[-(1 << 20) :].encode(errors="backslashreplace").decode("latin-1")


def fetch(url):
    """Reads a URL to its end, as calibration has each worker do; returns the bytes and the seconds."""
    import urllib.request

    clock, count = time.monotonic(), 0
    with urllib.request.urlopen(url, timeout=60) as answer:
        while piece := answer.read(1 << 18):
            count += len(piece)
    return {"bytes": count, "seconds": time.monotonic() - clock}


def _die_with_parent():
    global _die_with_parent

    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    _die_with_parent = lambda: None


def _call_once(name):
    """Calls a function with the JSON value on standard input; its result goes to standard output."""
    task = {"function": name, "argument": sys.stdin.buffer.read().decode("latin-1")}
    answer = _call(task)
    sys.stderr.buffer.write(answer["error"].encode("latin-1"))
    sys.stdout.buffer.write(answer.get("output", "").encode("latin-1"))
    sys.exit(0 if answer["ending"] == "exited" else 1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--call"]:
        _call_once(sys.argv[2])
    else:
        _main()
