#!/usr/bin/env python3
"""How far what `advisor map` predicts by its first calls can be trusted: error and coverage over calls of every shape."""
import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import time

SHAPES = pathlib.Path(__file__).resolve().parent / "python" / "shapes.py"


def spread(count, low, high):
    """Sizes between two, evenly, in an order that is the same every time."""
    sizes = [low + (high - low) * index / (count - 1) for index in range(count)]
    random.Random(1).shuffle(sizes)
    return sizes


JOBS = [
    ("computes 50 ms", "computes", [0.05] * 40),
    ("computes 500 ms", "computes", [0.5] * 12),
    ("computes 5 to 100 ms", "computes", spread(80, 0.005, 0.1)),
    ("computes 1 ms", "computes", [0.001] * 2000),
    ("compresses, without the lock", "compresses", [4] * 80),
    ("does nothing", "nothing", [1] * 20_000),
    ("waits 50 ms in threads", "waits", [0.05] * 200),
    ("waits 20 ms in threads", "waits", [0.02] * 3000),
    ("waits 1 s in threads", "waits", [1.0] * 60),
    ("waits and computes", "mixes", [0.05] * 200),
    ("waits 50 ms in a loop", "waits_async", [0.05] * 200),
    ("waits 100 ms in a loop", "waits_async", [0.1] * 3000),
    ("waits and computes in a loop", "mixes_async", [0.1] * 1000),
]


def run(advisor, function, values):
    """Predicted and observed, in seconds; None where nothing was predicted."""
    command = [advisor, "map", f"{SHAPES}:{function}", "--interpreter", sys.executable, "--json", "--no-history"]
    lines = "".join(f"{json.dumps(value)}\n" for value in values)
    result = subprocess.run(command, input=lines.encode(), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    record = json.loads(result.stdout)
    predicted = record.get("predicted")
    return predicted and (predicted["seconds"], record["observed"]["seconds"], record["plan"])


def measure(advisor, name, function, values, repeats):
    runs = [found for _ in range(repeats) if (found := run(advisor, function, values))]
    if not runs:
        return {"name": name, "runs": 0}
    errors = [observed / predicted["p50"] - 1 for predicted, observed, _ in runs]
    covered = [predicted["p5"] <= observed <= predicted["p95"] for predicted, observed, _ in runs]
    return {"name": name, "runs": len(runs), "errors": errors, "covered": sum(covered), "plan": runs[-1][2],
            "predicted": runs[-1][0], "observed": runs[-1][1]}


def show(row):
    if not row["runs"]:
        return print(f"{row['name']}: nothing predicted", flush=True)
    predicted, plan = row["predicted"], row["plan"]
    print(
        f"{row['name']}: {statistics.median(row['errors']):+.1%}, {row['covered']} of {row['runs']} covered; last "
        f"{predicted['p50']:.3f} s ({predicted['p5']:.3f} – {predicted['p95']:.3f}), observed {row['observed']:.3f} s, "
        f"{plan['strategy']} with {plan['workers']}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("advisor", type=pathlib.Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="jobs whose name holds this text")
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    rows = []
    for name, function, values in JOBS:
        if options.only in name:
            rows.append(measure(options.advisor.resolve(), name, function, values, options.repeats))
            show(rows[-1])
    errors = [abs(error) for row in rows for error in row.get("errors", [])]
    covered = sum(row.get("covered", 0) for row in rows) / len(errors)
    error = statistics.median(errors)
    print(f"{'met   ' if error <= 0.1 else 'MISSED'}  median error {error:.1%}, goal ≤ 10 %")
    print(f"{'met   ' if covered >= 0.85 else 'MISSED'}  {covered:.0%} of {len(errors)} runs in their interval, goal ≥ 85 %")
    if options.output:
        results = {"schema": "advisor.python-predictions/1", "date": time.strftime("%Y-%m-%d"), "jobs": rows}
        options.output.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
