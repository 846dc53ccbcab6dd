"""Whether copies of this process pay, how many calls may be under way at once, and which calls are the program's."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import time
from collections import deque, namedtuple
from collections.abc import Iterable
from contextlib import suppress

from advisor import _program
from advisor._results import F_GETPIPE_SZ
from advisor._shared import Claims
from advisor._usage import cpu_seconds, cpu_seconds_of_ended_children, is_on_cpu, memory, programs_of, queued_seconds

#: Seconds of calls that a process makes by itself before it is asked whether help pays.
ALONE = 0.005
#: Seconds of calls below which it does not: what copies cost, where all goes wrong, is no small part of less.
START = 0.05
#: Seconds of a call that costs no more than the way of its result from another process.
SHORT = 1e-5
#: Values for each call that could be under way, below which a first one that is made before help is there would take over 5 % of
#: the time of all.
FEW = 20
#: Resident bytes of a process whose copy costs 10 ms: the kernel copies its page tables.
SMALL = 512 << 20
#: Seconds by which calls are judged, or half of those that there were.
WINDOW = 0.03
#: CPUs that a first call has used, above which it is no measure of the others.
WARM = 0.5
#: CPUs that a call uses, above which it does so in several threads.
PARALLEL = 1.1
#: The share of all CPUs that calls keep busy by themselves, above which nobody else could help.
BUSY = 0.75
#: Calls that are under way at once, where they wait; and how many times as many as before, each time that they are looked at.
MAX_AT_ONCE, GROWTH = 64, 32
#: Seconds of calls above which the program is worth its start: 1 % of it.
LONG = 2
#: Bytes that calls hold, above which its knowledge of the limits is.
MUCH = 64 << 20
#: Seconds of calls below which these stay with those who make them when the program is there.
REST = 0.015
#: Seconds of calls that are handed out in one piece: some twenty times what that takes.
PIECE = 0.004
SECONDS = struct.Struct("d")


class Look(namedtuple("Look", "seconds taken used busy programs")):
    """At processes: when, how many calls were taken, the CPU seconds that they have used, and have used or would have if they had not
    to wait for them; and those of programs that they have started."""


class Help:
    """For a process that takes calls from `claims` itself; asked there, or in a copy of it."""

    #: Whether copies make all calls, of which none can be made again.
    makes_all = False

    def __init__(self, claims: Claims):
        self.claims, self.caller = claims, os.getpid()
        self.cpus = len(os.sched_getaffinity(0))
        self.peak, self.held = memory(self.caller)
        # CPU seconds of programs that its calls have started and that have ended: only the caller knows, and notes them here.
        self.programs, self.before = os.memfd_create("programs"), cpu_seconds_of_ended_children()
        self.note()
        self.stands_by = False
        self.looks: deque[Look] = deque()
        self.begin()

    def begin(self) -> None:
        """Looks from here on; what was before is no measure of the calls."""
        self.looks.clear()
        self.began = self.look().seconds
        self.due = self.began + ALONE

    def close(self) -> None:
        os.close(self.programs)

    def comes_first(self, is_known_short: bool) -> bool:
        """Whether a copy is made before the first call: each is worth it where there are few, or where many might wait at once."""
        count = self.claims.count
        might_wait = count < FEW * MAX_AT_ONCE and self.held < SMALL and not is_known_short
        self.stands_by = count < FEW * self.cpus or might_wait
        return self.stands_by

    def watch(self) -> None:
        """In a copy that does so from now on."""
        if self.stands_by:
            # The making of the copy is no measure of the calls.
            self.begin()
        if self.cpus > 2:
            # Of so many, a container may have less.
            with suppress(_program.Error):
                self.cpus = min(self.cpus, _program.cpus())

    def note(self) -> None:
        """In the caller, which has ended calls."""
        os.pwrite(self.programs, SECONDS.pack(cpu_seconds_of_ended_children() - self.before), 0)

    def watched(self) -> list[int]:
        """The processes whose calls are looked at."""
        return [self.caller]

    def look(self) -> Look:
        now, use = time.perf_counter(), {process: (cpu_seconds(process), queued_seconds(process)) for process in self.watched()}
        used = busy = 0.0
        if self.looks:
            last = self.looks[-1]
            used, busy, wall = last.used, last.busy, now - last.seconds
            for process, (cpu, queued) in use.items():
                cpu, queued = (value - before for value, before in zip((cpu, queued), self.use.get(process, (0, 0))))
                used += cpu
                # The kernel adds a time in the queue for a CPU when it is over.
                busy += wall if cpu + queued < wall and self.is_held(process) else cpu + queued
        self.use = use
        self.looks.append(Look(now, self.claims.taken, used, busy, self.used_by_programs()))
        window = max(WINDOW, (now - self.looks[0].seconds) / 2)
        while len(self.looks) > 2 and self.looks[1].seconds < now - window:
            self.looks.popleft()
        return self.looks[-1]

    def is_held(self, process: int) -> bool:
        """Whether it would go on if it, or a program that it waits for, had a CPU, as another process sees it."""
        return os.getpid() != self.caller and any(map(is_on_cpu, (process, *programs_of(process))))

    def used_by_programs(self) -> float:
        """CPU seconds of those that calls have started."""
        (ended,) = SECONDS.unpack(os.pread(self.programs, SECONDS.size, 0))
        return ended + (self.running_programs() if os.getpid() != self.caller else 0)

    def running_programs(self) -> float:
        return sum(cpu_seconds(program) for process in self.watched() for program in programs_of(process))

    @property
    def left(self) -> int:
        return self.claims.count - self.claims.taken

    def mean(self) -> float:
        """Seconds from one call to the next; where one takes longer, that it takes at least."""
        first, last = self.looks[0], self.looks[-1]
        if last.taken > first.taken:
            return (last.seconds - first.seconds) / (last.taken - first.taken)
        return (last.seconds - self.began) / max(1, last.taken)

    def busy(self) -> float:
        """CPUs that the caller's calls use, or would use if they had not to wait for them, and those of programs that they run."""
        first, last = self.looks[0], self.looks[-1]
        seconds = last.seconds - first.seconds
        own, programs = (last.busy - first.busy) / seconds, (last.programs - first.programs) / seconds
        # A call and its program wait for each other, mostly.
        return max(own, programs, min(1, own + programs))

    def uses_threads(self) -> bool:
        """Whether the calls compute in threads of a library's own."""
        first, last = self.looks[0], self.looks[-1]
        return last.used - first.used > PARALLEL * (last.seconds - first.seconds)

    def room(self, at_once: int = 1) -> int:
        """How many calls more could be under way at once, by the CPUs that one of them uses."""
        busy, most = self.busy(), max(MAX_AT_ONCE, self.cpus)
        if busy > BUSY * self.cpus:
            return 0
        # What computes in several threads leaves what it does not use; what waits leaves room for its like.
        total = 1 + int(self.cpus - busy + 0.25) if busy > 1 else round(self.cpus / max(busy, self.cpus / most))
        return max(0, min(min(total, max(self.cpus, GROWTH * at_once)) - at_once, self.left))

    def is_due(self) -> bool:
        """Whether it is time to look again, and that it pays by then."""
        now = time.perf_counter()
        if now < self.due:
            return False
        self.look()
        if os.getpid() == self.caller and self.claims.taken == 1 and self.busy() > WARM:
            # It may have begun a library's threads, or imported: a copy watches the next one.
            self.looks.popleft()
            self.due = now + ALONE
            return self.mean() * self.left > START
        if self.pays():
            return True
        self.due = now + max(ALONE / 2, (now - self.began) / 5)
        return False

    def pays(self) -> bool:
        mean = self.mean()
        return mean > SHORT and mean * self.left > START and self.room() > 0

    def is_wanted(self, over: int) -> bool:
        """Waits until help pays; False where the caller ends before."""
        while not self.is_due():
            if not self.lasts(over, self.due - time.perf_counter()):
                return False
        return True

    def lasts(self, over: int, seconds: float, others: Iterable[int] = ()) -> bool:
        """Waits, no longer than until one of the `others` can be read; False where the caller closes the other end of `over`."""
        poll = select.poll()
        for descriptor in (over, *others):
            poll.register(descriptor, select.POLLIN)
        return over not in dict(poll.poll(max(0, 1000 * seconds)))

    def is_long(self, since: Look, at_once: int = 1) -> bool:
        """Whether what is left takes long, as calls have gone since then; as if those ended now that are under way at once."""
        now = self.looks[-1]
        return (now.seconds - since.seconds) * self.left > LONG * (now.taken - since.taken + at_once)

    def holds_much(self) -> bool:
        """Whether calls take so much memory that the number of their copies matters."""
        sizes = map(memory, self.watched())
        return any((peak if peak > self.peak else held) - self.held > MUCH for peak, held in sizes)

    def feed(self, values: int) -> None:
        """Takes all calls that are left, and writes them to the program: first and number of those that go in one piece.

        Where this would take as long as the calls, it takes none.
        """
        self.look()
        mean = self.mean()
        if mean * self.left < REST:
            return
        numbers = self.claims.take_all()
        # Enough pieces for all CPUs, and no more than the pipe holds.
        size = min(int(PIECE / mean), len(numbers) // (16 * self.cpus))
        line_bytes = 2 * len(str(numbers.stop)) + len("[, ]\n")
        size = max(1, size, -(-len(numbers) * line_bytes // fcntl.fcntl(values, F_GETPIPE_SZ)))
        lines = [f"[{first}, {min(size, numbers.stop - first)}]\n" for first in numbers[::size]]
        os.write(values, "".join(lines).encode())

