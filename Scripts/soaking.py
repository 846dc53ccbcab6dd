"""What soak.py works with: a small disk, a server that breaks off, and a run that lasts throughout."""

import contextlib
import hashlib
import http.server
import os
import pathlib
import random
import statistics
import subprocess
import threading
import time

FILES = 24


class Failure(Exception):
    """What a soak must not show."""


class Clock(threading.Thread):
    """Seconds in which this script ran: it stands still while the script is stopped, and its runs with it."""

    TICK, LONGEST = 0.1, 1

    def __init__(self):
        super().__init__(daemon=True)
        self.seconds = 0
        self.start()

    def run(self):
        last = time.monotonic()
        while True:
            time.sleep(self.TICK)
            now = time.monotonic()
            self.seconds += min(now - last, self.LONGEST)
            last = now

    def wait(self, call, seconds, what):
        """What a process' `communicate` or `wait` returns."""
        end = self.seconds + seconds
        while self.seconds < end:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return call(timeout=1)
        raise Failure(f"{what} does not end")


@contextlib.contextmanager
def small_disk(path):
    """A disk of 1 MiB; None where this process may not mount one."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path]
    if subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        yield None
        return
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


class Site:
    """A server of files of all sizes, some of which break off in the middle now and then."""

    def __init__(self, folder):
        folder.mkdir()
        self.files = {}
        for number in range(FILES):
            contents = os.urandom(random.choice([0, 1, 1000, 300_000, 3_000_000]))
            (folder / f"file-{number}").write_bytes(contents)
            self.files[f"file-{number}"] = hashlib.sha256(contents).hexdigest()

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=folder)

            def log_message(self, *_):
                pass

            def copyfile(self, source, outputfile):
                if random.random() < 0.05:
                    outputfile.write(source.read(500))
                    self.close_connection = True
                else:
                    super().copyfile(source, outputfile)

            def handle(self):
                with contextlib.suppress(OSError):
                    super().handle()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Steady:
    """One run that lasts throughout: fed through a pipe, its tasks fail and are killed, its needs are watched."""

    def __init__(self, soak):
        self.soak, self.samples, self.written = soak, [], 0

    def __enter__(self):
        work = "case $1 in *7) kill -9 $$ ;; *3) exit 1 ;; *) head -c 2000 /dev/zero ;; esac"
        journal = self.soak.root / "steady-journal"
        arguments = ["run", "--inputs", "-", "--retries", "1", "--no-history", "--workers", "2", "--journal", journal]
        self.process = self.soak.start([*arguments, "--", "sh", "-c", work, "task", "{}"], marked=False, stdin=subprocess.PIPE)
        self.stopping = threading.Event()
        self.feeder = threading.Thread(target=self.feed, daemon=True)
        self.feeder.start()
        # What it says of its failed tasks must not fill the pipe.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        return self

    def feed(self):
        while not self.stopping.wait(0.5):
            for _ in range(5):
                self.process.stdin.write(f"{self.written}\n".encode())
                self.written += 1
            self.process.stdin.flush()

    def look(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        resident = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
        self.samples.append((resident, len(os.listdir(f"/proc/{self.process.pid}/fd"))))

    def __exit__(self, *_):
        self.stopping.set()
        self.feeder.join()
        self.process.stdin.close()
        self.soak.clock.wait(self.process.wait, 120, "the steady run")

    def judge(self):
        ended = (self.soak.root / "steady-journal").read_text().count("\n")
        if ended != self.written:
            raise Failure(f"the steady run ended {ended} of {self.written} tasks")
        quarter = len(self.samples) // 4
        if quarter < 3:
            print("too short a soak to say whether memory grows")
            return
        early, late = self.samples[quarter : 2 * quarter], self.samples[-quarter:]
        memory = [statistics.median(sample[0] for sample in part) for part in (early, late)]
        files = [statistics.median(sample[1] for sample in part) for part in (early, late)]
        print(f"steady run of {ended} tasks: {memory[0]} KiB, then {memory[1]} KiB; {files[0]} descriptors, then {files[1]}")
        if memory[1] > memory[0] * 1.05 + 1024 or files[1] > files[0] + 4:
            raise Failure("the steady run grows")
