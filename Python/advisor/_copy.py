"""What a copy of the caller does: it makes further copies that call, by itself or, as the host of the program, as that says."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Awaitable, Callable, Iterator

from advisor import _host, _program
from advisor._crew import Crew
from advisor._results import Results, raised, wide_pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from advisor._help import Help


class Command:
    """`advisor map`."""

    def __init__(self, arguments: list[str], explains: bool, shows: bool, complaints: int):
        """It writes to standard error what it `explains` at its end, and `shows` how far it is; else to the descriptor."""
        self.arguments, self.explains, self.shows, self.complaints = arguments, explains, shows, complaints

    def start(self, values: int, requests: int, replies: int) -> int:
        """Raises `Error` where there is no such program."""
        null = os.open(os.devnull, os.O_WRONLY)
        # Above them all, so that none is in another's way.
        free = max(values, requests, replies, self.complaints, null, 2) + 1
        actions = [
            (os.POSIX_SPAWN_DUP2, requests, free),
            (os.POSIX_SPAWN_DUP2, replies, free + 1),
            (os.POSIX_SPAWN_DUP2, values, 0),
            (os.POSIX_SPAWN_DUP2, 2 if self.explains else null, 1),
            (os.POSIX_SPAWN_DUP2, 2 if self.explains or self.shows else self.complaints, 2),
        ]
        path = _program.path()
        command = [path, "map", *self.arguments, "--host", f"{free},{free + 1}", "--inputs", "-"]
        command += [] if self.explains else ["--json"]
        try:
            return os.posix_spawn(path, command, os.environ, file_actions=actions)
        except OSError as error:
            raise _program.Error(f"cannot start {path}: {error.strerror}") from None
        finally:
            os.close(null)


class Copy:
    """Of the caller, in that copy's process."""

    def __init__(self, command: Command, output: Results, values: int | None, help: Help | None, over: int):
        """`values`: what the program reads; without it, what `help` gives it when it is there."""
        self.command, self.output, self.values, self.help, self.over = command, output, values, help, over
        self.crew = self.feeding = self.program = None

    def serve(
        self, call: Callable[[Any], Any], takes: Callable[[], Iterator[Any]], is_async: bool, uses: Callable[[], list[Any]]
    ) -> None:
        """Until there is nothing more to do, or the program cannot be started."""
        lead_group(0)
        # To look through what the caller holds, for garbage, is to copy its pages.
        gc.freeze()
        # Ctrl-C is its parent's to hear.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        try:
            if self.help and not self.is_long(takes, uses):
                return
        except _program.Error as error:
            os.write(self.command.complaints, str(error).encode())
            os.killpg(0, signal.SIGKILL)
        requests, self.to_host = os.pipe()
        self.from_host, replies = os.pipe()
        if self.values is None:
            self.values, self.feeding = wide_pipe()
        try:
            self.start()
        except _program.Error as error:
            if self.crew:
                self.crew.work(self.over, can_end=False)
            else:
                os.write(self.command.complaints, str(error).encode())
            return
        answer = self.answering_later(call) if is_async else self.answering(call)
        _host.serve(answer, requests, replies, HELD_THINGS=uses, HEARD=self.feed, OVER=self.reap)

    def is_long(self, takes: Callable[[], Iterator[Any]], uses: Callable[[], list[Any]]) -> bool:
        """Has copies make calls as soon as that pays; whether enough are left for the program to find more out."""
        self.help.watch()
        self.crew = Crew(self.help, takes, self.output, uses, self.command.explains)
        if not self.help.is_due():
            self.crew.stand_by()
        return self.help.is_wanted(self.over) and self.crew.work(self.over)

    def start(self) -> None:
        self.program = self.command.start(self.values, self.to_host, self.from_host)
        for descriptor in (self.over, self.values, self.to_host, self.from_host):
            os.close(descriptor)

    def feed(self) -> None:
        """Gives the program, which is there now, the calls that are left."""
        if self.help:
            self.help.feed(self.feeding)
            self.end_feeding()

    def end_feeding(self) -> None:
        # The program waits for an end of its values that every copy has closed.
        if self.feeding is not None:
            os.close(self.feeding)
            self.feeding = None

    def reap(self) -> None:
        os.waitpid(self.program, 0)

    # What copies are called with: it puts each result, or what was raised, where the caller reads it.

    def answering(self, call: Callable[[Any], Iterator[tuple[int, list[Any]]]]) -> Callable[[Any], None]:
        def answer(value):
            self.end_feeding()
            for first, results in call(value):
                self.output.put(first, results)

        return answer

    def answering_later(self, call: Callable[[Any], tuple[int, Awaitable[Any]]]) -> Callable[[Any], Awaitable[None]]:
        async def answer(value):
            index, awaitable = call(value)
            try:
                result = await awaitable
            except Exception as error:
                result = raised(error)
            self.output.put(index, [result])

        return answer


def lead_group(process: int) -> None:
    """Gives a child a process group; parent and child both do it, and whichever comes too late is refused."""
    try:
        os.setpgid(process, process)
    except OSError:
        pass
