"""Coroutines on an event loop of this process."""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from advisor._results import raised


class Loop:
    """An event loop in a thread, which one that the caller runs does not disturb."""

    def __init__(self, coroutine: Callable[[int], Awaitable[Any]]):
        """`coroutine` makes that of each number."""
        self._coroutine = coroutine
        self._ended, self._begun = queue.SimpleQueue(), threading.Event()

    def results(self, count: int) -> Iterator[tuple[int, Any]]:
        """Begins all at once: index and result, or `Raised`, of each as it ends.

        Those that still run when it is closed are cancelled.
        """
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(self._run, count), daemon=True)
        thread.start()
        try:
            for _ in range(count):
                ended = self._ended.get()
                if isinstance(ended, BaseException):
                    raise ended
                yield ended
        finally:
            self._begun.wait()
            self._cancel()
            thread.join()

    def _run(self, count: int) -> None:
        try:
            asyncio.run(self._all(count))
        except BaseException as error:
            self._ended.put(error)
        finally:
            self._begun.set()

    async def _all(self, count: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._tasks = [self._loop.create_task(self._one(number)) for number in range(count)]
        self._begun.set()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _one(self, number: int) -> None:
        try:
            result = await self._coroutine(number)
        except BaseException as error:
            result = raised(error)
        self._ended.put((number, result))

    def _cancel(self) -> None:
        try:
            self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in self._tasks])
        except (RuntimeError, AttributeError):
            # All have ended and the loop with them, or it could not begin.
            pass
