"""What an interpreter, a process, a thread and a task of an event loop take of memory. Part of one source with start.py."""


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
