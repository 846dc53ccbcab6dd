#!/usr/bin/env python3
"""Records what GNU parallel prints for each line of examples.txt into expected.json; ran with GNU parallel 20221122."""
import json, os, pathlib, subprocess, tempfile

here = pathlib.Path(__file__).parent
expected = {}
for line in (here / "examples.txt").read_text().splitlines():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["bash", here / "files.sh"], cwd=folder, check=True)
        environment = os.environ | {"HOME": folder, "SHELL": "/bin/bash", "VAR": "value"}
        os.makedirs(f"{folder}/.parallel")
        open(f"{folder}/.parallel/will-cite", "w").close()
        try:
            done = subprocess.run(["bash", "-c", line], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20)
            expected[line] = done.stdout.decode().replace(folder, "DIR")
        except subprocess.TimeoutExpired:
            expected[line] = ""
(here / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
