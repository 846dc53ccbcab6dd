"""Measures what Python's own ways of running things cost, for `advisor calibrate --runtime`.

Run as `python3 -c SOURCE SECONDS WORKERS MODULE…`: within so many seconds, every cost in turn and round by round, with up to so
many workers. Prints JSON lines: {"facts": {…}} first, then {"share": s, "phase": …} and {"cost": name, "of": …, "workers": n,
"value": x} as they come, so that whoever ends it early keeps what there is.
"""
import asyncio
import concurrent.futures
import http.client
import json
import multiprocessing
import os
import pickle
import platform
import random
import signal
import socket
import string
import subprocess
import sys
import sysconfig
import threading
import time
import zlib

clock = time.perf_counter


def say(**message):
    print(json.dumps(message), flush=True)


def cost(name, value, of=None, workers=None):
    say(cost=name, value=value, of=of, workers=workers)


def facts():
    holds_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return {
        "interpreter": sys.executable,
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "isFreeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "holdsGIL": bool(holds_gil),
        "startMethod": multiprocessing.get_start_method(),
        "switchInterval": sys.getswitchinterval(),
    }


def word(letters):
    """The course's kernel."""
    return "".join([random.choice(string.ascii_letters) for _ in range(letters)])


def word_length(letters):
    return len(word(letters))


# Starting


def start_interpreter():
    start = clock()
    subprocess.run([sys.executable, "-c", "pass"], stdin=subprocess.DEVNULL)
    cost("interpreterStart", clock() - start)


def import_module(name):
    code = f"import time\nstart = time.perf_counter()\nimport {name}\nprint(time.perf_counter() - start)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if run.returncode != 0:
        say(missing=name, why=(run.stderr.strip().splitlines() or ["it cannot be imported"])[-1])
        return False
    cost("import", float(run.stdout.split()[-1]), of=name)
    return True


def start_pool(method, workers):
    """Start, one task a worker, and the end of a pool: what a program pays for it as a whole."""
    if method == "forkserver":
        stop_fork_server()
    start = clock()
    with multiprocessing.get_context(method).Pool(workers) as pool:
        pool.map(abs, range(workers), 1)
    cost("poolStart", clock() - start, of=method, workers=workers)


def stop_fork_server():
    """Else the second pool would not pay for the server's start, as a program's first one does."""
    from multiprocessing import forkserver

    stop = getattr(forkserver._forkserver, "_stop", None)
    if stop:
        stop()


def start_threads():
    start = clock()
    for _ in range(20):
        thread = threading.Thread(target=abs, args=(1,))
        thread.start()
        thread.join()
    cost("threadStart", (clock() - start) / 20)


# Handing over


def round_trips(pool):
    """To a worker process that waits, and back; then the share of each chunk, and of each task in a chunk."""
    start = clock()
    for _ in range(20):
        pool.apply(abs, (1,))
    cost("poolRoundTrip", (clock() - start) / 20)
    start = clock()
    pool.map(abs, range(400), 1)
    by_one = (clock() - start) / 400
    start = clock()
    pool.map(abs, range(8000), 4000)
    in_chunk = (clock() - start) / 8000
    cost("poolTask", in_chunk)
    cost("poolChunk", max(by_one - in_chunk, 0))


def thread_hops(executor):
    start = clock()
    list(executor.map(abs, range(500)))
    cost("threadHop", (clock() - start) / 500)


def event_loop():
    start = clock()
    asyncio.run(asyncio.sleep(0))
    cost("loopStart", clock() - start)
    asyncio.run(loop_costs())


async def loop_costs():
    start = clock()
    for _ in range(2000):
        await asyncio.sleep(0)
    cost("loopHop", (clock() - start) / 2000)
    gate = asyncio.Semaphore(64)

    async def task(item):
        async with gate:
            await asyncio.sleep(0)

    start = clock()
    await asyncio.gather(*[task(item) for item in range(1000)])
    cost("loopTask", (clock() - start) / 1000)
    await asyncio.to_thread(abs, 1)
    start = clock()
    for _ in range(50):
        await asyncio.to_thread(abs, 1)
    cost("toThread", (clock() - start) / 50)


def pickling():
    """Of what JSON can hold: numbers and texts in lists and dictionaries."""
    value = [{"name": f"item {i}", "value": i / 7, "tags": ["a", "b"]} for i in range(500)]
    start = time.thread_time()
    data = pickle.dumps(value)
    pickle.loads(data)
    cost("pickling", (time.thread_time() - start) / len(data))


def gil_wait(busy_seconds=0.06):
    """How long a thread that comes back from a wait has to wait again while another one computes."""
    done = threading.Event()

    def compute():
        while not done.is_set():
            word(200)

    thread = threading.Thread(target=compute)
    thread.start()
    waits, until = [], clock() + busy_seconds
    while clock() < until:
        start = clock()
        time.sleep(0)
        waits.append(clock() - start)
    done.set()
    thread.join()
    cost("gilWait", sum(waits) / len(waits))


# Computing


def kernel():
    start = time.thread_time()
    word(20_000)
    cost("word", (time.thread_time() - start) / 20_000)


def speedup(run, name, workers, letters=200_000):
    """Of so many workers over this thread alone, there and back.

    Some 30 ms each: workers that wake on one CPU stay there for the first few.
    """
    times = {1: 0.0, workers: 0.0}
    run(workers, [letters // 10] * workers)
    for count in (1, workers, workers, 1):
        start = clock()
        if count == 1:
            word(letters)
        else:
            run(count, [letters] * count)
        times[count] += clock() - start
    cost("speedup", workers * times[1] / times[workers], of=name, workers=workers)


def released_speedup(run, workers, data=os.urandom(1 << 19)):
    """The same of work that releases the GIL: of threads that compress a buffer each."""
    times = {1: 0.0, workers: 0.0}
    run(workers, [data[:1 << 16]] * workers)
    for count in (1, workers, workers, 1):
        start = clock()
        if count == 1:
            zlib.compress(data)
        else:
            run(count, [data] * count)
        times[count] += clock() - start
    cost("speedup", workers * times[1] / times[workers], of="released", workers=workers)


# Requests


def serve(listener, body):
    """A server of one thread: a reply of so many bytes to each request on a connection."""
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while b"\r\n\r\n" in connection.recv(4096):
            connection.sendall(reply)
        connection.close()


class Server:
    """In a process of its own, so that its work does not hold this one's GIL."""

    def __init__(self, size):
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = listener.getsockname()[1]
        self.process = os.fork()
        if self.process == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            try:
                serve(listener, b"x" * size)
            finally:
                os._exit(0)
        listener.close()

    def stop(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def requests(server, count):
    """CPU time of a request over a connection of its own, as urllib and requests make it unless told otherwise."""
    start = time.thread_time()
    for _ in range(count):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
    return (time.thread_time() - start) / count


LARGE = 4 << 20


def loop_requests(server, count):
    """The same by asyncio's streams, so many under way at once."""

    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(SMALL)
        writer.close()

    async def all_of_them():
        start = time.thread_time()
        await asyncio.gather(*[one() for _ in range(count)])
        return (time.thread_time() - start) / count

    return asyncio.run(all_of_them())


SMALL, LARGE = 64, 4 << 20


def request_costs(small, large):
    each = requests(small, 20)
    cost("request", each)
    cost("loopRequest", loop_requests(small, 20))
    cost("requestByte", max(requests(large, 2) - each, 0) / LARGE)


# Memory


def private_bytes(process="self"):
    try:
        with open(f"/proc/{process}/smaps_rollup") as file:
            return sum(int(line.split()[1]) << 10 for line in file if line.startswith("Private_"))
    except OSError:
        return None


def memory():
    own = private_bytes()
    if own is None:
        return
    cost("memoryOfInterpreter", own)
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(1) as pool:
            pool.apply(abs, (1,))
            used = private_bytes(pool._pool[0].pid)
        if used is not None:
            cost("memoryPerProcess", used, of=method)
    gate = threading.Event()
    threads = [threading.Thread(target=gate.wait) for _ in range(64)]
    before = private_bytes()
    for thread in threads:
        thread.start()
    cost("memoryPerThread", max(0, private_bytes() - before) / 64)
    gate.set()
    for thread in threads:
        thread.join()
    asyncio.run(memory_of_tasks())


async def memory_of_tasks():
    before = private_bytes()
    tasks = [asyncio.create_task(asyncio.sleep(60)) for _ in range(4000)]
    await asyncio.sleep(0)
    cost("memoryPerTask", max(0, private_bytes() - before) / 4000)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Session:
    """All measurements in turn, there and back (ABBA), until the time is over; each at least twice."""

    def __init__(self, seconds, most_workers, modules):
        self.seconds = seconds
        self.counts = sorted({2, most_workers // 2, most_workers} - {0, 1})
        self.modules = modules
        self.methods = multiprocessing.get_all_start_methods()
        # Forked before there is any thread; and what is defined here is nowhere to be imported from.
        self.pools = {count: multiprocessing.get_context("fork").Pool(count) for count in self.counts}
        self.servers = [Server(SMALL), Server(LARGE)]
        self.executors = {count: concurrent.futures.ThreadPoolExecutor(count) for count in self.counts}

    def close(self):
        for server in self.servers:
            server.stop()
        for pool in self.pools.values():
            pool.terminate()

    def steps(self):
        pools, threads = self.pools, self.executors
        steps = [
            ("starting", start_interpreter),
            ("starting", start_threads),
            ("handing over", lambda: round_trips(pools[self.counts[0]])),
            ("handing over", lambda: thread_hops(threads[self.counts[0]])),
            ("event loop", event_loop),
            ("pickling", pickling),
            ("GIL", gil_wait),
            ("requests", lambda: request_costs(*self.servers)),
        ]
        steps += [("computing", kernel)] * 4
        for count in self.counts:
            steps.append(("scaling", lambda n=count: speedup(lambda w, work: pools[n].map(word_length, work, 1), "processes", n)))
            steps.append(("scaling", lambda n=count: speedup(lambda w, work: list(threads[n].map(word_length, work)), "threads", n)))
            steps.append(("scaling", lambda n=count: released_speedup(lambda w, work: list(threads[n].map(zlib.compress, work)), n)))
        for method in self.methods:
            for workers in (1, 2, 4) if method == "fork" else (1, 2):
                steps.append((f"pools by {method}", lambda m=method, w=workers: start_pool(m, w)))
        return steps

    def run(self):
        start = clock()
        modules = [name for name in self.modules if import_module(name)]
        say(share=0.02, phase="memory")
        memory()
        steps = self.steps() + [("importing", lambda n=name: import_module(n)) for name in modules]
        number = 0
        while number < 2 or clock() - start < self.seconds:
            for phase, step in steps if number % 2 == 0 else reversed(steps):
                if number >= 2 and clock() - start >= self.seconds:
                    break
                say(share=min(1.0, (clock() - start) / self.seconds), phase=phase)
                step()
            number += 1


def main():
    say(facts=facts())
    session = Session(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    try:
        session.run()
    finally:
        session.close()


if __name__ == "__main__":
    main()
