"""Claims about `advisor run -- COMMAND`: what a task costs, and how good the number of workers is that it finds."""
import os
import pathlib
import shlex
import shutil
import subprocess
import threading
import time

from pair import HERE, Pair, Side, compile_c, quartiles

MEMORY_GROUPS = pathlib.Path("/sys/fs/cgroup/memory")


def shell(line):
    return ["sh", "-c", line]


def dispatch(advisor):
    """2,000 times /bin/true, the whole process, against what people type and against the plainest loop in C."""
    loop = compile_c("spawn_pool")
    claims = []
    for workers in (2, 8, 32):
        ours = Side("advisor run", shell(f"seq 2000 | {advisor} run --workers {workers} -- /bin/true"))
        rivals = [
            (Side("xargs -P", shell(f"seq 2000 | xargs -P {workers} -n 1 /bin/true")), 1.0, 9),
            (Side("a C posix_spawn loop", [loop, 2000, workers]), 1.15, 9),
        ]
        if shutil.which("parallel"):
            line = f"seq 2000 | parallel --will-cite -j {workers} /bin/true"
            rivals.append((Side("GNU parallel", shell(line)), 0.1, 3))
        for rival, goal, repeats in rivals:
            claims.append(Pair(f"dispatch, {workers} workers, against {rival.name}", ours, rival, goal, repeats=repeats))
    return claims


def follow(pid, peaks):
    """Notes the most that a process has had resident, in bytes, until it ends: rusage begins with this program's own peak."""
    while True:
        try:
            words = pathlib.Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()
        except OSError:
            return
        if not words:
            return
        peaks.append(int(words[0]) * 1024)
        time.sleep(0.05)


class ManyInputs:
    """What a task costs where there are very many, by what it costs among 1,000 of them; and the runner's memory.

    Few are run before and after the many, ten times each: one run of many takes minutes.
    """

    FEW = 1000
    MOST_BYTES = 64 << 20

    def __init__(self, advisor, count, *options):
        self.advisor, self.count, self.options = advisor, count, options
        self.name = " ".join([f"a task of {count:,} by one of {self.FEW:,}", *options])

    def run(self, count):
        """Seconds a task, and the runner's own peak memory in bytes."""
        feed = subprocess.Popen(["seq", str(count)], stdout=subprocess.PIPE)
        command = [self.advisor, "run", "--workers", "8", "--no-history", *self.options, "--", "/bin/true"]
        start = time.perf_counter()
        runner = subprocess.Popen(command, stdin=feed.stdout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        feed.stdout.close()
        peaks = []
        watch = threading.Thread(target=follow, args=(runner.pid, peaks))
        watch.start()
        status = runner.wait()
        seconds = time.perf_counter() - start
        watch.join()
        feed.wait()
        if status != 0:
            raise RuntimeError(f"{command}: status {status}")
        return seconds / count, max(peaks, default=0)

    def measure(self):
        few = [self.run(self.FEW)[0] for _ in range(10)]
        many, peak = self.run(self.count)
        few += [self.run(self.FEW)[0] for _ in range(10)]
        ratios = quartiles([many / seconds for seconds in few])
        return {
            "name": self.name, "ours": "advisor run", "theirs": f"{self.FEW:,} inputs", "goal": 1.1, "ratio": ratios,
            "secondsPerTask": many, "peakBytes": peak, "maxBytes": self.MOST_BYTES,
            "met": ratios["median"] <= 1.1 and peak < self.MOST_BYTES,
        }


class Job:
    """A command over inputs, of which xargs' best -P is found by trying."""

    def __init__(self, name, command, inputs, candidates, limit=None):
        self.name, self.command, self.inputs, self.candidates = name, command, inputs, candidates
        self.prefix = f"echo $$ > {limit}/cgroup.procs && " if limit else ""

    def side(self, name, runner):
        source = f"printf '%s\\n' {self.inputs}" if isinstance(self.inputs, str) else f"seq {self.inputs}"
        return Side(name, shell(f"{self.prefix}{source} | {runner} {self.command}"))

    def xargs(self, workers):
        return self.side(f"xargs -P {workers}, the best", f"xargs -P {workers} -n 1")

    def best(self):
        """The fastest of two runs each; a number with which tasks are lost is none."""
        times = {}
        for workers in self.candidates:
            try:
                times[workers] = min(self.xargs(workers).seconds() for _ in range(2))
            except RuntimeError:
                continue
        return self.xargs(min(times, key=times.get))

    def pair(self, advisor):
        ours = self.side("advisor run", f"{advisor} run --")
        return Pair(f"workers found: {self.name}", ours, self.best(), goal=1.10, repeats=5)


def memory_group(limit):
    """A cgroup with a memory limit; None where none can be made."""
    group = MEMORY_GROUPS / "advisor-bench"
    try:
        group.mkdir(exist_ok=True)
        (group / "memory.limit_in_bytes").write_text(str(limit))
    except OSError:
        return None
    return group


def text_files(count, size):
    folder = HERE / ".build" / "files"
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        path = folder / f"{index}.txt"
        if not path.exists():
            path.write_bytes(os.urandom(size // 4).hex().encode() * 2)
    return folder


def jobs():
    task = compile_c("task")
    files = text_files(500, 200_000)
    powers = [1, 2, 3, 4, 8, 16, 32, 64, 128, 200]
    yield Job("200 × sleep 50 ms", "sh -c 'sleep 0.05'", 200, powers[3:])
    yield Job("16 × 0.3 s of CPU", f"{task} 0.3 0 0", 16, powers[:6])
    yield Job("gzip of 500 files", "gzip -kf", f"{shlex.quote(str(files))}/*.txt", powers[:7])
    yield Job("100 × 20 ms of CPU and 80 ms of waiting", f"sh -c '{task} 0.02 0.08'", 100, powers[1:9])
    group = memory_group(4 << 30)
    if group:
        yield Job("8 × 1.5 GiB under a limit of 4 GiB", f"sh -c '{task} 0 0.5 1610612736'", 8, powers[:5], group)


def pairs(advisor, only=""):
    """Searching for the best -P takes long: it is left out where the names asked for cannot match."""
    claims = dispatch(advisor)
    claims += [ManyInputs(advisor, 100_000, "--keep-order"), ManyInputs(advisor, 1_000_000)]
    return claims + [job.pair(advisor) for job in jobs() if only in f"workers found: {job.name}"]
