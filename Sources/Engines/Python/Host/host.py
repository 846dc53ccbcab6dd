"""Hands tasks to workers and takes what comes back. Part of one source with messages.py."""


class Host(Enforcer):
    def __init__(self, method, why, function=None, generators=()):
        self.method, self.why, self.function, self.generators = method, why, function, generators
        # What the first worker says of the function, where they import it by themselves.
        self.facts, self.is_async, self.seeds = None, False, None
        # Imports that have failed one after the other.
        self.failures = 0
        self.most_bytes = sys.maxsize
        # Interpreters that may be, and that can: a port or a lock that the module takes may be had but once.
        self.interpreters, self.threads, self.most_interpreters = 1, 1, sys.maxsize
        self.waiting, self.processes, self.kills = deque(), [], []
        self.mean, self.pause = None, FIRST_LOOK
        self.looks_at, self.looks, self.looks_are_over = None, 0, False
        self.stream, self.outbox = Stream(0), Outbox(3)
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
            due = self.next_due(clock())
            ready = {descriptor for descriptor, _ in poll.poll(max(0, due - clock()) * 1000 + 1 if due else None)}
            if 0 in ready:
                if not self.stream.read():
                    return self.end()
                for header, value in self.stream.messages():
                    self.obey(header, value)
            for descriptor in ready & by_descriptor.keys():
                self.hear(by_descriptor[descriptor])
            for descriptor in ready & lives.keys():
                self.hear_last(lives[descriptor])
            self.enforce()

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
        send(3, **facts, method=self.method, reason=self.why)

    def obey(self, header, value):
        if "task" in header:
            self.waiting.append(Task(header, value))
        elif "shape" in header:
            self.interpreters, self.threads = header["shape"]
            self.interpreters = min(self.interpreters, self.most_interpreters)
            if self.threads > MANY:
                # The question is answered, and a look at so many would keep them from their work.
                self.looks_at, self.looks_are_over = None, True
        elif "most" in header:
            self.most_bytes = header["most"]
        elif "cancel" in header:
            self.cancel(set(header["cancel"]), header.get("grace", 2))

    # Handing out

    def dispatch(self):
        self.retire()
        while self.waiting and (process := self.free(self.waiting[0])):
            task = self.waiting.popleft()
            process.exclusive = task.alone
            process.hand(task)
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

    # What comes back

    def hear(self, process):
        if process not in self.processes:
            return
        if not process.stream.read():
            return self.bury(process)
        for header, payload in process.stream.messages():
            if "up" in header:
                self.greet(process, header)
            elif "refused" in header:
                self.refuse(process, header, payload)
            elif "note" in header:
                self.outbox.add(**header)
            elif "held" in header:
                process.take_held(header["held"], header["seconds"])
            elif task := process.take(header["ended"]):
                self.take(process, task, header, payload)

    def hear_last(self, process):
        """What a process has said before it ended."""
        poll = Poll()
        poll.register(process.stream.descriptor, select.POLLIN)
        while process in self.processes and poll.poll(0):
            self.hear(process)
        if process in self.processes:
            self.bury(process)

    def greet(self, process, header):
        process.is_up, self.failures = True, 0
        # What has been forked shares what it has with the others.
        process.base = (clock(), *schedule(process.id)[:2], memory_of(process.id) if self.method == "fork" else 0)
        if not self.facts:
            self.announce(header["ready"])
        if self.seeds and self.seeds & set(header.get("seeds", ())):
            self.seeds = None
            self.outbox.add(
                note="the module seeds its random numbers, which begin alike in each interpreter: seed them by the input"
            )
        elif self.seeds is None and not self.heard:
            self.seeds = set(header.get("seeds", ()))
        self.plan_looks(process)

    def refuse(self, process, header, trace):
        """A worker could not import the module: the run ends where it is the first."""
        os.write(2, trace)
        process.is_up, process.retired = False, True
        if not self.facts and header["refused"] != "import":
            send(3, refused=header["refused"], why=header["why"])
            self.end()
        self.fail_import(header["why"])

    def take(self, process, task, header, payload):
        self.looks_at = None
        self.heard += 1
        process.exclusive = False
        wall = header["wall"]
        self.mean = wall if self.mean is None else 0.8 * self.mean + 0.2 * wall
        # Half of it on the way there, half on the way back.
        own = 2 * (time.process_time() - self.elsewhere) / (self.handed + self.heard)
        self.outbox.add(payload, pid=process.id, threads=process.threads, handing=own, **header)
        if header["rss"] > self.most_bytes and not process.tasks and not process.retired:
            self.outbox.add(note=f"an interpreter held {header['rss'] >> 20} MiB and was replaced: does the function keep memory?")
            self.kill(process, 0)

    def bury(self, process):
        self.processes.remove(process)
        is_mute = not process.has_ended(1)
        if is_mute:
            # It has closed its pipe, and goes on.
            signal_process(process.id, signal.SIGKILL)
        status = reaped(process.id)
        process.close()
        self.kills = [(due, other) for due, other in self.kills if other is not process]
        tasks = list(process.tasks.values())
        running, behind = tasks[: process.threads], tasks[process.threads :]
        suspects = [task for task in running if task.id not in process.killed_for]
        for task in running:
            if task.id in process.killed_for:
                self.outbox.add(ended=task.id, how=task.ending, wall=task.wall(), pid=process.id)
        if process.killed_for or process.retired:
            behind = suspects + behind
        elif len(suspects) == 1:
            how = {"how": "closed the pipe that its interpreter answers on"} if is_mute else ending_of(status)
            self.outbox.add(ended=suspects[0].id, wall=suspects[0].wall(), pid=process.id, **how)
        else:
            # One of them ended all: each has another turn by itself, which shows who it is.
            for task in suspects:
                task.alone = True
            behind = suspects + behind
        for task in behind:
            task.began = None
        self.waiting.extendleft(reversed(behind))
        if not process.is_up and not process.retired:
            (kind, number), = ending_of(status).items()
            self.fail_import(f"ended its interpreter with {kind} {number}")

    def plan_looks(self, process):
        """Until a task has ended; from when the first is under way in a worker that is up."""
        if process.base and process.tasks and self.mean is None and not self.looks_at and not self.looks_are_over:
            self.looks_at = clock() + FIRST_LOOK

    def look(self, now):
        """What the first tasks have used so far: those that wait leave room for more."""
        self.looks += 1
        self.pause *= 1 if self.looks < EVEN_LOOKS else 2
        self.looks_at = now + self.pause
        looked = []
        for process in self.processes:
            if process.base and process.tasks:
                cpu, queued, runs = schedule(process.id)
                began, base_cpu, base_queued, base_bytes = process.base
                wall = sum(now - max(began, task.began) for task in process.tasks.values() if task.began)
                grown = max(0, memory_of(process.id) - base_bytes) / len(process.tasks)
                cpu, queued = cpu - base_cpu, queued - base_queued
                if not runs:
                    # The kernel adds a turn on the CPU or in the queue when it is over: until then it looks like a wait.
                    process.waited = max(process.waited, wall - cpu - queued)
                looked.append([wall, cpu, max(0, wall - cpu - process.waited), grown])
        self.outbox.add(looked=looked)
