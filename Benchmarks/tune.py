#!/usr/bin/env python3
"""Tunes the knobs of real commands with `advisor tune`, and compares its picks with the truth: interleaved runs of every value.

usage: Benchmarks/tune.py ADVISOR --folder DIR [--only make,xz] [--rounds 5] [--repeats 2] [--minutes 35]
                          [--output FILE.json] [--markdown FILE.md]

Beside it: hyperfine's way (3 runs of each value, one value after the other), one sweep, the number of CPUs, and what the tool takes
itself. A pick's regret is its true time over the best true time, less one. All methods of a command run between the rounds of its
truth, so that the machine is the same to all. Each command has its share of the minutes: where its runs are long, the slowest values
are left out. Scripts/setup-tune.sh DIR installs what it runs.
"""
import argparse
import json
import os
import pathlib
import random
import shlex
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "tune"))
import commands  # noqa: E402

# Below this share no pick is wrong: the truth is not known better.
MATTERS = 0.025


class Bench:
    """Runs one command at its values, in its folder."""

    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        self.spent = 0.0

    def seconds(self, value):
        """One run, its preparation left out; what both take is added to `spent`."""
        begin = time.perf_counter()
        if self.command.prepare:
            subprocess.run(self.command.prepare, shell=True, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        words = shlex.split(self.command.template.replace("{n}", str(value)))
        start = time.perf_counter()
        subprocess.run(words, cwd=self.folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.perf_counter()
        self.spent += end - begin
        return end - start


# Runs that two tunings make, in those of the mean value.
TUNING_RUNS = 14


def affordable(bench, cpus, rounds, seconds):
    """The values for which there is time, after one run of each: the slowest are left out, but not what is compared."""
    command = bench.command
    times = {value: bench.seconds(value) for value in command.values}
    kept = {nearest(command.values, cpus), nearest(command.values, command.default), min(times, key=times.get)}

    def needed():
        return (rounds + 3 + TUNING_RUNS / len(times)) * sum(times.values())

    for value in sorted(times, key=times.get, reverse=True):
        if needed() > seconds and value not in kept:
            del times[value]
    return sorted(times)


def nearest(values, number):
    return min(values, key=lambda value: abs(value - number))


class Truth:
    """The median time of each value, of runs in random order."""

    def __init__(self, bench, numbers):
        self.bench, self.numbers = bench, numbers
        self.times = {value: [] for value in bench.command.values}

    def round(self):
        for value in self.numbers.sample(self.bench.command.values, len(self.bench.command.values)):
            self.times[value].append(self.bench.seconds(value))

    def medians(self):
        return {value: statistics.median(runs) for value, runs in self.times.items()}


def by_hyperfine(bench):
    """The mean of three runs of each value in a row; the first of each is what one sweep would have seen."""
    bench.spent = 0
    times = {value: [bench.seconds(value) for _ in range(3)] for value in bench.command.values}
    sweep = {value: runs[0] for value, runs in times.items()}
    mean = {value: statistics.mean(runs) for value, runs in times.items()}
    return min(mean, key=mean.get), min(sweep, key=sweep.get), bench.spent, bench.spent / 3


def by_advisor(advisor, bench):
    """What `advisor tune` answers, as its JSON document."""
    command = bench.command
    words = [advisor, "tune", "--json", "--no-history", "--knob", "n=" + ",".join(map(str, command.values))]
    words += ["--prepare", command.prepare] if command.prepare else []
    run = subprocess.run([*words, "--", *shlex.split(command.template)], cwd=bench.folder, stdout=subprocess.PIPE, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"advisor tune of {command.name}: exit {run.returncode}")
    return json.loads(run.stdout)


def judge(command, true, report, cpus):
    """Regret of the pick, whether its interval holds the true gain, and whether what it says of mattering is right."""
    pick, best = int(report["recommended"]["n"]), min(true.values())
    start = int(report["start"]["n"])
    gain, interval = true[start] / true[pick] - 1, report["gain"]
    matters = true[start] / best - 1 >= MATTERS
    claims = report["verdict"] == "better"
    return {
        "pick": pick, "regret": true[pick] / best - 1, "runs": len(report["runs"]), "seconds": report["seconds"],
        "covered": interval["low"] - 0.003 <= gain <= interval["high"] + 0.003 if pick != start else None,
        "silentRight": None if matters else not claims, "claimRight": gain > 0 if claims else None, "verdict": report["verdict"],
    }


def interleaved(truth, rounds, methods):
    """Rounds of the truth with the methods between them; what each method has returned."""
    answers = []
    for index in range(rounds):
        truth.round()
        share = len(methods) * (index + 1) // rounds
        while len(answers) < share:
            answers.append(methods[len(answers)]())
    return answers


def measure(command, arguments, folder, cpus, numbers, seconds):
    """All methods on one command, in about a given time."""
    server = commands.start_server(command, folder)
    try:
        if server:
            time.sleep(1)
        bench = Bench(command, folder)
        command.values = affordable(bench, cpus, arguments.rounds, seconds)
        truth = Truth(bench, numbers)
        tunings = [lambda: by_advisor(arguments.advisor, bench)] * arguments.repeats
        *reports, (three, sweep, three_seconds, sweep_seconds) = interleaved(
            truth, arguments.rounds, [*tunings, lambda: by_hyperfine(bench)])
        true = truth.medians()
        best = min(true.values())

        def method(pick, spent=None):
            return {"pick": pick, "regret": true[pick] / best - 1, "seconds": spent}

        return {
            "command": command.name, "template": command.template, "truth": true, "times": truth.times, "best": min(true, key=true.get),
            "tunes": [judge(command, true, report, cpus) for report in reports],
            "hyperfine": method(three, three_seconds), "sweep": method(sweep, sweep_seconds),
            "cpus": method(nearest(command.values, cpus)), "default": method(nearest(command.values, command.default)),
        }
    finally:
        if server:
            server.terminate()
            server.wait()


def percentile95(values):
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


def share(values):
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def summary(results):
    """What must be shown, over all commands."""
    tunes = [tune for result in results for tune in result["tunes"]]
    ratios = [tune["seconds"] / result["hyperfine"]["seconds"] for result in results for tune in result["tunes"]]
    regrets = {"advisor": [tune["regret"] for tune in tunes]}
    for method in ("hyperfine", "sweep", "cpus", "default"):
        regrets[method] = [result[method]["regret"] for result in results]
    return {
        "regret": {name: {"mean": statistics.mean(values), "p95": percentile95(values)} for name, values in regrets.items()},
        "meanRuns": statistics.mean(tune["runs"] for tune in tunes), "maxRuns": max(tune["runs"] for tune in tunes),
        "timeOfHyperfine": statistics.mean(ratios), "coverage": share([tune["covered"] for tune in tunes]),
        "silentRight": share([tune["silentRight"] for tune in tunes]), "claimRight": share([tune["claimRight"] for tune in tunes]),
    }


def percent(value):
    return "–" if value is None else f"{100 * value:.1f} %"


def markdown(results, total, cpus):
    lines = [f"`advisor tune` on {len(results)} commands, {cpus} CPUs", "",
             "| command | best | advisor: picks | regret | runs | time / hyperfine | hyperfine ×3 | one sweep | CPUs | tool's default |",
             "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |"]
    for result in results:
        tunes = result["tunes"]
        others = " | ".join(f"{result[method]['pick']}: {percent(result[method]['regret'])}" for method in ("hyperfine", "sweep", "cpus", "default"))
        lines.append(
            f"| {result['command']} | {result['best']} | {', '.join(str(tune['pick']) for tune in tunes)} "
            f"| {percent(statistics.mean(tune['regret'] for tune in tunes))} | {statistics.mean(tune['runs'] for tune in tunes):.1f} "
            f"| {statistics.mean(tune['seconds'] for tune in tunes) / result['hyperfine']['seconds']:.2f} | {others} |")
    lines += ["", "| | mean regret | p95 |", "| --- | --: | --: |"]
    lines += [f"| {name} | {percent(value['mean'])} | {percent(value['p95'])} |" for name, value in total["regret"].items()]
    lines += ["", f"Runs: {total['meanRuns']:.1f} on average, {total['maxRuns']} at most. Time: {total['timeOfHyperfine']:.2f} of hyperfine's. "
              f"The 90 % interval of the gain holds the true gain in {percent(total['coverage'])}; no gain is claimed in "
              f"{percent(total['silentRight'])} of the tunings where there is none."]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("advisor", type=os.path.abspath)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=35, help="for all commands together")
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--markdown", type=pathlib.Path)
    arguments = parser.parse_args()
    folder, cpus, start = arguments.folder.resolve(), len(os.sched_getaffinity(0)), time.monotonic()
    commands.make_files(folder)
    results, numbers = [], random.Random(7)
    wanted = [command for command in commands.commands(cpus) if not arguments.only or command.name in arguments.only.split(",")]
    for index, command in enumerate(wanted):
        left = 60 * arguments.minutes - (time.monotonic() - start)
        if left < 0:
            print(f"left out for want of time: {command.name}", file=sys.stderr)
            continue
        try:
            results.append(measure(command, arguments, folder, cpus, numbers, left / (len(wanted) - index)))
        except (OSError, subprocess.CalledProcessError, RuntimeError) as error:
            print(f"{command.name}: {error}", file=sys.stderr)
            continue
        print(markdown(results[-1:], summary(results[-1:]), cpus).splitlines()[4], file=sys.stderr, flush=True)
    if not results:
        sys.exit("nothing was measured")
    total = summary(results)
    document = {"cpus": cpus, "summary": total, "commands": results}
    if arguments.output:
        arguments.output.write_text(json.dumps(document, indent=1) + "\n")
    text = markdown(results, total, cpus)
    if arguments.markdown:
        arguments.markdown.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
