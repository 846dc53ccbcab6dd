"""Rounds of soak.py with the forms of a run that are not a command over inputs: blocks of --pipe, make's job server, memory."""

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time

from memory_group import Group
from soaking import Failure

LINES = 4000
TARGETS, INPUTS = "abc", 12


def pipes(soak, folder):
    """Blocks of a pipe, each known by its offset, length and hash: kills between resumed runs lose and repeat none."""
    for name in ("starts", "results"):
        (folder / name).mkdir()
    text = "".join(f"{number} {hashlib.md5(str(number).encode()).hexdigest()}\n" for number in range(LINES))
    (folder / "data").write_text(text)
    work = 'printf x >>starts/$PARALLEL_SEQ; sleep 0.0$(($PARALLEL_SEQ % 5)); f=results/$PARALLEL_SEQ; cat >$f.new && mv $f.new $f'
    journal = folder / "journal"
    command = ["run", "--pipe", "--block", "4KB", "--journal", journal, "--resume", "--no-history", "--cwd", folder]
    command += ["--", "sh", "-c", work]
    for _ in range(soak.random.randint(1, 4)):
        with fed(folder / "data") as data:
            soak.counts[f"pipe: {soak.trouble(soak.start(command, stdin=data))}"] += 1
        soak.expect_nothing_left()
    done, before = soak.recorded(journal), soak.started(folder)
    with fed(folder / "data") as data:
        process = soak.start(command, stdin=data)
        complaint = soak.complaint(process, "a run of blocks")
    if process.returncode != 0:
        raise Failure(f"a run of blocks cannot be finished: exit {process.returncode}: {complaint[-500:]}")
    blocks = sorted((folder / "results").iterdir(), key=lambda path: int(path.name))
    if "".join(path.read_text() for path in blocks) != text:
        raise Failure("blocks are lost, or not whole")
    if soak.started(folder) - before != len(blocks) - done:
        raise Failure(f"{done} of {len(blocks)} blocks were done, but {soak.started(folder) - before} ran again")


@contextlib.contextmanager
def fed(path):
    with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as source:
        yield source.stdout
        source.stdout.close()


MAKEFILE = """
all: {targets}
{targets}:
\t+@{advisor} run --journal $@.journal --resume --no-history -- sh -c 'sleep 0.02; echo {{}} >>$@.{{}}' ::: {inputs} 2>$@.log
"""


def job_server(soak, folder):
    """Runs below make, one of which is killed: its tokens come back, and make's other targets end as they should."""
    inputs = " ".join(map(str, range(INPUTS)))
    text = MAKEFILE.format(targets=" ".join(TARGETS), advisor=soak.advisor, inputs=inputs)
    (folder / "Makefile").write_text(text)
    make = ["make", "-k", "-j3", "-C", str(folder), "all"]
    environment = soak.environment | {"ADVISOR_SOAK": str(os.getpid())}
    for victims in (soak.random.randint(0, 2), 0):
        process = subprocess.Popen(make, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(victims):
            time.sleep(soak.random.uniform(0.01, 0.2))
            kill_a_run(process.pid)
        complaint = soak.complaint(process, "make")
        soak.counts[f"job server: {victims} killed"] += 1
        if "token" in complaint:
            raise Failure(f"tokens are lost: {complaint}")
        soak.expect_nothing_left()
    if process.returncode != 0:
        raise Failure(f"make cannot be finished: {complaint[-500:]}")
    missing = [f"{target}.{number}" for target in TARGETS for number in range(INPUTS) if not (folder / f"{target}.{number}").exists()]
    if missing:
        raise Failure(f"tasks below make are lost: {missing}")


def kill_a_run(make):
    children = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(make)], capture_output=True, text=True).stdout
    runs = [int(line.split()[0]) for line in children.splitlines() if line.split()[1] == "advisor"]
    if runs:
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(runs), signal.SIGKILL)


TAKE = "import sys, time; held = b'x' * (int(sys.argv[1]) << 20); time.sleep(0.1); open(f'{sys.argv[2]}.done', 'a').write('x')"


def memory(soak, folder):
    """Tasks of 1 to 100 MiB in 256 MiB, killed in between: each fits alone, and none is lost."""
    if os.geteuid() != 0:
        return
    sizes = [1, 100, 3, 60, 10, 1, 90, 5, 30, 2]
    inputs = [f"{size}:{number}" for number, size in enumerate(sizes)]
    command = ["run", "--journal", folder / "journal", "--resume", "--no-history", "--cwd", folder, "--colsep", ":"]
    command += ["--", sys.executable, "-c", TAKE, "{1}", "{2}", ":::", *inputs]
    with Group(256 << 20) as group:
        for _ in range(soak.random.randint(0, 2)):
            soak.counts[f"memory: {soak.trouble(soak.start(command, within=group))}"] += 1
            soak.expect_nothing_left()
        process = soak.start(command, within=group)
        complaint = soak.complaint(process, "a run in a small cgroup")
        soak.expect_nothing_left()
    missing = [number for number in range(len(sizes)) if not (folder / f"{number}.done").exists()]
    if process.returncode != 0 or missing:
        raise Failure(f"tasks in a small cgroup are lost: {missing}, exit {process.returncode}: {complaint[-500:]}")
