"""Hands tasks to workers. Part of one source with messages.py."""


class Host(Listener, Enforcer):
    def __init__(self, method, why, function=None, generators=()):
        self.method, self.why, self.function, self.generators = method, why, function, generators
        # What the first worker says of the function, where they import it by themselves.
        self.facts, self.is_async, self.seeds = None, False, None
        # Imports that have failed one after the other.
        self.failures = 0
        self.most_bytes = sys.maxsize
        # Interpreters that may be, and that can: a port or a lock that the module takes may be had but once.
        self.interpreters, self.threads, self.most_interpreters = 1, 1, sys.maxsize
        # Threads that libraries of a worker may compute in: none is known before the first shape, when a process that has made
        # a host of itself is at work, too.
        self.share = 1 if HELD_FUNCTION else None
        self.waiting, self.processes, self.kills = deque(), [], []
        self.mean, self.pause = None, FIRST_LOOK
        # Seconds in which all were stopped, as by Ctrl-Z.
        self.stopped = 0.0
        self.looks_at, self.looks, self.looks_are_over = None, 0, False
        self.stream, self.outbox = Stream(0), Outbox(REPLIES)
        # CPU seconds that are not spent on handing tasks over; the tasks that were, and those that have come back.
        self.elsewhere, self.handed, self.heard = time.process_time(), 0, 0

    def run(self):
        # While the first tasks are on their way.
        self.start_process()
        while True:
            self.dispatch()
            self.outbox.flush()
            poll = Poll()
            by_descriptor = {process.stream.descriptor: process for process in self.processes}
            lives = {process.life: process for process in self.processes}
            for descriptor in [0, *by_descriptor, *lives]:
                poll.register(descriptor, select.POLLIN)
            now = clock()
            due = self.next_due(now)
            ready = {descriptor for descriptor, _ in poll.poll(max(0, due - now) * 1000 + 1 if due else None)}
            if 0 in ready:
                if not self.stream.read():
                    return self.end()
                for header, value in self.stream.messages():
                    self.obey(header, value)
            for descriptor in ready & by_descriptor.keys():
                self.hear(by_descriptor[descriptor])
            for descriptor in ready & lives.keys():
                self.hear_last(lives[descriptor])
            # By the clock before the poll: a stop since then, as by Ctrl-Z, is told by a message that only the next poll sees.
            self.enforce(now)

    def next_due(self, now):
        """When the next thing is to be done, unless something comes before; None where nothing is."""
        due = [time for time, _ in self.kills] + ([self.looks_at] if self.looks_at else [])
        for process in self.processes:
            limited = [task for task in process.tasks.values() if task.timeout]
            holder = process.holder(now) if limited and self.is_async else (None, 0.0)
            due += filter(None, (process.due(task, now, holder) for task in limited))
        return min(due, default=None)

    def announce(self, facts):
        """That calls can begin."""
        self.facts, self.is_async = facts, facts["isAsync"]
        send(REPLIES, **facts, method=self.method, reason=self.why)

    def obey(self, header, value):
        if "task" in header:
            self.waiting.append(Task(header, value))
        elif "shape" in header:
            self.interpreters, self.threads = header["shape"]
            self.interpreters = min(self.interpreters, self.most_interpreters)
            self.share = header.get("share")
            for process in self.processes:
                process.hold(self.share)
            if self.threads > MANY:
                # The question is answered, and looking at that many threads would keep them from their work.
                self.looks_at, self.looks_are_over = None, True
        elif "held" in header:
            self.stopped += header["held"]
            for process in self.processes:
                process.held += header["held"]
        elif "most" in header:
            self.most_bytes = header["most"]
            HEARD()
        elif "cancel" in header:
            self.cancel(set(header["cancel"]), header.get("grace", 2))

    # Handing out

    def dispatch(self):
        self.retire()
        while self.waiting and (process := self.free(self.waiting[0])):
            task = self.waiting.popleft()
            process.exclusive = task.alone
            process.hand(task)
            task.stopped = self.stopped
            self.handed += 1
            self.plan_looks(process)
        for process in self.processes:
            process.flush()

    def free(self, task):
        """The process with most room; a new one where all are at work and one more may be."""
        depth = 1
        if not self.is_async and self.threads == 1 and self.mean and self.mean < SHORT:
            # Enough that none waits for us; a long one must not hold up those behind it.
            depth = max(1, min(64, int(2 * SHORT / max(self.mean, 1e-5))))
        elif self.threads == 1 and self.mean and self.mean < BRIEF and len(self.waiting) > 2 * self.interpreters:
            depth = 2
        live = [process for process in self.processes if process.is_up and not process.retired and not process.killed_for]
        if task.alone:
            live = [process for process in live if not process.tasks]
        else:
            live = [process for process in live if len(process.tasks) < self.threads * depth and not process.exclusive]
        process = min(live, key=lambda process: len(process.tasks), default=None)
        if (not process or process.tasks) and len(self.processes) < self.interpreters:
            process = self.start_process() or process
        if process and process.threads < self.threads and not task.alone:
            process.widen(self.threads)
        return process

    def start_process(self):
        """Another process; None where it takes no tasks yet, or none can be started."""
        start = time.process_time()
        try:
            process = Process(self)
        except OSError as error:
            if not self.processes:
                raise
            return self.limit(f"could not be started ({error.strerror})")
        self.elsewhere += time.process_time() - start
        self.processes.append(process)
        process.hold(self.share)
        return process if process.is_up else None

    def limit(self, why):
        """Goes on with the interpreters that there are."""
        count = max(1, sum(process.is_up and not process.retired for process in self.processes))
        self.interpreters = self.most_interpreters = count
        self.outbox.add(note=f"a further interpreter {why}: calls run in {count}")

    def fail_import(self, why):
        """The run ends where the first interpreter cannot import the module, or again and again a later one that is needed."""
        self.failures += 1
        needed = not any(process.is_up and not process.retired for process in self.processes)
        if not self.facts or needed and self.failures >= MOST_FAILURES:
            self.outbox.add(refused="import", why=why)
            self.outbox.flush()
            self.end()
        self.limit(f"could not import the module, which {why}")
