#!/usr/bin/env python3
"""Holds the predictions of this build against an earlier build's, in the same hour on the same machine.

    Benchmarks/sharp.py OURS EARLIER [--rounds 3] [--time 90s] [--level standard] [--load N] [--learn] [--commands]

Each build calibrates and verifies in a folder of its own, the two in turn. Printed side by side: coverage of the 90 %
intervals, their median relative width, the mean interval score over the median of what was observed (the width, and twenty
times what a case fell outside; Gneiting and Raftery 2007, equation 43), the errors and the regret. Both are scored from what
they wrote of each case, by this program, so that an earlier build needs no score of its own: the middle run of a case, over
its own prediction where each run has one. The regret of both builds' advice is compared on the same runs too, ours, for the
jobs of which these have both ways: the two verifications fall into different moments.

--load N keeps N busy loops running for half of the time, as a disturbed hour; --learn lets later rounds use the runs of
earlier ones; --commands verifies real commands with OURS too.
"""
import argparse, json, os, pathlib, random, statistics, subprocess, sys, tempfile, threading, time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours")
    parser.add_argument("earlier")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--time", default="90s")
    parser.add_argument("--level", default="standard")
    parser.add_argument("--load", type=int, default=0)
    parser.add_argument("--learn", action="store_true")
    parser.add_argument("--commands", action="store_true")
    parser.add_argument("--out", type=pathlib.Path, help="folder for the verifications")
    return parser.parse_args()


def disturb(loops, over):
    """Busy loops for random spells, about half of the time."""
    while not over.is_set():
        started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
        over.wait(random.uniform(2, 8))
        for process in started:
            process.kill()
            process.wait()
        over.wait(random.uniform(2, 8))


def run(program, home, *words):
    environment = dict(os.environ, XDG_DATA_HOME=str(home))
    done = subprocess.run([program, *words], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{program} {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def middle(case):
    """What was predicted and observed of a case: the middle of its runs, each over its own prediction where there is one."""
    predicted, observed = case["predicted"], case["observed"]
    runs = case.get("forecasts")
    if not runs:
        return predicted["p5"], predicted["p50"], predicted["p95"], observed
    median = statistics.median
    lower, upper = (median(run["predicted"][p] / run["predicted"]["p50"] for run in runs) for p in ("p5", "p95"))
    return lower, 1, upper, median(run["observed"] / run["predicted"]["p50"] for run in runs)


def figures(verifications):
    """What a set of verifications of one build comes to."""
    cases = [case for verification in verifications for case in verification["cases"]]
    widths, scores, inside, errors = [], [], [], []
    for case in cases:
        lower, point, upper, observed = middle(case)
        if observed <= 0 or point <= 0:
            continue
        outside = max(0, lower - observed) + max(0, observed - upper)
        widths.append((upper - lower) / point)
        scores.append((upper - lower + 20 * outside) / observed)
        inside.append(outside == 0)
        errors.append(abs(point / observed - 1))
    deciles = statistics.quantiles(errors, n=10)
    mean = statistics.fmean
    return {
        "cases": len(widths),
        "coverage, runs %": 100 * mean(v["summary"]["coverage"] for v in verifications),
        "coverage, cases %": 100 * mean(inside),
        "median width": statistics.median(widths),
        "mean score": mean(scores),
        "median score": statistics.median(scores),
        "error, median %": 100 * statistics.median(errors),
        "error, p90 %": 100 * deciles[-1],
        "regret, mean %": 100 * mean(v["summary"]["meanRegret"] for v in verifications),
        "noise floor %": 100 * mean(v["summary"]["meanNoiseFloor"] for v in verifications),
    }


def regrets_on_the_same_runs(ours, earlier):
    """The regret of both builds' advice for each job, by the runs of our verification where it has measured both ways.

    Each round's times are taken over the round's middle; the best way is found in the even rounds and compared in the odd
    ones, and the other way round.
    """
    way = lambda choice: (choice["strategy"], choice["workers"])
    advised = {case["job"]: way(case["chosen"]) for case in earlier["cases"]}
    found = []
    for case in ours["cases"]:
        rounds = max(len(choice["runs"]) for choice in case["ways"])
        times = {way(choice): choice["runs"] for choice in case["ways"] if len(choice["runs"]) == rounds}
        pair = way(case["chosen"]), advised.get(case["job"])
        if not all(one in times for one in pair):
            continue
        middles = [statistics.median(runs[turn] for runs in times.values()) for turn in range(rounds)]
        level = lambda one, parity: statistics.median(times[one][turn] / middles[turn] for turn in range(parity, rounds, 2))
        best = [min(times, key=lambda one: level(one, parity)) for parity in (0, 1)]
        found.append([100 * statistics.fmean(level(one, 1 - p) / level(best[p], 1 - p) - 1 for p in (0, 1)) for one in pair])
    return found


def show(ours, earlier):
    print(f"{'':20} {'ours':>10} {'earlier':>10}   change")
    for name, value in ours.items():
        before = earlier.get(name)
        change = f"{100 * (value / before - 1):+.0f} %" if before else ""
        print(f"{name:20} {value:10.3f} {before if before is not None else float('nan'):10.3f}   {change}")


def main():
    options = arguments()
    out = options.out or pathlib.Path(tempfile.mkdtemp(prefix="advisor-sharp-"))
    out.mkdir(parents=True, exist_ok=True)
    builds = {"ours": os.path.abspath(options.ours), "earlier": os.path.abspath(options.earlier)}
    over = threading.Event()
    noise = threading.Thread(target=disturb, args=(options.load, over))
    if options.load:
        noise.start()
    found = {name: [] for name in builds}
    commands = []
    try:
        for turn in range(options.rounds):
            order = list(builds)
            random.shuffle(order)
            for name in order:
                home = out / name
                home.mkdir(exist_ok=True)
                run(builds[name], home, "calibrate", "--level", options.level)
                history = [] if options.learn else ["--no-history"]
                text = run(builds[name], home, "verify", "--json", "--time", options.time, *history)
                (out / f"{name}-{turn}.json").write_text(text)
                found[name].append(json.loads(text))
                print(f"{time.strftime('%H:%M:%S')} round {turn + 1}, {name}", file=sys.stderr, flush=True)
        if options.commands:
            text = run(builds["ours"], out / "ours", "verify", "--commands", "--json", "--time", options.time, "--no-history")
            (out / "commands.json").write_text(text)
            commands.append(json.loads(text))
    finally:
        over.set()
    show(figures(found["ours"]), figures(found["earlier"]))
    compared = [pair for rounds in zip(found["ours"], found["earlier"]) for pair in regrets_on_the_same_runs(*rounds)]
    if compared:
        ours, earlier = (statistics.fmean(side) for side in zip(*compared))
        print(f"regret of both on the same runs of {len(compared)} jobs: {ours:.2f} % and {earlier:.2f} %")
    if options.learn and options.rounds > 1:
        print("\nthe last round alone, with the runs of the others as past runs")
        show(figures(found["ours"][-1:]), figures(found["earlier"][-1:]))
    if commands:
        print("\nreal commands")
        for name, value in figures(commands).items():
            print(f"{name:20} {value:10.3f}")
        for skipped in commands[0]["skipped"]:
            print(f"not measured: {skipped}")
    print(f"\nverifications: {out}", file=sys.stderr)


if __name__ == "__main__":
    main()
