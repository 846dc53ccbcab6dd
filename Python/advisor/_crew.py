"""Copies of the caller that take calls by themselves, as it does, until none are left."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from advisor import _host, _program
from advisor._results import Results

if TYPE_CHECKING:
    from advisor._help import Help

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
        self.tools = _host.tools(HELD_THINGS=uses)
        self.generators = self.tools["generators"]()
        # By a descriptor that can be read when it has ended.
        self.processes: dict[int, int] = {}
        # Calls under way, with the one of the caller.
        self.at_once = 1
        if help.cpus > 2:
            # Of so many, a container may have less.
            help.cpus = min(help.cpus, _cpus(help.cpus))

    def work(self, over: int, can_end: bool = True) -> bool:
        """Until all calls are made; where these take long and it `can_end`, True as soon as that is known."""
        if can_end and self.help.holds_much():
            return True
        pause, since = PACE, self.help.look()
        while True:
            if self.grow():
                since = self.help.look()
            elif can_end and self.help.is_long(since):
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
        count = max(1, min(round(room * busy + 0.4), room, self.help.cpus))
        for number in range(count):
            self.start(threads=room // count + (number < room % count))
        self.at_once += room
        if self.explains:
            copies = "one copy more" if count == 1 else f"{count} copies more"
            print(f"{copies} of this process for {room} more at once: a call uses {busy:.2f} CPUs", file=sys.stderr)
        return True

    def start(self, threads: int) -> None:
        try:
            process = os.fork()
        except OSError:
            # No more are to be had: those that there are do it all.
            return
        if process:
            self.processes[os.pidfd_open(process)] = process
            return
        try:
            self.serve(threads)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(0)

    def serve(self, threads: int) -> None:
        """In the copy, until no calls are left."""
        # Standard input is the caller's.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        self.tools["reseed"](self.generators)
        self.error, self.libraries = os.dup(2), self.tools["Libraries"]()
        # To be told, OpenBLAS begins its threads anew, which spin: not for calls that have shown no use of them.
        self.share = 1 if self.help.uses_threads() else None
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
            if os.waitpid(process, os.WNOHANG)[0]:
                os.close(descriptor)
                del self.processes[descriptor]


def _cpus(known: int) -> int:
    try:
        return _program.cpus()
    except _program.Error:
        return known
