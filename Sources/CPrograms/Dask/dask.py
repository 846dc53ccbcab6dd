"""Drives a Dask cluster for advisor: tasks come as JSON lines on standard input, and what happens goes out the same way.

    {"do": "submit", "id": 1, "kind": "command", "arguments": ["echo", "a"], "killDelay": 2}
    {"do": "cancel", "ids": [1]}
    {"event": "ended", "id": 1, "worker": "w0", "ending": "exited", "status": 0, "output": "a\\n", …}

Without the address of a scheduler it starts one with workers on this machine, in its own process group: who kills that
ends all. It ends them itself when its standard input closes.
"""

import argparse
import asyncio
import collections
import json
import logging
import os
import sys
import uuid

LEAST_VERSION = (2022, 6)
# What tasks are put together to: ten times what Dask needs for one.
CHUNK_SECONDS = 0.02
# Work that a slot has with it, so that it does not wait for us; the rest stays here, to be put together.
AHEAD_SECONDS = 0.2
# What does not answer within this many seconds is no scheduler.
PATIENCE = 15


def tell(event, **values):
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")


def fail(problem, advice):
    """The engine cannot go on: says why, and ends with all that it has started."""
    tell("failed", problem=problem, advice=advice)
    leave(1)


def leave(status):
    sys.stdout.flush()
    for process in processes:
        if process.returncode is None:
            process.kill()
    # Neither threads nor pending tasks of Dask's are worth waiting for.
    os._exit(status)


processes = []
# Before the name of a program of Dask's and its arguments: this process is to be that.
START = "--start"


def load():
    """Imports Dask, which may not be there."""
    here = sys.executable
    install = f"install it: {here} -m pip install 'distributed>=2022.6', or name a Python that has it with --interpreter"
    try:
        import distributed
    except ImportError as error:
        fail(f"{here} cannot import dask.distributed: {error}", install)
    except Exception as error:
        # Of two packages that do not fit each other, say.
        again = f"install it again: {here} -m pip install --force-reinstall 'distributed>=2022.6'"
        fail(f"dask.distributed of {here} is broken: its import raised {type(error).__name__}: {error}", again)
    if sys.version_info < (3, 9):
        fail(f"{here} is Python {sys.version.split()[0]}", "name one of 3.9 or later with --interpreter")
    has = getattr(distributed, "__version__", "without a version")
    if tuple(int(part) for part in has.split(".")[:2] if part.isdigit()) < LEAST_VERSION:
        fail(f"{here} has dask.distributed {has}, which is too old", install)
    return distributed
