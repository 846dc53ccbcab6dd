"""Hands tasks to workers, looks at them and ends them. Part of one source with messages.py."""


class Host:
    def __init__(self, function, is_async):
        self.function, self.is_async, self.most_bytes = function, is_async, sys.maxsize
        self.interpreters, self.threads = 1, 1
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
        live = [process for process in self.processes if not process.retired and not process.killed_for]
        if task.alone:
            live = [process for process in live if not process.tasks]
        else:
            live = [process for process in live if len(process.tasks) < self.threads * depth and not process.exclusive]
        process = min(live, key=lambda process: len(process.tasks), default=None)
        if (not process or process.tasks) and len(self.processes) < self.interpreters:
            process = self.start_process()
        if process and process.threads < self.threads and not task.alone:
            process.widen(self.threads)
        return process

    def start_process(self):
        start = time.process_time()
        process = Process(self)
        self.elsewhere += time.process_time() - start
        self.processes.append(process)
        return process

    def retire(self):
        """Processes beyond those that are wanted end when they are idle."""
        spare = len(self.processes) - self.interpreters
        for process in self.processes if spare > 0 else []:
            if spare > 0 and not process.tasks and not process.retired:
                process.retired = True
                os.close(process.requests)
                process.requests = process.outbox.descriptor = os.open(os.devnull, os.O_WRONLY)
                spare -= 1

    # What comes back

    def hear(self, process):
        if not process.stream.read():
            return self.bury(process)
        for header, payload in process.stream.messages():
            if "up" in header:
                process.base = (clock(), *schedule(process.id)[:2], memory_of(process.id))
                self.plan_looks(process)
                continue
            self.looks_at = None
            self.heard += 1
            task = process.take(header["ended"])
            if not task:
                continue
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
        process.close()
        _, status = os.waitpid(process.id, 0)
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
            how = {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"status": os.WEXITSTATUS(status)}
            self.outbox.add(ended=suspects[0].id, wall=suspects[0].wall(), pid=process.id, **how)
        else:
            # One of them ended all: each has another turn by itself, which shows who it is.
            for task in suspects:
                task.alone = True
            behind = suspects + behind
        for task in behind:
            task.began = task.deadline = None
        self.waiting.extendleft(reversed(behind))

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

    # Ending tasks

    def enforce(self):
        now = clock()
        if self.looks_at and self.looks_at <= now:
            start = time.process_time()
            self.look(now)
            self.elsewhere += time.process_time() - start
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
            self.outbox.add(withdrawn=task.id)
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


def main():
    # The function may print: what it prints must not pass for a message.
    os.dup2(1, 3)
    os.dup2(2, 1)
    os.set_inheritable(3, False)
    import gc

    # As the documentation of gc advises who forks: what was imported stays shared between the workers, no collection having
    # left holes in it or writing into it later.
    threshold = gc.get_threshold()
    gc.set_threshold(0)
    function, seconds = imported(sys.argv[1])
    gc.freeze()
    if gc.get_threshold()[0] == 0:
        gc.set_threshold(*threshold)
    is_async = is_coroutine_function(function)
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    send(3, ready=True, isAsync=is_async, importSeconds=seconds, holdsGIL=bool(gil), version=sys.version.split()[0])
    Host(function, is_async).run()


main()
