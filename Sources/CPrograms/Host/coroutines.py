"""Runs a worker's tasks as coroutines on an event loop. Part of one source with messages.py."""


class Coroutines:
    """As many tasks at once as the host hands over."""

    def __init__(self, worker, asyncio):
        self.worker, self.loop = worker, asyncio.get_running_loop()
        self.running, self.ended = {}, asyncio.Event()
        self.replies = Outbox(worker.replies)
        self.steps = Steps(worker.step, self.replies)
        # A host that is writing to us reads nothing until we have read.
        os.set_blocking(worker.replies, False)

    async def run(self):
        self.loop.add_reader(self.worker.stream.descriptor, self.worker.guarded, self.receive)
        await self.ended.wait()
        os._exit(0)

    def receive(self):
        if not self.worker.stream.read():
            return self.ended.set()
        for header, value in self.worker.stream.messages():
            if "task" in header:
                self.worker.taken += 1
                self.running[header["task"]] = self.loop.create_task(self.call(header["task"], value))

    async def call(self, task, value):
        start, began, usage = clock(), time.time(), {"queued": 0.0, "cpu": 0.0}
        try:
            called = self.worker.function(value_of(value))
            result, how, trace = encoded(await self.steps.timed(called, usage, task)), None, b""
        except BaseException as error:
            result, how, trace = b"", *told(error)
        self.worker.guarded(lambda: self.end(task, result, how, trace, start, usage | {"started": began}))

    def end(self, task, result, how, trace, start, usage):
        self.worker.end_copy()
        restore_streams(self.worker.error)
        self.running.pop(task, None)
        usage |= {"wall": clock() - start, "around": self.steps.around() / self.worker.taken}
        if not self.replies.data:
            self.loop.call_soon(self.worker.guarded, self.flush)
        payload, header = self.worker.ending(task, result, how, trace, usage)
        self.replies.add(payload, **header)

    def flush(self):
        if self.replies.flush():
            self.loop.remove_writer(self.worker.replies)
        else:
            self.loop.add_writer(self.worker.replies, self.worker.guarded, self.flush)


class Steps:
    """CPU time of coroutines' own steps. What the loop's thread uses besides is the way to them and from them."""

    def __init__(self, mark, replies):
        self.began, self.seconds = time.thread_time(), 0.0
        self.mark, self.replies = mark, replies

    def around(self):
        return time.thread_time() - self.began - self.seconds

    @types.coroutine
    def timed(self, coroutine, usage, task):
        error = None
        while True:
            start, since = time.thread_time(), clock()
            os.pwrite(self.mark, STEP.pack(task, since), 0)
            try:
                future = coroutine.send(None) if error is None else coroutine.throw(error)
            except StopIteration as end:
                return end.value
            finally:
                seconds = time.thread_time() - start
                usage["cpu"] += seconds
                self.seconds += seconds
                self.end_step(task, clock() - since)
            try:
                error = yield future
            except BaseException as thrown:
                error = thrown

    def end_step(self, task, seconds):
        if seconds > HELD:
            # Said before the step is over for the host, which would take the others for late.
            self.replies.add(held=task, seconds=seconds)
            self.replies.flush()
        os.pwrite(self.mark, STEP.pack(0, 0.0), 0)
