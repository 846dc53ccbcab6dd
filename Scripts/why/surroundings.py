"""What stands around a seeded program: cgroups with limits, neighbours, a slow server, swap. Each goes when its `with` ends."""

import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path("/sys/fs/cgroup")
IS_V2 = (ROOT / "cgroup.controllers").exists()


def base(controller):
    """The folder below which we make groups: version 1, our own group; version 2, the root, as ours may not have children."""
    if IS_V2:
        return ROOT
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        if controller in names.split(","):
            return ROOT / controller / path.lstrip("/")
    raise OSError(f"there is no cgroup controller “{controller}”")


def adopt():
    """Makes us the parent of all whose parents end, so that none is lost: PR_SET_CHILD_SUBREAPER."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def stat(pid):
    """The name of a process and its fields from the state on (proc_pid_stat(5))."""
    text = pathlib.Path("/proc", str(pid), "stat").read_text(errors="replace")
    return text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()


def children(parent):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if stat(pid)[1][1] == str(parent):
                yield int(pid)


def end_all():
    """Ends all that we have started, and what that has left: it becomes our child as its parents end."""
    while left := list(children(os.getpid())):
        end(left)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def end(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)


def remove(group):
    for _ in range(100):
        try:
            return group.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            with contextlib.suppress(OSError):
                end((group / "cgroup.procs").read_text().split())
            time.sleep(0.02)


@contextlib.contextmanager
def group(controller, *levels):
    """Nested groups, the outermost first, each with its files and their texts; gives the words that run a command in the innermost."""
    made, parent = [], base(controller)
    try:
        for depth, files in enumerate(levels):
            if IS_V2:
                (parent / "cgroup.subtree_control").write_text(f"+{controller}")
            parent = parent / f"advisor-why-{os.getpid()}-{depth}"
            parent.mkdir(exist_ok=True)
            made.append(parent)
            for file, text in files.items():
                (parent / file).write_text(str(text))
        yield ("sh", "-c", f'echo $$ > {parent}/cgroup.procs && exec "$@"', "-")
    finally:
        for path in reversed(made):
            remove(path)


def quota(cpus, period=100_000, below=False):
    """A quota of CPUs; with `below` it is that of the parent of the group that the command runs in."""
    share = round(cpus * period)
    v1 = {"cpu.cfs_period_us": period, "cpu.cfs_quota_us": share}
    files = {"cpu.max": f"{share} {period}"} if IS_V2 else v1
    return group("cpu", files, *([{}] if below else []))


def cpuset(cpus):
    mems = (base("cpuset") / ("cpuset.mems.effective" if IS_V2 else "cpuset.mems")).read_text().strip()
    return group("cpuset", {"cpuset.cpus": cpus, "cpuset.mems": mems})


def memory(megabytes):
    return group("memory", {"memory.max" if IS_V2 else "memory.limit_in_bytes": megabytes << 20})


def disk(folder, iops=None, bps=None):
    """A limit on reads and writes, or on bytes of each, a second, on the disk that holds the folder."""
    device = whole_disk(folder)
    if IS_V2:
        limits = {"riops": iops, "wiops": iops, "rbps": bps, "wbps": bps}
        words = " ".join(f"{key}={value}" for key, value in limits.items() if value)
        return group("io", {"io.max": f"{device} {words}"})
    unit, value = ("iops", iops) if iops else ("bps", bps)
    return group("blkio", {f"blkio.throttle.{way}_{unit}_device": f"{device} {value}" for way in ("read", "write")})


def whole_disk(folder):
    """The device number, as MAJOR:MINOR, of the disk that holds the folder; the kernel limits no partitions."""
    number = os.stat(folder).st_dev
    path = pathlib.Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    if not path.exists():
        raise OSError(f"“{folder}” lies on no disk that can be limited: name another folder")
    path = path.resolve()
    return ((path.parent if (path / "partition").exists() else path) / "dev").read_text().strip()


@contextlib.contextmanager
def beside(*commands):
    """Neighbours, each in a session of its own."""
    running = []
    try:
        for words in commands:
            running.append(subprocess.Popen(words, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL))  # fmt: skip
        yield
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def server(python, program, port):
    with beside((python, program, "serve", str(port))):
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def swap(folder, megabytes=512):
    file = folder / "swap"
    file.touch(mode=0o600)
    try:
        subprocess.run(["fallocate", "-l", f"{megabytes}M", file], check=True)
        subprocess.run(["mkswap", "-q", file], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["swapon", file], check=True)
        try:
            yield
        finally:
            subprocess.run(["swapoff", file], check=True)
    finally:
        file.unlink()
