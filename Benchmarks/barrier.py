#!/usr/bin/env python3
"""An OpenMP program with barriers under a CPU quota: by every thread count, alone, and under `advisor exec`.

usage: barrier.py PROGRAM [--quota CPUS] [--rounds N]

Interleaved; medians of wall seconds and their ratio to the best thread count by hand. Root makes the cgroup (version 1 or 2).
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

SOURCE = r"""
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  int steps = atoi(argv[1]);
  double total = 0;
  for (int step = 0; step < steps; step++) {
    double sum = 0;
#pragma omp parallel for reduction(+ : sum)
    for (int i = 0; i < 200000; i++) sum += sin(i + step);
    total += sum;
  }
  printf("%g\n", total);
}
"""


def cgroup(quota):
    unified = pathlib.Path("/sys/fs/cgroup/cgroup.controllers").exists()
    path = pathlib.Path("/sys/fs/cgroup" if unified else "/sys/fs/cgroup/cpu", f"advisor-barrier-{os.getpid()}")
    if unified:
        pathlib.Path("/sys/fs/cgroup/cgroup.subtree_control").write_text("+cpu")
    path.mkdir()
    if unified:
        (path / "cpu.max").write_text(f"{round(quota * 100000)} 100000")
    else:
        (path / "cpu.cfs_quota_us").write_text(str(round(quota * 100000)))
    return path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--quota", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=400)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "barrier.c").write_text(SOURCE)
    subprocess.run(["gcc", "-O2", "-fopenmp", "barrier.c", "-o", "barrier", "-lm"], cwd=folder, check=True)
    path = cgroup(options.quota)
    inside = ["sh", "-c", f'echo $$ > {path}/cgroup.procs && exec "$@"', "-"]
    command = [str(folder / "barrier"), str(options.steps)]
    cpus = len(os.sched_getaffinity(0))
    ways = {f"{n} threads": ["env", f"OMP_NUM_THREADS={n}"] for n in range(1, cpus + 1)}
    ways |= {"alone": ["env"], "advisor exec": [os.path.abspath(options.program), "exec", "--"]}
    ways["exec --affinity"] = [os.path.abspath(options.program), "exec", "--affinity", "--"]
    seconds = {way: [] for way in ways}
    try:
        for _ in range(options.rounds):
            for way, words in ways.items():
                start = time.perf_counter()
                subprocess.run([*inside, *words, *command], check=True, stdout=subprocess.DEVNULL)
                seconds[way].append(time.perf_counter() - start)
    finally:
        path.rmdir()
    medians = {way: statistics.median(values) for way, values in seconds.items()}
    best = min(medians[way] for way in medians if way.endswith("threads"))
    for way, median in medians.items():
        print(f"{way:16} {median:8.3f} s  {median / best:5.2f} × the best by hand")


if __name__ == "__main__":
    main()
