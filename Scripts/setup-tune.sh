#!/usr/bin/env bash
# What Benchmarks/tune.py runs: Debian's packages, and a virtual environment with pytest-xdist and gunicorn.
#
# usage: Scripts/setup-tune.sh FOLDER
set -euo pipefail
folder=$1
"$(dirname "$0")/setup.sh" tune
[ -x "$folder/venv/bin/gunicorn" ] && [ -x "$folder/venv/bin/pytest" ] || {
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet pytest pytest-xdist gunicorn
}
