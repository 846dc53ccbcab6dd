"""What a host hears from its workers, and sees of them. Part of one source with messages.py."""


class Listener:
    """What a host does with what comes back: it passes results on, has calls of an ended process run again, and looks at the first."""

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
            send(REPLIES, refused=header["refused"], why=header["why"])
            self.end()
        self.fail_import(header["why"])

    def take(self, process, task, header, payload):
        self.looks_at = None
        self.heard += 1
        process.exclusive = False
        stopped = self.stopped - task.stopped
        # One that lay ready behind another has not begun before.
        wall = header["wall"] = header["wall"] - (stopped if stopped < header["wall"] else 0.0)
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
