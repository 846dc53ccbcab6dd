"""Coroutines on an event loop of this process."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import resource
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from advisor._results import raised


#: As many coroutines begin at once; twice as many where they only wait, as long as each may open two files.
AT_ONCE, FILES = 256, 2
#: The share of a CPU that the loop uses, below which they do; and above which other processes could help.
IDLE, BUSY = 0.5, 0.75


class Loop:
    """An event loop in a thread, which one that the caller runs does not disturb."""

    def __init__(self, coroutine: Callable[[int], Awaitable[Any]], count: int):
        """`coroutine` makes that of each number below `count`."""
        self._coroutine, self.count = coroutine, count
        # How many have begun; and how many are to end before it is asked whether more may be under way at once.
        self.begun, self._at_once, self._unasked = 0, AT_ONCE, AT_ONCE
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended, self._is_up = queue.SimpleQueue(), threading.Event()

    def results(self) -> Iterator[tuple[int, Any]]:
        """Index and result, or `Raised`, of each as it ends; fewer have `begun` than there are where the loop is busy with them.

        Those that still run when it is closed are cancelled.
        """
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(self._run,), daemon=True)
        thread.start()
        try:
            while (ended := self._ended.get()) is not None:
                if isinstance(ended, BaseException):
                    raise ended
                yield ended
        finally:
            self._is_up.wait()
            self._cancel()
            thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._all())
            self._ended.put(None)
        except BaseException as error:
            self._ended.put(error)
        finally:
            self._is_up.set()

    async def _all(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began, self._used = time.perf_counter(), time.thread_time()
        self._begin()
        self._is_up.set()
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self) -> None:
        while self.begun < self.count and len(self._tasks) < self._at_once:
            self._tasks.add(self._loop.create_task(self._one(self.begun)))
            self.begun += 1

    async def _one(self, number: int) -> None:
        try:
            result = await self._coroutine(number)
        except BaseException as error:
            result = raised(error)
        self._ended.put((number, result))
        self._tasks.discard(asyncio.current_task())
        self._unasked -= 1
        if not self._unasked:
            self._ask()
        self._begin()

    def _ask(self) -> None:
        """Whether more may be under way at once, or none are to begin here any more."""
        now, used = time.perf_counter(), time.thread_time()
        busy = (used - self._used) / (now - self._began)
        self._began, self._used = now, used
        if busy < IDLE:
            files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            self._at_once = max(self._at_once, min(2 * self._at_once, files // FILES))
        elif busy > BUSY:
            self._at_once = 0
        self._unasked = self._at_once

    def _cancel(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._cancel_all)
        except (RuntimeError, AttributeError):
            # All have ended and the loop with them, or it could not begin.
            pass

    def _cancel_all(self) -> None:
        self._at_once = 0
        for task in list(self._tasks):
            task.cancel()
