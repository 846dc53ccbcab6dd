#!/usr/bin/env bash
# Runs the tests that are built, and says at the end what failed: among the lines of those that passed nobody finds it.
set -uo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift test --skip-build "$@" 2>&1 | tee "$log"
status=$?
if [ "$status" != 0 ]; then
  echo "What failed:"
  grep -aE '^(✘|↳)|Fatal error: ' "$log" | head -40
fi
exit "$status"
