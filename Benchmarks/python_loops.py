"""Benchmarks of Python's loops: the advised way against the best of all ways, and `advisor map` against that one.

The interpreter is the one that runs this; its costs are measured first, into the profile that the other benchmarks use too.
"""
import contextlib
import json
import pathlib
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent / "python"
PROGRAM = HERE / "course_loops.py"


@contextlib.contextmanager
def slow_server(advisor):
    """The program's own server, whose replies take as long as they are told to."""
    server = subprocess.Popen([advisor, "__serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.stdin.close()
        server.wait()


def printed(output):
    return float(output.split()[-1])


def jobs(site, slow):
    """Of each: its name, the function, its inputs, and the job string that describes it."""
    sys.path.insert(0, str(HERE))
    import course_loops

    url = site.months()[0]
    start = time.perf_counter()
    size = len(urllib.request.urlopen(url).read())
    # The server is 30 ms away and sends 20 MB/s: to who waits for it, all of that is latency.
    latency = time.perf_counter() - start
    start = time.thread_time()
    course_loops.months(url)
    seconds = time.thread_time() - start
    return [
        ("8 × 1e6 words", "words", ["1000000"] * 8, "cpu:8x1e6"),
        ("200 requests of 50 ms", "requests", [f"{slow}/bytes/1024?latency=50ms"] * 200, "io:200x1KiB,latency=50ms"),
        ("4 months downloaded and averaged", "months", site.months(), f"io:4x{size},latency={latency:.3f}s+cpu:4x{seconds:.3f}s"),
    ]


def ways(function):
    """Every way that a reader would try."""
    pools = [("processes", n) for n in range(1, 9)]
    threads = [("threads", n) for n in (2, 4, 8, 64, 200)]
    loops = [("async", n) for n in (8, 64, 200)] if function != "words" else []
    return [("sequential", 1)] + pools + threads + loops


def command(function, way, workers, chunk, inputs):
    return [sys.executable, PROGRAM, function, way, str(workers), str(chunk), *inputs]


def seconds(words):
    return printed(subprocess.run([str(word) for word in words], check=True, capture_output=True).stdout)


def best_way(function, inputs):
    """By the least of three runs each, the slow ones tried once."""
    times = {way: seconds(command(function, *way, 1, inputs)) for way in ways(function)}
    quick = [way for way in times if times[way] < 1.5 * min(times.values())]
    for _ in range(2):
        for way in quick:
            times[way] = min(times[way], seconds(command(function, *way, 1, inputs)))
    return min(times, key=times.get)


def pairs(advisor, profile, site, slow, Side, Pair, only=""):
    """The claims about Python's loops; nothing is measured where none of them is asked for."""
    names = ["8 × 1e6 words", "200 requests of 50 ms", "4 months downloaded and averaged"]
    titles = [f"Python, {name}: {claim}" for name in names for claim in ("the advised way", "advisor map")]
    if not any(only in title for title in titles):
        return []
    subprocess.run(
        [advisor, "calibrate", "--runtime", sys.executable, "--output", profile], check=True, stdout=subprocess.DEVNULL)
    claims = []
    for name, function, inputs, job in jobs(site, slow):
        advice = subprocess.run(
            [advisor, "recommend", "--runtime", sys.executable, "--job", job, "--profile", profile, "--json", "--no-history"],
            check=True, capture_output=True).stdout
        advised = json.loads(advice)["recommended"]
        best = best_way(function, inputs)
        # Whole programs: what a reader waits for.
        theirs = Side(f"{best[0]} with {best[1]}", command(function, *best, 1, inputs))
        values = inputs if function == "words" else [json.dumps(item) for item in inputs]
        # What is written for an event loop by hand is written for one here too.
        called = f"{function}_async" if best[0] == "async" else function
        run = [advisor, "map", f"{PROGRAM}:{called}", "--interpreter", sys.executable, "--", ":::", *values]
        claims += [
            Pair(
                f"Python, {name}: the advised way ({advised['strategy']} with {advised['workers']}) against the best of all",
                Side("advised", command(function, advised["strategy"], advised["workers"], advised["chunk"], inputs), printed),
                Side(theirs.name, command(function, *best, 1, inputs), printed),
                goal=1.10, repeats=7),
            Pair(f"Python, {name}: advisor map against the best by hand", Side("advisor map", run), theirs,
                 goal=1.05, repeats=7),
        ]
    return claims
