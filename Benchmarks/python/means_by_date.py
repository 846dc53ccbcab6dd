#!/usr/bin/env python3
"""Prints the mean of SCADAVALUE by SETTLEMENTDATE over the zipped CSV files that it is given."""
import collections
import csv
import io
import sys
import zipfile


def means(path):
    sums, counts = collections.defaultdict(float), collections.Counter()
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        for row in csv.DictReader(io.TextIOWrapper(file, encoding="ascii")):
            date = row["SETTLEMENTDATE"]
            sums[date] += float(row["SCADAVALUE"])
            counts[date] += 1
    return {date: total / counts[date] for date, total in sums.items()}


if __name__ == "__main__":
    for path in sys.argv[1:]:
        for date, mean in sorted(means(path).items()):
            print(f"{date},{mean:.5f}")
