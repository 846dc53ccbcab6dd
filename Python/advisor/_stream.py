"""Calls that come one by one: copies of this process take them all, and the program where these take long."""

from __future__ import annotations

import fcntl
import json
import os
import struct
import termios
from collections.abc import Iterator

from advisor._help import Help, Look
from advisor._results import wide_pipe
from advisor._shared import Shared

#: Copies that are made before it is known what calls need.
FIRST = 2


class Stream:
    """A pipe of calls, each a line of JSON that the program can read, too; whoever reads so many bytes has one.

    Made before the process is copied.
    """

    LINE = "[%12d, %20d, %20d]\n"
    SIZE = len(LINE % (0, 0, 0))

    def __init__(self):
        self.reading, self.writing = wide_pipe()
        self._taken, self._stopped = Shared("taken"), Shared("stopped")

    def put(self, *call: int) -> None:
        """Raises `BrokenPipeError` where no process is left that reads."""
        os.write(self.writing, (self.LINE % call).encode())

    def end(self) -> None:
        """No more calls come."""
        os.close(self.writing)

    def close(self) -> None:
        self._taken.close()
        self._stopped.close()

    # In copies of this process.

    def take(self) -> Iterator[list[int]]:
        """Until no more come, or others take them."""
        while not self._stopped.size and (line := os.read(self.reading, self.SIZE)):
            self._taken.append(b"\1")
            yield json.loads(line)

    def stop(self) -> None:
        """Leaves what is to come to the program."""
        self._stopped.append(b"\1")

    @property
    def taken(self) -> int:
        return self._taken.size

    @property
    def count(self) -> int:
        """Those that have come up to now."""
        waiting = fcntl.ioctl(self.reading, termios.FIONREAD, struct.pack("i", 0))
        return self.taken + struct.unpack("i", waiting)[0] // self.SIZE


class StreamHelp(Help):
    """Of copies that make all calls."""

    makes_all = True

    def __init__(self, stream: Stream, cpus: int, workers: int | None):
        """So many `workers`, or as many as the calls show."""
        self.workers, self.copies, self.at_once = workers, [], 0
        # How many calls are taken when each copy has one.
        self.awaited = 0
        super().__init__(stream)
        self.cpus = cpus

    def watch(self) -> None:
        """The calls are yet to come."""

    def is_due(self) -> bool:
        return True

    def watched(self) -> list[int]:
        return self.copies

    def used_by_programs(self) -> float:
        return self.running_programs()

    def busy(self) -> float:
        """CPUs that one call uses."""
        return super().busy() / max(1, self.at_once)

    def uses_threads(self) -> bool:
        """It may: copies are many from the first call on, and each of them would take all CPUs."""
        return True

    def room(self, at_once: int = 0) -> int:
        self.at_once = at_once
        if not at_once:
            room = min(FIRST, self.workers or self.cpus)
        elif self.workers:
            room = max(0, min(self.workers - at_once, self.left))
        elif self.awaited:
            # Until then, copies are only about to begin, and no measure.
            if self.claims.taken >= self.awaited:
                self.awaited = 0
            self.begin()
            room = 0
        else:
            room = super().room(at_once)
        if room:
            self.awaited = self.claims.taken + room
        return room

    def is_long(self, since: Look, at_once: int = 1) -> bool:
        return not self.workers and super().is_long(since, at_once)

    def holds_much(self) -> bool:
        return not self.workers and super().holds_much()

    def feed(self, values: int) -> None:
        """The program reads the same pipe."""
        self.claims.stop()
