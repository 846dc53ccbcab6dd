"""A cgroup that bounds memory, for scripts that run as root; cgroups of version 1 or 2."""
import contextlib
import os
import pathlib
import subprocess
import time


class Group:
    """A cgroup with so many bytes of memory."""

    def __init__(self, limit):
        base = pathlib.Path("/sys/fs/cgroup")
        self.is_first_version = (base / "memory").is_dir()
        self.path = (base / "memory" if self.is_first_version else base) / f"advisor-memory-{os.getpid()}"
        self.path.mkdir()
        if self.is_first_version:
            self.write("memory.limit_in_bytes", limit)
            with contextlib.suppress(OSError):
                self.write("memory.memsw.limit_in_bytes", limit)
        else:
            self.write("memory.max", limit)
            with contextlib.suppress(OSError):
                self.write("memory.swap.max", 0)

    def write(self, name, value):
        (self.path / name).write_text(str(value))

    def kills(self):
        name = "memory.oom_control" if self.is_first_version else "memory.events"
        return int(dict(line.split() for line in (self.path / name).read_text().splitlines())["oom_kill"])

    def run(self, words, **options):
        return subprocess.run(self.entering(words), **options)

    def entering(self, words):
        """The words that run a command in the group."""
        return ["sh", "-c", f'echo $$ > {self.path}/cgroup.procs && exec "$@"', "sh", *words]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _ in range(100):
            with contextlib.suppress(OSError):
                self.path.rmdir()
                return
            time.sleep(0.05)
