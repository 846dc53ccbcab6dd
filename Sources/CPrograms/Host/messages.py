"""Calls a function with JSON values for `advisor map`, in workers that have imported its module.

Run by start.py with MODULE:FUNCTION, a start method (auto, fork, forkserver, spawn) and why it was chosen, this file and
those beside it as one source: messages, results, meters, libraries, coroutines, worker, process, loading, forking, ending, hearing, host,
main.
Messages are lines of JSON, each followed by as many bytes as it says. Standard input:
{"task": id, "bytes": n, "timeout": s or null} and the value; {"shape": [interpreters, threads], "share": n} with the threads that
libraries of a worker may compute in; {"most": bytes} that a worker may hold between two tasks; {"cancel": [id, …], "grace": s};
{"held": s} in which all were stopped.
Descriptor 3, which was standard output: {"ready": …} or {"refused": …}, then {"ended": id, …, "output": n, "error": m} and both.
This process starts no thread, so that forking it is safe, and runs nothing of the user's but the import; where the workers
import the module by themselves, not even that.
"""
import functools
import gc
import json
import os
import select
import signal
import sys
import struct
import threading
import time
import traceback
import types
from _frozen_importlib import module_from_spec
from _frozen_importlib_external import PathFinder, spec_from_file_location
from collections import deque
from itertools import islice

import _queue
import _thread

# As they are before the user's module, which may replace them.
clock, Poll = time.perf_counter, select.poll
decode, plainly_encoded = json.JSONDecoder().decode, json.JSONEncoder().encode
SHORT = 0.005
# A call that is no longer lies ready behind the one before while many wait: at the next one's end its worker need not ask.
BRIEF = 0.025
FIRST_LOOK = 0.002
# Looks at an even pace first: what a call does when its own start is over decides how many more begin.
EVEN_LOOKS = 6
MANY = 64
# A process that becomes a host by itself, as `advisor.map` makes one, has the function, and keeps what it prints to itself.
HELD_FUNCTION = globals().get("HELD_FUNCTION")
REPLIES = globals().get("REPLIES", 3)
# Such a process holds much; what its calls use: a function that lists it.
HELD_THINGS = globals().get("HELD_THINGS")
# Called when the program speaks for the first time, and when it has no more to say.
HEARD, OVER = (globals().get(name, lambda: None) for name in ("HEARD", "OVER"))
# Imports one after the other.
MOST_FAILURES = 3
ARGUMENTS = globals().get("ARGUMENTS", sys.argv[:4])
FUNCTION = ARGUMENTS[1]
# Where what this program imports later comes from: not from the user's folder.
STANDARD_PATH = sys.path[:]


def own(name):
    """A module of the standard library, whatever lies in the user's folder."""
    if name not in sys.modules:
        path, sys.path[:] = sys.path[:], STANDARD_PATH
        try:
            __import__(name)
        finally:
            sys.path[:] = path
    return sys.modules[name]


class Stream:
    """Messages that arrive on a descriptor."""

    def __init__(self, descriptor):
        self.descriptor, self.data, self.place = descriptor, bytearray(), 0

    def read(self):
        """Takes what is there; False at the end."""
        data = os.read(self.descriptor, 1 << 18)
        del self.data[: self.place]
        self.place = 0
        self.data += data
        return bool(data)

    def messages(self):
        while (end := self.data.find(b"\n", self.place)) >= 0:
            header = decode(self.data[self.place : end].decode())
            size = header.get("bytes", 0)
            if len(self.data) < end + 1 + size:
                return
            self.place = end + 1 + size
            yield header, bytes(self.data[end + 1 : self.place])


def value_of(data):
    return decode(data.decode(errors="surrogatepass"))


def message(payload=b"", **header):
    return plainly_encoded(header).encode() + b"\n" + payload


def send(descriptor, payload=b"", **header):
    data = memoryview(message(payload, **header))
    while data:
        data = data[os.write(descriptor, data) :]


class Outbox:
    """Messages that leave together: each write wakes their reader."""

    def __init__(self, descriptor):
        self.descriptor, self.data = descriptor, bytearray()

    def add(self, payload=b"", **header):
        self.data += message(payload, **header)

    def flush(self):
        """Writes all, or as much as goes without waiting where the descriptor does not block; True when nothing is left."""
        try:
            while self.data:
                del self.data[: os.write(self.descriptor, self.data)]
        except BlockingIOError:
            return False
        return True
