"""Dask schedulers that advisor has not started, and workers of those that it has."""

import json
import pathlib
import subprocess
import tempfile
import time

from .trial import PYTHON, descendants, wait_for, words_of


def workers(of):
    return [pid for pid in descendants(of) if "cli.dask_worker" in words_of(pid)]


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
