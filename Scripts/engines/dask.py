"""Dask as it is used: functions, certificates, calibration and emitted scripts."""

import http.server
import json
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

from .clusters import cluster_of_our_own, end
from .trial import (
    ONE, PROGRAM, PYTHON, SCRIPTS, descendants, expect, finish, is_alive, is_calibrated, lines, run, start, wait_for, words_of,
)  # fmt: skip


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
