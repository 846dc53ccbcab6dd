"""`advisor.map`: calls a function with many values, in as many processes, threads or coroutines as its first calls need."""

from __future__ import annotations

import functools
import inspect
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from advisor import _program
from advisor._results import Raised, raised
from advisor._workers import Workers

#: Seconds of calls that this process makes itself before any help is started, which takes about as long.
ALONE = 0.02


def map(
    function: Callable[..., Any],
    *values: Iterable[Any],
    workers: int | None = None,
    strategy: str | None = None,
    timeout: float | None = None,
    as_completed: bool = False,
    return_exceptions: bool = False,
    progress: bool | None = None,
    explain: bool = False,
) -> Any:
    """Calls `function` with each value (or with one of each iterable, as the builtin `map` does) and returns the results in order.

    The first calls run here; when they have taken 20 ms, copies of this process take over: one process per CPU, threads,
    or an event loop for `async def`, as many as what they measure calls for. Lambdas and functions of a notebook will do:
    nothing is pickled but results. As the calls run in copies, what they change besides is lost.

    workers:            a fixed number
    strategy:           "processes", "threads" or "async", instead of what the calls show
    timeout:            seconds after which a call is stopped
    as_completed:       an iterator that gives each result when it is there
    return_exceptions:  exceptions stand where the results would; else the first is raised, and what still runs is stopped
    progress:           a bar on standard error; None: where that is a terminal
    explain:            says afterwards what ran, how many, and why
    """
    if not values:
        raise TypeError("advisor.map() needs values to call the function with")
    arguments = [(value,) for value in values[0]] if len(values) == 1 else list(zip(*values))
    options = [*_option("--workers", workers), *_option("--strategy", strategy)]
    options += _option("--timeout", timeout and f"{timeout}s")
    progress = os.isatty(2) if progress is None else progress
    run = _Run(function, arguments, options, explain, progress)
    results = run.results(return_exceptions)
    if as_completed:
        return (result for _, result in results)
    ordered = [None] * len(arguments)
    for index, result in results:
        ordered[index] = result
    return ordered


class _Run:
    def __init__(self, function, arguments, options, explains, shows):
        self.function, self.arguments, self.options = function, arguments, options
        self.explains, self.shows = explains, shows
        self.is_async = _is_async(function)
        # Only what would run as it does by itself may run here.
        self.may_begin_here = not (options or self.is_async)

    def results(self, return_exceptions: bool) -> Iterator[tuple[int, Any]]:
        """Index and result of each call as it ends."""
        for index, result in self.all():
            if isinstance(result, Raised):
                result = result.again()
                if not return_exceptions:
                    raise result
            yield index, result

    def all(self) -> Iterator[tuple[int, Any]]:
        if len(self.arguments) < 2 and self.may_begin_here:
            yield from ((index, self.called(index)) for index in range(len(self.arguments)))
            return
        workers = Workers(self.begun if self.is_async else self.counted, self.is_async)
        turn = _Turn(len(self.arguments), lambda first: self.start(workers, first))
        try:
            if self.may_begin_here:
                turn.begin()
                while (index := turn.next()) is not None:
                    yield index, self.called(index)
            else:
                turn.end()
            yield from self.rest(workers, set(range(turn.first, len(self.arguments))))
        finally:
            turn.cancel()
            workers.close()

    def rest(self, workers: Workers, missing: set[int]) -> Iterator[tuple[int, Any]]:
        """What the workers answer, and an error for each call that has ended its process."""
        if not missing:
            return
        for index, result in workers.results():
            # A call beside one that has ended their process runs again.
            if index in missing:
                missing.discard(index)
                yield index, result
            if not missing:
                break
        complaint = workers.wait()
        for index in sorted(missing):
            yield index, Raised(_program.Error(complaint or f"call {index} has ended its process"), "")

    def start(self, workers: Workers, first: int) -> None:
        """Has the workers make all calls from the first on."""
        numbers = os.memfd_create("values")
        try:
            with open(os.dup(numbers), "w") as file:
                file.writelines(f"{number}\n" for number in range(first, len(self.arguments)))
            os.lseek(numbers, 0, os.SEEK_SET)
            workers.start(_name(self.function), numbers, self.options, self.explains, self.shows)
        finally:
            os.close(numbers)

    def called(self, index: int) -> Any:
        try:
            result = self.function(*self.arguments[index])
            return _awaited(result) if inspect.isawaitable(result) else result
        except Exception as error:
            return raised(error)

    # In a copy of this process, which has the values since it was made.

    def counted(self, index: int) -> tuple[int, Any]:
        return index, self.called(index)

    def begun(self, index: int) -> tuple[int, Any]:
        return index, self.function(*self.arguments[index])


class _Turn:
    """Which calls this process makes: those that begin before help is wanted."""

    def __init__(self, count: int, help: Callable[[int], None]):
        self.count, self.help = count, help
        #: The first call that others make; none before it is decided.
        self.first = None
        self._next, self._lock, self._error = 0, threading.Lock(), None
        self._timer = threading.Timer(ALONE, self.end)
        self._timer.daemon = True

    def begin(self) -> None:
        self._timer.start()

    def next(self) -> int | None:
        """The next call to make here."""
        with self._lock:
            if self._error:
                raise self._error
            if self.first is None and self._next == self.count:
                self.first = self.count
            if self.first is not None:
                return None
            self._next += 1
            return self._next - 1

    def end(self) -> None:
        """Leaves what has not begun to others."""
        with self._lock:
            if self.first is not None:
                return
            self.first = self._next
            try:
                if self.first < self.count:
                    self.help(self.first)
            except Exception as error:
                self._error = error
        if self._error and not self._timer.ident:
            raise self._error

    def cancel(self) -> None:
        with self._lock:
            if self.first is None:
                self.first = self.count
        self._timer.cancel()


def _awaited(awaitable) -> Any:
    import asyncio

    async def wait():
        return await awaitable

    return asyncio.run(wait())


def _plain(function):
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _is_async(function) -> bool:
    function = _plain(function)
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))


def _name(function) -> str:
    """As `advisor history` lists it."""
    function = _plain(function)
    module = getattr(function, "__module__", None) or type(function).__module__
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return f"{module}:{name.replace(':', '.')}"


def _option(name, value) -> list[str]:
    return [] if value is None else [name, str(value)]
