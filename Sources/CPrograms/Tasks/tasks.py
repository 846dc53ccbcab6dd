"""What advisor has a worker do: runs one task at a time in a process of its own, and says how it ended.

Workers import this module; tasks come to them as plain values. `run` hands a task to a runner, a small Python process
that stays for the next one: it starts programs, or calls functions itself. A runner leads a session of its own and ends,
with all that it has started, when the pipe to its worker closes, however the worker ends. Bytes travel as Latin-1 text.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time

_local = threading.local()
_lock = threading.Lock()
_running = {}
_cancelled = set()
# Runs that are stopped for a while.
_held = set()


def run_all(tasks):
    """Runs tasks one after the other on this worker of Dask's and returns how each ended."""
    from distributed import get_worker

    name = str(get_worker().name)
    return [{**run(task), "worker": name} for task in tasks]


def run(task):
    """Runs a task on this worker and returns how it ended, as a dict."""
    key = (task["run"], task["id"])
    while (runner := _take_runner(key)) is None:
        time.sleep(0.05)
    if runner == "cancelled":
        return {"ending": "stopped"}
    try:
        return runner.run(task)
    finally:
        with _lock:
            _running.pop(key, None)
        if not runner.is_alive():
            _local.runner = None


def _take_runner(key):
    """The runner of this worker for a task; None while its run is held, and a word where it is cancelled."""
    with _lock:
        if key in _cancelled:
            return "cancelled"
        if key[0] in _held:
            return None
        runner = getattr(_local, "runner", None)
        if runner is None or not runner.is_alive():
            runner = _local.runner = Runner()
        _running[key] = runner
        return runner


def hold(run, on):
    """Stops what this worker runs of a run, or lets it go on; what would start meanwhile waits."""
    with _lock:
        (_held.add if on else _held.discard)(run)
        runners = [runner for key, runner in _running.items() if key[0] == run]
    for runner in runners:
        runner.hold(on)


def cancel(run, ids):
    """Ends tasks of a run: those that this worker runs now, which it returns, and those that it would start later."""
    with _lock:
        _cancelled.update((run, id) for id in ids)
        runners = {id: _running[run, id] for id in ids if (run, id) in _running}
    for runner in runners.values():
        runner.cancel()
    return list(runners)


def forget(run):
    """Forgets what was cancelled of a run that is over."""
    with _lock:
        for key in [key for key in _cancelled if key[0] == run]:
            _cancelled.discard(key)


def fetch(url):
    """Reads a URL to its end, as calibration has each worker do; returns the bytes and the seconds."""
    import urllib.request

    clock, count = time.monotonic(), 0
    with urllib.request.urlopen(url, timeout=60) as answer:
        while piece := answer.read(1 << 18):
            count += len(piece)
    return {"bytes": count, "seconds": time.monotonic() - clock}
