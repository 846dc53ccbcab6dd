#!/usr/bin/env python3
"""How far a calibration can be trusted: does it repeat, do its intervals cover, does it stand a busy machine?"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from pair import compile_c

# C programs of the shapes that a calibration measures, with arguments that let them take half a second, and how many run at
# once.
PROGRAMS = {
    "posix_spawn": ("spawn 1000", 1), "pthread_create": ("thread 10000", 1), "pipe round trip": ("pipe 50000", 1),
    "pipe round trip between CPUs": ("pipe 10000 1", 1), "letters": ("letters 100000000", 1),
    "triad": ("triad 10000000000", 1), "two triads at once": ("triad 10000000000", 2),
}


def machine():
    """What C programs take: name → seconds, medians of five interleaved runs."""
    programs = {program: compile_c(program) for program in {line.split()[0] for line, _ in PROGRAMS.values()}}
    seconds = {name: [] for name in PROGRAMS}
    for _ in range(5):
        for name, (line, copies) in PROGRAMS.items():
            program, *arguments = line.split()
            command = [programs[program], *arguments]
            runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(copies)]
            seconds[name].append(statistics.fmean(float(run.communicate()[0]) for run in runs))
    return {name: statistics.median(values) for name, values in seconds.items()}


def calibrate(advisor, level, folder=None):
    """The figures of one calibration: name → (value, low, high). In a folder that has an earlier one it heeds that."""
    if folder is None:
        with tempfile.TemporaryDirectory() as folder:
            return calibrate(advisor, level, folder)
    path = pathlib.Path(folder) / "profile.json"
    subprocess.run(
        [advisor, "calibrate", "--level", level, "--output", path],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    profile = json.loads(path.read_text())
    figures = {f"{cost['name']}, {cost['placement']}": cost["floor"] for cost in profile["fixedCosts"]}
    costs = profile["variableCosts"]
    figures |= {f"kernel {cost['kernel']}": cost["secondsPerUnit"] for cost in costs["kernels"]}
    figures |= {f"speedup {p['kernel']} × {p['workers']}": p["speedup"] for p in costs["speedups"] if p["workers"] > 1}
    figures |= {
        f"bandwidth {p['cpuNode']} → {p['memoryNode']} × {p['threads']}": p["bytesPerSecond"]
        for p in costs["memoryBandwidth"]
    }
    figures |= {f"first touch × {p['threads']}": p["bytesPerSecond"] for p in costs["firstTouch"]}
    for kind in ("disk", "http", "httpThreads"):
        figures |= {f"{kind} {p['bytes']} B × {p['depth']}": p["operationsPerSecond"] for p in costs[kind]}
    return {name: (figure["value"], figure["low"], figure["high"]) for name, figure in figures.items()}


def is_settled(figure):
    value, low, high = figure
    return value > 0 and (high - low) / 2 / value <= 0.05


def repeatability(advisor, level, pause):
    """Two calibrations: the share of figures that agree within 5 %, and of the others the share that is flagged.

    C programs beside them tell how far the machine itself moved meanwhile.
    """
    with tempfile.TemporaryDirectory() as folder:
        first = calibrate(advisor, level, folder)
        start = time.monotonic()
        before = machine()
        time.sleep(max(0, start + pause - time.monotonic()))
        second = calibrate(advisor, level, folder)
        after = machine()
    common = [name for name in first if name in second]
    apart = {
        name: second[name][0] / first[name][0] - 1
        for name in common
        if first[name][0] > 0 and abs(second[name][0] / first[name][0] - 1) > 0.05
    }
    line = "cacheLineRoundTrip, crossCPU"
    flagged = [name for name in apart if not (is_settled(first[name]) and is_settled(second[name]))]
    return {
        "figures": len(common),
        "within5Percent": 1 - len(apart) / len(common),
        "flaggedOfTheRest": len(flagged) / len(apart) if apart else 1,
        "apart": {name: round(change, 3) for name, change in sorted(apart.items())},
        "cacheLine": second[line][0] / first[line][0] if line in common else None,
        "machineMoved": {name: round(after[name] / before[name] - 1, 3) for name in before},
    }


# A cache line's way between two CPUs that has changed by more: the host has moved them, and they are another machine.
MOVED = 2


def has_moved(pair):
    return pair["cacheLine"] and max(pair["cacheLine"], 1 / pair["cacheLine"]) > MOVED


def pairs(advisor, level, pause, count):
    """Pairs of calibrations: as many of an unmoved machine as were asked for, and those on the way in which the host moved it."""
    found = []
    while sum(not has_moved(pair) for pair in found) < count and len(found) < 2 * count:
        found.append(repeatability(advisor, level, pause))
    return found


def coverage(advisor, runs):
    """Thorough calibrations before and after quick ones: how often a quick interval holds the long run's value."""
    before = calibrate(advisor, "thorough")
    quick = [calibrate(advisor, "quick") for _ in range(runs)]
    after = calibrate(advisor, "thorough")
    held = total = 0
    misses = {}
    for figures in quick:
        for name, (_, low, high) in figures.items():
            if name not in before or name not in after:
                continue
            # Where the machine itself changed between the two long runs, either value is a true one.
            bottom, top = sorted((before[name][0], after[name][0]))
            total += 1
            if low <= top and bottom <= high:
                held += 1
            else:
                misses[name] = misses.get(name, 0) + 1
    return {"intervals": total, "covered": held / total, "misses": misses}


def under_load(advisor, runs, times):
    """The kernels' CPU time a unit, beside a multiple of the CPUs in busy processes."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(times * len(os.sched_getaffinity(0)))
    ]
    try:
        figures = [calibrate(advisor, "quick") for _ in range(runs)]
    finally:
        for process in busy:
            process.kill()
            process.wait()
    kernels = sorted(name for name in figures[0] if name.startswith("kernel "))
    spread = {}
    for name in kernels:
        values = [figure[name][0] for figure in figures]
        spread[name] = statistics.stdev(values) / statistics.mean(values)
    return {"busyProcesses": len(busy), "runs": runs, "coefficientOfVariation": spread}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("advisor", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--level", default="standard", help="of the two calibrations that should agree")
    parser.add_argument("--pause", type=float, default=60, help="seconds between the two")
    parser.add_argument("--pairs", type=int, default=3, help="of them, in which the host left the CPUs where they were")
    parser.add_argument("--only", default="", choices=["", "repeatability", "coverage", "load"])
    options = parser.parse_args()
    advisor = options.advisor.resolve()
    results = {"schema": "advisor.calibration-benchmark/1", "date": time.strftime("%Y-%m-%d")}
    if options.only in ("", "load"):
        results["underLoad"] = under_load(advisor, 6, 8)
        for name, spread in results["underLoad"]["coefficientOfVariation"].items():
            print(f"{'met   ' if spread <= 0.02 else 'MISSED'}  {name} beside 8 busy processes a CPU: CV {spread:.2%}, goal ≤ 2 %")
    if options.only in ("", "repeatability"):
        rows = results["repeatability"] = pairs(advisor, options.level, options.pause, options.pairs)
        shares = [row["within5Percent"] for row in rows if not has_moved(row)]
        median = statistics.median(shares) if shares else 0
        print(
            f"{'met   ' if median >= 0.9 else 'MISSED'}  two calibrations ({options.level}), median of {len(shares)} pairs: "
            f"{median:.1%} of {rows[0]['figures']} figures within 5 %, goal ≥ 90 %; "
            f"{min(row['flaggedOfTheRest'] for row in rows):.0%} of the rest are flagged"
        )
        for row in rows:
            print(f"        {'moved by the host, ' if has_moved(row) else ''}{row['within5Percent']:.1%} within 5 %")
            for name, change in row["apart"].items():
                print(f"          {name}: {change:+.1%}")
            moved = ", ".join(f"{name} {change:+.1%}" for name, change in row["machineMoved"].items())
            print(f"          time of C programs after the second against after the first: {moved}")
    if options.only in ("", "coverage"):
        row = results["coverage"] = coverage(advisor, 8)
        print(
            f"{'met   ' if row['covered'] >= 0.85 else 'MISSED'}  {row['covered']:.1%} of {row['intervals']} quick intervals "
            "hold the long run's value, goal ≥ 85 %"
        )
        for name, count in sorted(row["misses"].items(), key=lambda item: -item[1])[:12]:
            print(f"          {name}: missed {count} times")
    if options.output:
        options.output.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
