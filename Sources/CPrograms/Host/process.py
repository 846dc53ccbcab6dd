"""A worker and its tasks as the host sees them. Part of one source with messages.py."""


class Process:
    """A worker as the host sees it."""

    def __init__(self, host):
        requests, self.requests = os.pipe()
        replies, reply_end = os.pipe()
        self.tasks, self.threads, self.killed_for = {}, 1, set()
        self.share = None
        # Of an event loop: which task's step runs, and since when.
        self.step = os.memfd_create("step")
        self.outbox = Outbox(self.requests)
        if host.method == "spawn":
            self.id = self.spawn(requests, reply_end)
        else:
            self.id = os.fork()
            if self.id == 0:
                run_forked(host, requests, reply_end, self.step, [self.requests, replies])
        os.close(requests)
        os.close(reply_end)
        self.stream = Stream(replies)
        # Its end shows even where something that it has started keeps its pipes open.
        self.life = os.pidfd_open(self.id)
        self.is_up = host.method == "fork"
        self.exclusive = self.retired = False
        # When it began, with its CPU and run-queue seconds then; and how long it has waited since.
        self.base, self.waited = None, 0.0
        # Seconds that steps of tasks have held up the others.
        self.held = 0.0

    def spawn(self, requests, replies):
        actions = [(os.POSIX_SPAWN_DUP2, end, number) for end, number in ((requests, 0), (replies, 3), (self.step, 4))]
        arguments = own_command(0, "worker", "")
        self.outbox.data += SOURCE
        return os.posix_spawn(arguments[0], arguments, os.environ, file_actions=actions)

    def hand(self, task):
        self.tasks[task.id] = task
        task.held = self.held
        if len(self.tasks) <= self.threads:
            task.begin()
        self.outbox.add(task.value, task=task.id, bytes=len(task.value))

    def widen(self, threads):
        """Sets how many of its tasks may be under way at once."""
        for task in islice(self.tasks.values(), self.threads, threads):
            task.begin()
        self.threads = threads
        self.outbox.add(threads=threads)

    def hold(self, share):
        if share != self.share:
            self.share = share
            self.outbox.add(share=share)

    def take(self, id):
        """A task that has ended; the next one behind those under way has begun in its place."""
        task = self.tasks.pop(id, None)
        for next_task in islice(self.tasks.values(), self.threads - 1, self.threads):
            next_task.begin()
        return task

    def flush(self):
        try:
            self.outbox.flush()
        except BrokenPipeError:
            # It has ended, which its replies will tell.
            self.outbox.data.clear()

    def close(self):
        for descriptor in (self.requests, self.stream.descriptor, self.step, self.life):
            os.close(descriptor)

    def has_ended(self, patience):
        """Whether it ends within a number of seconds."""
        poll = Poll()
        poll.register(self.life, select.POLLIN)
        return bool(poll.poll(patience * 1000))

    def holder(self, now):
        """The task whose step holds up all others on its event loop now, and for how long; None where they get their turns."""
        step = os.pread(self.step, STEP.size, 0)
        if len(step) == STEP.size:
            task, since = STEP.unpack(step)
            if task and now - since > HELD:
                return task, now - since
        return None, 0.0

    def due(self, task, now, holder=(None, 0.0)):
        """When the time of a task is over: what others have held it up for is none of it."""
        if task.began is None or not task.timeout or task.id in self.killed_for:
            return None
        due = task.began + task.timeout + self.held - task.held
        return due if holder[0] in (None, task.id) else due + holder[1] + HELD

    def take_held(self, id, seconds):
        self.held += seconds
        if id in self.tasks:
            self.tasks[id].held += seconds


# How a worker says which step runs; what is shorter holds nobody up.
STEP = struct.Struct("qd")
HELD = 0.05


def run_forked(host, requests, replies, step, others):
    for process in host.processes:
        others += [process.requests, process.stream.descriptor, process.step, process.life]
    for descriptor in others + [0, REPLIES]:
        os.close(descriptor)
    if host.method == "fork":
        reseed(host.generators)
    run_worker(requests, replies, step, host.function)


def run_worker(requests, replies, step, function=None):
    """What a worker process does: never returns. It imports the function where it has not been forked with it."""
    # Standard input of the function is empty.
    os.open(os.devnull, os.O_RDONLY)
    try:
        facts, is_forked = {}, function is not None
        if not is_forked:
            descriptors = open_descriptors()
            try:
                function, seconds = imported(FUNCTION, functools.partial(send, replies))
            except Refused as refused:
                send(replies, refused.trace, bytes=len(refused.trace), **refused.header)
                os._exit(0)
            facts = {"ready": facts_of(function, seconds, unshared(descriptors)), "seeds": [hash_of(generator) for generator in generators()]}
        Worker(function, requests, replies, step, is_forked).run(facts)
    except BaseException:
        end_with_trace()
    os._exit(1)


def facts_of(function, seconds, unshared):
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return {
        "ready": True, "isAsync": is_coroutine_function(function), "importSeconds": seconds, "holdsGIL": bool(gil),
        "version": sys.version.split()[0], "unshared": unshared,
    }  # fmt: skip


class Task:
    def __init__(self, header, value):
        self.id, self.value, self.timeout = header["task"], value, header.get("timeout")
        self.began = None
        # What others had held up its process for when it came there.
        self.held = 0.0
        # What all had been stopped for by then.
        self.stopped = 0.0
        self.alone = False

    def begin(self):
        """It is under way now, as far as the host knows."""
        if self.began is None:
            self.began = clock()

    def wall(self):
        return clock() - (self.began or clock())


def schedule(process):
    """CPU and run-queue seconds of all its threads so far, and whether one of them is on a CPU or in the queue now."""
    cpu = queued = 0.0
    runs = False
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/schedstat") as file:
                ran, waited, _ = file.read().split()
            with open(f"/proc/{process}/task/{thread}/stat") as file:
                runs = runs or file.read().rpartition(")")[2].split()[0] == "R"
            cpu += int(ran) / 1e9
            queued += int(waited) / 1e9
    except OSError:
        pass
    return cpu, queued, runs


def memory_of(process):
    """Resident bytes; 0 where it has ended."""
    try:
        with open(f"/proc/{process}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0


def signal_process(process, number):
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass
