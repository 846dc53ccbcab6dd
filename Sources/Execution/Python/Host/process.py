"""A worker and its tasks as the host sees them. Part of one source with messages.py."""


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
        self.stream, self.outbox = Stream(replies), Outbox(self.requests)
        self.exclusive = self.retired = False
        # When it began, with its CPU and run-queue seconds then; and how long it has waited since.
        self.base, self.waited = None, 0.0

    def hand(self, task):
        self.tasks[task.id] = task
        if len(self.tasks) <= self.threads:
            task.begin()
        self.outbox.add(task.value, task=task.id, bytes=len(task.value))

    def widen(self, threads):
        """Lets so many of its tasks be under way at once."""
        for task in islice(self.tasks.values(), self.threads, threads):
            task.begin()
        self.threads = threads
        self.outbox.add(threads=threads)

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
