"""What it costs to hand a task to a process, a thread or an event loop that waits for it. Part of one source with start.py."""


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
