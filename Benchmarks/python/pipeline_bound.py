#!/usr/bin/env python3
"""Prints the least seconds that downloading and processing can take here: pipeline_bound.py FOLDER URL…

The slower stage is never idle but for the first item's way through the other: the first download and then all processing, on
as many processes as there are CPUs, or all downloads at once and then the processing of one.
"""
import os
import pathlib
import subprocess
import sys
import time

folder = pathlib.Path(sys.argv[1])
folder.mkdir(exist_ok=True)
program = pathlib.Path(__file__).with_name("means_by_date.py")
files = [folder / url.rsplit("/", 1)[1] for url in sys.argv[2:]]


def finish(processes):
    for process in processes:
        if process.wait() != 0:
            sys.exit("a stage failed")


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def download(count):
    pairs = list(zip(sys.argv[2:], files))[:count]
    finish([subprocess.Popen(["curl", "--silent", "--fail", "--output", file, url]) for url, file in pairs])


def process(inputs, width):
    commands = [[sys.executable, program, file] for file in inputs]
    running = []
    for command in commands:
        if len(running) == width:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            running = [child for child in running if child.poll() is None]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
    for child in running:
        child.wait()


all_downloads = seconds(lambda: download(len(files)))
first = seconds(lambda: download(1))
processing = seconds(lambda: process(files, len(os.sched_getaffinity(0))))
last = seconds(lambda: process(files[-1:], 1))
print(max(first + processing, all_downloads + last))
