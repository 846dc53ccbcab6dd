"""The seeded programs: twelve causes of which each has three, and six healthy programs.

Each says what the first cause is, and has a remedy: the same work without the cause, which must be faster for the seed to be true. Where
it makes sense the work can be had with n threads too, and with the cause halved, to judge what `why` estimates.
"""

import contextlib
import dataclasses
import os
import pathlib
from collections.abc import Callable

from why import surroundings as around


@dataclasses.dataclass(frozen=True)
class Setting:
    """A command and what stands around it: `limit` gives, as a context, the words before the command; `beside` are its neighbours."""

    command: tuple
    limit: Callable | None = None
    beside: tuple = ()


@dataclasses.dataclass(frozen=True)
class Case:
    cause: str
    name: str
    setting: Setting
    remedy: Setting | None = None
    threads: Callable | None = None
    halved: Setting | None = None


class Seeds:
    """All cases, for this many CPUs, with the programs and the scratch files in these folders."""

    def __init__(self, programs: pathlib.Path, python: str, scratch: pathlib.Path, port: int):
        self.programs, self.scratch, self.port = programs, scratch, port
        self.python = python
        self.cpus = sorted(os.sched_getaffinity(0))
        self.n = len(self.cpus)

    def cases(self):
        kinds = (
            self.quotas, self.neighbours, self.hot_threads, self.serial_parts, self.interpreter_locks, self.locks, self.bandwidths,
            self.disks, self.networks, self.memories, self.spinners, self.affinities, self.healthy,
        )  # fmt: skip
        return [case for kind in kinds for case in kind()]

    def ours(self, program, *words):
        return tuple(str(word) for word in (self.scratch / program, *words))

    def script(self, program, *words):
        return tuple(str(word) for word in (self.python, self.programs / f"{program}.py", *words))

    def each(self, count, at_once, *words):
        """Processes of a command, a number of them at once."""
        return ("sh", "-c", f'seq {count} | xargs -P{at_once} -I{{}} "$@"', "-", *words)

    def team(self, threads, milliseconds, serial=0, rounds=1):
        return self.ours("team", threads, milliseconds, serial, rounds)

    def quotas(self):
        n = self.n

        def case(name, command, limit, threads=None):
            return Case("quota", name, Setting(command, limit), Setting(command), threads)

        limit = lambda: around.quota(0.5)
        yield case("half a CPU", self.team(n, 1500), limit, lambda k: Setting(self.team(k, 1500), limit))
        yield case("a third, short period", self.team(1, 1000), lambda: around.quota(0.33, 20_000))
        processes = self.each(12 * n, n, *self.team(1, 150))
        yield case("of an ancestor", processes, lambda: around.quota(n / 2, below=True))

    def neighbours(self):
        n, burner = self.n, self.team(1, 1_000_000)

        def case(name, command, *neighbours, threads=None):
            return Case("neighbour", name, Setting(command, beside=neighbours), Setting(command), threads)

        busy = (burner,) * n
        yield case("as many", self.team(n, 1600 * n), *busy, threads=lambda k: Setting(self.team(k, 1600 * n), beside=busy))
        yield case("twice as many", self.team(1, 1200), *busy, *busy)
        yield case("stress-ng", self.each(8 * n, n, *self.team(1, 150)), ("stress-ng", "--quiet", "--cpu", str(2 * n)))

    def hot_threads(self):
        n = self.n
        yield Case("hot thread", "end of a queue", Setting(self.ours("hot", 3, 600, 0.3, 5)), Setting(self.team(n, 3200)))
        table = "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < %d) SELECT sum(i %% 7) FROM t"
        query = ("sqlite3", ":memory:", table % 16_000_000)
        part = ("sqlite3", ":memory:", table % (16_000_000 // n))
        yield Case("hot thread", "sqlite3", Setting(query), Setting(self.each(n, n, *part)))
        zip_all = f"gzip -9 < {self.scratch}/text | wc -c"
        parts = f"for i in $(seq {n}); do split -n $i/{n} {self.scratch}/text | gzip -9 | wc -c & done; wait"
        yield Case("hot thread", "pipe into gzip", Setting(("sh", "-c", zip_all)), Setting(("sh", "-c", parts)))

    def serial_parts(self):
        n = self.n

        def case(name, command, remedy, threads):
            return Case("serial part", name, Setting(command), Setting(remedy), threads)

        for name, rounds in (("rounds of 40 ms", 100), ("one block", 1)):
            threads = lambda k, rounds=rounds: Setting(self.team(k, 4000, 40, rounds))
            yield case(name, self.team(n, 4000, 40, rounds), self.team(n, 4000, 0, rounds), threads)
        pool = lambda how, k: self.script("interpreter", "loop", how, k, 3500)
        yield case("pool of processes", pool("serial", n), pool("processes", n), lambda k: Setting(pool("serial", k)))

    def interpreter_locks(self):
        def case(kind, workers, items):
            pool = lambda how, k: Setting(self.script("interpreter", kind, how, k, items))
            return Case("interpreter lock", kind, pool("threads", workers), pool("processes", self.n), lambda k: pool("threads", k))

        yield case("loop", 2 * self.n, 2500)
        yield case("json", 8, 6000)
        yield case("mixed", 4, 3500)

    def locks(self):
        n = self.n

        def case(kind, workers, sections, hold, free):
            lock = lambda kind, k, hold: Setting(self.ours("lock", kind, k, sections, hold, free))
            return Case("lock", kind, lock(kind, workers, hold), lock("none", workers, hold), lambda k: lock(kind, k, hold),
                        lock(kind, workers, hold / 2))  # fmt: skip

        yield case("mutex", 2 * n, 50_000, 50, 12)
        yield case("rwlock", 4 * n, 160_000, 15, 4)

        def sections(k, hold):
            inside = f"flock {self.scratch}/lockfile {self.scratch}/team 1 {hold} 0 1; {self.scratch}/team 1 6 0 1"
            return Setting(self.each(90, k, "sh", "-c", inside))

        free = self.each(90, 2 * n, *self.team(1, 36))
        yield Case("lock", "flock", sections(2 * n, 30), Setting(free), lambda k: sections(k, 30), sections(2 * n, 15))

    def bandwidths(self):
        n = self.n

        def case(kind, passes):
            stream = lambda k, megabytes, count: Setting(self.ours("stream", kind, k, megabytes, count))
            return Case("memory bandwidth", kind, stream(n, 40, passes), stream(n, 0.125, passes * 320),
                        lambda k: stream(k, 40 * n / k, passes))  # fmt: skip

        yield case("triad", 360)
        yield case("copy", 450)
        yield case("sum", 340)

    def disks(self):
        folder = self.scratch / "disk"

        def case(name, command, **limits):
            limit = lambda times: Setting(command, lambda: around.disk(folder, **{unit: times * limits[unit] for unit in limits}))
            return Case("disk", name, limit(1), Setting(command), halved=limit(2))

        fio = ("fio", "--name=read", f"--filename={self.scratch}/disk/data", "--size=64M", "--rw=randread", "--bs=4k", "--direct=1",
               "--ioengine=psync", "--thread", "--io_size=1600k", "--norandommap")  # fmt: skip
        yield case("fio", fio, iops=130)
        yield case("sqlite3 commits", self.script("commits", folder / "rows", 30), iops=120)
        cold = ("sh", "-c", f"dd if={folder}/data iflag=nocache count=0 2>/dev/null; sha256sum {folder}/data")
        yield case("cold file", cold, bps=20 << 20)

    def networks(self):
        @contextlib.contextmanager
        def slow():
            with around.server(self.python, self.programs / "peer.py", self.port):
                yield ()

        def ask(k, requests, milliseconds):
            return Setting(self.script("peer", "ask", self.port, k, requests, milliseconds), slow)

        yield Case("network", "one after another", ask(1, 60, 45), ask(1, 60, 0), lambda k: ask(k, 60, 45))
        yield Case("network", "four threads", ask(4, 120, 90), ask(4, 120, 0), lambda k: ask(k, 120, 90))
        get = lambda late: ("curl", "-sSo", "/dev/null", f"http://127.0.0.1:{self.port}/{late}/1000000")
        yield Case("network", "curl", Setting(get(45), slow), Setting(get(0), slow))

    def memories(self):
        @contextlib.contextmanager
        def little(megabytes):
            with around.swap(self.scratch / "disk"), around.memory(megabytes) as words:
                yield words

        def case(name, command, limit):
            return Case("memory pressure", name, Setting(command, limit), Setting(command, lambda: around.memory(1024)))

        yield case("swap", self.ours("thrash", "-", 192, 50_000), lambda: little(96))
        yield case("pages of a file", self.ours("thrash", self.scratch / "disk" / "data", 64, 70_000), lambda: around.memory(32))
        yield case("table", self.script("table", 1_000_000, 30_000), lambda: little(128))

    def spinners(self):
        n = self.n

        def case(name, command):
            return Case("spinning threads", name, Setting(command(8 * n)), Setting(command(n)), lambda k: Setting(command(k)))

        yield case("barrier", lambda k: self.ours("spin", "barrier", k, 100, 20 * n))
        yield case("lock", lambda k: self.ours("lock", "spin", k, 6000 * n, 50, 30))
        yield case("polling", lambda k: self.ours("spin", "poll", k, 10, 50))

    def affinities(self):
        n, first = self.n, self.cpus[0]

        def case(name, command, remedy, limit=None):
            return Case("affinity", name, Setting(command, limit), Setting(remedy))

        team = self.team(n, 3000)
        yield case("taskset", ("taskset", "-c", str(first), *team), team)
        omp = lambda cpus: ("env", f"GOMP_CPU_AFFINITY={cpus}", f"OMP_NUM_THREADS={n}", *self.ours("loops", 30, 100))
        yield case("OpenMP places", omp(first), omp(" ".join(map(str, self.cpus))))
        processes = self.each(16, n, *self.team(1, 180))
        yield case("cpuset", processes, processes, lambda: around.cpuset(first))

    def healthy(self):
        n = self.n

        def case(name, command, limit=None, beside=()):
            return Case("none", name, Setting(tuple(command), limit, beside))

        yield case("all CPUs", self.team(n, 3000 * n, 0, 10))
        yield case("processes", self.each(20 * n, n, *self.team(1, 140)))
        yield case("openssl", ("openssl", "speed", "-seconds", "3", "-bytes", "16384", "-multi", str(n), "sha256"))
        yield case("on time", self.ours("tick", 3, 1, 50, 1))
        yield case("quota that does not bind", self.team(n, 3000 * n, 0, 10), lambda: around.quota(2 * n))
        # A session of its own is a group of its own to the scheduler, idle or not (sched(7), autogroup).
        idle = "echo 19 > /proc/self/autogroup; exec chrt -i 0 " + " ".join(self.team(1, 1_000_000))
        yield case("idle neighbour", self.team(n, 3000 * n, 0, 10), beside=(("sh", "-c", idle),))
