#!/usr/bin/env python3
"""Runs tasks whose memory differs 100 times in cgroups of 256 MiB to 4 GiB: where each fits alone, none may be killed for
want of memory, each is done once, and the run takes at most 1.3 times the best safe `-j` of all, found by trying.

Needs root, and cgroups of version 1 or 2. A group's count of kills is the kernel's own (memory.oom_control, memory.events).
"""
import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from memory_group import Group

MIB = 1 << 20
# What a task does: argv[1] MiB, argv[2] how. It notes its end; one that was killed and came again notes it once.
TASK = """
import os, sys, time
name, size, how = sys.argv[1].split(":")
size = int(size) << 20
step = 4 << 20
held = []
def take(count):
    while count > 0:
        held.append(b"x" * min(step, count))
        count -= step
if how == "late":
    take(size // 10)
    time.sleep(0.3)
    take(size - size // 10)
elif how == "shared":
    import mmap
    held.append(mmap.mmap(-1, size))
    for place in range(0, size, 4096): held[0][place] = 1
else:
    take(size)
time.sleep(0.2)
with open(os.environ["DONE"], "a") as file: file.write(name + "\\n")
"""


def inputs(limit, how):
    """Tasks of a hundredth up to three quarters of the limit: mostly small ones, and the large ones between them."""
    largest = int(0.6 * limit / MIB)
    sizes = [max(1, largest // 100)] * 12 + [largest // 10] * 4 + [largest, largest // 2, largest]
    order = sorted(range(len(sizes)), key=lambda number: number * 7919 % len(sizes))
    kinds = ["plain", "late", "shared"] if how == "mixed" else [how]
    return [f"{number}:{sizes[number]}:{kinds[number % len(kinds)]}" for number in order]


def attempt(group, advisor, tasks, folder, options):
    """Seconds, kills of the kernel's, the tasks that were not done once, and the status."""
    done = pathlib.Path(folder) / "done"
    done.write_text("")
    before, start = group.kills(), time.perf_counter()
    words = [str(advisor), "run", "--no-history", "--progress", "none", *options, "--", sys.executable, "-c", TASK, "{}", ":::", *tasks]
    status = group.run(words, env={**os.environ, "DONE": str(done)}, capture_output=True).returncode
    seconds = time.perf_counter() - start
    counts = collections.Counter(done.read_text().split())
    wrong = [task for task in tasks if counts[task.split(":")[0]] != 1]
    return seconds, group.kills() - before, wrong, status


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("advisor", type=pathlib.Path)
    parser.add_argument("--limits", type=int, nargs="+", default=[256, 512, 1024, 4096], help="MiB")
    parser.add_argument("--search", action="store_true", help="find the best safe -j too")
    options = parser.parse_args()
    faults = []
    for limit in options.limits:
        for how in ("plain", "late", "shared", "mixed"):
            with Group(limit * MIB) as group, tempfile.TemporaryDirectory() as folder:
                tasks = inputs(limit * MIB, how)
                ours = attempt(group, options.advisor, tasks, folder, [])
                line = f"{limit:5} MiB {how:6} {ours[0]:6.2f} s, {ours[1]} killed, status {ours[3]}"
                if ours[1] or ours[2] or ours[3]:
                    faults.append(f"{line}, not done once: {ours[2]}")
                if options.search:
                    tried = {j: attempt(group, options.advisor, tasks, folder, ["-j", str(j)]) for j in (1, 2, 3, 4, 6, 8)}
                    safe = {j: result[0] for j, result in tried.items() if not (result[1] or result[2] or result[3])}
                    best = min(safe, key=safe.get, default=None)
                    if best is not None:
                        line += f"; the best safe is -j {best}, {safe[best]:.2f} s: {ours[0] / safe[best]:.2f} times"
                        if ours[0] > 1.3 * safe[best]:
                            faults.append(line)
                print(line, flush=True)
    for fault in faults:
        print(f"fault: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
