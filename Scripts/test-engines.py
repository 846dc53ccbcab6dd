#!/usr/bin/env python3
"""Tries the engines for real: Dask and Slurm on this machine, with what can go wrong.

usage: test-engines.py PROGRAM PYTHON_WITH_DASK [NAME…]
"""

import pathlib
import sys
import tempfile
import time

from engines import dask, dask_faults, slurm


def main():
    names = [(name, value) for file in (dask_faults, dask, slurm) for name, value in vars(file).items()]
    tests = [value for name, value in names if name.startswith(("dask_", "slurm_"))]
    wanted = sys.argv[3:]
    failed = 0
    for test in tests:
        if wanted and not any(name in test.__name__ for name in wanted):
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="advisor-engines-") as folder:
            try:
                test(pathlib.Path(folder))
                print(f"✔ {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
            except Exception as error:
                failed += 1
                print(f"✘ {test.__name__}: {type(error).__name__}: {str(error)[-1500:]}", flush=True)
    sys.exit(1 if failed else 0)


main()
