"""Copies of the caller that take calls by themselves, as it does, until none are left."""

from __future__ import annotations

import os
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

from advisor import _host, _program
from advisor._results import Results

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from advisor._help import Help

#: The status of a copy that has found no more calls; zero is what a call could end with.
DONE = 77
#: How many threads take calls in a copy, and whether calls use those of libraries.
ORDER = struct.Struct("i?")
#: Seconds between two looks at the caller, at first; each time longer.
PACE, SLOWER, LONGEST = 0.005, 1.2, 0.05


class Crew:
    """Of a process that is itself a copy, and makes no calls."""

    def __init__(
        self,
        help: Help,
        takes: Callable[[], Iterator[tuple[int, list[Any]]]],
        output: Results,
        uses: Callable[[], list[Any]],
        explains: bool,
    ):
        """`takes` makes calls as long as some are left; what they `use` may hold generators of random numbers."""
        self.help, self.takes, self.output, self.explains = help, takes, output, explains
        self.tools = _host.crew_tools()
        self.tools["HELD_THINGS"] = uses
        self.generators = self.tools["generators"]()
        # By a descriptor that can be read when it has ended.
        self.processes: dict[int, int] = {}
        # A copy that waits to be told how many threads take calls in it, and where it is told.
        self.waiting: tuple[int, int] | None = None
        # Calls under way, with the one of the caller.
        self.at_once = 0 if help.makes_all else 1

    def work(self, over: int, can_end: bool = True) -> bool:
        """Until all calls are made; where these take long and it `can_end`, True as soon as that is known."""
        if can_end and self.help.holds_much():
            return True
        pause, since = PACE, self.help.look()
        while True:
            if self.grow():
                since = self.help.look()
            elif can_end and self.help.is_long(since, self.at_once):
                return True
            if not self.help.lasts(over, pause, self.processes):
                # Nobody waits for what is under way.
                os.killpg(os.getpid(), signal.SIGKILL)
            self.reap()
            if not self.processes and not self.help.left:
                return False
            self.help.look()
            pause = min(SLOWER * pause, LONGEST)

    def grow(self) -> bool:
        """Makes as many copies as there is room for. Calls of one share a CPU, since they share the interpreter."""
        room = self.help.room(self.at_once)
        if not room:
            return False
        busy = self.help.busy()
        # Two at least: calls that have only waited up to now may be about to compute.
        needed = min(max(2, round((self.at_once + room) * busy + 0.4)), self.help.cpus)
        count = min(max(1, needed - len(self.processes)), room)
        for number in range(count):
            self.start(threads=room // count + (number < room % count))
        self.at_once += room
        if self.explains:
            copies = "one copy more" if count == 1 else f"{count} copies more"
            print(f"{copies} of this process for {room} more at once: a call uses {busy:.2f} CPUs", file=sys.stderr)
        return True

    def stand_by(self) -> None:
        """Makes a copy that waits: where help pays, calls need not wait for the kernel to copy all memory."""
        reading, writing = os.pipe()
        if process := self.copy(reading, writing):
            self.waiting = process, writing
        os.close(reading)

    def start(self, threads: int) -> None:
        if not self.waiting:
            self.stand_by()
        if self.waiting:
            (process, order), self.waiting = self.waiting, None
            self.processes[os.pidfd_open(process)] = process
            self.help.copies = list(self.processes.values())
            os.write(order, ORDER.pack(threads, self.help.uses_threads()))
            os.close(order)

    def copy(self, reading: int, writing: int) -> int:
        """Returns its process, 0 where no more are to be had: those that there are do it all."""
        try:
            process = os.fork()
        except OSError:
            return 0
        if process:
            return process
        try:
            os.close(writing)
            if order := os.read(reading, ORDER.size):
                self.serve(*ORDER.unpack(order))
            os._exit(DONE)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)

    def serve(self, threads: int, uses_threads: bool) -> None:
        """In the copy, until no calls are left."""
        # Standard input is the caller's.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        self.tools["reseed"](self.generators)
        self.error, self.libraries = os.dup(2), self.tools["Libraries"]()
        # To be told, OpenBLAS begins its threads anew, which spin: not for calls that have shown no use of them.
        self.share = 1 if uses_threads else None
        self.libraries.hold(self.share)
        others = [threading.Thread(target=self.take, args=(os.getpid(),), daemon=True) for _ in range(threads - 1)]
        with suppress(RuntimeError):
            for thread in others:
                thread.start()
        self.take(os.getpid())
        for thread in others:
            if thread.ident:
                thread.join()

    def take(self, process: int) -> None:
        """Makes calls; what is not of a call ends the process."""
        try:
            for first, results in self.takes():
                if os.getpid() != process:
                    # A process that a call has forked, and left to return.
                    os._exit(0)
                self.tools["restore_streams"](self.error)
                self.output.put(first, results)
                self.libraries.hold(self.share)
        except BrokenPipeError:
            os._exit(1)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)

    def reap(self) -> None:
        for descriptor, process in list(self.processes.items()):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                os.close(descriptor)
                del self.processes[descriptor]
                if self.help.makes_all and status != DONE:
                    raise _program.Error(f"a call has ended its process ({told(status)})")
        self.help.copies = list(self.processes.values())


def told(status: int) -> str:
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
