#!/usr/bin/env python3
"""Troubles `advisor run` and `advisor download` for a long time: random kills, limits and full disks, each followed by --resume.

At the end nothing may be lost, done twice, left behind or grown: every task has its result, what the journal said was
done was not run again, no task outlives its run, and a run that lasted throughout needs no more memory and no more
descriptors than at its start.
"""
import argparse
import collections
import contextlib
import hashlib
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import soaking_forms
from soaking import Clock, Failure, Site, Steady, small_disk

TASKS = 60
# Where a folder's files came from.
RECORD = ".advisor-downloads"


class Soak:
    def __init__(self, advisor, seed, root):
        self.advisor, self.random, self.root = str(advisor), random.Random(seed), root
        self.mark = f"ADVISOR_SOAK={os.getpid()}"
        self.environment = {**os.environ, "XDG_DATA_HOME": str(root / "data")}
        self.counts, self.clock = collections.Counter(), Clock()

    def start(self, arguments, limits=(), marked=True, within=None, **options):
        def prepare():
            for kind, value in limits:
                resource.setrlimit(kind, (value, value))

        mark = {"ADVISOR_SOAK": str(os.getpid())} if marked else {}
        words = [self.advisor, *map(str, arguments)]
        return subprocess.Popen(
            within.entering(words) if within else words, env=self.environment | mark, preexec_fn=prepare,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options,
        )

    def trouble(self, process):
        """Ends a run in one of the ways in which runs end; returns which."""
        kind = self.random.choice(["kill", "kill", "terminate", "interrupt", "let be"])
        if kind == "let be":
            process.communicate()
            return kind
        time.sleep(self.random.uniform(0.01, 0.8))
        number = {"kill": signal.SIGKILL, "terminate": signal.SIGTERM, "interrupt": signal.SIGINT}[kind]
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        self.clock.wait(process.communicate, 30, f"a run after {kind}")
        return kind

    def left_behind(self):
        """Processes of a run that has ended."""
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in entry.read_bytes().split(b"\0"):
                    found.append(entry.parts[2])
        return found

    def expect_nothing_left(self):
        deadline = self.clock.seconds + 10
        while found := self.left_behind():
            if self.clock.seconds > deadline:
                raise Failure(f"processes outlive their run: {found}")
            time.sleep(0.05)

    def complaint(self, process, what):
        """What a run says on its standard error until it ends."""
        return self.clock.wait(process.communicate, 120, what)[1].decode(errors="replace")

    def finish(self, arguments, what):
        """Resumes without trouble, until all is done."""
        for _ in range(5):
            process = self.start(arguments)
            complaint = self.complaint(process, what)
            if process.returncode == 0:
                return
        raise Failure(f"{what} cannot be finished: exit {process.returncode}: {complaint[-500:]}")

    @staticmethod
    def recorded(journal):
        """Tasks that the journal says are done; a hash of which the end is missing does not count."""
        text = journal.read_text() if journal.exists() else ""
        return len(re.findall("^ok [0-9a-f]{16}$", text, re.MULTILINE))

    @staticmethod
    def started(folder):
        return sum(path.stat().st_size for path in (folder / "starts").iterdir())

    # Commands

    def commands(self, folder, disk=None):
        """Tasks that note each start and write a result; kills and limits between resumed runs."""
        (folder / "starts").mkdir()
        (folder / "results").mkdir()
        work = 'printf x >>starts/$1; sleep 0.0$(($1 % 5)); echo "result $1" >results/$1.new && mv results/$1.new results/$1'
        journal = (disk or folder) / "journal"
        inputs = [str(number) for number in range(TASKS)]
        command = ["run", "--journal", journal, "--resume", "--no-history", "--cwd", folder]
        command += ["--", "sh", "-c", work, "task", "{}", ":::", *inputs]
        for _ in range(self.random.randint(1, 4)):
            limits = self.random.choice([(), (), [(resource.RLIMIT_NOFILE, 64)], [(resource.RLIMIT_FSIZE, 256)]])
            process = self.start(command, limits)
            kind = self.trouble(process)
            self.counts[kind if not limits else f"{kind}, with a limit"] += 1
            self.expect_nothing_left()
        if disk:
            (disk / "filling").unlink(missing_ok=True)
        done, before = self.recorded(journal), self.started(folder)
        self.finish(command, "a run of commands")
        if self.started(folder) - before != TASKS - done:
            raise Failure(f"{done} of {TASKS} tasks were done, but {self.started(folder) - before} ran again")
        for number in inputs:
            result = folder / "results" / number
            if not result.exists() or result.read_text() != f"result {number}\n":
                raise Failure(f"task {number} is lost")

    def full_disk(self, folder):
        """The journal's disk is full from the start, or becomes so."""
        with small_disk(folder / "disk") as disk:
            if disk is None:
                return
            with contextlib.suppress(OSError), open(disk / "filling", "wb", buffering=0) as filling:
                for _ in range(self.random.choice([4096, 1 << 20])):
                    filling.write(bytes(4096))
            self.counts["full disk"] += 1
            self.commands(folder, disk)

    # Downloads

    def downloads(self, folder):
        site = self.site
        into = folder / "into"
        (folder / "urls").write_text("".join(f"{site.url}/{name} sha256={digest}\n" for name, digest in site.files.items()))
        command = ["download", folder / "urls", "--into", into, "--resume", "--no-history", "--retries", "3"]
        for _ in range(self.random.randint(1, 3)):
            self.counts[f"downloads: {self.trouble(self.start(command))}"] += 1
            self.expect_nothing_left()
        self.finish(command, "a run of downloads")
        for name, digest in site.files.items():
            if hashlib.sha256((into / name).read_bytes()).hexdigest() != digest:
                raise Failure(f"{name} is not what was served")
        strange = [path.name for path in into.iterdir() if path.name not in site.files and path.name != RECORD]
        if strange:
            raise Failure(f"files are left behind: {strange}")

    def forms(self, only):
        """Kinds of rounds, as often as each is to come."""
        every = {
            "commands": [self.commands] * 2, "full disk": [self.full_disk], "downloads": [self.downloads],
            "pipe": [lambda folder: soaking_forms.pipes(self, folder)] * 2,
            "job server": [lambda folder: soaking_forms.job_server(self, folder)],
            "memory": [lambda folder: soaking_forms.memory(self, folder)],
        }
        return [form for name, forms in every.items() if only in (None, name) for form in forms]

    def run(self, seconds, only):
        deadline = self.clock.seconds + seconds
        with Site(self.root / "site") as self.site, Steady(self) as steady:
            number = 0
            while self.clock.seconds < deadline:
                folder = self.root / f"round-{number}"
                folder.mkdir()
                self.random.choice(self.forms(only))(folder)
                shutil.rmtree(folder)
                number += 1
                steady.look()
        steady.judge()
        print(f"{number} rounds: " + ", ".join(f"{count} × {kind}" for kind, count in sorted(self.counts.items())))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("advisor", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--only", choices=["commands", "full disk", "downloads", "pipe", "job server", "memory"])
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    random.seed(options.seed)
    root = pathlib.Path(tempfile.mkdtemp(prefix="advisor-soak-"))
    try:
        Soak(options.advisor.resolve(), options.seed, root).run(options.minutes * 60, options.only)
    except Failure as failure:
        print(f"FAILED: {failure}\nwhat there is of it: {root}")
        sys.exit(1)
    shutil.rmtree(root)
    print("nothing lost, nothing done twice, nothing left behind, nothing grown")


if __name__ == "__main__":
    main()
