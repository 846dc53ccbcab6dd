"""Runs advisor as a user would, and looks at the processes that it has started."""

import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

PROGRAM, PYTHON = (os.path.abspath(path) for path in sys.argv[1:3])
SCRIPTS = pathlib.Path(__file__).resolve().parents[1]
# The Python that has Dask.
ONE = ["--interpreter", PYTHON]


def start(*words, folder, **more):
    return subprocess.Popen(
        [PROGRAM, *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, **more,
    )  # fmt: skip


def finish(process, timeout=60):
    output, complaint = process.communicate(timeout=timeout)
    return process.returncode, output, complaint


def run(*words, folder, **more):
    return finish(start(*words, folder=folder, **more))


def descendants(of):
    children = collections.defaultdict(list)
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, parent = int(stat.parent.name), int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        children[parent].append(pid)
    found, rest = [], [of]
    while rest:
        rest += (new := children[rest.pop()])
        found += new
    return found


def words_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return value


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def state_of(pid):
    """As in proc_pid_stat(5); nothing where it is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return ""


def is_alive(pid):
    return state_of(pid) not in ("", "Z")


def expect(condition, *what):
    assert condition, "\n".join(str(part) for part in what)


def is_calibrated(folder, name, words):
    profile = folder / "profile.json"
    shutil.copy(SCRIPTS.parent / "profiles" / "amd-epyc-vm-2cpu.json", profile)
    status, output, complaint = run(
        "calibrate", "--engine", name, *words, "--level", "quick", "--output", profile, "--json", folder=folder)  # fmt: skip
    expect(status == 0, status, complaint)
    costs = json.loads(output)
    expect(costs == json.loads(profile.read_text())["engines"][0], costs)
    for cost in ("readySeconds", "firstTaskSeconds", "taskSeconds", "uploadBytesPerSecond", "downloadBytesPerSecond"):
        expect(costs[cost]["low"] <= costs[cost]["value"] <= costs[cost]["high"] and costs[cost]["value"] > 0, cost, costs[cost])
    expect(any("probe" in worker for worker in costs["workers"]), costs["workers"])
    status, output, complaint = run("recommend", "--job", "cpu:100x10ms", "--profile", profile, folder=folder)
    expect(status == 0 and f"Stay on one machine: {name}" in output, output, complaint)
    return costs
