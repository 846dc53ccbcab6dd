"""Calls of every shape, for python_predictions.py: each takes one JSON value."""
import asyncio
import time
import zlib

BLOCK = bytes(range(256)) * (1 << 12)


def nothing(value):
    return value


def computes(seconds):
    """Pure Python, by the thread's own CPU time: it holds the lock all the while."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def compresses(times):
    """The lock is released while it compresses 1 MiB several times."""
    return sum(len(zlib.compress(BLOCK, 6)) for _ in range(times))


def waits(seconds):
    time.sleep(seconds)


def mixes(seconds):
    """Computes for a fifth of the time and waits for the rest."""
    computes(0.2 * seconds)
    time.sleep(0.8 * seconds)


async def waits_async(seconds):
    await asyncio.sleep(seconds)


async def mixes_async(seconds):
    await asyncio.sleep(seconds)
    computes(0.02 * seconds)
