#!/usr/bin/env python3
"""Tries the engines for real: Dask and Slurm on this machine, with what can go wrong.

usage: test-engines.py PROGRAM PYTHON_WITH_DASK [NAME…]
"""

import collections
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM, PYTHON = (os.path.abspath(path) for path in sys.argv[1:3])
SCRIPTS = pathlib.Path(__file__).resolve().parent
ONE = ["--interpreter", PYTHON]


def start(*words, folder, **more):
    return subprocess.Popen(
        [PROGRAM, *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, **more,
    )  # fmt: skip


def finish(process, timeout=60):
    output, complaint = process.communicate(timeout=timeout)
    return process.returncode, output, complaint


def run(*words, folder, **more):
    return finish(start(*words, folder=folder, **more))


def descendants(of):
    children = collections.defaultdict(list)
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, parent = int(stat.parent.name), int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        children[parent].append(pid)
    found, rest = [], [of]
    while rest:
        rest += (new := children[rest.pop()])
        found += new
    return found


def words_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def workers(of):
    return [pid for pid in descendants(of) if "cli.dask_worker" in words_of(pid)]


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return value


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def is_alive(pid):
    return pathlib.Path(f"/proc/{pid}").exists() and "Z" not in pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1][:3]


def expect(condition, *what):
    assert condition, "\n".join(str(part) for part in what)


def dask_loses_no_task_with_a_killed_worker(folder):
    """2,000 tasks on a scheduler and 3 workers, one of them killed in the middle: all done, each reported once."""
    log = folder / "log"
    process = start(
        "run", "--engine", "dask", *ONE, "--workers", 3, "--joblog", log, "--", "echo", "done", "{}", ":::",
        *range(2000), folder=folder,
    )  # fmt: skip
    wait_for(lambda: len(lines(log)) > 300)
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    status, output, complaint = finish(process)
    expect(status == 0, status, complaint)
    expect(sorted(output.splitlines()) == sorted(f"done {index}" for index in range(2000)), len(output.splitlines()))
    expect(len(lines(log)) == 2001, len(lines(log)))
    expect("signal 9" in complaint, complaint)


def dask_ends_with_its_run(folder):
    """Nothing is left of a run that is killed: no scheduler, no worker, no task."""
    process = start("run", "--engine", "dask", *ONE, "--workers", 2, "--", "sleep", "{}", ":::", 1234, 1235, folder=folder)
    wait_for(lambda: sum("sleep 123" in words_of(pid) for pid in descendants(process.pid)) >= 2)
    started = descendants(process.pid)
    process.kill()
    process.communicate()
    wait_for(lambda: not any(is_alive(pid) for pid in started), 10)


def dask_stops_what_runs(folder):
    """A second Ctrl-C ends the tasks that run, and the exit status says so."""
    journal = folder / "journal"
    process = start(
        "run", "--engine", "dask", *ONE, "--workers", 2, "--journal", journal, "--", "sleep", "{}", ":::", 1236, 1237, 0.1,
        folder=folder,
    )  # fmt: skip
    wait_for(lambda: sum("sleep 123" in words_of(pid) for pid in descendants(process.pid)) >= 2)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
    status, _, complaint = finish(process, 20)
    expect(status == 130, status, complaint)
    expect(not any(line.startswith("failed") for line in lines(journal)), lines(journal))


def dask_survives_its_scheduler(folder):
    """A scheduler that goes away is a clear error, and another run goes on from the journal."""
    count = folder / "count"
    task = ["sh", "-c", f"echo {{}} >> {count}; sleep 0.02"]
    address, cluster = cluster_of_our_own(folder)
    process = start(
        "run", "--engine", "dask", *ONE, "--scheduler", address, "--journal", folder / "j", "--", *task, ":::", *range(400),
        folder=folder,
    )  # fmt: skip
    wait_for(lambda: len(lines(folder / "j")) > 50)
    cluster[0].kill()
    status, _, complaint = finish(process, 60)
    expect(status == 69 and "is gone" in complaint and "--resume" in complaint, status, complaint)
    done = len(lines(folder / "j"))
    for one in cluster:
        one.kill()
        one.wait()
    address, cluster = cluster_of_our_own(folder)
    status, _, complaint = run(
        "run", "--engine", "dask", *ONE, "--scheduler", address, "--journal", folder / "j", "--resume", "--", *task, ":::",
        *range(400), folder=folder,
    )  # fmt: skip
    expect(status == 0, status, complaint)
    expect(len(lines(folder / "j")) == 400 and 50 < done < 400, done, len(lines(folder / "j")))
    expect(set(lines(count)) == {str(index) for index in range(400)})
    for one in cluster:
        expect(one.poll() is None, "a scheduler that was named does not end with the run")
        one.kill()
        one.wait()


def cluster_of_our_own(folder):
    file = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "scheduler.json"

    def spawn(name, *words):
        return subprocess.Popen(
            [PYTHON, "-m", f"distributed.cli.{name}", *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    scheduler = spawn("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show",
                      "--scheduler-file", str(file))  # fmt: skip
    all = [scheduler] + [
        spawn("dask_worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
              "--no-dashboard", "--local-directory", str(folder)) for _ in range(2)
    ]  # fmt: skip
    wait_for(file.exists)
    time.sleep(0.2)
    return json.loads(file.read_text())["address"], all


def dask_names_what_is_wrong(folder):
    """No Python, no Dask, no scheduler, no such resource, no such program: each is named, and nothing hangs."""
    for words, status, said in [
        (["--interpreter", "no-such-python"], 69, "no Python “no-such-python”"),
        (["--interpreter", "/usr/bin/python3"], 69, "cannot import dask.distributed"),
        ([*ONE, "--scheduler", "tcp://127.0.0.1:9"], 69, "cannot reach the Dask scheduler at tcp://127.0.0.1:9"),
        ([*ONE, "--resource", "GPU=1"], 69, "a task needs GPU=1"),
    ]:
        found, output, complaint = run("run", "--engine", "dask", *words, "--", "echo", "{}", ":::", "a", folder=folder)
        expect(found == status and said in complaint and not output, found, complaint)
    status, _, complaint = run("run", "--engine", "dask", *ONE, "--", "no-such-program", "{}", ":::", "a", folder=folder)
    expect(status == 1 and "cannot start “no-such-program”" in complaint, status, complaint)


def dask_survives_a_task_that_kills_its_worker(folder):
    """It fails with the reason; all others are done."""
    # The task's grandparent is the worker: a shell's parent is the runner.
    kill = 'if [ "$1" = 5 ]; then kill -9 $(cut -d" " -f4 /proc/$PPID/stat); sleep 5; fi; echo "$1"'
    status, output, complaint = run(
        "run", "--engine", "dask", *ONE, "--workers", 2, "--", "sh", "-c", kill, "sh", "{}", ":::", *range(12), folder=folder,
    )  # fmt: skip
    expect(status == 1 and "killed its worker again and again" in complaint, status, complaint)
    expect(sorted(output.split(), key=int) == [str(index) for index in range(12) if index != 5], output)


def slurm_reports_retries_and_resumes(folder):
    """An array job of 200 tasks with a failing one: reported, tried again, and done when its cause is gone."""
    with Slurm(folder / "slurm", 4):
        task = ["sh", "-c", f"echo {{}}; [ {{}} != 77 ] || [ -e {folder}/cure ]"]
        words = ["run", "--engine", "slurm", "--shared-folder", folder, "--journal", folder / "j"]
        status, output, complaint = run(*words, "--retries", 1, "--", *task, ":::", *range(200), folder=folder)
        expect(status == 1 and "exited with status 1 after 2 attempts" in complaint, status, complaint)
        expect(sorted(map(int, output.split())) == list(range(200)), output)
        (folder / "cure").touch()
        status, output, complaint = run(*words, "--resume-failed", "--", *task, ":::", *range(200), folder=folder)
        expect(status == 0 and output == "77\n", status, output, complaint)
        expect(not list(folder.glob("advisor-slurm-*")))


def slurm_gives_back_what_an_interrupt_leaves(folder):
    """Ctrl-C cancels what has not started, and leaves the queue empty."""
    with Slurm(folder / "slurm", 2):
        words = ["run", "--engine", "slurm", "--shared-folder", folder, "--journal", folder / "j", "--", "sleep", "{}", ":::"]
        process = start(*words, *[f"1.{index}" for index in range(10, 40)], folder=folder)
        wait_for(lambda: len(lines(folder / "j")) > 2)
        process.send_signal(signal.SIGINT)
        status, _, complaint = finish(process, 30)
        expect(status == 130, status, complaint)
        expect(3 <= len(lines(folder / "j")) < 30, lines(folder / "j"))
        queue = subprocess.run(["squeue", "--noheader", "--states=PENDING,RUNNING"], capture_output=True, text=True).stdout
        expect(not queue.strip(), queue)


class Slurm:
    def __init__(self, folder, nodes):
        self.folder, self.nodes = folder, nodes

    def __enter__(self):
        subprocess.run([SCRIPTS / "start-slurm.sh", str(self.nodes), self.folder], check=True)
        os.environ["SLURM_CONF"] = str(self.folder / "slurm.conf")

    def __exit__(self, *_):
        for pid in (self.folder / "pids").read_text().split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass


def main():
    tests = [value for name, value in globals().items() if name.startswith(("dask_", "slurm_"))]
    wanted = sys.argv[3:]
    failed = 0
    for test in tests:
        if wanted and not any(name in test.__name__ for name in wanted):
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="advisor-engines-") as folder:
            try:
                test(pathlib.Path(folder))
                print(f"✔ {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
            except Exception as error:
                failed += 1
                print(f"✘ {test.__name__}: {type(error).__name__}: {str(error)[-1500:]}", flush=True)
    sys.exit(1 if failed else 0)


main()
