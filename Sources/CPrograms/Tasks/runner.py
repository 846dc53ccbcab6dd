"""A worker's end of a runner, the process in which its tasks run. Part of one source with tasks.py."""


class Limit:
    """Calls a function when a time is over, without that in which it is held; never where there is no limit."""

    def __init__(self, seconds, action):
        self.left, self.action = seconds, action
        self.hold(False)

    def hold(self, on):
        if self.left is None:
            return
        if on:
            self.timer.cancel()
            self.left -= time.monotonic() - self.started
        else:
            self.started = time.monotonic()
            self.timer = threading.Timer(max(0, self.left), self.action)
            self.timer.daemon = True
            self.timer.start()

    def end(self):
        if self.left is not None:
            self.timer.cancel()


class Runner:
    """The worker's end of a runner."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.is_cancelled = self.is_call = False

    def is_alive(self):
        return self.process.poll() is None

    def run(self, task):
        self.is_cancelled = False
        self.is_call = task["kind"] == "function"
        overdue = []

        def stop():
            overdue.append(True)
            self.kill()

        # A program is stopped by its runner; a function is stopped with it.
        self.limit = Limit(task.get("timeout") if self.is_call else None, stop)
        started, clock = time.time(), time.monotonic()
        try:
            self._send(task)
            line = self.process.stdout.readline()
        except (BrokenPipeError, ValueError):
            line = b""
        finally:
            self.limit.end()
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
        if self.is_call:
            self.kill()
        else:
            self._tell("cancel")

    def hold(self, on):
        """Stops what it runs, or lets it go on; a program's time limit is its runner's."""
        if self.is_call:
            self.limit.hold(on)
            self.kill(signal.SIGSTOP if on else signal.SIGCONT)
        else:
            self._tell("hold" if on else "go")

    def kill(self, number=signal.SIGKILL):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def _tell(self, kind):
        try:
            self._send({"kind": kind})
        except (BrokenPipeError, ValueError):
            pass

    def _send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()
