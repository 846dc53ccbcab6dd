#!/usr/bin/env python3
"""Calibrations in quiet and in disturbed moments, and what the advice made of each is worth.

usage: Benchmarks/calm.py ADVISOR [--count 20] [--level standard] [--time 4min] [--output FILE.json]

Every other calibration has two busy loops beside it for half of its time. Each is made from nothing, so that none is pooled
with another. The default suite is measured once; the advice of every profile is then held against those measurements. Close
other programs first.
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import tempfile
import threading
import time

SECONDS = {"quick": 4, "standard": 13, "thorough": 80}


class BusyLoops:
    """Processes that compute from a moment on for a while."""

    def __init__(self, count, delay, seconds):
        self.thread = threading.Thread(target=self.run, args=(count, delay, seconds))

    def run(self, count, delay, seconds):
        time.sleep(delay)
        loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(count)]
        time.sleep(seconds)
        for loop in loops:
            loop.kill()
            loop.wait()

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.thread.join()


def calibrate(advisor, level, path, disturbed):
    with tempfile.TemporaryDirectory() as home:
        words = [advisor, "calibrate", "--level", level, "--output", path]
        environment = dict(os.environ, XDG_DATA_HOME=home)
        start = time.monotonic()
        seconds = SECONDS[level]
        if disturbed:
            with BusyLoops(2, seconds / 4, seconds / 2):
                subprocess.run(words, env=environment, check=True, capture_output=True)
        else:
            subprocess.run(words, env=environment, check=True, capture_output=True)
        return time.monotonic() - start


def figures(profile):
    for cost in profile["fixedCosts"]:
        yield cost["floor"]
    costs = profile["variableCosts"]
    for kind, key in (
        ("kernels", "secondsPerUnit"), ("speedups", "speedup"), ("memoryBandwidth", "bytesPerSecond"),
        ("firstTouch", "bytesPerSecond"), ("disk", "operationsPerSecond"), ("http", "operationsPerSecond"),
        ("httpThreads", "operationsPerSecond"),
    ):
        for point in costs.get(kind) or []:
            yield point[key]


def quality(profile):
    cpus = profile["machine"]["usable"]["effectiveCPUs"]
    speedups = profile["variableCosts"]["speedups"]
    seen = [figure for figure in figures(profile) if figure["unit"] != "B"]
    poor = [part["part"] for part in profile.get("parts", [])
            if max(part["stealShare"] / 0.08, part["otherBusyShare"] / 0.1, (part["probeRatio"] - 1) / 0.5) > 1]
    return {
        "figures": len(seen),
        "impossible": sum(point["speedup"]["value"] > 1.05 * min(point["workers"], max(1, cpus)) for point in speedups),
        "few samples": sum(figure["samples"] < 5 for figure in seen),
        "poor parts": poor,
    }


def advice(advisor, path, cases):
    """Regret and error of each case, by the measured times of all ways."""
    regrets, errors = [], []
    for case in cases:
        words = [advisor, "recommend", "--job", case["job"], "--profile", path, "--no-history", "--json"]
        chosen = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)["recommended"]
        ways = [way for way in case["ways"] if way["strategy"] == chosen["strategy"]]
        if not ways:
            continue
        way = min(ways, key=lambda way: distance(way, chosen))
        best = min(way["seconds"] for way in case["ways"])
        regrets.append(way["seconds"] / best - 1)
        errors.append(abs(chosen["predicted"]["seconds"]["p50"] / way["seconds"] - 1))
    return statistics.mean(regrets), statistics.median(errors)


def distance(one, other):
    """How far apart the worker counts of two ways of one strategy are, of a pipeline stage by stage."""
    counts = (way.get("stageWorkers") or [way["workers"]] for way in (one, other))
    return sum(abs(math.log(mine / others)) for mine, others in zip(*counts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("advisor")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--level", default="standard", choices=SECONDS)
    parser.add_argument("--time", default="4min", help="for measuring the suite")
    parser.add_argument("--output")
    options = parser.parse_args()
    advisor = str(pathlib.Path(options.advisor).resolve())
    with tempfile.TemporaryDirectory() as folder:
        reference = f"{folder}/reference.json"
        calibrate(advisor, options.level, reference, False)
        words = [advisor, "verify", "--profile", reference, "--no-history", "--time", options.time, "--json"]
        environment = dict(os.environ, XDG_DATA_HOME=folder)
        cases = json.loads(subprocess.run(words, env=environment, check=True, capture_output=True).stdout)["cases"]
        rows = []
        for index in range(options.count):
            path, disturbed = f"{folder}/{index}.json", index % 2 == 1
            seconds = calibrate(advisor, options.level, path, disturbed)
            profile = json.loads(pathlib.Path(path).read_text())
            regret, error = advice(advisor, path, cases)
            rows.append({"disturbed": disturbed, "seconds": seconds, "regret": regret, "error": error, **quality(profile)})
            print(f"{'disturbed' if disturbed else 'quiet':9} {seconds:5.1f} s  regret {regret:6.1%}  error {error:6.1%}  "
                  f"impossible {rows[-1]['impossible']}  below 5 samples {rows[-1]['few samples']} of "
                  f"{rows[-1]['figures']}  poor: {', '.join(rows[-1]['poor parts']) or '–'}", flush=True)
    report(rows)
    if options.output:
        pathlib.Path(options.output).write_text(json.dumps(rows, indent=2) + "\n")


def report(rows):
    means = {}
    for disturbed in (False, True):
        some = [row for row in rows if row["disturbed"] == disturbed]
        means[disturbed] = {key: statistics.mean(row[key] for row in some) for key in ("regret", "error")}
        few = sum(row["few samples"] for row in some) / sum(row["figures"] for row in some)
        print(f"{'disturbed' if disturbed else 'quiet'}: regret {means[disturbed]['regret']:.1%}, "
              f"error {means[disturbed]['error']:.1%}, impossible {sum(row['impossible'] for row in some)}, "
              f"below 5 samples {few:.1%}, longest {max(row['seconds'] for row in some):.1f} s")
    points = 100 * (means[True]["regret"] - means[False]["regret"])
    print(f"disturbed beside quiet: {points:+.1f} points of regret (goal 2), "
          f"{means[True]['error'] / max(means[False]['error'], 1e-9):.2f} × the error (goal 1.3)")


if __name__ == "__main__":
    main()
