"""`advisor.map`: calls a function with many values, in as many processes, threads or coroutines as its first calls need."""

from __future__ import annotations

import builtins
import itertools
import os
from collections.abc import Callable, Iterable

from advisor._run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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

    The first calls run here; when the rest is worth it, copies of this process help: one process per CPU, or threads where calls
    wait, as many as what the calls use asks for. An `async def` runs on an event loop. Lambdas and functions of a notebook will
    do: nothing is pickled but results. What calls in copies change besides is lost.

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
    # One value is not unpacked: a million of them would be noticed.
    apply, arguments = (builtins.map, list(*values)) if len(values) == 1 else (itertools.starmap, list(zip(*values)))
    options = [*_option("--workers", workers), *_option("--strategy", strategy)]
    options += _option("--timeout", timeout and f"{timeout}s")
    progress = os.isatty(2) if progress is None else progress
    found = Run(function, apply, arguments, options, explain, progress).results(return_exceptions)
    if as_completed:
        return (result for _, results in found for result in results)
    ordered = [None] * len(arguments)
    for first, results in found:
        ordered[first : first + len(results)] = results
    return ordered


def _option(name, value) -> list[str]:
    return [] if value is None else [name, str(value)]
