#!/usr/bin/env python3
"""What holds seeded programs back, as `advisor why` says it: the first cause, and what its estimates are worth.

usage: test-why.py PROGRAM FOLDER [--user NAME] [--attach] [--record FOLDER] [--seeds | --hostile] [NAME…]

FOLDER is a scratch folder on a disk; a profile of the machine is made there unless ADVISOR_PROFILE names one. Root makes the cgroups; --user runs `advisor` and the programs as that user. --attach looks at the
running program instead of starting it. --record keeps the samples of each case in that folder, and makes no change to judge estimates. --seeds checks the seeds alone: each program must be faster without its cause. --hostile tries bad
input, and what looking costs. NAME is a part of a case's name.
"""

import argparse
import pathlib
import shutil
import signal
import subprocess
import sys

from why import hostile, judging, trial
from why.causes import Seeds
from why.surroundings import adopt, end_all, free_port


def options():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n")[2].removeprefix("usage: "))
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--user")
    parser.add_argument("--record", type=pathlib.Path)
    for flag in ("attach", "seeds", "hostile"):
        parser.add_argument(f"--{flag}", action="store_true")
    return parser.parse_intermixed_args()


def check_seeds(cases, user):
    """Whether each cause is one: the same work without it takes at most 85 % of the time."""
    wrong = 0
    for case in cases:
        try:
            seconds = trial.timed(case.setting, user)
            without = trial.timed(case.remedy, user) if case.remedy else 0
            text = f"{seconds:5.2f} s" + (f", without the cause {without:5.2f} s" if case.remedy else "")
            right = without <= 0.85 * seconds
        except (RuntimeError, subprocess.SubprocessError, OSError) as error:
            text, right = str(error), False
        wrong += not right
        print(f"{'ok  ' if right else 'FAIL'} {case.cause:17} {case.name:24} {text}", flush=True)
    return not wrong


def passes(arguments):
    scratch = arguments.folder.resolve()
    trial.prepare(scratch)
    python = "/usr/bin/python3" if shutil.which("/usr/bin/python3") else sys.executable
    seeds = Seeds(trial.PROGRAMS, python, scratch, free_port())
    wanted = lambda name: not arguments.names or any(part in name for part in arguments.names)
    cases = [case for case in seeds.cases() if wanted(f"{case.cause} {case.name}")]
    if not cases and not arguments.hostile:
        raise SystemExit(f"no case is named so: {', '.join(arguments.names)}")
    program = str(arguments.program.resolve())
    if arguments.seeds:
        return check_seeds(cases, arguments.user)
    if arguments.hostile:
        return hostile.check(program, seeds, wanted)
    trial.calibrate(program, scratch)
    return judging.judge(program, cases, arguments, scratch / "why.json")


def main():
    arguments = options()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    adopt()
    try:
        passed = passes(arguments)
    finally:
        end_all()
    sys.exit(0 if passed else 1)


main()
