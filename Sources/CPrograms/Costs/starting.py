"""What interpreters, modules, pools and threads cost to start. Part of one source with start.py."""


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
