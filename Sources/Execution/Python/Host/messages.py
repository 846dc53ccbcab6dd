"""Calls a function with JSON values for `advisor run --python`: imports its module once, and forks workers that have it.

Run by start.py with MODULE:FUNCTION, this file and those beside it as one source: messages, worker, process, loading, host.
Messages are lines of JSON, each followed by as many bytes as it says. Standard input:
{"task": id, "bytes": n, "timeout": s or null} and the value; {"shape": [interpreters, threads]}; {"most": bytes} that a worker
may hold between two tasks; {"cancel": [id, …], "grace": s}.
Descriptor 3, which was standard output: {"ready": …} or {"refused": …}, then {"ended": id, …, "output": n, "error": m} and both.
This process starts no thread, so that forking it is safe, and runs nothing of the user's but the import.
"""
import json
import os
import select
import signal
import sys
import threading
import time
import types
from collections import deque
from itertools import islice

import _queue

clock = time.perf_counter
SHORT = 0.005
FIRST_LOOK = 0.002
# Looks at an even pace first: what a call does when its own start is over decides how many more begin.
EVEN_LOOKS = 6
MANY = 64


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
            header = json.loads(self.data[self.place : end])
            size = header.get("bytes", 0)
            if len(self.data) < end + 1 + size:
                return
            self.place = end + 1 + size
            yield header, bytes(self.data[end + 1 : self.place])


def message(payload=b"", **header):
    return json.dumps(header).encode() + b"\n" + payload


def send(descriptor, payload=b"", **header):
    data = memoryview(message(payload, **header))
    while data:
        data = data[os.write(descriptor, data) :]


class Outbox:
    """Messages that leave together: each write wakes who reads them."""

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
