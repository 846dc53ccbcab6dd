"""A runner: it does what its worker says, until that is gone. The end of one source with tasks.py."""


class Messages:
    """Reads what the worker says on a thread of its own; when the worker is gone, so is this process."""

    def __init__(self, stream):
        import queue

        self.stream = stream
        self.tasks = queue.SimpleQueue()
        self.group = None
        # Set while what runs may go on; since when it may not, and the seconds before that in which it could not.
        self.going = threading.Event()
        self.going.set()
        self.held_since, self.held_seconds = None, 0.0
        self.wake_read, self.wake_write = os.pipe()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.stream:
            message = json.loads(line)
            if message["kind"] == "cancel":
                os.write(self.wake_write, b"c")
            elif message["kind"] in ("hold", "go"):
                self._hold(message["kind"] == "hold")
            else:
                self.tasks.put(message)
        if self.group:
            _kill_group(self.group, signal.SIGKILL)
        os.killpg(0, signal.SIGKILL)

    def _hold(self, on):
        if on == self.going.is_set():
            (self.going.clear if on else self.going.set)()
            if on:
                self.held_since = time.monotonic()
            else:
                self.held_seconds, self.held_since = self.held_seconds + time.monotonic() - self.held_since, None
            os.write(self.wake_write, b"h")
        self.hold_group()

    def hold_group(self):
        """Stops or continues the program that runs. Not by SIGTSTP, which a group without a shell above it is not stopped by."""
        if self.group:
            try:
                os.killpg(self.group, signal.SIGCONT if self.going.is_set() else signal.SIGSTOP)
            except ProcessLookupError:
                pass

    def clock(self):
        """Seconds of the monotonic clock, without those in which this process was held."""
        since = self.held_since
        return (time.monotonic() if since is None else since) - self.held_seconds


def _main():
    messages = Messages(os.fdopen(os.dup(0), "rb"))
    answers = os.fdopen(os.dup(1), "wb")
    # Neither programs nor functions get at the pipes to the worker.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    while True:
        task = messages.tasks.get()
        messages.going.wait()
        answer = _call(task) if task["kind"] == "function" else _execute(task, messages)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


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
