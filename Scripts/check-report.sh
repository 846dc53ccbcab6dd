#!/bin/bash
# Checks a report in a headless Chromium with axe-core: Scripts/check-report.sh report.html [--pictures DIR]
# axe-core and what drives the browser come from PyPI, into .build; the browser is Debian's.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
tools=$scripts/../.build/check-report
command -v chromium > /dev/null || { echo "check-report: install chromium first (apt install chromium)" >&2; exit 69; }
if ! "$tools/bin/python" -c 'import axe_playwright_python' 2> /dev/null; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet axe-playwright-python==0.1.8
fi
exec "$tools/bin/python" "$scripts/check-report.py" "$@"
