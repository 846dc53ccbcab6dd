"""What an engine's own client takes for the same tasks: client.map and gather on Dask, an array job on Slurm.

Both sides use one cluster that is up, and count from their start as programs until they end.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from pair import HERE, Pair, Side

CLIENT = HERE / "python" / "dask_client.py"
GOAL = 1.2


@contextlib.contextmanager
def dask(python, workers=2):
    """A scheduler with its workers; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "scheduler.json"
        common = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started = [subprocess.Popen(
            [python, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show",
             "--scheduler-file", file], **common)]
        try:
            started += [subprocess.Popen(
                [python, "-m", "distributed.cli.dask_worker", "--scheduler-file", file, "--host", "127.0.0.1", "--nthreads", "1",
                 "--no-nanny", "--no-dashboard", "--local-directory", folder], **common) for _ in range(workers)]
            wait = f"from distributed import Client; Client(scheduler_file='{file}').wait_for_workers({workers}, 60)"
            subprocess.run([python, "-c", wait], check=True, **common)
            yield json.loads(file.read_text())["address"]
        finally:
            for process in started:
                process.kill()
                process.wait()


@contextlib.contextmanager
def slurm(nodes=2):
    """Nodes on this machine; yields whether there is a Slurm to start."""
    if not shutil.which("slurmctld"):
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder) / "slurm"
        subprocess.run([HERE.parent / "Scripts" / "start-slurm.sh", str(nodes), home], check=True)
        os.environ["SLURM_CONF"] = str(home / "slurm.conf")
        try:
            yield pathlib.Path(folder)
        finally:
            for pid in (home / "pids").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.5)


def pairs(advisor, python, address, shared):
    there = ["--engine", "dask", "--scheduler", address, "--interpreter", python, "--no-history"]
    tasks = HERE / "python" / "engine_tasks.py"
    claims = []
    for name, kind, count, words in [
        ("2,000 functions that do nothing", "function", 2000, ["map", "engine_tasks:nothing", *there, "--upload", tasks, "--"]),
        ("1,000 times echo", "command", 1000, ["run", *there, "--", "echo", "{}"]),
        ("200 commands of 20 ms", "sleep", 200, ["run", *there, "--", "sh", "-c", "sleep 0.02", "sh", "{}"]),
    ]:
        numbers = [str(index) for index in range(count)]
        ours = Side(f"advisor {words[0]}", [advisor, *words, ":::", *numbers])
        theirs = Side("client.map and gather", [python, CLIENT, address, kind, count])
        claims.append(Pair(f"engine, Dask: {name}", ours, theirs, GOAL, repeats=7))
    if shared:
        by_hand = ["sbatch", "--wait", "--array=0-199", f"--output={shared}/%a.out", "--wrap", "echo $SLURM_ARRAY_TASK_ID"]
        ours = [advisor, "run", "--engine", "slurm", "--shared-folder", shared, "--no-history", "--", "echo", "{}", ":::"]
        claims.append(Pair(
            "engine, Slurm: 200 times echo", Side("advisor run", ours + [str(index) for index in range(200)]),
            Side("sbatch --array --wait", by_hand), GOAL, repeats=3))
    return claims
