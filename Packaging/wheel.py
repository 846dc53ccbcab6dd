#!/usr/bin/env python3
"""Makes a wheel that carries the program and the Python package.

usage: Packaging/wheel.py ADVISOR SHARE OUTPUT_FOLDER     SHARE holds man and completions; needs the package `wheel`
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Python"))

from advisor import _host  # noqa: E402: it lies there

METADATA = """\
Metadata-Version: 2.4
Name: advisor
Version: {version}
Summary: Picks the number of workers for parallel jobs, and says why
License-Expression: Apache-2.0
License-File: LICENSE
License-File: THIRD-PARTY
Requires-Python: >=3.9
Classifier: Operating System :: POSIX :: Linux
Classifier: Framework :: Pytest
Classifier: Typing :: Typed
Description-Content-Type: text/markdown

"""


def oldest_glibc(program):
    """What the program asks of the C library, as (2, 36)."""
    symbols = subprocess.run(["objdump", "-T", program], check=True, capture_output=True, text=True).stdout
    return max(tuple(map(int, found)) for found in re.findall(r"GLIBC_(\d+)\.(\d+)", symbols))


def lay_out(folder, program, share, version):
    package = folder / "advisor"
    shutil.copytree(ROOT / "Python/advisor", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "_host_program.py").write_text(_host.sources())
    (package / "_version.py").write_text(f'VERSION = "{version}"\n')

    data = folder / f"advisor-{version}.data"
    scripts = data / "scripts"
    scripts.mkdir(parents=True)
    shutil.copy(program, scripts / "advisor")
    (scripts / "advisor").chmod(0o755)
    shutil.copytree(share / "man", data / "data/share/man/man1")
    bash = data / "data/share/bash-completion/completions"
    bash.mkdir(parents=True)
    shutil.copy(share / "completions/advisor.bash", bash / "advisor")

    facts = folder / f"advisor-{version}.dist-info"
    (facts / "licenses").mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", facts / "licenses")
    shutil.copy(ROOT / "Packaging/THIRD-PARTY", facts / "licenses")
    (facts / "METADATA").write_text(METADATA.format(version=version) + (ROOT / "README.md").read_text())
    (facts / "entry_points.txt").write_text("[pytest11]\nadvisor = advisor._xdist\n")
    glibc = "_".join(map(str, oldest_glibc(program)))
    tag = f"py3-none-manylinux_{glibc}_{os.uname().machine}"
    (facts / "WHEEL").write_text(f"Wheel-Version: 1.0\nGenerator: advisor\nRoot-Is-Purelib: false\nTag: {tag}\n")


def main():
    program, share, output = map(Path, sys.argv[1:])
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / f"advisor-{version}"
        folder.mkdir()
        lay_out(folder, program, share, version)
        subprocess.run([sys.executable, "-m", "wheel", "pack", folder, "--dest-dir", output], check=True)


main()
