#!/usr/bin/env python3
"""This program beside an earlier one, in interleaved pairs: starts, dispatch, downloads, calibration.

usage: Benchmarks/before.py ADVISOR EARLIER [--output FILE.json] [--only TEXT]

EARLIER is a release build of the commit before, made in a folder of its own; what the clock shows alone says little on a
machine with neighbours. A ratio above the goal is a loss.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile

import downloads
from pair import Pair, Side

TOLERANCE = 1.05


def starts(ours, theirs, profiles):
    """Whole processes that do next to nothing: what every command pays."""
    for words, repeats, goal in (
        (["--version"], 101, 1.0), (["probe"], 101, 1.0),
        (["recommend", "--job", "cpu:8x1e6", "--no-history"], 61, 0.6),
    ):
        yield both(" ".join(words), ours, theirs, words, goal=goal, repeats=repeats, environment=profiles)


def runs(ours, theirs, profiles):
    names = [str(path) for path in sorted(pathlib.Path("/usr/share").rglob("*.gz"))[:400]]
    numbers = [str(number) for number in range(2000)]
    for name, words, repeats in (
        ("2,000 × true, 8 workers", ["run", "--no-history", "--workers", "8", "--", "true", ":::", *numbers], 15),
        ("2,000 × true, workers found", ["run", "--no-history", "--", "true", ":::", *numbers], 15),
        ("gzip -t of 400 files", ["run", "--no-history", "--", "gzip", "-t", "{}", ":::", *names], 15),
        ("100,000 tasks of 10 letters, 2 threads", job("cpu:1e5x10", "threads"), 15),
        ("100,000 tasks of 10 letters, 2 processes", job("cpu:1e5x10", "processes"), 15),
        ("2,000 waits of 5 ms, 512 in one loop", job("wait:2000x5ms", "async", 512), 9),
    ):
        yield both(name, ours, theirs, words, goal=TOLERANCE, repeats=repeats, environment=profiles)


def job(text, strategy, workers=2):
    return ["run", "--no-history", "--job", text, "--strategy", strategy, "--workers", str(workers)]


def fetches(ours, theirs, site):
    for title, kind, names, repeats in (
        ("2,000 × 1 KiB", "small", [f"small-{number:04}" for number in range(2000)], 15),
        ("20 × 20 MiB", "big", [f"big-{number:02}" for number in range(20)], 7),
    ):
        urls, _ = site.lists(kind, names)
        sides = (
            Side(name, [program, *form(program, urls), "--into", site.out, "--no-flush"], fresh=site.out)
            for name, program in (("now", ours), ("before", theirs)))
        yield Pair(f"downloads of {title}", *sides, goal=TOLERANCE, repeats=repeats)


def form(program, urls):
    """`download` was `run --urls` once."""
    help = subprocess.run([program, "download", "--help"], capture_output=True, text=True, check=False).stdout
    known = "USAGE: advisor download" in help
    return ["download", urls] if known else ["run", "--urls", urls]


def both(name, ours, theirs, words, goal, repeats, environment=None):
    now, before = (Side(label, [program, *words], environment=environment) for label, program in (("now", ours), ("before", theirs)))
    return Pair(name, now, before, goal=goal, repeats=repeats)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("advisor", type=pathlib.Path)
    parser.add_argument("earlier", type=pathlib.Path)
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--only", default="", help="a part of the names of the rows to measure")
    options = parser.parse_args()
    ours, theirs = options.advisor.resolve(), options.earlier.resolve()
    rows = []
    with tempfile.TemporaryDirectory(prefix="advisor-before-") as folder, downloads.server() as site:
        work = pathlib.Path(folder)
        profiles = {"XDG_DATA_HOME": str(work / "data")}
        # Profiles are read by later versions, not by earlier ones.
        Side("calibrate", [theirs, "calibrate", "--level", "quick"], environment=profiles).seconds()
        pairs = [*starts(ours, theirs, profiles), *runs(ours, theirs, profiles), *fetches(ours, theirs, site)]
        pairs.append(both("quick calibration", ours, theirs, ["calibrate", "--level", "quick", "--output", work / "p.json"], TOLERANCE, 3))
        for pair in (pair for pair in pairs if options.only in pair.name):
            rows.append(pair.measure())
            ratio, name = rows[-1]["ratio"], pair.name
            seconds = rows[-1]["oursSeconds"]["median"]
            print(f"{name:45} {seconds * 1e3:9.2f} ms  {ratio['median']:.3f} × before ({ratio['q1']:.3f} – {ratio['q3']:.3f})", flush=True)
    if options.output:
        options.output.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
