#!/usr/bin/env bash
# What test-runtimes.py runs: Debian's packages, and a virtual environment with Python's own libraries.
#
# usage: Scripts/setup-runtimes.sh FOLDER
set -euo pipefail
folder=$1
"$(dirname "$0")/setup.sh" runtimes
[ -x "$folder/venv/bin/gunicorn" ] || {
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet numpy numexpr numba polars joblib pytest pytest-xdist gunicorn
}
