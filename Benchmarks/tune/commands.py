"""The commands whose knobs `Benchmarks/tune.py` tunes, and the files that they need."""
import os
import pathlib
import random
import subprocess

OMP = r"""
#include <omp.h>
#include <stdio.h>
int main(void) {
  static double a[400000]; double s = 0;
  for (int step = 0; step < 900; step++) {
    #pragma omp parallel for schedule(static)
    for (int i = 0; i < 400000; i++) a[i] = a[i] * .999 + i % 7 + a[i] / (i + 1.0);
    s += a[step];
  }
  printf("%f\n", s);
}
"""
POOL = """
import sys, time, multiprocessing as mp
def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
if __name__ == "__main__":
    with mp.get_context("fork").Pool(int(sys.argv[1]), initializer=spin, initargs=(1.0,)) as pool:
        pool.map(spin, [.05] * 80, chunksize=1)
"""
LOCK = """
import sys, time, multiprocessing as mp
def work(lock, count):
    for _ in range(count):
        with lock: time.sleep(.004)
        sum(range(60000))
if __name__ == "__main__":
    n, lock = int(sys.argv[1]), mp.Lock()
    workers = [mp.Process(target=work, args=(lock, 240 // n)) for _ in range(n)]
    [w.start() for w in workers]; [w.join() for w in workers]
"""
NODE = """
const { Worker, isMainThread, workerData } = require('worker_threads');
if (isMainThread) {
  const n = Number(process.argv[2]);
  for (let i = 0; i < n; i++) new Worker(__filename, { workerData: Math.ceil(160 / n) });
} else { let s = 0; for (let t = 0; t < workerData; t++) for (let i = 0; i < 4e6; i++) s += i % 7; }
"""
APP = """
import time
def app(environ, start_response):
    time.sleep(.01); sum(range(100000))
    start_response("200 OK", [("Content-Length", "2")]); return [b"ok"]
"""
SLOW = """
import sys, threading, time, http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(.05); self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *a): pass
class Server(http.server.ThreadingHTTPServer): request_queue_size = 256
Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
# Starts gunicorn, asks it 200 times, 16 at once, and ends it.
LOAD = """
import concurrent.futures as cf, os, signal, subprocess, sys, time, urllib.request
folder, n, port = os.path.dirname(os.path.abspath(__file__)), sys.argv[1], "19098"
server = subprocess.Popen([folder + "/venv/bin/gunicorn", "-w", n, "-b", "127.0.0.1:" + port, "--chdir", folder, "--log-level", "error", "app:app"])
def ask(_):
    for _ in range(200):
        try: return urllib.request.urlopen("http://127.0.0.1:" + port, timeout=30).read()
        except OSError: time.sleep(.02)
ask(0)
with cf.ThreadPoolExecutor(16) as pool: list(pool.map(ask, range(200)))
server.send_signal(signal.SIGTERM); server.wait()
"""
TESTS = """
import time, pytest
@pytest.mark.parametrize("i", range(60))
def test_mixed(i):
    if i % 3 == 0: time.sleep(.1)
    else:
        end = time.process_time() + .04
        while time.process_time() < end: pass
"""


class Command:
    """A knob: its template with {n}, its values, what must run before each run, and the value that the tool takes itself."""

    def __init__(self, name, template, values, default, prepare=None, server=None):
        self.name, self.template, self.values = name, template, values
        self.default, self.prepare, self.server = default, prepare, server


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def make_files(folder):
    """All files that the commands need; those that are there stay."""
    numbers = random.Random(1)
    for index in range(40):
        body = "".join(
            f"double f{index}_{k}(double x) {{ for (int i = 0; i < {k + 3}; i++) x = x * {k + 1}.5 + i / (x + {k}.1); return x; }}\n"
            for k in range(50)
        )
        write(folder / f"project/f{index}.c", body)
    write(folder / "project/Makefile", "O := $(patsubst %.c,%.o,$(wildcard *.c))\nall: $(O)\n%.o: %.c\n\tcc -O2 -c $< -o $@\nclean:\n\trm -f *.o\n")
    for name, text in (("omp.c", OMP), ("pool.py", POOL), ("lock.py", LOCK), ("node.js", NODE), ("app.py", APP), ("slow.py", SLOW),
                       ("load.py", LOAD), ("suite/test_mixed.py", TESTS)):
        write(folder / name, text)
    subprocess.run(["cc", "-O2", "-fopenmp", "omp.c", "-o", "omp"], cwd=folder, check=True)
    words = [f"{numbers.getrandbits(24):x}" for _ in range(20000)]
    for name, megabytes in (("data", 48), ("lines", 64)):
        path = folder / name
        if not path.exists():
            with path.open("w") as file:
                while file.tell() < megabytes << 20:
                    file.write("\n".join(" ".join(numbers.choices(words, k=8)) for _ in range(2000)) + "\n")


def commands(cpus):
    """All commands, for a machine with a number of CPUs."""
    few = sorted({1, 2, 3, 4, 8, 16, cpus, 2 * cpus, 4 * cpus, 8 * cpus})
    many = sorted({2, 4, 8, 16, 24, 32, 48, cpus})
    return [
        Command("make", "make -s -C project -j{n}", few, 1, prepare="make -s -C project clean"),
        Command("pytest", "venv/bin/pytest -q -p no:cacheprovider -n {n} suite", few, cpus),
        Command("xz", "xz -T{n} -2 --block-size=4MiB -c data -k", few, 1),
        Command("zstd", "zstd -q -T{n} -9 -f data -o data.zst", few, 1),
        Command("pigz", "pigz -6 -p{n} -c data", few, cpus),
        Command("omp", "env OMP_NUM_THREADS={n} ./omp", few, cpus),
        Command("pool", "python3 pool.py {n}", few, cpus),
        Command("sort", "sort --parallel={n} -S 256M lines -o sorted", few, min(8, cpus)),
        Command("gunicorn", "python3 load.py {n}", few, 1),
        Command("curl", "sh -c 'seq 150 | xargs -P{n} -I@ curl -s -o /dev/null http://127.0.0.1:19097/@'", many, 1, server="slow.py 19097"),
        Command("ffmpeg", "ffmpeg -v error -y -threads {n} -f lavfi -i testsrc2=size=640x360:rate=25:duration=8 -c:v libx264 -threads {n} -preset medium -f null -", few, cpus),
        Command("node", "node node.js {n}", few, cpus),
        Command("lock", "python3 lock.py {n}", few, cpus),
        Command("flat", "env OMP_NUM_THREADS={n} python3 -S -c 'sum(i for i in range(12000000))'", few, cpus),
    ]


def start_server(command, folder):
    """The server that a command talks to; None where it needs none."""
    if not command.server:
        return None
    return subprocess.Popen(["python3", *command.server.split()], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
