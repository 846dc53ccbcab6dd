#!/usr/bin/env python3
"""advisor's plugin of pytest beside pytest-xdist's own `-n auto`, on a suite of 60 tests that compute, sleep and read files.

usage: Benchmarks/pytest_plugin.py [--repeats 5] [--cpus 1]    needs pytest-xdist, and the package installed or on PYTHONPATH

`--cpus` runs all in a container's place: a control group of that many CPUs, which xdist does not see (cgroup v2, as root).
"""

import argparse
import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SUITE = '''
import hashlib
import time
import pytest

@pytest.mark.parametrize("number", range(20))
def test_computes(number):
    end = time.thread_time() + 0.05
    while time.thread_time() < end:
        sum(range(1000))

@pytest.mark.parametrize("number", range(20))
def test_sleeps(number):
    time.sleep(0.1)

@pytest.mark.parametrize("number", range(20))
def test_reads_and_writes(number, tmp_path):
    (tmp_path / "file").write_bytes(b"some text" * 500_000)
    assert hashlib.sha256((tmp_path / "file").read_bytes()).digest()
'''
WAYS = {
    "no workers": ["-p", "no:advisor"],
    "xdist's -n auto": ["-p", "no:advisor", "-n", "auto"],
    "advisor's -n auto": ["-p", "advisor._xdist", "-n", "auto"],
}


@contextlib.contextmanager
def control_group(cpus):
    """A group of so many CPUs that this process and its children are in."""
    if not cpus:
        yield
        return
    root = Path("/sys/fs/cgroup")
    home = root / Path("/proc/self/cgroup").read_text().split("::")[1].strip().lstrip("/")
    group = root / f"advisor-benchmark-{os.getpid()}"
    group.mkdir()
    try:
        (group / "cpu.max").write_text(f"{int(cpus * 100_000)} 100000")
        (group / "cgroup.procs").write_text(str(os.getpid()))
        yield
    finally:
        (home / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()


def run(folder, *arguments):
    """Seconds, and those of CPU time; the number of workers."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, folder], capture_output=True, text=True, check=True
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    workers = next((line.split("/")[1].split()[0] for line in done.stdout.splitlines() if line.startswith("created:")), "0")
    return seconds, cpu, workers


def suite(repeats):
    print("| 60 tests | workers | time | CPU time |")
    print("| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_suite.py").write_text(SUITE)
        found = {name: [] for name in WAYS}
        for _ in range(repeats):
            for name, arguments in WAYS.items():
                found[name].append(run(folder, *arguments))
    for name, runs in found.items():
        seconds, cpu = (statistics.median(times) for times in list(zip(*runs))[:2])
        print(f"| {name} | {runs[0][2]} | {seconds:.2f} s | {cpu:.2f} s |")


START = """
import time, pytest, subprocess, sys
start = time.perf_counter()
import advisor._xdist
loaded = time.perf_counter()
advisor._xdist.pytest_xdist_auto_num_workers(None)
print(loaded - start, time.perf_counter() - loaded)
"""


def start(repeats):
    """What pytest waits for: the plugin's import, and the answer where `-n auto` asks for it."""
    runs = [subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True) for _ in range(repeats)]
    loads, answers = (statistics.median(map(float, values)) for values in zip(*(run.stdout.split() for run in runs)))
    verdict = "met" if loads + answers <= 0.005 else "missed"
    print(f"\nstart: {1000 * loads:.2f} ms to load the plugin, {1000 * answers:.2f} ms to ask it (goal 5 ms together: {verdict})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--cpus", type=float, help="of a control group to run in")
    options = parser.parse_args()
    with control_group(options.cpus):
        suite(options.repeats)
        start(4 * options.repeats)


if __name__ == "__main__":
    main()
