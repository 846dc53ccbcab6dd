"""interpreter.py KIND HOW WORKERS ITEMS: ITEMS pieces of Python code: loop, json or mixed, which reads a file between.

HOW: threads or processes; serial is processes, with two fifths of the items done by their parent alone.
"""

import concurrent.futures
import json
import sys

TREE = {str(key): list(range(20)) for key in range(200)}


def loop(count):
    total = 0
    for value in range(count):
        total += value & 7
    return total


def item(kind):
    if kind == "json":
        return len(json.loads(json.dumps(TREE)))
    if kind == "mixed":
        with open("/proc/self/maps", "rb") as file:
            return len(file.read()) + loop(20_000)
    return loop(30_000)


def main():
    kind, how, workers, items = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    rounds, alone = (10, 0.4) if how == "serial" else (1, 0)
    Pool = concurrent.futures.ThreadPoolExecutor if how == "threads" else concurrent.futures.ProcessPoolExecutor
    with Pool(workers) as pool:
        for _ in range(rounds):
            for _ in range(round(alone * items / rounds)):
                item(kind)
            list(pool.map(item, [kind] * round((1 - alone) * items / rounds), chunksize=8))


if __name__ == "__main__":
    main()
