"""A backend for joblib: `import advisor.joblib`, then `with joblib.parallel_backend("advisor"): …`.

Calls go to copies of this process; advisor finds whether processes or threads run them best, and how many.
"""

from __future__ import annotations

import functools
import os
import threading
from concurrent.futures import Future

from joblib import register_parallel_backend
from joblib._parallel_backends import AutoBatchingMixin, FallbackToBackend, ParallelBackendBase, SequentialBackend

from advisor._program import Error, cpus
from advisor._results import Raised, raised
from advisor._stream import FIRST, Stream, StreamHelp
from advisor._workers import Workers


try:
    import cloudpickle
except ImportError:
    # Until 1.5, joblib brought its own.
    from joblib.externals import cloudpickle


class AdvisorBackend(AutoBatchingMixin, ParallelBackendBase):
    supports_retrieve_callback = True
    # A batch costs some 0.2 ms, not the milliseconds that joblib reckons with.
    MIN_IDEAL_BATCH_DURATION = 0.02
    MAX_IDEAL_BATCH_DURATION = 0.2
    #: Calls in flight where joblib's default would allow two a CPU: those that wait need more.
    AHEAD = 64

    _calls = None

    def effective_n_jobs(self, n_jobs):
        if n_jobs == 0:
            raise ValueError("n_jobs == 0 in Parallel has no meaning")
        if n_jobs is None or not self.in_main_thread() and self.nesting_level:
            return 1
        return n_jobs if n_jobs > 0 else max(1, _cpus() + 1 + n_jobs)

    def configure(self, n_jobs=1, parallel=None, prefer=None, require=None, **_):
        count = self.effective_n_jobs(n_jobs)
        if count == 1:
            raise FallbackToBackend(SequentialBackend(nesting_level=self.nesting_level))
        self.parallel = parallel
        if parallel is not None and parallel.pre_dispatch == "2 * n_jobs":
            parallel.pre_dispatch = max(self.AHEAD, 2 * count)
        # What was asked for is kept; all CPUs is where advisor looks for more or fewer by itself.
        self._calls = _Calls(count, is_fixed=n_jobs > 0)
        return count

    def submit(self, func, callback=None):
        future = self._calls.submit(func)
        if callback:
            future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, out):
        return out.result()

    def terminate(self):
        if self._calls:
            self._calls.close()
            self._calls = None
        self.reset_batch_stats()

    def abort_everything(self, ensure_ready=True):
        self.terminate()
        if ensure_ready:
            self.configure(n_jobs=self.parallel.n_jobs, parallel=self.parallel)


@functools.lru_cache(maxsize=None)
def _cpus():
    """Of this machine; the program is asked once, and joblib asks again and again. Of two, no container leaves much less."""
    known = len(os.sched_getaffinity(0))
    return cpus() if known > FIRST else known


class _Calls:
    """Calls that come one by one, with what they need: it lies in a file in memory that the copies share."""

    def __init__(self, count, is_fixed):
        self._store, self._end = os.memfd_create("calls"), 0
        self._futures, self._count, self._lock = {}, 0, threading.Lock()
        self._stream = Stream()
        help = StreamHelp(self._stream, count, count if is_fixed else None)
        # A call that ends its process, as by the OOM killer, ends all: joblib has no other word for it.
        arguments = ["joblib:Parallel", "--halt", "now,fail=1"]
        try:
            self._workers = Workers(
                self._call, arguments, self._stream.reading, closes=[self._stream.writing], help=help, takes=self._taken
            )
        finally:
            os.close(self._stream.reading)
            help.close()
        self._is_over = threading.Event()
        # Begun behind the first call, which need not wait for it.
        self._reader = threading.Thread(target=self._read, daemon=True)

    def submit(self, function) -> Future:
        data, future = cloudpickle.dumps(function), Future()
        with self._lock:
            if not self._futures:
                self._end = 0
            index, self._count = self._count, self._count + 1
            place, self._end = self._end, self._end + len(data)
            self._futures[index] = future
            view = memoryview(data)
            while view:
                written = os.pwrite(self._store, view, place + len(data) - len(view))
                view = view[written:]
            try:
                self._stream.put(index, place, len(data))
            except BrokenPipeError:
                self._futures.pop(index).set_exception(Error(self._workers.wait() or "advisor has ended"))
            if index == 0:
                self._reader.start()
        return future

    # In copies of this process.

    def _taken(self):
        for call in self._stream.take():
            yield from self._call(call)

    def _call(self, value):
        index, place, size = value
        try:
            data = bytearray()
            while len(data) < size:
                data += os.pread(self._store, size - len(data), place + len(data))
            yield index, [cloudpickle.loads(bytes(data))()]
        except Exception as error:
            yield index, [raised(error)]

    # In this process.

    def _read(self):
        for index, (result,) in self._workers.results():
            with self._lock:
                future = self._futures.pop(index, None)
            # A call beside one that has ended their process has run again.
            if future is None:
                continue
            if isinstance(result, Raised):
                future.set_exception(result.again())
            else:
                future.set_result(result)
        with self._lock:
            left, self._futures = self._futures, {}
        for future in left.values():
            future.set_exception(Error(self._workers.wait() or "a call has ended its process"))
        self._is_over.wait()
        self._workers.close()
        self._stream.close()
        os.close(self._store)

    def close(self):
        """Nobody waits for the copies to end: that is the reader's."""
        self._stream.end()
        self._workers.kill()
        self._is_over.set()
        if not self._count:
            self._reader.start()


register_parallel_backend("advisor", AdvisorBackend)
