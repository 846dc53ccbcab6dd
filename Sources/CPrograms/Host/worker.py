"""What runs in a worker: the calls. Part of one source with messages.py."""


class Worker:
    """In its process: runs tasks in its main thread, and in more threads or an event loop when told to.

    What goes wrong outside of a call ends the process, so that the host hears of it.
    """

    def __init__(self, function, requests, replies, step, is_forked):
        self.function, self.is_async = function, is_coroutine_function(function)
        self.replies, self.step = replies, step
        self.stream, self.process = Stream(requests), os.getpid()
        self.pipe = os.fstat(replies).st_ino
        self.queue, self.lock = _queue.SimpleQueue(), threading.Lock()
        self.threads = self.most_threads = 1
        self.share = None
        self.taken = self.ended = 0
        # CPU seconds around calls, of the thread that takes them in and of those that run them; seconds until these had started.
        self.receiving = self.around = self.growing = 0.0
        # What it has for itself: of a fork, what it has not from the host.
        self.base = resident_bytes() if is_forked else 0
        self.error = os.dup(2)
        self.capture = None if self.is_async or HELD_FUNCTION else Capture(self.error)

    def run(self, facts):
        if self.is_async:
            asyncio = own("asyncio")
            send(self.replies, up=True, **facts)
            asyncio.run(self.loop(asyncio))
        else:
            threading.Thread(target=self.guarded, args=(self.receive,), daemon=True).start()
            self.serve(facts)

    def guarded(self, work):
        """In a thread: nobody waits for what it was to do."""
        try:
            work()
        except BaseException:
            end_with_trace()

    def receive(self):
        growing = 0.0
        while self.stream.read():
            for header, value in self.stream.messages():
                if "threads" in header:
                    self.most_threads = header["threads"]
                elif "share" in header:
                    self.share = header["share"]
                else:
                    self.taken += 1
                    self.queue.put((header["task"], value))
                    if self.threads < min(self.most_threads, self.taken - self.ended):
                        start, cpu = clock(), time.thread_time()
                        self.grow()
                        self.growing += clock() - start
                        growing += time.thread_time() - cpu
            self.receiving = time.thread_time() - growing
        os._exit(0)

    def grow(self):
        # What several print at once belongs to none of them.
        if self.capture:
            self.capture.end()
            self.capture = None
        try:
            threading.Thread(target=self.guarded, args=(self.serve,), daemon=True).start()
            self.threads += 1
        except RuntimeError:
            # No more are to be had: those that there are do it all.
            self.most_threads = self.threads

    def serve(self, facts=None):
        meter, libraries = Meter(), Libraries()
        if facts is not None:
            meter.pause()
            send(self.replies, up=True, **facts)
        while True:
            task, value = self.queue.get()
            libraries.hold(self.share)
            meter.start()
            alone = self.threads == 1
            try:
                result, how, trace = encoded(self.called(value)), None, b""
            except BaseException as error:
                result, how, trace = b"", *told(error)
            usage = meter.stop(alone and self.threads == 1)
            self.end_copy()
            self.reply(task, result, how, trace, usage, meter.around)

    def called(self, value):
        result = self.function(value_of(value))
        if hasattr(type(result), "__await__"):
            # What is called is no coroutine function, and returns what one has made.
            return own("asyncio").run(awaited(result))
        return result

    def end_copy(self):
        """A process that the function has forked returns here too: it is none of ours."""
        if os.getpid() != self.process:
            os._exit(0)
        if os.fstat(self.replies).st_ino != self.pipe:
            raise OSError("the call has closed the pipe that its interpreter answers on")

    async def loop(self, asyncio):
        await Coroutines(self, asyncio).run()

    def printed(self):
        if self.capture:
            return self.capture.take()
        restore_streams(self.error)
        return b""

    def reply(self, task, result, how, trace, usage, around):
        error = self.printed() + trace
        with self.lock:
            # In one piece with the other threads'.
            self.ended += 1
            self.around += around
            usage["around"] = self.receiving / self.taken + self.around / self.ended
            usage["growth"] = self.growing / self.threads
            payload, header = self.ending(task, result, how, error, usage)
            send(self.replies, payload, **header)

    def ending(self, task, result, how, error, usage):
        header = {"ended": task, "how": how, "bytes": len(result) + len(error), "output": len(result)}
        return result + error, header | {"rss": resident_bytes(), "base": self.base} | usage


async def awaited(result):
    return await result


def end_with_trace():
    """Ends this process, whatever has become of its standard error."""
    try:
        traceback.print_exc()
    finally:
        os._exit(1)
