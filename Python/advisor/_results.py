"""What calls return and raise, on its way from the processes that make them."""

from __future__ import annotations

import fcntl
import os
import pickle
import select
import struct
import traceback
from collections.abc import Iterator

from advisor._shared import Shared

#: Which call is the first, how many there are, how many bytes they have, and where these lie (or INLINE).
RECORD = struct.Struct("=qqqq")
INLINE = -1
#: POSIX writes so much to a pipe in one piece.
AT_ONCE = 4096 - RECORD.size
#: Linux writes no more to a file in one piece.
AT_MOST = 0x7FFFF000
F_SETPIPE_SZ, F_GETPIPE_SZ = 1031, 1032  # Linux; fcntl names them since Python 3.10


class Raised:
    """An exception where a result would stand, with the traceback of the process that raised it."""

    def __init__(self, error: BaseException, trace: str):
        self.error, self.trace = error, trace

    def again(self) -> BaseException:
        """The exception, with that traceback, if there is one, as its cause."""
        if self.trace:
            self.error.__cause__ = _Trace(self.trace)
        return self.error


class _Trace(Exception):
    def __str__(self):
        return f"\n{self.args[0]}"


def wide_pipe() -> tuple[int, int]:
    """A pipe whose writer may be far ahead of its reader."""
    reading, writing = os.pipe()
    try:
        fcntl.fcntl(writing, F_SETPIPE_SZ, 1 << 20)
    except OSError:
        # This user's pipes hold as much as they may: one of the usual size will do.
        pass
    return reading, writing


class Results:
    """A pipe with a record of calls that follow one another, and a file in memory for what is long.

    Made before the process is copied.
    """

    def __init__(self):
        self.reading, self.writing = wide_pipe()
        self._long, self._unread = Shared("results"), b""
        self._poll = select.poll()
        self._poll.register(self.reading, select.POLLIN)

    # In the processes that call.

    def put(self, first: int, results: list[object]) -> None:
        try:
            data = pickle.dumps(results, pickle.HIGHEST_PROTOCOL)
            if len(data) > AT_MOST:
                raise OverflowError(f"{len(data)} bytes are too long for a result: return less than 2 GiB")
        except Exception as error:
            if len(results) > 1:
                for index, result in enumerate(results, first):
                    self.put(index, [result])
                return
            data = pickle.dumps([Raised(*_plain(error, results[0]))], pickle.HIGHEST_PROTOCOL)
        is_short = len(data) <= AT_ONCE
        place = INLINE if is_short else self._long.append(data)
        os.write(self.writing, RECORD.pack(first, len(results), len(data), place) + (data if is_short else b""))

    # In the process that asked.

    def close_writing(self) -> None:
        os.close(self.writing)

    def records(self, waits: bool = True) -> Iterator[tuple[int, list[object]]]:
        """The first index and the results, or `Raised`, of calls as they end, until the last writer has closed the pipe.

        Without `waits`, those that have come.
        """
        while waits or self._poll.poll(0):
            piece = os.read(self.reading, 1 << 16)
            if not piece:
                break
            data, start = self._unread + piece, 0
            found = []
            while len(data) - start >= RECORD.size:
                first, count, size, place = RECORD.unpack_from(data, start)
                end = start + RECORD.size + (size if place == INLINE else 0)
                if len(data) < end:
                    break
                text = data[start + RECORD.size : end] if place == INLINE else self._long.read(size, place)
                start = end
                found.append((first, _loaded(text, count)))
            self._unread = data[start:]
            yield from found

    def close(self) -> None:
        os.close(self.reading)
        self._long.close()


def _loaded(text: bytes, count: int) -> list[object]:
    try:
        return pickle.loads(text)
    except Exception as error:
        return [Raised(TypeError(f"what a call returned or raised cannot be unpickled: {error!r}"), "")] * count


def raised(error: BaseException) -> Raised:
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    return Raised(error, "".join(traceback.format_exception(type(error), error, frames)))


def _plain(error: Exception, result: object) -> tuple[Exception, str]:
    """What stands for a result, or for an exception, that cannot be pickled."""
    if isinstance(result, Raised):
        return RuntimeError(f"{type(result.error).__name__}: {result.error}"), result.trace
    if isinstance(error, OverflowError):
        return error, ""
    return TypeError(f"a result of type {type(result).__name__} cannot be pickled: {error}"), ""
