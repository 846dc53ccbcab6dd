"""Copies of this process that make calls, and the program `advisor map` that hands them out."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from advisor import _host, _program
from advisor._copy import Command, Copy, lead_group
from advisor._results import Results

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from advisor._help import Help


class Workers:
    """Calls in copies of this process: the first makes the others, at once as the host of the program, or when `help` is wanted."""

    def __init__(
        self,
        call: Callable[[Any], Any],
        arguments: list[str],
        values: int | None = None,
        closes: Iterable[int] = (),
        help: Help | None = None,
        takes: Callable[[], Iterator[tuple[int, list[Any]]]] | None = None,
        uses: Callable[[], list[Any]] = list,
        is_async: bool = False,
        explains: bool = False,
        shows: bool = False,
    ):
        """Without `help`, `call` gets the values that the program reads as JSON lines from the descriptor `values`, and yields
        the first index and the results of calls that it has made; `is_async`: returns index and awaitable. Copies have no use
        for the descriptors that it `closes`. Of what it `uses`, generators of random numbers differ in each copy. With `help`, copies
        make calls by `takes` until none are left, and only the program has them `call` with the first index and the number.

        The program has the `arguments`; it writes to standard error what it `explains` at its end, and `shows` how far it is.
        """
        self._output, self._complaints = Results(), os.memfd_create("complaints")
        # Every copy has it then, and nothing that is still to be written.
        _host.crew_tools() if help else _host.code()
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
        over, self._life = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            try:
                for descriptor in (self._life, self._output.reading, *closes):
                    os.close(descriptor)
                command = Command(arguments, explains, shows, self._complaints)
                Copy(command, self._output, values, help, over).serve(call, takes, is_async, uses)
            except BrokenPipeError:
                # The program has ended, and has said why.
                pass
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(1)
        lead_group(self._process)
        os.close(over)
        self._output.close_writing()

    def results(self, waits: bool = True) -> Iterator[tuple[int, list[Any]]]:
        """The first index and the results, or `Raised`, of calls as they end, until all have; without `waits`, what has come."""
        return self._output.records(waits)

    def wait(self) -> str:
        """Waits until the program has ended; returns what it complained of."""
        self._reap()
        size = os.lseek(self._complaints, 0, os.SEEK_END)
        return _program.words(os.pread(self._complaints, size, 0))

    def kill(self) -> None:
        """Stops what still runs; `results` ends."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGKILL)

    def close(self) -> None:
        self.kill()
        self._reap()
        self._output.close()
        os.close(self._complaints)
        os.close(self._life)

    def _reap(self) -> None:
        """The copy, and where this process is the first of a container, what the copy has left."""
        if self._process is None:
            return
        group, self._process = self._process, None
        try:
            while True:
                os.waitpid(-group, 0)
        except ChildProcessError:
            pass
