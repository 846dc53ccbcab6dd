#!/usr/bin/env python3
"""`advisor.map` and the joblib backend beside what people write by hand, interleaved; a table in Markdown.

usage: Benchmarks/python_package.py [--repeats 5] [--only NAME,…]    needs the package installed, and joblib, numpy

A loop is won where advisor.map takes at most 1.1 times the best way by hand, and never lost where it takes at most 1.05 times
the plain loop, or 3 ms more: what a copy of the process costs, which is made before the first call where there are few.
"""

import argparse
import asyncio
import hashlib
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import Pool
from pathlib import Path

import joblib

import advisor
import advisor.joblib

CPUS = advisor.cpus()
TEXT = b"".join(hashlib.sha256(str(number).encode()).digest() for number in range(1 << 15))


# The loops that people ask about; each with its values.
def primes(limit):
    found = []
    for number in range(2, limit):
        if all(number % prime for prime in found if prime * prime <= number):
            found.append(number)
    return len(found)


def words(seed):
    counts = {}
    for word in re.findall(r"[a-f]+", hashlib.sha512(str(seed).encode()).hexdigest() * 400):
        counts[word] = counts.get(word, 0) + 1
    return len(counts)


def compress(level):
    return len(zlib.compress(TEXT, level))


def digest(_):
    return hashlib.sha256(TEXT * 16).hexdigest()


def matrices(size):
    import numpy

    values = numpy.full((size, size), 0.5)
    return float((values @ values).sum())


def request(seconds):
    time.sleep(seconds)
    return seconds


async def async_request(seconds):
    await asyncio.sleep(seconds)
    return seconds


def scan(path):
    with open(path, "rb") as file:
        return file.read().count(b"\n")


def mixed(seconds):
    time.sleep(seconds)
    return primes(1500)


def program(word):
    return subprocess.run(["echo", word], capture_output=True, text=True, check=True).stdout


def parse(text):
    return len(json.loads(text))


def simulate(seed):
    state = total = seed
    for _ in range(60000):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        total += state & 1
    return total


FOLDER = tempfile.TemporaryDirectory()


def files():
    paths = []
    for number in range(200):
        path = Path(FOLDER.name, f"{number}.txt")
        path.write_bytes(b"some text\n" * 20000)
        paths.append(str(path))
    return paths


LOOPS = {
    "primes: computes in Python": (primes, [6000] * 120),
    "word counts: computes in Python": (words, list(range(300))),
    "zlib: computes, releases the GIL": (compress, [6] * 60),
    "sha256: computes, releases the GIL": (digest, [0] * 60),
    "numpy matrices": (matrices, [400] * 60),
    "100 requests of 50 ms": (request, [0.05] * 100),
    "the same, async def": (async_request, [0.05] * 100),
    "200 files read": (scan, files),
    "waits 10 ms, computes 5": (mixed, [0.01] * 150),
    "200 programs started": (program, ["word"] * 200),
    "JSON parsed": (parse, [json.dumps(list(range(40000)))] * 100),
    "simulation, uneven": (simulate, list(range(1, 80))),
}


def loop(function, values):
    if asyncio.iscoroutinefunction(function):

        async def one_by_one():
            return [await function(value) for value in values]

        return asyncio.run(one_by_one())
    return [function(value) for value in values]


def pool(function, values):
    with Pool(CPUS) as workers:
        return workers.map(function, values)


def futures(function, values):
    with ProcessPoolExecutor(CPUS) as workers:
        return list(workers.map(function, values))


def threads(count):
    def run(function, values):
        with ThreadPoolExecutor(count) as workers:
            return list(workers.map(function, values))

    return run


def gathered(function, values):
    async def all_at_once():
        return await asyncio.gather(*(function(value) for value in values))

    return asyncio.run(all_at_once())


def through_joblib(backend):
    def run(function, values):
        with joblib.parallel_backend(backend, n_jobs=-1):
            return joblib.Parallel()(joblib.delayed(function)(value) for value in values)

    return run


BY_HAND = {
    "loop": loop,
    "Pool": pool,
    "ProcessPoolExecutor": futures,
    f"ThreadPoolExecutor({CPUS})": threads(CPUS),
    "ThreadPoolExecutor(32)": threads(32),
    "joblib (loky)": through_joblib("loky"),
}
OURS = {"advisor.map": advisor.map, "joblib (advisor)": through_joblib("advisor")}


def timed(way, function, values):
    start = time.perf_counter()
    way(function, values)
    return time.perf_counter() - start


def measure(function, values, repeats):
    ways = {**BY_HAND, **OURS}
    if asyncio.iscoroutinefunction(function):
        ways = {"loop": loop, "asyncio.gather": gathered, "advisor.map": advisor.map}
    times = {name: [] for name in ways}
    for _ in range(repeats):
        # None is always behind the same other.
        for name in random.sample(list(ways), len(ways)):
            times[name].append(timed(ways[name], function, values))
    return {name: statistics.median(found) for name, found in times.items()}


class Verdicts:
    """How one loop fares, and all of them together."""

    NEAR_BEST, NEAR_LOOP, NEAR_LOOP_SECONDS = 1.1, 1.05, 0.003

    def __init__(self):
        self.near_best, self.no_loss = [], []

    def row(self, name, found):
        best = min((key for key in found if key not in OURS), key=found.get)
        ours, plain = found["advisor.map"], found["loop"]
        self.near_best.append(ours <= self.NEAR_BEST * found[best])
        self.no_loss.append(ours <= max(self.NEAR_LOOP * plain, plain + self.NEAR_LOOP_SECONDS))
        to_best, to_loop = (f"{ours / base:.2f} {'yes' if is_met else '**no**'}"
                            for base, is_met in ((found[best], self.near_best[-1]), (plain, self.no_loss[-1])))  # fmt: skip
        joblib_columns = (f"{found[key]:.3g} s" if key in found else "–" for key in ("joblib (loky)", "joblib (advisor)"))
        cells = (name, f"{plain:.3g} s", f"{best} {found[best]:.3g} s", f"{ours:.3g} s", to_best, to_loop, *joblib_columns)
        return f"| {' | '.join(cells)} |"

    def summary(self):
        count = len(self.near_best)
        return (
            f"within 10 % of the best by hand: {sum(self.near_best)} of {count}; "
            f"no worse than the plain loop by over 5 % (or 3 ms): {sum(self.no_loss)} of {count}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    print("| loop | plain loop | best by hand | advisor.map | to the best, ≤ 1.1 | to the plain loop, ≤ 1.05 | loky | advisor's joblib |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    verdicts = Verdicts()
    for name, (function, values) in LOOPS.items():
        if options.only and not any(part in name for part in options.only.split(",")):
            continue
        found = measure(function, values() if callable(values) else values, options.repeats)
        print(verdicts.row(name, found), flush=True)
    print(f"\n{verdicts.summary()}; {CPUS} CPUs, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
