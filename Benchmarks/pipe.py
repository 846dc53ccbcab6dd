#!/usr/bin/env python3
"""Throughput of `advisor run --pipe` beside GNU parallel --pipe, split --filter and a plain loop in C, interleaved in one run.

Lines of 80 bytes come through a pipe from cat of a file in the page cache, and go through `cat` to /dev/null.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from pair import compile_c, quartiles


def sides(advisor, path, block, workers):
    """Names, and command lines that read the data from a pipe."""
    source = f"cat {path} | "
    loop = compile_c("pipe_blocks")
    run = f"{advisor} run --no-history --progress none -j {workers} --block {block}"
    found = {
        "advisor --pipe": source + f"{run} --pipe -- cat",
        "advisor --pipe -k": source + f"{run} --pipe -k -- cat",
        "advisor --pipe, number found": source + f"{advisor} run --no-history --progress none --block {block} --pipe -- cat",
        "advisor --pipe --round-robin": source + f"{run} --pipe --round-robin -- cat",
        "advisor --pipe --no-group": source + f"{run} --pipe --no-group -- cat",
        "advisor --pipe < file": f"{run} --pipe -- cat < {path}",
        "advisor --pipe --journal": source + f"{run} --pipe --journal {path}.journal -- cat",
        "a C loop": source + f"{loop} {block} {workers} cat",
        "split --filter": source + f"split -C {block} --filter=cat",
        "cat": source + "cat",
    }
    if shutil.which("parallel"):
        found["GNU parallel --pipe"] = source + f"parallel --will-cite -j {workers} --block {block} --pipe cat"
        found["GNU parallel --pipe --round-robin"] = (
            source + f"parallel --will-cite -j {workers} --block {block} --pipe --round-robin cat")
    return found


def seconds(line):
    start = time.perf_counter()
    subprocess.run(["sh", "-c", f"({line}) > /dev/null"], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def checked(line, size):
    """Every byte must come out of it: a benchmark of what loses data says nothing."""
    got = int(subprocess.run(["sh", "-c", f"({line}) | wc -c"], check=True, capture_output=True, text=True).stdout)
    if got != size:
        raise RuntimeError(f"{line}: {got} of {size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("advisor", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--block", type=int, nargs="+", default=[1 << 20, 10 << 20])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/lines"
        with open(path, "wb") as file:
            chunk = b"".join(b"%079d\n" % number for number in range(12_500))
            for _ in range(options.megabytes):
                file.write(chunk)
        size = os.path.getsize(path)
        for block in options.block:
            lines = sides(options.advisor.resolve(), path, block, options.workers)
            for line in lines.values():
                checked(line, size)
            rates = {name: [] for name in lines}
            for repeat in range(options.repeats):
                # In an order that alternates, so that no side has the quieter half.
                for name in sorted(lines, reverse=repeat % 2 == 1):
                    rates[name].append(size / 1e9 / seconds(lines[name]))
            print(f"\nblocks of {block} bytes, {options.workers} workers, GB/s: median (quartiles)")
            for name, values in sorted(rates.items(), key=lambda pair: -quartiles(pair[1])["median"]):
                spread = quartiles(values)
                print(f"  {name:36} {spread['median']:.3f}  {min(values):.3f}–{max(values):.3f}")
                results.append({"block": block, "workers": options.workers, "name": name, "gigabytesPerSecond": values})
    if options.output:
        options.output.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
