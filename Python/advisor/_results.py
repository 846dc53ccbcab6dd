"""What calls return and raise, on its way from the processes that make them."""

from __future__ import annotations

import os
import pickle
import struct
import threading
import traceback

#: Which call, how many bytes, where they lie (or INLINE), and whether it has raised.
RECORD = struct.Struct("=qqqq")
INLINE = -1
#: POSIX writes so much to a pipe in one piece.
AT_ONCE = 4096 - RECORD.size
#: Linux writes no more to a file in one piece.
AT_MOST = 0x7FFFF000


class Raised:
    """An exception where a result would stand, with the traceback of the process that raised it."""

    def __init__(self, error: BaseException, trace: str):
        self.error, self.trace = error, trace

    def again(self) -> BaseException:
        """The exception, with that traceback as its cause."""
        self.error.__cause__ = _Trace(self.trace)
        return self.error


class _Trace(Exception):
    def __str__(self):
        return f"\n{self.args[0]}"


class Results:
    """A pipe with a record of each call, and a file in memory for what is long. Made before the process is copied."""

    def __init__(self):
        self.reading, self.writing = os.pipe()
        self.file = os.memfd_create("results")
        self._own, self._lock = None, threading.Lock()

    # In the processes that call.

    def put(self, index: int, result: object) -> None:
        try:
            data = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
            raised = isinstance(result, Raised)
        except Exception as error:
            raised = True
            data = pickle.dumps(Raised(*_plain(error, result)), pickle.HIGHEST_PROTOCOL)
        if len(data) <= AT_ONCE:
            os.write(self.writing, RECORD.pack(index, len(data), INLINE, raised) + data)
        else:
            os.write(self.writing, RECORD.pack(index, len(data), self._store(data), raised))

    def _store(self, data: bytes) -> int:
        with self._lock:
            if self._own is None or self._own[0] != os.getpid():
                # An open file of its own, whose place no other process moves.
                self._own = os.getpid(), os.open(f"/proc/self/fd/{self.file}", os.O_WRONLY | os.O_APPEND)
            descriptor = self._own[1]
            if len(data) > AT_MOST:
                raise OverflowError(f"a result of {len(data)} bytes is too long: return less than 2 GiB")
            os.write(descriptor, data)
            return os.lseek(descriptor, 0, os.SEEK_CUR) - len(data)

    # In the process that asked.

    def close_writing(self) -> None:
        os.close(self.writing)

    def records(self):
        """Index and result or `Raised` of each call as it ends, until the last writer has closed the pipe."""
        data = b""
        while piece := os.read(self.reading, 1 << 16):
            data += piece
            start = 0
            while len(data) - start >= RECORD.size:
                index, size, place, raised = RECORD.unpack_from(data, start)
                end = start + RECORD.size + (size if place == INLINE else 0)
                if len(data) < end:
                    break
                text = data[start + RECORD.size : end] if place == INLINE else self._stored(place, size)
                start = end
                yield index, _loaded(text, raised)
            data = data[start:]

    def _stored(self, place: int, size: int) -> bytes:
        text = bytearray()
        while len(text) < size:
            text += os.pread(self.file, size - len(text), place + len(text))
        return bytes(text)

    def close(self) -> None:
        os.close(self.reading)
        os.close(self.file)


def _loaded(text: bytes, raised: int) -> object:
    try:
        return pickle.loads(text)
    except Exception as error:
        what = "exception" if raised else "result"
        return Raised(TypeError(f"the {what} of a call cannot be unpickled: {error!r}"), "")


def raised(error: BaseException) -> Raised:
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    return Raised(error, "".join(traceback.format_exception(type(error), error, frames)))


def _plain(error: Exception, result: object) -> tuple[Exception, str]:
    """What stands for a result, or for an exception, that cannot be pickled."""
    if isinstance(result, Raised):
        return RuntimeError(f"{type(result.error).__name__}: {result.error}"), result.trace
    return TypeError(f"a result of type {type(result).__name__} cannot be pickled: {error}"), ""
