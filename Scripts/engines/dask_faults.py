"""Dask with workers, schedulers and runs that end too early or stop."""

import os
import signal
import time

from .clusters import cluster_of_our_own, workers
from .trial import ONE, descendants, expect, finish, is_alive, lines, run, start, state_of, wait_for, words_of


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


def dask_removes_what_a_killed_run_left(folder):
    """Its folder stays behind a run that is killed; the next one removes it, and its own."""
    temporary = {**os.environ, "TMPDIR": str(folder)}
    left = lambda: list(folder.glob("advisor-dask-*"))
    process = start("run", "--engine", "dask", *ONE, "--", "sleep", "{}", ":::", 1238, folder=folder, env=temporary)
    wait_for(lambda: any("sleep 1238" in words_of(pid) for pid in descendants(process.pid)))
    process.kill()
    process.communicate()
    expect(len(left()) == 1, left())
    status, _, complaint = run("run", "--engine", "dask", *ONE, "--", "echo", "{}", ":::", 1, folder=folder, env=temporary)
    expect(status == 0 and not left(), complaint, left())


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


def dask_stops_by_job_control(folder):
    """Ctrl-Z stops the tasks too, for longer than each may take; continued, all are done once."""
    count = folder / "count"
    process = start(
        "run", "--engine", "dask", *ONE, "--workers", 2, "--timeout", 4, "--", "sh", "-c", f"sleep 0.4; echo {{}} >> {count}",
        ":::", *range(12), folder=folder, process_group=0,
    )  # fmt: skip
    tasks = lambda: [pid for pid in descendants(process.pid) if "sleep 0.4" in words_of(pid) and "python" not in words_of(pid)]
    wait_for(lambda: len(lines(count)) > 2)
    os.killpg(process.pid, signal.SIGTSTP)
    wait_for(lambda: tasks() and all(state_of(pid) == "T" for pid in [process.pid, *tasks()]))
    before = lines(count)
    time.sleep(5)
    expect(lines(count) == before, before, lines(count))
    os.killpg(process.pid, signal.SIGCONT)
    status, _, complaint = finish(process)
    expect(status == 0, status, complaint)
    expect(sorted(map(int, lines(count))) == list(range(12)), lines(count))


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


def dask_survives_a_task_that_kills_its_worker(folder):
    """It fails with the reason; all others are done."""
    # The task's grandparent is the worker: a shell's parent is the runner.
    kill = 'if [ "$1" = 5 ]; then kill -9 $(cut -d" " -f4 /proc/$PPID/stat); sleep 5; fi; echo "$1"'
    status, output, complaint = run(
        "run", "--engine", "dask", *ONE, "--workers", 2, "--", "sh", "-c", kill, "sh", "{}", ":::", *range(12), folder=folder,
    )  # fmt: skip
    expect(status == 1 and "killed its worker again and again" in complaint, status, complaint)
    expect(sorted(output.split(), key=int) == [str(index) for index in range(12) if index != 5], output)


def dask_goes_on_without_a_stopped_worker(folder):
    """A worker that no longer answers is given up after 15 s, and its tasks are done by the other one."""
    process = start(
        "run", "--engine", "dask", *ONE, "--workers", 2, "--", "sh", "-c", "sleep 0.1; echo {}", ":::", *range(100), folder=folder,
    )  # fmt: skip
    one = wait_for(lambda: workers(process.pid)[1:2])[0]
    time.sleep(3)
    os.kill(one, signal.SIGSTOP)
    status, output, complaint = finish(process, 120)
    expect(status == 0 and sorted(map(int, output.split())) == list(range(100)), status, complaint, output)
