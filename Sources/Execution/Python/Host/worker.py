"""What runs in a forked worker: the calls, and what they use. Part of one source with messages.py."""


class Worker:
    """In the forked process: runs tasks in its main thread, and in more threads or an event loop when told to."""

    def __init__(self, function, is_async, requests, replies):
        self.function, self.is_async, self.replies = function, is_async, replies
        self.stream = Stream(requests)
        self.queue, self.lock = _queue.SimpleQueue(), threading.Lock()
        self.threads = self.most_threads = 1
        self.taken = self.ended = 0
        # CPU seconds around calls, of the thread that takes them in and of those that run them; seconds until these had started.
        self.receiving = self.around = self.growing = 0.0
        self.base = resident_bytes()
        self.capture = None if is_async else Capture()

    def run(self):
        if self.is_async:
            import asyncio

            asyncio.run(self.loop(asyncio))
        else:
            threading.Thread(target=self.receive, daemon=True).start()
            self.serve(is_first=True)

    def receive(self):
        growing = 0.0
        while self.stream.read():
            for header, value in self.stream.messages():
                if "threads" in header:
                    self.most_threads = header["threads"]
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
        self.threads += 1
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self, is_first=False):
        meter = Meter()
        if is_first:
            meter.pause()
            send(self.replies, up=True)
        while True:
            task, value = self.queue.get()
            meter.start()
            alone = self.threads == 1
            try:
                result, how, trace = encoded(self.function(json.loads(value))), None, b""
            except BaseException as error:
                result, how, trace = b"", *told(error)
            usage = meter.stop(alone and self.threads == 1)
            self.reply(task, result, how, trace, usage, meter.around)

    async def loop(self, asyncio):
        """Tasks as coroutines: as many at once as the host hands over."""
        loop, running, ended = asyncio.get_running_loop(), {}, asyncio.Event()
        steps, replies = Steps(), Outbox(self.replies)
        # A host that is writing to us reads nothing until we have read.
        os.set_blocking(self.replies, False)

        def flush():
            if replies.flush():
                loop.remove_writer(self.replies)
            else:
                loop.add_writer(self.replies, flush)

        async def one(task, value):
            start, began, usage = clock(), time.time(), {"queued": 0.0, "cpu": 0.0}
            try:
                result, how, trace = encoded(await steps.timed(self.function(json.loads(value)), usage)), None, b""
            except BaseException as error:
                result, how, trace = b"", *told(error)
            running.pop(task, None)
            usage |= {"started": began, "wall": clock() - start, "around": steps.around() / self.taken}
            if not replies.data:
                loop.call_soon(flush)
            payload, header = self.ending(task, result, how, trace, usage)
            replies.add(payload, **header)

        def receive():
            if not self.stream.read():
                return ended.set()
            for header, value in self.stream.messages():
                if "task" in header:
                    self.taken += 1
                    running[header["task"]] = loop.create_task(one(header["task"], value))

        loop.add_reader(self.stream.descriptor, receive)
        await ended.wait()
        os._exit(0)

    def reply(self, task, result, how, trace, usage, around):
        error = (self.capture.take() if self.capture else b"") + trace
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


class Meter:
    """Wall, CPU and run-queue seconds of a task on this thread."""

    def __init__(self):
        self.paused = 0.0
        try:
            self.schedule = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self.schedule = None

    def queued(self):
        return int(os.pread(self.schedule, 64, 0).split()[1]) / 1e9 if self.schedule is not None else 0.0

    def pause(self):
        self.paused = time.thread_time()

    def start(self):
        self.began, self.queue = time.time(), self.queued()
        self.thread, self.process, self.wall = time.thread_time(), time.process_time(), clock()
        # Since the task before: its reply and the way to this one, or the start of the thread.
        self.around = self.thread - self.paused

    def stop(self, alone):
        """Of a task that was alone in its process, what its own threads have used counts too."""
        wall = clock() - self.wall
        self.pause()
        cpu = time.process_time() - self.process if alone else self.paused - self.thread
        return {"started": self.began, "wall": wall, "cpu": cpu, "queued": max(0.0, self.queued() - self.queue)}


class Steps:
    """CPU time of coroutines' own steps. What the loop's thread uses besides is the way to them and from them."""

    def __init__(self):
        self.began, self.seconds = time.thread_time(), 0.0

    def around(self):
        return time.thread_time() - self.began - self.seconds

    @types.coroutine
    def timed(self, coroutine, usage):
        error = None
        while True:
            start = time.thread_time()
            try:
                future = coroutine.send(None) if error is None else coroutine.throw(error)
            except StopIteration as end:
                return end.value
            finally:
                seconds = time.thread_time() - start
                usage["cpu"] += seconds
                self.seconds += seconds
            try:
                error = yield future
            except BaseException as thrown:
                error = thrown


class Capture:
    """What a task prints, kept from the outputs of others."""

    def __init__(self):
        self.file = os.memfd_create("printed")
        self.error = os.dup(2)
        os.dup2(self.file, 1)
        os.dup2(self.file, 2)

    def take(self):
        sys.stdout.flush()
        sys.stderr.flush()
        size = os.lseek(self.file, 0, os.SEEK_CUR)
        if size == 0:
            return b""
        data = os.pread(self.file, size, 0)
        os.lseek(self.file, 0, os.SEEK_SET)
        os.ftruncate(self.file, 0)
        return data

    def end(self):
        printed = self.take()
        os.dup2(self.error, 1)
        os.dup2(self.error, 2)
        os.write(2, printed)


def resident_bytes(page=os.sysconf("SC_PAGESIZE"), files=[]):
    # Opened in the worker: in the host it would be the host's.
    if not files:
        files.append(os.open("/proc/self/statm", os.O_RDONLY))
    return int(os.pread(files[0], 64, 0).split()[1]) * page


def encoded(result):
    """One line of JSON."""
    try:
        return encode(result).encode() + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise Unfit(f"returned what JSON cannot hold: {error}") from None


def plain(value):
    """Arrays and numbers of numpy and its kin."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"an object of type {type(value).__name__}")


encode = json.JSONEncoder(allow_nan=False, default=plain).encode


class Unfit(Exception):
    pass


def told(error):
    """How a task failed, and what to print of it."""
    if isinstance(error, Unfit):
        return str(error), b""
    if isinstance(error, SystemExit):
        return f"called sys.exit({error.code!r})", b""
    import traceback

    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename == told.__code__.co_filename:
        # This program's own.
        frames = frames.tb_next
    text = "".join(traceback.format_exception(type(error), error, frames))
    return "raised " + "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()[-1], text.encode()
