#!/usr/bin/env bash
# Installs what the engines need to be tried on this machine: Slurm from Debian, and Dask in a virtual environment of our own.
set -euo pipefail
cd "$(dirname "$0")/.."

Scripts/setup.sh engines

environment=.build/engines
[ -x "$environment/bin/python" ] || python3 -m venv "$environment"
# cryptography keeps other users of the machine away from a scheduler that a run starts for itself.
"$environment/bin/python" -c 'import distributed, cryptography' 2>/dev/null ||
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check 'distributed>=2026.8,<2027' 'cryptography>=43'
