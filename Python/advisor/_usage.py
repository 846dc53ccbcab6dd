"""What processes use, as their clocks and /proc tell."""

from __future__ import annotations

import os
import resource
import time


def cpu_seconds(process: int) -> float:
    """Of all its threads, up to now: by the clock that Linux has for each process (clock_getcpuclockid); 0 once it has ended."""
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        pass
    try:
        with open(f"/proc/{process}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def cpu_seconds_of_ended_children() -> float:
    """Of those that this process has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def queued_seconds(process: int) -> float:
    """That its threads have waited for a CPU; 0 where the kernel does not count them."""
    return sum(int(text.split()[1]) for text in of_threads(process, "schedstat")) / 1e9


def is_on_cpu(process: int) -> bool:
    """Whether one of its threads is on a CPU, in the queue for one or stopped, as another process sees it."""
    return any(text.rpartition(")")[2].split()[0] in "RTt" for text in of_threads(process, "stat"))


def programs_of(process: int) -> list[int]:
    """Its children that run, and theirs; without this process and its own."""
    found = []
    for text in of_threads(process, "children"):
        for child in map(int, text.split()):
            if child != os.getpid():
                found += [child, *programs_of(child)]
    return found


def of_threads(process: int, name: str) -> list[str]:
    """The texts of /proc/PID/task/TID/NAME; none of threads that have ended."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/{name}") as file:
                found.append(file.read())
    except OSError:
        pass
    return found


def memory(process: int) -> tuple[int, int]:
    """Resident bytes: the most that there were, and those now; 0 of a process that has ended."""
    try:
        with open(f"/proc/{process}/status") as file:
            sizes = {line[:5]: int(line.split()[1]) << 10 for line in file if line.startswith(("VmHWM", "VmRSS"))}
        return sizes["VmHWM"], sizes["VmRSS"]
    except (OSError, KeyError):
        return 0, 0
