"""Two sides of a claim, measured next to one another."""
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class Side:
    """A command whose cost is its wall time, or the seconds that it prints."""

    def __init__(self, name, command, reads=None, environment=None, fresh=None):
        """`reads` takes what the command printed and returns seconds; without it the wall time counts.
        `fresh` is a folder that is empty before each run."""
        self.name = name
        self.command = [str(word) for word in command]
        self.reads = reads
        self.environment = {**os.environ, **(environment or {})}
        self.fresh = fresh

    def seconds(self):
        if self.fresh:
            renew(self.fresh)
            # What was written and removed before must not be flushed on our time.
            os.sync()
        start = time.perf_counter()
        run = subprocess.run(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment, check=False
        )
        wall = time.perf_counter() - start
        if run.returncode != 0:
            raise RuntimeError(f"{' '.join(self.command)}: exit {run.returncode}: {run.stderr.decode()[-400:]}")
        return self.reads(run.stdout) if self.reads else wall


def renew(folder):
    """Makes a folder empty, and what lies in it go aside.

    Small files are not removed: ext4 does not use an inode again for minutes after that, and searches past all such
    ones whenever it makes a file, which would take longer than what is measured.
    """
    if folder.exists():
        for path in folder.iterdir():
            if path.stat().st_size > 1 << 20:
                path.unlink()
        folder.rename(tempfile.mkdtemp(prefix="aside-", dir=folder.parent))
    folder.mkdir()


class Pair:
    """What is claimed: the ratio of `ours` to `theirs` is at most `goal`, or the time of `ours` is at most `limit`."""

    def __init__(self, name, ours, theirs=None, goal=None, limit=None, repeats=15):
        self.name, self.ours, self.theirs = name, ours, theirs
        self.goal, self.limit, self.repeats = goal, limit, repeats

    def measure(self):
        sides = [self.ours] + ([self.theirs] if self.theirs else [])
        for side in sides:
            side.seconds()
        times = {side: [] for side in sides}
        for repeat in range(self.repeats):
            for side in sides if repeat % 2 == 0 else reversed(sides):
                times[side].append(side.seconds())
        return self.summary(times)

    def summary(self, times):
        row = {"name": self.name, "ours": self.ours.name, "oursSeconds": quartiles(times[self.ours])}
        if self.theirs:
            ratios = [a / b for a, b in zip(times[self.ours], times[self.theirs])]
            row |= {
                "theirs": self.theirs.name,
                "theirsSeconds": quartiles(times[self.theirs]),
                "ratio": quartiles(ratios),
                "goal": self.goal,
                "met": statistics.median(ratios) <= self.goal,
            }
        else:
            row |= {"limitSeconds": self.limit, "met": statistics.median(times[self.ours]) <= self.limit}
        return row


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": middle, "q1": low, "q3": high, "samples": len(values)}


def compile_c(name, *flags):
    """Builds a C counterpart at -O3 and returns its path."""
    target = HERE / ".build" / name
    target.parent.mkdir(exist_ok=True)
    source = HERE / "C" / f"{name}.c"
    subprocess.run(["gcc", "-O3", "-pthread", "-o", target, source, *flags], check=True)
    return target
