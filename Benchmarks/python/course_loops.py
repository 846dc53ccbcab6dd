#!/usr/bin/env python3
"""The course's loops in Python, each way of running them: course_loops.py JOB WAY WORKERS CHUNK INPUT…

JOB is words (inputs: letters), requests (URLs) or months (URLs of zipped readings, to be downloaded and averaged by date); WAY is
sequential, processes, threads or async. Prints the seconds that the loop took, the program's start left out.
"""
import asyncio
import io
import multiprocessing
import random
import string
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from means_by_date import means


def words(letters):
    return len("".join([random.choice(string.ascii_letters) for _ in range(int(letters))]))


def requests(url):
    return len(urllib.request.urlopen(url).read())


def months(url):
    return len(means(io.BytesIO(urllib.request.urlopen(url).read())))


async def requests_async(url):
    parts = urllib.parse.urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(f"GET {parts.path}?{parts.query} HTTP/1.0\r\nHost: {parts.hostname}\r\n\r\n".encode())
    reply = await reader.read()
    writer.close()
    return len(reply.partition(b"\r\n\r\n")[2])


async def months_async(url):
    return await asyncio.to_thread(months, url)


async def gather(task, inputs, workers):
    gate = asyncio.Semaphore(workers)

    async def one(item):
        async with gate:
            return await task(item)

    return await asyncio.gather(*[one(item) for item in inputs])


def run(job, way, workers, chunk, inputs):
    task = globals()[job]
    if way == "processes":
        with multiprocessing.Pool(workers) as pool:
            return pool.map(task, inputs, chunksize=chunk)
    if way == "threads":
        with ThreadPoolExecutor(workers) as executor:
            return list(executor.map(task, inputs))
    if way == "async":
        return asyncio.run(gather(globals()[f"{job}_async"], inputs, workers))
    return [task(item) for item in inputs]


def main(job, way, workers, chunk, *inputs):
    start = time.perf_counter()
    results = run(job, way, int(workers), int(chunk), inputs)
    assert len(results) == len(inputs) and all(results)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
