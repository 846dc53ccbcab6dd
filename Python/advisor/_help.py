"""Whether copies of this process pay, and which calls are theirs."""

from __future__ import annotations

import fcntl
import os
import select
import time

from advisor._results import F_GETPIPE_SZ
from advisor._shared import Claims

#: Seconds of calls that a process makes by itself before it is asked whether help pays.
ALONE = 0.005
#: Seconds of calls below which it does not: so long it takes until help is there.
START = 0.03
#: Seconds of a call that costs no more than the way of its result from another process.
SHORT = 1e-5
#: The share of all CPUs that calls keep busy by themselves, above which nobody else could help.
BUSY = 0.75
#: Looks at that, and the seconds between two.
LOOKS, BETWEEN = 5, 0.0005
#: Seconds of calls below which these stay with those who make them when the program is there.
REST = 0.015
#: Seconds of calls that are handed out in one piece: some twenty times what that takes.
PIECE = 0.004


class Help:
    """For a process that takes calls from `claims` itself. Made before it is copied, asked in the copy."""

    def __init__(self, claims: Claims):
        self.claims, self.caller = claims, os.getpid()
        self.first = time.perf_counter()
        self.look()

    def look(self) -> None:
        """Counts calls from now on: those before were slower, for an import or for the pages that are shared with a new copy."""
        self.began, self.before = time.perf_counter(), self.claims.taken

    def lasts(self, over: int, seconds: float) -> bool:
        """Waits; False where the caller closes the other end of `over` before."""
        poll = select.poll()
        poll.register(over, select.POLLIN)
        return not poll.poll(1000 * seconds)

    def is_wanted(self, over: int) -> bool:
        """Waits until help pays; False where the caller ends before."""
        pause = ALONE / 2
        self.first = time.perf_counter()
        while self.lasts(over, pause):
            if time.perf_counter() - self.first >= ALONE and self.pays():
                return True
            self.look()
            pause *= 1.2
        return False

    def pays(self) -> bool:
        """By what the last calls have taken: where a single one uses all CPUs, as products of matrices do, it does not."""
        mean = self.mean()
        return mean > SHORT and mean * (self.claims.count - self.claims.taken) > START and not fills_cpus(self.caller)

    def mean(self) -> float:
        """Seconds of a call, by the last ones; where one takes longer, that it takes at least."""
        taken, now = self.claims.taken, time.perf_counter()
        if taken > self.before:
            return (now - self.began) / (taken - self.before)
        return (now - self.first) / max(1, taken)

    def feed(self, values: int) -> None:
        """Takes all calls that are left, and writes them to the program: first and number of those that go in one piece.

        Where this would take as long as the calls, it takes none.
        """
        mean = self.mean()
        if mean * (self.claims.count - self.claims.taken) < REST:
            return
        numbers = self.claims.take_all()
        # Enough pieces for all CPUs, and no more than the pipe holds.
        size = min(int(PIECE / mean), len(numbers) // (16 * len(os.sched_getaffinity(0))))
        line_bytes = 2 * len(str(numbers.stop)) + len("[, ]\n")
        size = max(1, size, -(-len(numbers) * line_bytes // fcntl.fcntl(values, F_GETPIPE_SZ)))
        lines = [f"[{first}, {min(size, numbers.stop - first)}]\n" for first in numbers[::size]]
        os.write(values, "".join(lines).encode())

    def give_up(self) -> None:
        """Leaves the caller nothing to take."""
        self.claims.take_all()


def fills_cpus(process: int) -> bool:
    """By its threads that run or wait for a CPU: what they use is known only from one tick of the kernel to the next."""
    enough = BUSY * len(os.sched_getaffinity(0))
    running = 0
    for _ in range(LOOKS):
        states = _states(process)
        if len(states) < enough:
            return False
        running += states.count("R")
        time.sleep(BETWEEN)
    return running >= enough * LOOKS


def _states(process: int) -> list[str]:
    """Of its threads, as in /proc/PID/task/TID/stat; none of one that has ended."""
    states = []
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/stat") as file:
                states.append(file.read().rpartition(")")[2].split()[0])
    except OSError:
        pass
    return states
