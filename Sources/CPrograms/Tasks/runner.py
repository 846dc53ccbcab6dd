"""A worker's end of a runner, the process in which its tasks run. Part of one source with tasks.py."""


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
