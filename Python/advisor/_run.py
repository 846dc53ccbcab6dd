"""The calls of one loop: which process makes which, and what becomes of their results."""

from __future__ import annotations

import builtins
import functools
import os
import sys
import time
import weakref
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import closing

from advisor import _program
from advisor._functions import code, is_async, name, used
from advisor._help import Help
from advisor._results import Raised, raised
from advisor._shared import Claims
from advisor._workers import Workers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Seconds of calls between two looks at what others have done.
LOOK = 0.001
#: Code of functions whose last loop was over before help paid.
MADE_ALONE: weakref.WeakSet = weakref.WeakSet()


class Run:
    """Of all calls of one loop."""

    def __init__(self, function, apply, arguments, options, explains, shows):
        self.function, self.apply, self.arguments, self.options = function, apply, arguments, options
        self.explains, self.shows = explains, shows
        self.is_async = is_async(function)
        # Which calls have not ended, how many these are, and how many have ended in this process.
        self.missing, self.left, self.here = bytearray(b"\1" * len(arguments)), len(arguments), 0

    def results(self, return_exceptions: bool) -> Iterator[tuple[int, list[Any]]]:
        """The first index and the results of calls that follow one another, as they end."""
        with closing(self.all()) as pieces:
            for first, results in pieces:
                if Raised in set(builtins.map(type, results)):
                    results = [_again(result, return_exceptions) for result in results]
                yield first, results
        if self.explains:
            where = "one after the other" if self.here == len(self.arguments) else "the others in copies of it"
            print(f"{self.here} of {len(self.arguments)} calls ran in this process, {where}", file=sys.stderr)

    def all(self) -> Iterator[tuple[int, list[Any]]]:
        count = len(self.arguments)
        # Only what would run as it does by itself may run here.
        if self.options:
            return self.elsewhere(range(count))
        if self.is_async:
            return self.on_loop()
        return self.shared() if count > 1 else self.ended([(0, self.called(range(count)))])

    def elsewhere(self, numbers: Sequence[int]) -> Iterator[tuple[int, list[Any]]]:
        """Has copies of this process make these calls."""
        values = os.memfd_create("values")
        with open(values, "w+") as file:
            file.writelines(f"[{number}, 1]\n" for number in numbers)
            file.seek(0)
            call = self.begun if self.is_async else self.made
            with closing(self.workers(call, values=file.fileno(), is_async=self.is_async)) as workers:
                yield from self.rest(workers)

    def shared(self) -> Iterator[tuple[int, list[Any]]]:
        """Makes calls until all are taken, by copies of this process, too, where these pay."""
        claims = Claims(len(self.arguments))
        help = Help(claims)
        workers = self.helpers(help) if help.comes_first(is_known_short=code(self.function) in MADE_ALONE) else None
        try:
            for piece in self.ended(self.calls(claims)):
                yield piece
                if workers:
                    help.note()
                    yield from self.answers(workers, waits=False)
                elif help.is_due():
                    workers = self.helpers(help)
            if workers:
                yield from self.rest(workers, is_exact=False)
            self.remember()
        finally:
            if workers:
                workers.close()
            help.close()
            claims.close()

    def remember(self) -> None:
        """Whether all calls were made here: the next time, no copy need stand by for the first of them."""
        if self.here == len(self.arguments):
            MADE_ALONE.add(code(self.function))
        else:
            MADE_ALONE.discard(code(self.function))

    def helpers(self, help: Help) -> Workers:
        return self.workers(self.made, help=help, takes=functools.partial(self.calls, help.claims))

    def on_loop(self) -> Iterator[tuple[int, list[Any]]]:
        from advisor._loop import Loop

        loop = Loop(self.coroutine, len(self.arguments))
        with closing(loop.results()) as found:
            yield from self.ended((index, [result]) for index, result in found)
        if loop.begun < loop.count:
            yield from self.elsewhere(range(loop.begun, loop.count))

    def workers(self, call, **options) -> Workers:
        arguments = [name(self.function), *self.options]
        uses = functools.partial(used, self.function)
        return Workers(call, arguments, explains=self.explains, shows=self.shows, uses=uses, **options)

    def ended(self, pieces: Iterable[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
        """Notes what has ended here."""
        for first, results in pieces:
            count = len(results)
            self.missing[first : first + count] = bytes(count)
            self.left -= count
            self.here += count
            yield first, results

    def answers(self, workers: Workers, waits: bool = True) -> Iterator[tuple[int, list[Any]]]:
        """What copies have answered; with `waits`, until no call is missing or no answer comes any more."""
        if waits and not self.left:
            return
        for first, results in workers.results(waits):
            # A call beside one that has ended their process runs again.
            if self.missing[first]:
                self.missing[first : first + len(results)] = bytes(len(results))
                self.left -= len(results)
                yield first, results
            if waits and not self.left:
                return

    def rest(self, workers: Workers, is_exact: bool = True) -> Iterator[tuple[int, list[Any]]]:
        """What is to come, and an error for each call that has ended its process.

        Unless it `is_exact` which these are, those that may be run again, each by itself.
        """
        yield from self.answers(workers)
        if not self.left:
            if self.explains or self.shows:
                workers.wait()
            return
        complaint = workers.wait()
        missing = [number for number, is_missing in enumerate(self.missing) if is_missing]
        if not is_exact:
            yield from self.elsewhere(missing)
            return
        for number in missing:
            yield number, [Raised(_program.Error(_reason(number, complaint)), "")]

    # Also in copies of this process, which have the arguments since they were made.

    def calls(self, claims: Claims) -> Iterator[tuple[int, list[Any]]]:
        """Makes calls here, as long as some are left: the first index and the results of some."""
        number = 1
        while numbers := claims.take(number):
            start = time.perf_counter()
            results = self.called(numbers)
            number = int(number * min(2, LOOK / (time.perf_counter() - start))) or 1
            yield numbers.start, results

    def called(self, numbers: range) -> list[Any]:
        results: list[Any] = []
        while len(results) < len(numbers):
            arguments = self.arguments[numbers.start + len(results) : numbers.stop]
            try:
                results.extend(self.apply(self.function, arguments))
                if len(results) < len(numbers):
                    raise RuntimeError("the function has raised StopIteration")
            except Exception as error:
                results.append(raised(error))
        if any(hasattr(kind, "__await__") for kind in set(builtins.map(type, results))):
            results = [_awaited(result) for result in results]
        return results

    def made(self, value: list[int]) -> Iterator[tuple[int, list[Any]]]:
        first, count = value
        yield first, self.called(range(first, first + count))

    def begun(self, value: list[int]) -> tuple[int, Any]:
        return value[0], self.coroutine(value[0])

    def coroutine(self, number: int) -> Awaitable[Any]:
        return next(self.apply(self.function, [self.arguments[number]]))


def _again(result: Any, returns: bool) -> Any:
    """A result as it is; what was raised is raised again, or returned as if it were one."""
    if not isinstance(result, Raised):
        return result
    if returns:
        return result.again()
    raise result.again()


def _reason(number: int, complaint: str) -> str:
    """What the program has said of a call, or all that it has said."""
    import re

    line = re.search(rf"^task \d+ .*'\[{number}, 1\]'\) (.*)$", complaint, re.MULTILINE)
    return f"call {number} {line[1]}" if line else complaint or f"call {number} has ended its process"


def _awaited(result) -> Any:
    if not hasattr(type(result), "__await__"):
        return result
    import asyncio

    async def wait():
        return await result

    try:
        return asyncio.run(wait())
    except Exception as error:
        return raised(error)
