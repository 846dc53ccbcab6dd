#!/usr/bin/env python3
"""advisor's backend of joblib beside loky, on five jobs: time, peak memory of all processes, and start; a table in Markdown.

usage: Benchmarks/joblib_backend.py [--repeats 5]    needs joblib and numpy, and the package installed or on PYTHONPATH

Each run is a process of its own: what a loop costs the first time. Memory is the sum of the proportional set sizes
(/proc/PID/smaps_rollup) of the process and all below it, every 10 ms.
"""

import argparse
import statistics
import subprocess
import sys
import threading
from pathlib import Path

JOBS = {
    "1 short call: the start": "def job(v): return v\nvalues = [1]",
    "500 calls of 2 ms that compute": "def job(v):\n    return sum(range(60000))\nvalues = range(500)",
    "100 requests of 50 ms": "import time\ndef job(v): time.sleep(0.05)\nvalues = range(100)",
    "40 calls that return 4 MB": "def job(v): return bytes(4 << 20)\nvalues = range(40)",
    "60 products of matrices, 400 × 400": (
        "import numpy\nmatrix = numpy.full((400, 400), 0.5)\n"
        "def job(v): return float((matrix @ matrix).sum())\nvalues = range(60)"
    ),
}
SCRIPT = """
import time, joblib
if {backend!r} == "advisor":
    import advisor.joblib
{job}
start = time.perf_counter()
with joblib.parallel_backend({backend!r}, n_jobs=-1):
    joblib.Parallel()(joblib.delayed(job)(value) for value in values)
print(time.perf_counter() - start)
"""


# The clock is the same in all processes.
START = """
import time, joblib, statistics
if {backend!r} == "advisor":
    import advisor.joblib
def now(_): return time.perf_counter()
def start():
    begun = time.perf_counter()
    with joblib.parallel_backend({backend!r}, n_jobs=-1):
        return joblib.Parallel()(joblib.delayed(now)(value) for value in [1])[0] - begun
first = start()
print(first, statistics.median(start() for _ in range(9)))
"""


def tree(process):
    found = [process]
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            found += tree(int(child))
    return found


def memory(process):
    """Bytes of it and all below it; what several share counts once."""
    total = 0
    for one in tree(process):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) << 10
    return total


def run(backend, job):
    """Seconds of the loop, and the peak of memory."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(backend=backend, job=job)], stdout=subprocess.PIPE, text=True
    )
    peak, is_over = 0, threading.Event()

    def watch():
        nonlocal peak
        while not is_over.wait(0.01):
            try:
                peak = max(peak, memory(process.pid))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                # One has ended meanwhile.
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    output = process.communicate()[0]
    is_over.set()
    watcher.join()
    return float(output), peak


def starts(repeats):
    """What passes until the first call runs: in a new process, and again; joblib's own threads say what joblib itself takes."""
    print("\n| until the first call runs | in a new process | again |\n| --- | --- | --- |")
    for backend in ("threading", "advisor", "loky"):
        runs = [
            subprocess.run([sys.executable, "-c", START.format(backend=backend)], capture_output=True, text=True, check=True)
            for _ in range(repeats)
        ]
        first, again = (1000 * statistics.median(map(float, times)) for times in zip(*(run.stdout.split() for run in runs)))
        print(f"| {backend} | {first:.1f} ms | {again:.1f} ms |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print("| job | loky | advisor | ratio | memory, loky | memory, advisor |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, job in JOBS.items():
        runs = {"loky": [], "advisor": []}
        for _ in range(options.repeats):
            for backend, found in runs.items():
                found.append(run(backend, job))
        (loky, loky_memory), (ours, our_memory) = (
            (statistics.median(seconds for seconds, _ in found), max(peak for _, peak in found)) for found in runs.values()
        )
        print(
            f"| {name} | {loky:.3g} s | {ours:.3g} s | {ours / loky:.2f} | {loky_memory >> 20} MiB | {our_memory >> 20} MiB |",
            flush=True,
        )
    starts(options.repeats)


if __name__ == "__main__":
    main()
