"""Measures what Python's own ways of running things cost, for `advisor calibrate --runtime`.

Run as `python3 -c SOURCE SECONDS WORKERS MODULE…`: measures for SECONDS every cost in turn, round by round, with up to
WORKERS workers. Prints JSON lines: {"facts": {…}} first, then {"share": s, "phase": …} and {"cost": name, "of": …, "workers": n,
"value": x} as they come, so that a run that is cut short keeps what there is.
"""
import asyncio
import concurrent.futures
import http.client
import json
import multiprocessing
import os
import pickle
import platform
import random
import signal
import socket
import string
import subprocess
import sys
import sysconfig
import threading
import time
import zlib

clock = time.perf_counter


def say(**message):
    print(json.dumps(message), flush=True)


def cost(name, value, of=None, workers=None):
    say(cost=name, value=value, of=of, workers=workers)


def facts():
    holds_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return {
        "interpreter": sys.executable,
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "isFreeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "holdsGIL": bool(holds_gil),
        "startMethod": multiprocessing.get_start_method(),
        "switchInterval": sys.getswitchinterval(),
    }


def word(letters):
    """The course's kernel."""
    return "".join([random.choice(string.ascii_letters) for _ in range(letters)])


def word_length(letters):
    return len(word(letters))
