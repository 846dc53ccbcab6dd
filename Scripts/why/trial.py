"""Runs settings: the programs are compiled, their files made, and each command is timed alone or below `advisor why`."""

import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import time

from why import surroundings as around

PROGRAMS = pathlib.Path(__file__).parent / "programs"
LONGEST = 60  # Seconds, of any one run.


def prepare(scratch):
    """Compiles the programs into the scratch folder, and makes the files that they read; all of it another user may use."""
    disk = scratch / "disk"
    disk.mkdir(parents=True, exist_ok=True)
    scratch.chmod(0o755)
    disk.chmod(0o777)
    (scratch / "lockfile").touch(mode=0o666)
    (scratch / "lockfile").chmod(0o666)
    for source in PROGRAMS.glob("*.c"):
        words = ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-fopenmp", "-o", scratch / source.stem, source]
        subprocess.run(words, check=True)
    chance = random.Random(1)
    make(disk / "data", lambda: chance.randbytes(64 << 20))
    make(scratch / "text", lambda: b"".join(b"%d words of line %d\n" % (chance.getrandbits(20), line) for line in range(1_200_000)))
    os.sync()


def calibrate(program, scratch):
    """Measures this machine, which memory bandwidth and estimates are held against, for all users; ADVISOR_PROFILE may name a profile."""
    if "ADVISOR_PROFILE" not in os.environ:
        file = scratch / "profile.json"
        subprocess.run([program, "calibrate", "--output", file], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        file.chmod(0o644)
        os.environ["ADVISOR_PROFILE"] = str(file)


def make(path, content):
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_bytes(content())
        part.rename(path)


def others_cpus():
    """A function that says how many CPUs were in use since now by what we have not started, once all that we started has been awaited."""

    def used():
        all_of_it = sum(int(word) for word in pathlib.Path("/proc/stat").read_text().split()[1:4]) / os.sysconf("SC_CLK_TCK")
        own = os.times()
        return all_of_it - own.user - own.system - own.children_user - own.children_system

    began, before = time.monotonic(), used()
    return lambda: max(0, used() - before) / (time.monotonic() - began)


def as_user(name):
    """The words that run a command as that user; none for ourselves."""
    return ("setpriv", f"--reuid={name}", "--regid=nogroup", "--clear-groups") if name else ()


@contextlib.contextmanager
def started(setting, words, **streams):
    """Starts the words within the setting's surroundings, in a session of its own of which nothing is left."""
    with contextlib.ExitStack() as stack:
        stack.callback(around.end_all)
        prefix = stack.enter_context(setting.limit()) if setting.limit else ()
        stack.enter_context(around.beside(*setting.beside))
        process = subprocess.Popen([*prefix, *words], start_new_session=True, stdin=subprocess.DEVNULL, **streams)
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def timed(setting, user=None):
    """Seconds that the command takes by itself in its setting."""
    with started(setting, (*as_user(user), *setting.command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        began = time.monotonic()
        _, errors = process.communicate(timeout=LONGEST)
        seconds = time.monotonic() - began
    if process.returncode:
        raise RuntimeError(f"{' '.join(setting.command)} ended with {process.returncode}: {errors.strip()[-300:]}")
    return seconds


class Answer:
    """What `advisor why --json` said, with how it ended."""

    def __init__(self, status, output, errors):
        self.status, self.output, self.errors = status, output, errors
        try:
            self.document = json.loads(output)
        except ValueError:
            self.document = None

    def is_honest(self):
        """Ended by itself, with an answer or with a sentence that says why there is none."""
        return self.status >= 0 and self.status < 128 and bool(self.document or self.errors.strip())


def asked(program, setting, user=None, attaches=False, samples=None):
    """The answer of `advisor why` over the command, or over the process that runs it."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    why = (*as_user(user), program, "why", "--json", *(("--samples", str(samples)) if samples else ()))
    if not attaches:
        with started(setting, (*why, "--", *setting.command), **pipes) as process:
            output, errors = process.communicate(timeout=LONGEST)
            return Answer(process.returncode, output, errors)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with started(setting, (*as_user(user), *setting.command), **quiet) as process:
        time.sleep(0.3)
        done = subprocess.run([*why, str(process.pid), "--seconds", "2"], check=False, capture_output=True, text=True, timeout=LONGEST)
        return Answer(done.returncode, done.stdout, done.stderr)
