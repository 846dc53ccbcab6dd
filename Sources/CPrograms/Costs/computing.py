"""How much faster workers compute than one thread. Part of one source with start.py."""


def kernel():
    start = time.thread_time()
    word(20_000)
    cost("word", (time.thread_time() - start) / 20_000)


def speedup(run, name, workers, letters=200_000):
    """Speedup of a number of workers over this thread alone, there and back.

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
