#!/usr/bin/env python3
"""Whether predictions are off to one side: by strategy and kind, over jobs that are drawn at random.

    Benchmarks/bias.py PROGRAM [--jobs 200] [--seed 1] [--out FILE]

Verifies the jobs (each in every sensible way, five runs or more of each way) with the newest profile of this machine and without
past runs, and prints for each strategy and kind the median, the 5th and 95th percentile of predicted over observed seconds, less
one. Each median should lie within ±10 %.
"""
import argparse, collections, json, math, pathlib, random, statistics, subprocess, sys, tempfile


def job(draw):
    """One job whose tasks together take about 10 to 100 ms of two CPUs."""
    kind = draw.choice(["cpu", "cpu", "cpu", "mem", "disk", "wait", "wait", "io", "io"])
    count = round(math.exp(draw.uniform(math.log(2), math.log(200))))
    spread = draw.choice(["", "", ",cv=0.5", ",cv=1"])
    if kind == "cpu":
        seconds = math.exp(draw.uniform(math.log(0.02), math.log(0.15))) / count
        kernel, unit = draw.choice([("word", 2e-9), ("sha256", 4e-9), ("sort", 4e-8), ("matmul", 1.6e-10)])
        return f"cpu:{count}x{max(1, round(seconds / unit))},kernel={kernel}{spread}"
    if kind == "wait":
        return f"wait:{count}x{round(math.exp(draw.uniform(math.log(2), math.log(40))))}ms{spread}"
    if kind == "mem":
        return f"mem:{draw.choice([4, 8, 16, 32])}x{draw.choice([4, 8, 16, 32])}MiB"
    if kind == "disk":
        return f"disk:{draw.choice([8, 16, 32])}x{draw.choice([1, 2, 4])}MiB"
    latency = draw.choice(["", "", ",latency=5ms", ",latency=20ms"])
    return f"io:{min(count, 100)}x{draw.choice([1, 16, 64, 256])}KiB{latency}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.NamedTemporaryFile("w", suffix=".jobs") as suite:
        suite.write("".join(job(draw) + "\n" for _ in range(options.jobs)))
        suite.flush()
        done = subprocess.run(
            [options.program, "verify", "--no-history", "--json", "--suite", suite.name, "--time", "1s"],
            capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    if options.out:
        options.out.write_text(done.stdout)
    show(json.loads(done.stdout))


def show(verification):
    found = collections.defaultdict(list)
    for case in verification["cases"]:
        kind = case["job"].split(":")[0] + (" that waits" if "latency" in case["job"] else "")
        for way in case["ways"]:
            if way.get("predicted") and way["seconds"] > 0:
                found[kind, way["strategy"]].append(way["predicted"]["p50"] / way["seconds"] - 1)
    print(f"{'kind':14} {'strategy':11} {'ways':>5} {'median %':>9} {'p5 %':>7} {'p95 %':>7}")
    within = 0
    for (kind, strategy), errors in sorted(found.items()):
        ranks = statistics.quantiles(errors, n=20) if len(errors) > 1 else [errors[0]] * 19
        middle = statistics.median(errors)
        within += abs(middle) <= 0.1
        print(f"{kind:14} {strategy:11} {len(errors):5} {100 * middle:+9.1f} {100 * ranks[0]:+7.1f} {100 * ranks[-1]:+7.1f}")
    print(f"within ±10 %: {within} of {len(found)}; skipped: {len(verification['skipped'])}")


if __name__ == "__main__":
    main()
