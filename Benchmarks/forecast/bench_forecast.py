"""Backtest of `advisor plan forecast` beside seasonal-naive, ETS and Theta of statsforecast (Nixtla).

From up to twelve origins in the second half of each series, the loads 1, 7 and 30 steps ahead are forecast from the past
alone. Errors are MASE: absolute errors over the mean absolute error of the seasonal-naive forecast in that past (R. J. Hyndman
and A. B. Koehler, 2006), averaged by series, then over series. Coverage is the share of loads within the 90 % interval.
Prints a Markdown table; exit status 1 where a goal is missed.
"""

import argparse
import csv
import datetime
import glob
import json
import os
import subprocess
import sys
import warnings

import numpy

HORIZONS = (1, 7, 30)
ORIGINS = 12
# What the other programs can digest in reasonable time.
LONGEST = 800


def season_length(rows):
    """Steps in the cycle that the other programs are told of."""
    if "Q" in rows[0][0]:
        return 4
    if len(rows[0][0]) == 4:
        return 1
    if len(rows[0][0]) == 7:
        return 12
    first, second = (datetime.datetime.fromisoformat(row[0]) for row in rows[:2])
    return {86400: 7, 3600: 24}.get((second - first).total_seconds(), 1)


def cases(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.csv"))):
        with open(path) as file:
            header, *rows = csv.reader(file)
        season = season_length(rows)
        first = max(3 * season, 24, len(rows) // 2)
        origins = sorted({int(origin) for origin in numpy.linspace(first, len(rows) - 1, ORIGINS)})
        yield os.path.basename(path)[:-4], header, rows, season, origins


def ours(advisor, header, rows):
    table = "\n".join(",".join(row) for row in [header, *rows])
    done = subprocess.run(
        [advisor, "plan", "forecast", "--history", "-", "--capacity", "1e300", "--horizon", "30", "--json"],
        input=table, capture_output=True, text=True, check=True)
    points = json.loads(done.stdout)["forecast"]
    return [[point[part] for point in points] for part in ("load", "low", "high")]


def others(season):
    from statsforecast.models import AutoETS, AutoTheta, SeasonalNaive

    return {
        "seasonal-naive": SeasonalNaive(season), "ETS": AutoETS(season_length=season),
        "Theta": AutoTheta(season_length=season),
    }


def predictions(advisor, header, rows, season, origin):
    values = numpy.array([float(row[1]) for row in rows[:origin]])
    yield "advisor", ours(advisor, header, rows[:origin])
    for name, model in others(season).items():
        found = model.forecast(y=values[-LONGEST:], h=30, level=[90])
        yield name, [found["mean"], found["lo-90"], found["hi-90"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--advisor", default=".build/release/advisor")
    parser.add_argument("--series", default=os.path.join(os.path.dirname(__file__), "series"))
    parser.add_argument("--details", action="store_true", help="a line for each series too")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    errors, inside = {}, {}
    names = []
    for name, header, rows, season, origins in cases(options.series):
        names.append(name)
        for origin in origins:
            past = numpy.array([float(row[1]) for row in rows[:origin]])
            scale = numpy.mean(numpy.abs(past[season:] - past[:-season])) or 1
            for model, (load, low, high) in predictions(options.advisor, header, rows, season, origin):
                for ahead in HORIZONS:
                    if origin + ahead > len(rows):
                        continue
                    actual = float(rows[origin + ahead - 1][1])
                    errors.setdefault((model, ahead, name), []).append(abs(load[ahead - 1] - actual) / scale)
                    inside.setdefault((model, ahead), []).append(low[ahead - 1] <= actual <= high[ahead - 1])
        if options.details:
            print(name, *(f"{numpy.mean(errors[('advisor', h, name)]):.2f}" for h in HORIZONS if ('advisor', h, name) in errors),
                  file=sys.stderr, flush=True)
    sys.exit(report(names, errors, inside))


def report(names, errors, inside):
    """Prints the table; returns 1 where advisor misses a goal."""
    print(f"{len(names)} series, {sum(len(value) for key, value in inside.items() if key[0] == 'advisor')} forecasts\n")
    print("| model | " + " | ".join(f"error, {h} ahead | covered" for h in HORIZONS) + " |")
    print("| --- |" + " ---: |" * (2 * len(HORIZONS)))
    mean = {}
    for model in ("advisor", "seasonal-naive", "ETS", "Theta"):
        cells = []
        for ahead in HORIZONS:
            mean[model, ahead] = numpy.mean(
                [numpy.mean(value) for key, value in errors.items() if key[:2] == (model, ahead)])
            cells += [f"{mean[model, ahead]:.3f}", f"{numpy.mean(inside[model, ahead]) * 100:.1f} %"]
        print(f"| {model} | " + " | ".join(cells) + " |")
    covered = [numpy.mean(inside["advisor", ahead]) for ahead in HORIZONS]
    best = all(mean["advisor", h] <= mean[model, h] for h in HORIZONS for model in ("seasonal-naive", "ETS", "Theta"))
    return 0 if best and all(0.85 <= share <= 0.95 for share in covered) else 1


if __name__ == "__main__":
    main()
