#!/usr/bin/env python3
"""What only an optimised build can get wrong: Scripts/check-release.py PROGRAM.

A compiler may remove timed work whose results nobody reads, and keep the clock: tests, which are not optimised, cannot see that.
"""
import json, os, subprocess, sys, tempfile


def main():
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, XDG_DATA_HOME=home)
        text = subprocess.run(
            [sys.argv[1], "calibrate", "--level", "quick", "--json"], env=environment, stdout=subprocess.PIPE, check=True).stdout
    for part in json.loads(text)["parts"]:
        # Real work is never exactly as fast at the median as in its quietest moments, and a neighbour less than doubles it.
        if not 1 < part["probeRatio"] < 20:
            sys.exit(f"the neighbour probe of “{part['part']}” did no work: {part['probeRatio']} times its quiet time")


if __name__ == "__main__":
    main()
