"""The program `advisor`: where it is, and what it answers."""

from __future__ import annotations

import os
import sys


class Error(RuntimeError):
    """What the program refused, in its own words."""


def path() -> str:
    """The program: `$ADVISOR_PROGRAM`, the one installed with this package, or the first on PATH.

    Raises `Error` where there is none.
    """
    named = os.environ.get("ADVISOR_PROGRAM")
    if named:
        return named
    folders = [os.path.dirname(sys.executable or ""), *os.environ.get("PATH", os.defpath).split(os.pathsep)]
    # <prefix>/lib/python3.x/site-packages/advisor: beside lib lies bin, in a user's own site too.
    here = os.path.abspath(__file__)
    for _ in range(5):
        here = os.path.dirname(here)
    for folder in [os.path.join(here, "bin"), *folders]:
        candidate = os.path.join(folder, "advisor")
        if os.path.isabs(candidate) and os.access(candidate, os.X_OK) and os.path.isfile(candidate):
            return candidate
    raise Error("there is no program “advisor” on PATH: install it again, or name it in ADVISOR_PROGRAM")


def answer(*arguments: str) -> bytes:
    """What the program prints. Raises `Error` with its words where it refuses."""
    import subprocess

    try:
        done = subprocess.run([path(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise Error(f"cannot start {path()}: {error.strerror}") from None
    if done.returncode:
        raise Error(words(done.stderr) or f"advisor {arguments[0]} ended with status {done.returncode}")
    return done.stdout


def words(complaint: bytes) -> str:
    """The program's message, without the name before it."""
    text = complaint.decode(errors="replace").strip()
    for prefix in ("advisor: ", "Error: "):
        text = text[len(prefix) :] if text.startswith(prefix) else text
    return text


def cpus(kind: str | None = None) -> int:
    """How many workers may run here, as cgroups, cpusets, affinity and batch systems allow.

    `kind` says for what: "build", "barrier" or "server"; None is for tasks that compute.
    """
    return int(answer("cpus", *(["--for", kind] if kind else [])))


def version() -> str:
    try:
        from advisor._version import VERSION
    except ImportError:
        return "0+unpackaged"
    return VERSION
