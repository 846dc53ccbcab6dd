#!/usr/bin/env python3
"""What people write first: download a file, process it, then the next one. sequential_months.py FOLDER URL…"""
import pathlib
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])
folder.mkdir(exist_ok=True)
program = pathlib.Path(__file__).with_name("means_by_date.py")
for url in sys.argv[2:]:
    file = folder / url.rsplit("/", 1)[1]
    subprocess.run(["curl", "--silent", "--fail", "--output", file, url], check=True)
    subprocess.run([sys.executable, program, file], check=True, stdout=subprocess.DEVNULL)
