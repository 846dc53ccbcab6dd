"""The program `advisor map`, and the copies of this process that it hands calls to."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from advisor import _host, _program
from advisor._results import Raised, Results, raised

F_SETPIPE_SZ = 1031  # Linux; fcntl names it since Python 3.10


class Workers:
    """Calls in copies of this process. They are made at once, and idle until `start`."""

    def __init__(self, call: Callable[[Any], Any], is_async: bool = False):
        """`call` gets what `start` is told, and returns the index of a call and its result."""
        self._program = None
        self._output = Results()
        # Workers go on while this process is busy with a call of its own.
        fcntl.fcntl(self._output.writing, F_SETPIPE_SZ, 1 << 20)
        self._complaints = os.memfd_create("complaints")
        self._host = _host.fork(_answering(call, is_async, self._output), [self._output.reading])
        self._output.close_writing()

    def start(self, name: str, values: int, options: list[str], explains: bool = False, shows: bool = False) -> None:
        """Starts the program, which reads JSON lines from the descriptor `values` and has each called.

        It writes to standard error what it `explains` at its end, and `shows` how far it is.
        Raises `Error` where it cannot be started.
        """
        host = self._host
        null = os.open(os.devnull, os.O_WRONLY)
        # Above them all, so that none is in another's way.
        free = max(values, host.requests, host.replies, self._complaints, null, 2) + 1
        actions = [
            (os.POSIX_SPAWN_DUP2, host.requests, free),
            (os.POSIX_SPAWN_DUP2, host.replies, free + 1),
            (os.POSIX_SPAWN_DUP2, values, 0),
            (os.POSIX_SPAWN_DUP2, 2 if explains else null, 1),
            (os.POSIX_SPAWN_DUP2, 2 if explains or shows else self._complaints, 2),
        ]
        path = _program.path()
        arguments = [path, "map", name, "--host", f"{free},{free + 1}", "--inputs", "-", *options]
        try:
            arguments += [] if explains else ["--json"]
            self._program = os.posix_spawn(path, arguments, os.environ, file_actions=actions, setpgroup=0)
        except OSError as error:
            raise _program.Error(f"cannot start {path}: {error.strerror}") from None
        finally:
            os.close(null)
        host.begin()

    def results(self) -> Iterator[tuple[int, Any]]:
        """Index and result, or `Raised`, of each call as it ends, until the program has ended."""
        return self._output.records()

    def wait(self) -> str:
        """Waits until the program has ended; returns what it complained of."""
        if self._program is not None:
            os.waitpid(self._program, 0)
            self._program = None
        size = os.lseek(self._complaints, 0, os.SEEK_END)
        return _program.words(os.pread(self._complaints, size, 0))

    def stop(self) -> None:
        """Stops what still runs; `results` ends."""
        if self._program is not None:
            try:
                os.kill(self._program, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.wait()
        self._host.end()

    def close(self) -> None:
        self.stop()
        self._output.close()
        os.close(self._complaints)


def _answering(call, is_async: bool, output: Results):
    """What a copy calls: it puts the result, or what was raised, where the parent reads it."""
    if is_async:

        async def answer(value):
            index, awaitable = call(value)
            try:
                result = await awaitable
            except Exception as error:
                result = raised(error)
            output.put(index, result)

    else:

        def answer(value):
            output.put(*call(value))

    return answer
