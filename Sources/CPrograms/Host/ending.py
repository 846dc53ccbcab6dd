"""Ends tasks and the processes that they run in. Part of one source with messages.py."""


class Enforcer:
    """What a host does so that nothing goes on for too long: it ends tasks that are late or cancelled, and processes."""

    def enforce(self, now):
        if self.looks_at and self.looks_at <= now:
            start = time.process_time()
            self.look(now)
            self.elsewhere += time.process_time() - start
        for process in list(self.processes):
            self.stop_late(process, now)
        for due, process in self.kills:
            if due <= now:
                signal_process(process.id, signal.SIGKILL)
        self.kills = [(due, process) for due, process in self.kills if due > now]

    def stop_late(self, process, now):
        """Of tasks on an event loop only the one whose step holds it up: the others have not had their turn."""
        if not any(task.timeout for task in process.tasks.values()):
            return
        holder = process.holder(now) if self.is_async else (None, 0.0)
        if self.is_async:
            # A step that is over by now has said what it took.
            poll = Poll()
            poll.register(process.stream.descriptor, select.POLLIN)
            if poll.poll(0):
                self.hear(process)
            if process not in self.processes:
                return
        under_way = [task for task in process.tasks.values() if task.began and task.id not in process.killed_for]
        late = [task for task in under_way if (process.due(task, now, holder) or now + 1) <= now]
        if late:
            if beside := len(under_way) - len(late):
                self.outbox.add(note=f"{beside} calls begin again: they shared the interpreter of one that took too long")
            self.stop(process, late, "timeout", 2)

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
            task.ending = ending
            process.killed_for.add(task.id)
        self.kill(process, grace)

    def kill(self, process, grace):
        process.retired = True
        signal_process(process.id, signal.SIGTERM if grace else signal.SIGKILL)
        self.kills.append((clock() + grace, process))

    def retire(self):
        """Processes beyond those that are wanted end when they are idle."""
        spare = len(self.processes) - self.interpreters
        for process in self.processes if spare > 0 else []:
            if spare > 0 and not process.tasks and not process.retired and process.is_up:
                process.retired = True
                os.close(process.requests)
                process.requests = process.outbox.descriptor = os.open(os.devnull, os.O_WRONLY)
                spare -= 1

    def end(self):
        for process in self.processes:
            os.close(process.requests)
            if process.tasks or not process.is_up:
                signal_process(process.id, signal.SIGKILL)
        for process in self.processes:
            reaped(process.id)
        OVER()
        # Nothing is left to tidy up that would be worth its time.
        os._exit(0)


def reaped(process):
    try:
        return os.waitpid(process, 0)[1]
    except ChildProcessError:
        # Of a module that ignores SIGCHLD or waits for all children itself.
        return 0


def ending_of(status):
    return {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"status": os.WEXITSTATUS(status)}
