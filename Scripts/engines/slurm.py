"""Slurm on this machine, its nodes daemons of our own."""

import os
import signal
import subprocess
import time

from .trial import SCRIPTS, expect, finish, is_calibrated, lines, run, start, wait_for


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


def queue():
    words = ["squeue", "--noheader", "--states=PENDING,RUNNING"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip()


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


def slurm_reports_retries_and_resumes(folder):
    """An array job of 200 tasks with a failing one: reported, tried again, and done when its cause is gone."""
    with Slurm(folder / "slurm", 4):
        task = ["sh", "-c", f"echo {{}}; [ {{}} != 77 ] || [ -e {folder}/cure ]"]
        words = ["run", "--engine", "slurm", "--shared-folder", folder, "--journal", folder / "j"]
        status, output, complaint = run(*words, "--retries", 2, "--", *task, ":::", *range(200), folder=folder)
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
