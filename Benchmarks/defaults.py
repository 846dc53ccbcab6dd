"""What a good choice of workers is worth: the advised way of running ten jobs against what other tools take by default.

All run the same work through our own executors, so that only the number of workers and their kind differ, not the
language: the figure is the regret of a default, not of a tool.
"""
import json
import math
import os
import statistics

from pair import Pair, Side, quartiles

JOBS = [
    "cpu:8x1e6", "cpu:64x10ms", "cpu:4000x20us", "cpu:32x10ms,cv=1", "cpu:3x100us", "mem:16x64MiB", "disk:64x1MiB",
    "wait:200x20ms", "io:200x16KiB,latency=20ms", "wait:40x30ms+cpu:40x5ms",
]


def peers(cpus, tasks):
    """By name, the strategy and the workers that a tool takes where nothing is said."""
    return {
        # xargs(1): --max-procs, “The default is 1”.
        "xargs": ("processes", 1),
        # parallel(1): --jobs, “Default is 100%”: one a CPU.
        "GNU parallel": ("processes", cpus),
        # multiprocessing.Pool(processes=None): os.process_cpu_count().
        "multiprocessing.Pool": ("processes", cpus),
        # concurrent.futures.ThreadPoolExecutor(max_workers=None): min(32, os.process_cpu_count() + 4).
        "ThreadPoolExecutor": ("threads", min(32, cpus + 4)),
        # joblib.Parallel(n_jobs=None): 1.
        "joblib": ("sequential", 1),
        # make(1): -j without a number, “will not limit the number of jobs”.
        "make -j": ("processes", min(tasks, 256)),
    }


def observed(output):
    return json.loads(output)["observed"]["seconds"]


class Defaults:
    """One row of the scoreboard: ten jobs by the advice and by one tool's default."""

    def __init__(self, name, advisor, profile, choice, repeats=5):
        self.name = f"ten jobs as advised, against the default of {name}"
        self.peer, self.advisor, self.choice, self.repeats = name, advisor, choice, repeats
        self.environment = {"ADVISOR_PROFILE": str(profile)}

    def side(self, job, *how):
        command = [self.advisor, "run", "--job", job, "--no-history", "--json", *how]
        return Side(" ".join(how) or "advised", command, observed, self.environment)

    def measure(self):
        jobs = []
        for job in JOBS:
            strategy, workers = self.choice(int(job.split(":")[1].split("x")[0]))
            how = ["--strategy", strategy] + (["--workers", str(workers)] if strategy != "sequential" else [])
            row = Pair(job, self.side(job), self.side(job, *how), goal=1.05, repeats=self.repeats).measure()
            jobs.append({"job": job, "ratio": row["ratio"], "plan": row["theirs"]})
        ratios = [job["ratio"]["median"] for job in jobs]
        mean = math.exp(statistics.fmean(math.log(ratio) for ratio in ratios))
        return {
            "name": self.name, "ours": "advised", "theirs": self.peer, "goal": 1.0, "met": mean <= 1.0,
            "ratio": quartiles(ratios) | {"median": mean}, "statistic": "geometric mean over the jobs, with quartiles",
            "jobs": jobs,
        }


def rows(advisor, profile):
    cpus = len(os.sched_getaffinity(0))
    return [
        Defaults(name, advisor, profile, lambda tasks, name=name: peers(cpus, tasks)[name]) for name in peers(cpus, 1)
    ]
