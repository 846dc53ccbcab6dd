#!/usr/bin/env python3
"""Side-by-side benchmarks: each pair runs interleaved in one session, and its ratio is a median with its spread.

A machine that others share drifts by more than most differences measured here, so that only figures taken next to one
another mean anything: every repeat runs both sides, in an order that alternates, and contributes one ratio.
"""
import argparse
import json
import pathlib
import platform
import shutil
import subprocess
import sys
import time

import commands
import defaults
import downloads
import engines
import python_loops
import scoreboard
from pair import HERE, Pair, Side, compile_c


PYTHON = HERE / ".build" / "venv" / "bin" / "python3"


def printed(output):
    return float(output.split()[-1])


def observed(output):
    return json.loads(output)["observed"]["seconds"]


def pairs(advisor, micro, profile):
    """The claims, in the order of the README's table."""
    saved = {"ADVISOR_PROFILE": str(profile)}
    run = [advisor, "run", "--job", "cpu:8x1e6", "--no-history", "--json"]
    return [
        Pair(
            "start a program and reap it",
            Side("advisor", [micro, "spawn", 200], printed),
            Side("C posix_spawn", [compile_c("spawn"), 200], printed),
            goal=1.10,
        ),
        Pair(
            "start a thread and join it",
            Side("advisor", [micro, "thread", 2000], printed),
            Side("C pthread_create", [compile_c("thread"), 2000], printed),
            goal=1.10,
        ),
        Pair(
            "a round trip through two pipes, one CPU",
            Side("advisor", [micro, "pipe", 50_000], printed),
            Side("C", [compile_c("pipe"), 50_000], printed),
            goal=1.10,
        ),
        Pair(
            "a round trip through two pipes, one CPU, against perf",
            Side("advisor", [micro, "pipe", 50_000], printed),
            Side("perf bench sched pipe", ["taskset", "-c", "0", "perf", "bench", "-f", "simple", "sched", "pipe", "-T", "-l", 50_000],
                 lambda output: printed(output) / 50_000),
            goal=1.15,
        ),
        Pair(
            "a letter of a random word",
            Side("advisor", [micro, "letters", 20_000_000], printed),
            Side("C", [compile_c("letters"), 20_000_000], printed),
            goal=1.05,
        ),
        Pair(
            "a byte of the triad",
            Side("advisor", [micro, "triad", 2_000_000_000], printed),
            Side("C -O3", [compile_c("triad"), 2_000_000_000], printed),
            goal=1 / 0.95,
        ),
        Pair("probe", Side("advisor probe", [advisor, "probe"]), Side("lscpu", ["lscpu"]), goal=1.0, repeats=101),
        Pair(
            "probe, against lstopo",
            Side("advisor probe", [advisor, "probe"]),
            Side("lstopo", ["lstopo-no-graphics", "--of", "console"]),
            goal=1.0,
            repeats=51,
        ),
        Pair(
            "quick calibration",
            Side("advisor calibrate", [advisor, "calibrate", "--level", "quick", "--output", profile]),
            limit=5.0,
            repeats=3,
        ),
        Pair(
            "advice from a saved profile",
            Side("advisor recommend", [advisor, "recommend", "--job", "cpu:8x1e6"], environment=saved),
            limit=0.030,
            repeats=41,
        ),
        Pair(
            "a fleet of each of 10,000 machines",
            Side("advisor", [micro, "fleet", 10_000], lambda output: 10_000 * printed(output)),
            limit=1.0,
            repeats=5,
        ),
        Pair(
            "8 × 1e6 letters: recommended against sequential",
            Side("recommended", run, observed, saved),
            Side("sequential", run + ["--strategy", "sequential"], observed, saved),
            goal=1 / 1.8,
        ),
        Pair(
            "8 × 1e6 letters: whole process against Python's Pool(2)",
            Side("advisor run", run, environment=saved),
            Side("multiprocessing.Pool(2)", [sys.executable, HERE / "python" / "pool_words.py"]),
            goal=1.0,
            repeats=5,
        ),
        Pair(
            "8 × 1e6 letters: whole process against joblib",
            Side("advisor run", run, environment=saved),
            Side("joblib, n_jobs=2", [PYTHON, HERE / "python" / "joblib_words.py"]),
            goal=1.0,
            repeats=5,
        ),
        Pair(
            "8 × 1e6 letters: whole process against a local Dask cluster",
            Side("advisor run", run, environment=saved),
            Side("Dask, two workers", [PYTHON, HERE / "python" / "dask_words.py"]),
            goal=1.0,
            repeats=3,
        ),
    ]


def peers_of_python():
    """A virtual environment with joblib and Dask; made once."""
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", PYTHON.parent.parent], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "joblib", "distributed"], check=True)


def loop_pairs(micro, site, count=5000):
    """The event loop of downloads, 16 in flight, against the plainest loops of libcurl and of the curl tool."""
    url = site.url("small-0000")
    ours = Side("advisor", [micro, "requests", url, count], lambda output: printed(output) * count)
    c_loop = Side(
        "C curl_multi", [compile_c("curl_multi_loop", "-lcurl"), url, count, 16], lambda output: count / printed(output)
    )
    curl = ["curl", "--no-progress-meter", "--parallel", "--parallel-max", "16", f"{url}?[1-{count}]", "-o", "/dev/null"]
    return [
        Pair("5,000 requests, 16 in flight, against a C loop", ours, c_loop, goal=1 / 0.95),
        Pair("5,000 requests, 16 in flight, against curl --parallel", ours, Side("curl --parallel", curl), goal=1 / 1.5),
    ]


def installed(advisor):
    """A copy, as `make install` makes it: what a linker has just written is mapped a tenth slower."""
    folder = HERE / ".build" / "installed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return pathlib.Path(shutil.copy(advisor, folder / "advisor"))


def version(advisor):
    return subprocess.run([advisor, "--version"], check=True, capture_output=True, text=True).stdout.strip().removeprefix("advisor ")


def show(row):
    if "ratio" in row:
        ratio = row["ratio"]
        figure = f"{ratio['median']:.3f} × {row['theirs']} ({ratio['q1']:.3f} – {ratio['q3']:.3f}), goal ≤ {row['goal']:.3g}"
    else:
        seconds = row["oursSeconds"]
        figure = f"{seconds['median'] * 1e3:.1f} ms ({seconds['q1'] * 1e3:.1f} – {seconds['q3'] * 1e3:.1f}), limit {row['limitSeconds'] * 1e3:.0f} ms"
    print(f"{'met   ' if row['met'] else 'MISSED'}  {row['name']}: {figure}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("advisor", type=pathlib.Path)
    parser.add_argument("micro", type=pathlib.Path)
    parser.add_argument("--only", default="", help="pairs whose name holds this text")
    parser.add_argument("--output", type=pathlib.Path, help="where the figures are written as JSON")
    options = parser.parse_args()
    profile = HERE / ".build" / "profile.json"
    profile.parent.mkdir(exist_ok=True)
    subprocess.run(
        [options.advisor, "calibrate", "--output", profile], check=True, stdout=subprocess.DEVNULL
    )
    peers_of_python()
    rows = []
    advisor, micro = installed(options.advisor.resolve()), options.micro.resolve()
    with downloads.server() as site, python_loops.slow_server(advisor) as slow:
        claims = pairs(advisor, micro, profile) + loop_pairs(micro, site)
        claims += downloads.pairs(advisor, site, Side, Pair) + commands.pairs(advisor, options.only)
        claims += python_loops.pairs(advisor, profile, site, slow, Side, Pair, options.only)
        measure(claims + defaults.rows(advisor, profile), rows, advisor, options)
    # An engine's programs are at work even while they wait: what has nothing to do with them is measured without them.
    if not options.only or options.only.startswith("engine"):
        with engines.dask(PYTHON) as scheduler, engines.slurm() as shared:
            measure(engines.pairs(advisor, PYTHON, scheduler, shared), rows, advisor, options)


def measure(claims, rows, advisor, options):
    for pair in claims:
        if options.only in pair.name:
            try:
                rows.append(pair.measure())
            except RuntimeError as failure:
                print(f"FAILED  {pair.name}: {failure}", flush=True)
                continue
            show(rows[-1])
            keep(rows, advisor, options.output)


def keep(rows, advisor, output):
    """Writes what there is: a late failure loses nothing."""
    if not output:
        return
    machine = json.loads(subprocess.run([advisor, "probe", "--json"], check=True, capture_output=True).stdout)
    results = {
        "schema": "advisor.benchmarks/1",
        "date": time.strftime("%Y-%m-%d"),
        "machine": {"model": machine["model"], "cpus": machine["usable"]["logicalCPUs"], "kernel": platform.release(), "advisor": version(advisor)},
        "pairs": rows,
    }
    output.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    output.with_suffix(".md").write_text(scoreboard.markdown(results))


if __name__ == "__main__":
    main()
