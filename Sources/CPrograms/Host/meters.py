"""What a call uses: time, CPU time and memory. Part of one source with messages.py."""


class Meter:
    """Wall, CPU and run-queue seconds of a task on this thread."""

    def __init__(self):
        self.paused = 0.0
        try:
            self.schedule = opened("/proc/thread-self/schedstat")
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


def resident_bytes(page=os.sysconf("SC_PAGESIZE"), files=[]):
    # Opened in the worker: in the host it would be the host's.
    if not files:
        files.append(opened("/proc/self/statm"))
    return int(os.pread(files[0], 64, 0).split()[1]) * page


def opened(path, flags=os.O_RDONLY):
    """A descriptor above those of the streams: a call on another thread may have closed these, and do so again."""
    low = []
    try:
        while (descriptor := os.open(path, flags)) <= 2:
            low.append(descriptor)
    finally:
        for number in low:
            try:
                os.close(number)
            except OSError:
                # Such a call's doing.
                pass
    return descriptor
