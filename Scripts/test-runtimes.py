#!/usr/bin/env python3
"""How many workers real programs start under eight limits: alone, told $(nproc), and under `advisor exec`.

What starts is counted in /proc, or printed by the runtime where its threads cannot be told apart from its own helpers.

usage: test-runtimes.py PROGRAM FOLDER [NAME…]

FOLDER is a scratch folder with a virtual environment `venv` in it (`make setup-runtimes`). Root makes the cgroups.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from runtimes import TOOLS, prepare

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = pathlib.Path(sys.argv[2]).resolve()
CPU, CPUSET = "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpuset"


class Limits:
    """The eight limits: each gives the words in front of a command, and the number that is right for each kind."""

    def __init__(self):
        self.groups = []
        cpus = os.sched_getaffinity(0)
        self.all, self.first = len(cpus), min(cpus)

    def group(self, root, name, **files):
        path = pathlib.Path(root, f"advisor-runtimes-{os.getpid()}", name)
        path.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (path / file.replace("__", ".")).write_text(text)
        self.groups.append(path)
        return path

    def quota(self, name, cpus):
        return self.group(CPU, name, cpu__cfs_period_us="100000", cpu__cfs_quota_us=str(round(cpus * 100000)))

    def inside(self, *paths):
        joins = " && ".join(f"echo $$ > {path}/cgroup.procs" for path in paths)
        return ["sh", "-c", f'{joins} && exec "$@"', "-"]

    def cpuset(self):
        parent = self.group(CPUSET, ".", cpuset__cpus=self.text(CPUSET, "cpuset.cpus"), cpuset__mems="0")
        return self.group(CPUSET, parent.name + "-one", cpuset__cpus=str(self.first), cpuset__mems="0")

    @staticmethod
    def text(root, file):
        return pathlib.Path(root, file).read_text().strip()

    def scenarios(self):
        one = {"build": 1, "barrier": 1, "server": 1}
        every = dict.fromkeys(one, self.all)
        ancestor = self.quota("ancestor", 1)
        leaf = ancestor / "leaf"
        leaf.mkdir(exist_ok=True)
        self.groups.append(leaf)
        return {
            "none": ([], {}, every),
            "affinity": (["taskset", "-c", str(self.first)], {}, one),
            "cpuset": (self.inside(self.cpuset()), {}, one),
            "quota 0.5": (self.inside(self.quota("half", 0.5)), {}, one),
            "quota 1": (self.inside(self.quota("one", 1)), {}, one),
            "quota 1.5": (self.inside(self.quota("more", 1.5)), {}, {"build": 2, "barrier": 1, "server": 2}),
            "ancestor": (self.inside(leaf), {}, one),
            "Slurm": ([], {"SLURM_CPUS_PER_TASK": "1"}, one),
        }

    def remove(self):
        for path in sorted(self.groups, key=lambda path: -len(path.parts)):
            for _ in range(50):
                try:
                    path.rmdir()
                    break
                except OSError:
                    time.sleep(0.05)
        for root in (CPU, CPUSET):
            parent = pathlib.Path(root, f"advisor-runtimes-{os.getpid()}")
            if parent.exists():
                parent.rmdir()


def processes(root):
    """The process and all below it, as pid → (parent's pid, name, threads)."""
    table = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = pathlib.Path("/proc", pid, "stat").read_text()
            name = text[text.index("(") + 1 : text.rindex(")")]
            fields = text[text.rindex(")") + 2 :].split()
            table[int(pid)] = (int(fields[1]), name, int(fields[17]))
        except (OSError, ValueError, IndexError):
            continue
    found = {}
    for pid in table:
        above, steps = pid, 0
        while above in table and above != root and steps < 64:
            above, steps = table[above][0], steps + 1
        if above == root:
            found[pid] = table[pid]
    return found


def watched(process, count, seconds):
    """The most that was counted at a time until the process ends."""
    most, end = 0, time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        most = max(most, count(processes(process.pid)))
        time.sleep(0.01)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return most


def run(tool, words, environment):
    prefix = words
    process = subprocess.Popen(
        [*prefix, *tool.command], cwd=FOLDER / "work", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, start_new_session=True, env=os.environ | tool.environment | environment,
    )  # fmt: skip
    if tool.count is None:
        try:
            output, _ = process.communicate(timeout=tool.seconds)
            return int(output.split()[-1])
        except (subprocess.TimeoutExpired, ValueError, IndexError):
            os.killpg(process.pid, signal.SIGKILL)
            return None
    most = watched(process, tool.count, tool.seconds)
    process.stdout.close()
    return most


def told_nproc(tool, words):
    """The command with $(nproc) where people write the number; None where it takes none."""
    if tool.told is None:
        return None
    cpus = subprocess.run([*words, "nproc"], capture_output=True, text=True, check=True).stdout.strip()
    return [word.replace("{n}", cpus) for word in tool.told]


def main():
    prepare(FOLDER)
    wanted = set(sys.argv[3:])
    tools = [tool for tool in TOOLS(FOLDER) if (not wanted or tool.name in wanted) and tool.is_installed()]
    limits, rows = Limits(), []
    try:
        for name, (words, environment, right) in limits.scenarios().items():
            for tool in tools:
                expected = tool.expected(right[tool.kind])
                alone = run(tool, words, environment)
                told = told_nproc(tool, words)
                nproc = run(tool.replaced(told), words, environment) if told else None
                advised = run(tool, [*words, PROGRAM, "exec", *(["--affinity"] if tool.affinity else []), "--"], environment)
                rows.append({"tool": tool.name, "limit": name, "right": expected, "alone": alone, "nproc": nproc, "exec": advised})
                mark = "ok  " if advised == expected else "FAIL"
                print(f"{mark} {tool.name:16} {name:10} right {expected}  alone {alone}  $(nproc) {nproc}  exec {advised}", flush=True)
    finally:
        limits.remove()
    for column in ("alone", "nproc", "exec"):
        told = [row for row in rows if row[column] is not None]
        good = sum(row[column] == row["right"] for row in told)
        print(f"{column}: {good} of {len(told)} right ({100 * good / max(1, len(told)):.1f} %)")
    (FOLDER / "runtimes.json").write_text(json.dumps(rows, indent=1))
    print(f"{len(tools)} tools; {sum(row['exec'] == row['right'] for row in rows)} passed, "
          f"{sum(row['exec'] != row['right'] for row in rows)} failed")  # fmt: skip
    share = sum(row["exec"] == row["right"] for row in rows) / max(1, len(rows))
    sys.exit(0 if share >= 0.95 and len(tools) >= 20 or wanted else 1)


if __name__ == "__main__":
    main()
