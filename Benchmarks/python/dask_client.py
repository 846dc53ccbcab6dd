"""What one writes by hand for a Dask cluster: client.map and gather. usage: dask_client.py SCHEDULER function|command|sleep COUNT"""
import json
import os
import subprocess
import sys

from distributed import Client

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import engine_tasks


def call(words):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout.decode()


def main():
    address, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with Client(address) as client:
        if kind == "function":
            client.upload_file(engine_tasks.__file__)
            futures = client.map(engine_tasks.nothing, range(count), pure=False)
        else:
            words = ["echo"] if kind == "command" else ["sh", "-c", "sleep 0.02", "sh"]
            futures = client.map(call, [[*words, str(index)] for index in range(count)], pure=False)
        for value in client.gather(futures):
            print(json.dumps(value) if kind == "function" else value)


main()
