#!/usr/bin/env python3
"""How good the figures are inside a container: in a cgroup with a CPU quota `calibrate`, `recommend`, `report` and `run` work the
first time, runs with 1, 2 and 4 workers take what was predicted by a clock outside, and commands that compute get the quota's
ceiling of workers. Run as root on a quiet machine; in a guest or a container too where its cgroups may be written to.

Exit status: 1 where a command failed, a prediction was off by more than the limit in the median, or the number of workers was
another."""
import argparse
import contextlib
import json
import math
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

PERIOD = 100_000
GROUPS = pathlib.Path("/sys/fs/cgroup")
# CPU time of its own, whatever the quota does to it meanwhile.
SPIN = "import time\nwhile time.process_time() < {}: pass"


@contextlib.contextmanager
def group(cpus):
    """A cgroup with a quota of CPUs, of version 2 where its controller is there; yields its folder."""
    controllers = GROUPS / "cgroup.controllers"
    name = f"advisor-containers-{os.getpid()}"
    quota = str(round(cpus * PERIOD))
    if controllers.exists() and "cpu" in controllers.read_text().split():
        (GROUPS / "cgroup.subtree_control").write_text("+cpu")
        folder = GROUPS / name
        folder.mkdir()
        limits = {"cpu.max": f"{quota} {PERIOD}"}
    else:
        folder = next(path for path in (GROUPS / "cpu", GROUPS / "cpu,cpuacct") if path.exists()) / name
        folder.mkdir()
        limits = {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": quota}
    try:
        for file, limit in limits.items():
            (folder / file).write_text(limit)
        yield folder
    finally:
        # What a killed command has left, and the kernel takes its time.
        for _ in range(50):
            for process in (folder / "cgroup.procs").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(process), 9)
            with contextlib.suppress(OSError):
                folder.rmdir()
                break
            time.sleep(0.1)


class Container:
    """The program inside a cgroup, with a data folder of its own."""

    def __init__(self, advisor, folder, work):
        self.advisor, self.folder, self.work = advisor, folder, work
        self.environment = {**os.environ, "XDG_DATA_HOME": str(work)}
        self.environment.pop("ADVISOR_PROFILE", None)

    def start(self, *words):
        """Seconds outside, and what it printed; an error where it failed."""
        start = time.perf_counter()
        ran = subprocess.run(
            [self.advisor, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment, cwd=self.work, check=False,
            preexec_fn=lambda: (self.folder / "cgroup.procs").write_text(str(os.getpid())))
        seconds = time.perf_counter() - start
        if ran.returncode != 0:
            raise RuntimeError(f"advisor {' '.join(map(str, words))[:120]}: exit {ran.returncode}: {ran.stderr.decode()[-600:]}")
        return seconds, ran.stdout.decode()

    def overhead(self):
        """Seconds in which a run that does nothing starts and ends: not the job's."""
        return statistics.median(self.start("run", "--no-history", "--", "true", "{}", ":::", "1")[0] for _ in range(3))

    def run(self, *words):
        """What was predicted, in seconds, what a clock outside saw, and the record."""
        seconds, text = self.start("run", "--json", "--no-history", *words)
        record = json.loads(text)
        if not record.get("predicted"):
            raise RuntimeError(f"advisor run {' '.join(map(str, words))[:120]}: nothing was predicted")
        return record["predicted"]["seconds"]["p50"], seconds, record


class Report:
    def __init__(self, limit):
        self.limit, self.failures = limit, 0

    def line(self, isMet, text):
        self.failures += not isMet
        print(f"{'ok  ' if isMet else 'MISS'}  {text}", flush=True)

    def compare(self, container, name, repeats, overhead, *words):
        """Predictions beside the clock outside; the runs' records."""
        runs = [container.run(*words) for _ in range(repeats)]
        errors = [(seconds - overhead) / predicted - 1 for predicted, seconds, _ in runs]
        middle = statistics.median(errors)
        shown = "  ".join(f"{predicted:.2f} → {seconds - overhead:.2f}" for predicted, seconds, _ in runs)
        self.line(abs(middle) <= self.limit, f"{name}: {shown} s, off by {middle:+.0%}")
        for _, seconds, record in runs:
            observed = record["observed"]["seconds"]
            if not observed <= seconds <= observed + 3 * overhead + 0.2:
                self.line(False, f"{name}: {observed:.3f} s observed, {seconds:.3f} s by the clock outside")
        return [record for _, _, record in runs]


def files(folder, count):
    """Text that takes gzip some 40 ms each."""
    words = [f"{index * 2654435761 % 1000003}" for index in range(90_000)]
    for index in range(count):
        (folder / f"{index}.txt").write_text(" ".join(words[index:] + words[:index]))
    return [f"{index}.txt" for index in range(count)]


def measure(advisor, cpus, report, repeats, jobs):
    print(f"\nA quota of {cpus} CPUs", flush=True)
    with tempfile.TemporaryDirectory() as work, group(cpus) as folder:
        container = Container(advisor, folder, pathlib.Path(work))
        first, text = container.start("recommend", "--json", "--job", "cpu:100x50ms")
        seconds = json.loads(text)["recommended"]["predicted"]["seconds"]["p50"]
        least = 5 / cpus
        report.line(0.8 * least <= seconds <= 1.25 * least, f"recommend for 5 s of CPU time, first: {seconds:.2f} s after {first:.1f} s")
        container.start("calibrate", "--level", "quick")
        container.start("report", "--job", "cpu:100x50ms", "--output", "report.html")
        report.line((pathlib.Path(work) / "report.html").stat().st_size > 0, "calibrate and report")
        overhead = container.overhead()
        inputs = files(pathlib.Path(work), 60)
        for workers in (1, 2, 4):
            for strategy in ("threads", "processes"):
                report.compare(
                    container, f"{jobs} by {workers} {strategy}", repeats, overhead, "--job", jobs, "--strategy", strategy,
                    "--workers", workers)
        commands = {
            "python3": (["python3", "-c", SPIN.format(0.05), "{}"], range(40)),
            "gzip": (["gzip", "-kf", "{}"], inputs),
            "sh of gzip": (["sh", "-c", "gzip -kf {}; true"], inputs),
        }
        for name, (command, given) in commands.items():
            for workers in (1, 2, 4):
                report.compare(
                    container, f"{name}, {workers} workers", repeats, overhead, "--workers", workers, "--", *command, ":::", *given)
            records = report.compare(container, f"{name}, as found", repeats, overhead, "--", *command, ":::", *given)
            found = [record["plan"]["workers"] for record in records]
            report.line(statistics.median(found) == math.ceil(cpus), f"{name}: {found} workers, {math.ceil(cpus)} expected")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("advisor", type=pathlib.Path)
    parser.add_argument("--cpus", type=float, nargs="+", default=[0.5, 0.7, 1, 1.5], help="quotas to try")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each kind, whose median counts")
    parser.add_argument("--limit", type=float, default=0.25, help="error of a prediction that is a miss")
    parser.add_argument("--jobs", default="cpu:60x50ms", help="the built-in job")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit(f"{parser.prog}: cgroups are made by root")
    # Told to end, it removes its groups as when it ends by itself.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report(arguments.limit)
    for cpus in arguments.cpus:
        try:
            measure(arguments.advisor.resolve(), cpus, report, arguments.repeats, arguments.jobs)
        except RuntimeError as error:
            report.line(False, str(error))
    print(f"\n{report.failures} missed")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
