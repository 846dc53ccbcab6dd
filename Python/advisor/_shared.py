"""Files in memory that this process and its copies append to, each behind what the others have."""

from __future__ import annotations

import os
import threading


class Shared:
    """Made before the process is copied."""

    def __init__(self, name: str):
        self._file = os.memfd_create(name)
        self._own, self._lock = None, threading.Lock()

    def append(self, data: bytes) -> int:
        """Returns where it lies."""
        with self._lock:
            if self._own is None or self._own[0] != os.getpid():
                # An open file of its own, whose place no other process moves.
                self._own = os.getpid(), os.open(f"/proc/self/fd/{self._file}", os.O_WRONLY | os.O_APPEND)
            descriptor = self._own[1]
            os.write(descriptor, data)
            return os.lseek(descriptor, 0, os.SEEK_CUR) - len(data)

    def read(self, size: int, place: int) -> bytes:
        text = bytearray()
        while len(text) < size:
            text += os.pread(self._file, size - len(text), place + len(text))
        return bytes(text)

    @property
    def size(self) -> int:
        return os.fstat(self._file).st_size

    def close(self) -> None:
        os.close(self._file)
        if self._own is not None and self._own[0] == os.getpid():
            os.close(self._own[1])


class Claims:
    """The numbers of calls, each given once, to whichever process asks first."""

    def __init__(self, count: int):
        self.count = count
        # A byte for each that is taken.
        self._taken = Shared("claims")
        self.close = self._taken.close

    def take(self, number: int) -> range:
        """The next ones, as many or what is left; none when all are taken."""
        first = self._taken.append(bytes(number))
        return range(min(first, self.count), min(first + number, self.count))

    def take_all(self) -> range:
        return self.take(self.count)

    @property
    def taken(self) -> int:
        return min(self._taken.size, self.count)
