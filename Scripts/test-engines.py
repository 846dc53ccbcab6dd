#!/usr/bin/env python3
"""Tries the engines for real: Dask and Slurm on this machine, with what can go wrong.

usage: test-engines.py PROGRAM PYTHON_WITH_DASK [NAME…]
"""

import collections
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

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


def end(cluster):
    for one in cluster:
        one.kill()
        one.wait()


def cluster_of_our_own(folder, host="127.0.0.1", secrets=()):
    file = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "scheduler.json"

    def spawn(name, *words):
        return subprocess.Popen(
            [PYTHON, "-m", f"distributed.cli.{name}", *words, *secrets], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    scheduler = spawn("dask_scheduler", "--host", host, "--port", "0", "--no-dashboard", "--no-show",
                      "--scheduler-file", str(file))  # fmt: skip
    all = [scheduler] + [
        spawn("dask_worker", "--scheduler-file", str(file), "--host", host, "--nthreads", "1", "--no-nanny",
              "--no-dashboard", "--local-directory", str(folder)) for _ in range(2)
    ]  # fmt: skip
    wait_for(file.exists)
    time.sleep(0.2)
    return json.loads(file.read_text())["address"], all


def dask_names_what_is_wrong(folder):
    """No Python, no Dask, no scheduler, no such resource, no such program: each is named, and nothing hangs."""
    quiet = type("Quiet", (http.server.BaseHTTPRequestHandler,), {"log_message": lambda *_: None})
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), quiet)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    mute = socket.create_server(("127.0.0.1", 0))
    for words, status, said in [
        (["--interpreter", "no-such-python"], 69, "no Python “no-such-python”"),
        (["--interpreter", "/usr/bin/python3"], 69, "cannot import dask.distributed"),
        ([*ONE, "--scheduler", "tcp://127.0.0.1:9"], 69, "cannot reach the Dask scheduler at tcp://127.0.0.1:9"),
        ([*ONE, "--scheduler", f"tcp://127.0.0.1:{web.server_port}"], 69, "has not answered as one for 15 s"),
        ([*ONE, "--scheduler", f"tcp://127.0.0.1:{mute.getsockname()[1]}"], 69, "has not answered as one for 15 s"),
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


def dask_calls_functions_and_does_built_in_jobs(folder):
    """Functions over JSON values and tasks of a job, on a scheduler of others' with a module that is uploaded."""
    (folder / "words_there.py").write_text("def double(x):\n    return 2 * x if x != 3 else 1 / 0\n")
    address, cluster = cluster_of_our_own(folder)
    there = ["--engine", "dask", *ONE, "--scheduler", address]
    words = ["run", *there]
    status, output, complaint = run(
        "map", "words_there:double", *there, "--upload", "words_there.py", "--", ":::", *range(6), folder=folder)  # fmt: skip
    expect(status == 1 and "ZeroDivisionError" in complaint, status, complaint)
    expect(sorted(map(int, output.split())) == [0, 2, 4, 8, 10], output)
    status, _, complaint = run(*words, "--job", "cpu:40x1e5", "--journal", "j", folder=folder)
    expect(status == 0 and "40 of 40 tasks done" in complaint, status, complaint)
    status, _, complaint = run(*words, "--job", "cpu:40x1e5", "--journal", "j", "--resume", folder=folder)
    expect(status == 0 and "40" in complaint, status, complaint)
    end(cluster)


def dask_functions_fail_alone(folder):
    """Whatever a function raises, prints or forks, every other call has its own result."""
    (folder / "odd.py").write_text(
        "import os, sys\n"
        "class Mute(Exception):\n    def __str__(self): raise RuntimeError\n"
        "def act(x):\n"
        "    if x == 1: raise ValueError('bad \\udcff name')\n"
        "    if x == 2: raise Mute()\n"
        "    if x == 3: raise KeyboardInterrupt\n"
        "    if x == 4: os._exit(3)\n"
        "    if x == 5: os.fork()\n"
        "    if x == 6: sys.stdout.close()\n"
        "    if x == 7: return '\\udcff'\n"
        "    return x\n")  # fmt: skip
    status, output, complaint = run(
        "map", "odd:act", "--engine", "dask", *ONE, "--workers", 2, "-k", "--", ":::", *range(12), folder=folder)  # fmt: skip
    expect(status == 1 and "4 failed" in complaint, status, complaint)
    expect(output.split() == ["0", "5", "6", '"\\udcff"', "8", "9", "10", "11"], output)
    for words in ("bad \\udcff name", "Mute", "KeyboardInterrupt", "status 3"):
        expect(words in complaint, words, complaint)


def dask_listens_to_this_machine_alone(folder):
    """No port beyond loopback, and no web page; nothing of the folder that it runs in is executed."""
    for name in ("asyncio", "json", "random", "runpy", "distributed", "click", "logging"):
        (folder / f"{name}.py").write_text(f"open({str(folder / 'ran')!r}, 'a').write('{name} ')\n")
    process = start("run", "--engine", "dask", *ONE, "--workers", 2, "--", "sleep", "{}", ":::", 6, 6, folder=folder)
    wait_for(lambda: sum("sleep 6" in words_of(pid) for pid in descendants(process.pid)) >= 2)
    table = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout.splitlines()
    ours = {f"pid={pid}," for pid in descendants(process.pid)}
    ports = [line.split()[3] for line in table if any(pid in line for pid in ours)]
    expect(ports and all(port.startswith("127.0.0.1:") for port in ports), ports)
    for port in ports:
        for page in ("info/main/workers.html", "metrics", "status", "health", "json/identity.json"):
            try:
                urllib.request.urlopen(f"http://{port}/{page}", timeout=3)
            except (urllib.error.HTTPError, OSError):
                continue
            raise AssertionError(f"{port} shows {page}")
    status, _, complaint = finish(process)
    expect(status == 0 and not (folder / "ran").exists(), status, complaint, lines(folder / "ran"))


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


def dask_keeps_to_its_certificates(folder):
    """Over TLS with a throwaway authority; with another's certificate, or none, nothing is run."""

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    for name in ("ca", "other"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj",
                f"/CN={name}", "-days", "2")  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "c.csr", "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", "c.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "cert.pem", "-days", "2")
    secrets = ["--tls-ca-file", "ca.pem", "--tls-cert", "cert.pem", "--tls-key", "key.pem"]
    address, cluster = cluster_of_our_own(folder, "tls://127.0.0.1", secrets)
    expect(address.startswith("tls://"), address)
    for authority, certificate, key, status, said in [
        ("ca.pem", "cert.pem", "key.pem", 0, ""),
        ("other.pem", "other.pem", "other.key", 69, "TLS certificate does not match"),
        ("none.pem", "cert.pem", "key.pem", 64, "none.pem cannot be read"),
    ]:
        found, output, complaint = run(
            "run", "--engine", "dask", *ONE, "--scheduler", address, "--tls-ca", authority, "--tls-cert", certificate, "--tls-key",
            key, "--", "echo", "{}", ":::", "a", folder=folder)  # fmt: skip
        expect(found == status and said in complaint and bool(output) == (status == 0), found, output, complaint)
    end(cluster)


def dask_is_calibrated(folder):
    """Its costs are kept in the profile, and advice says from what size of job on it pays."""
    is_calibrated(folder, "dask", [*ONE, "--workers", "2"])


def dask_costs_are_those_of_its_address(folder):
    """What was measured at a scheduler is what a run on it is predicted by; the workers' rate to a source of data with it."""
    address, cluster = cluster_of_our_own(folder)
    server = subprocess.Popen([PROGRAM, "__serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{int(server.stdout.readline())}/bytes/1000000"
    costs = is_calibrated(folder, "dask", [*ONE, "--scheduler", address, "--io-url", url])
    expect(costs["address"] == address and costs["isUp"] and costs["sourceBytesPerSecond"]["value"] > 1e6, costs)
    status, output, complaint = run(
        "run", "--engine", "dask", *ONE, "--scheduler", address, "--job", "cpu:2000x100", "--profile", folder / "profile.json",
        "--json", folder=folder)  # fmt: skip
    record = json.loads(output)
    expect(status == 0 and record["plan"]["engine"] == f"dask at {address}", complaint)
    expect(record["predicted"] and record["plan"]["chunk"] > 100, record)
    server.stdin.close()
    end(cluster)


def dask_calibration_can_be_interrupted(folder):
    """Ctrl-C at any time: what was measured is kept or the profile stays as it was, and no daemon is left."""
    profile = folder / "profile.json"
    for seconds in (0.3, 3, 8):
        shutil.copy(SCRIPTS.parent / "profiles" / "amd-epyc-vm-2cpu.json", profile)
        process = start("calibrate", "--engine", "dask", *ONE, "--output", profile, folder=folder)
        time.sleep(seconds)
        started = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        status, _, complaint = finish(process, 20)
        expect(status == 130, status, complaint)
        json.loads(profile.read_text())
        status, _, complaint = run("recommend", "--job", "cpu:100x10ms", "--profile", profile, folder=folder)
        expect(status == 0, status, complaint)
        wait_for(lambda: not any(is_alive(pid) for pid in started), 10)


def is_calibrated(folder, name, words):
    profile = folder / "profile.json"
    shutil.copy(SCRIPTS.parent / "profiles" / "amd-epyc-vm-2cpu.json", profile)
    status, output, complaint = run(
        "calibrate", "--engine", name, *words, "--level", "quick", "--output", profile, "--json", folder=folder)  # fmt: skip
    expect(status == 0, status, complaint)
    costs = json.loads(output)
    expect(costs == json.loads(profile.read_text())["engines"][0], costs)
    for cost in ("readySeconds", "firstTaskSeconds", "taskSeconds", "uploadBytesPerSecond", "downloadBytesPerSecond"):
        expect(costs[cost]["low"] <= costs[cost]["value"] <= costs[cost]["high"] and costs[cost]["value"] > 0, cost, costs[cost])
    expect(any("probe" in worker for worker in costs["workers"]), costs["workers"])
    status, output, complaint = run("recommend", "--job", "cpu:100x10ms", "--profile", profile, folder=folder)
    expect(status == 0 and f"Stay on one machine: {name}" in output, output, complaint)
    return costs


def dask_scripts_do_the_job(folder):
    """The emitted client program prints what the tasks print, and fails as one of them does."""
    status, script, complaint = run(
        "plan", "script", "--engine", "dask", "--chunk", 3, "--workers", 2, "--", "sh", "-c",
        "echo did {}; [ {} != 7 ]", ":::", *range(10), folder=folder)  # fmt: skip
    expect(status == 0, status, complaint)
    (folder / "job.py").write_text(script)
    done = subprocess.run([PYTHON, "job.py"], cwd=folder, capture_output=True, text=True, timeout=60)
    expect(done.returncode == 1 and "ended with status 1" in done.stderr, done.stderr)
    expect(sorted(done.stdout.splitlines()) == [f"did {index}" for index in range(10)], done.stdout)


def dask_scripts_call_functions(folder):
    """A call that fails, or ends its worker, fails alone in the emitted client program."""
    (folder / "odd.py").write_text(
        "import os\ndef act(x):\n    if x == 2: raise SystemExit(3)\n    if x == 4: os._exit(0)\n    return x\n")  # fmt: skip
    status, script, complaint = run(
        "plan", "script", "--engine", "dask", "--chunk", 3, "--workers", 2, "--function", "odd:act", "--", ":::",
        *range(9), folder=folder)  # fmt: skip
    expect(status == 0, status, complaint)
    (folder / "job.py").write_text(script)
    done = subprocess.run([PYTHON, "job.py"], cwd=folder, capture_output=True, text=True, timeout=120)
    expect(done.returncode == 1 and "SystemExit: 3" in done.stderr, done.stderr)
    expect(sorted(done.stdout.split()) == ["0", "1", "3", "5", "6", "7", "8"], done.stdout, done.stderr)


def slurm_scripts_do_the_job(folder):
    """The emitted array script, as sbatch takes it."""
    with Slurm(folder / "slurm", 2):
        status, script, complaint = run(
            "plan", "script", "--engine", "slurm", "--chunk", 3, "--", "sh", "-c", "echo did {}; [ {} != 7 ]",
            ":::", *range(10), folder=folder)  # fmt: skip
        expect(status == 0, status, complaint)
        (folder / "job.sh").write_text(script)
        done = subprocess.run(["sbatch", "--wait", "job.sh"], cwd=folder, capture_output=True, text=True, timeout=60)
        expect(done.returncode == 1, done.returncode, done.stderr)
        printed = [line for path in folder.glob("advisor-*.out") for line in lines(path)]
        expect(sorted(printed) == [f"did {index}" for index in range(10)], printed)


def slurm_scripts_call_functions(folder):
    """A call that fails, or ends its interpreter, fails alone in its array task."""
    (folder / "odd.py").write_text(
        "import os\ndef act(x):\n    if x == 2: raise ValueError('bad \\udcff')\n    if x == 4: os._exit(0)\n    return x\n")  # fmt: skip
    with Slurm(folder / "slurm", 2):
        status, script, complaint = run(
            "plan", "script", "--engine", "slurm", "--chunk", 9, "--function", "odd:act", "--", ":::",
            *range(9), folder=folder)  # fmt: skip
        expect(status == 0, status, complaint)
        (folder / "job.sh").write_text(script)
        done = subprocess.run(["sbatch", "--wait", "job.sh"], cwd=folder, capture_output=True, text=True, timeout=60)
        printed = [line for path in folder.glob("advisor-*.out") for line in lines(path)]
        expect(done.returncode == 1 and any("bad" in line for line in printed), done.returncode, printed)
        expect([line for line in printed if line.isdigit()] == list("0135678"), printed)


def slurm_is_calibrated(folder):
    with Slurm(folder / "slurm", 2):
        is_calibrated(folder, "slurm", ["--shared-folder", folder])


def slurm_forgets_a_run_that_was_killed(folder):
    """The next run cancels the jobs of one that was killed, and removes its folder."""
    with Slurm(folder / "slurm", 2):
        words = ["run", "--engine", "slurm", "--shared-folder", folder, "--"]
        process = start(*words, "sleep", "{}", ":::", 300, 301, 302, 303, folder=folder)
        wait_for(queue)
        process.kill()
        process.communicate()
        expect(queue() and list(folder.glob("advisor-slurm-*")))
        status, output, complaint = run(*words, "echo", "{}", ":::", 1, folder=folder)
        expect(status == 0 and output == "1\n" and "a run that was killed had left 1 job" in complaint, status, complaint)
        wait_for(lambda: not queue(), 20)
        expect(not list(folder.glob("advisor-slurm-*")))


def slurm_survives_a_killed_node(folder):
    """Slurm puts the tasks of a node whose daemon is gone back into its queue; none is lost, each is reported once."""
    with Slurm(folder / "slurm", 3):
        words = ["run", "--engine", "slurm", "--shared-folder", folder, "--", "sh", "-c", "sleep 1; echo {}", ":::"]
        process = start(*words, *range(16), folder=folder)
        wait_for(queue)
        time.sleep(2)
        os.kill(int((folder / "slurm" / "pids").read_text().split()[-1]), signal.SIGKILL)
        status, output, complaint = finish(process, 180)
        expect(status == 0 and sorted(map(int, output.split())) == list(range(16)), status, complaint, output)


def queue():
    words = ["squeue", "--noheader", "--states=PENDING,RUNNING"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip()


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
        expect(not queue(), queue())


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
