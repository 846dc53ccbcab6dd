"""Programs that a runner starts. Part of one source with tasks.py."""


def _kill_group(group, number):
    try:
        os.killpg(group, number)
        # What is stopped takes no other signal until it goes on.
        os.killpg(group, signal.SIGCONT)
    except ProcessLookupError:
        pass


def _execute(task, messages):
    """Starts a program, feeds it, and waits until it has ended."""
    given = task.get("input", "").encode("latin-1")
    started, clock = time.time(), messages.clock()
    try:
        process = _start(task, given)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        where = os.uname().nodename
        name = task["arguments"][0].encode("latin-1").decode(errors="replace")
        return {"ending": "notStarted", "reason": f"cannot start “{name}” on {where}: {reason}", "started": started}
    if task.get("niceness"):
        os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + task["niceness"])
    messages.group = process.pid
    if not messages.going.is_set():
        messages.hold_group()
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
        "wall": messages.clock() - clock,
        "cpu": usage.ru_utime + usage.ru_stime,
        "rss": usage.ru_maxrss * 1024,
        "output": output.decode("latin-1"),
        "error": error.decode("latin-1"),
    }


def _start(task, given):
    given_environment = dict(entry.split("=", 1) for entry in task.get("environment", []))
    group = {"process_group": 0} if sys.version_info >= (3, 11) else {"start_new_session": True}
    return subprocess.Popen(
        [argument.encode("latin-1") for argument in task["arguments"]],
        stdin=subprocess.PIPE if given else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=task.get("directory"),
        env={**os.environ, **given_environment} if given_environment else None,
        **group,
    )


def _attend(process, given, task, messages, clock):
    """Feeds a program and takes what it writes until it ends; stops it when it is time. Returns why, and both outputs."""
    ended = os.pidfd_open(process.pid)
    outputs = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    poll = _watch(process, ended, messages.wake_read)
    sent, stop = 0, None
    deadline = clock + task["timeout"] if task.get("timeout") else None
    over = False
    while not over:
        timed = deadline is not None and messages.going.is_set()
        wait = max(0, deadline - messages.clock()) * 1000 if timed else None
        for descriptor, _ in poll.poll(wait):
            if descriptor == ended:
                over = True
            elif descriptor == messages.wake_read:
                if os.read(descriptor, 1) == b"c":
                    stop, deadline = stop or "stopped", messages.clock() + task["killDelay"]
                    _kill_group(process.pid, signal.SIGTERM)
            elif descriptor in outputs:
                if not _take(descriptor, outputs[descriptor]):
                    poll.unregister(descriptor)
            else:
                sent = _feed(descriptor, given, sent)
                if sent == len(given):
                    poll.unregister(descriptor)
                    process.stdin.close()
        if deadline is not None and messages.clock() >= deadline and not over:
            if stop:
                _kill_group(process.pid, signal.SIGKILL)
                deadline = None
            else:
                stop, deadline = "timedOut", messages.clock() + task["killDelay"]
                _kill_group(process.pid, signal.SIGTERM)
    os.close(ended)
    for descriptor, taken in outputs.items():
        while _take(descriptor, taken):
            pass
    return stop, *outputs.values()


def _watch(process, ended, wake):
    """A poll for a program's end, its outputs and room for its input, which do not block from now on, and for its worker's word."""
    import select

    poll = select.poll()
    for descriptor in (ended, wake, process.stdout.fileno(), process.stderr.fileno()):
        poll.register(descriptor, select.POLLIN)
    for stream in filter(None, (process.stdin, process.stdout, process.stderr)):
        os.set_blocking(stream.fileno(), False)
    if process.stdin:
        poll.register(process.stdin.fileno(), select.POLLOUT)
    return poll


def _feed(descriptor, given, sent):
    """Writes what a program takes of its input; returns how much is sent, all of it where the program reads no more."""
    try:
        return sent + os.write(descriptor, given[sent : sent + 65536])
    except BlockingIOError:
        return sent
    except BrokenPipeError:
        return len(given)


def _take(descriptor, taken):
    try:
        piece = os.read(descriptor, 65536)
    except BlockingIOError:
        return False
    taken.extend(piece)
    return bool(piece)
