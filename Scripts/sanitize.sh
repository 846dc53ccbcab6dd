#!/usr/bin/env bash
# Runs the tests under the sanitizers of threads and of addresses; each builds everything anew, beside the plain build.
#
# usage: Scripts/sanitize.sh [thread|address]… [-- OPTION…]     options go to swift test, such as --filter Executors
set -euo pipefail
cd "$(dirname "$0")/.."
sanitizers=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do sanitizers+=("$1") && shift; done
[ "${1:-}" != -- ] || shift
[ ${#sanitizers[@]} -gt 0 ] || sanitizers=(thread address)

export TSAN_OPTIONS="suppressions=$PWD/Scripts/sanitize-threads.txt halt_on_error=0 ${TSAN_OPTIONS:-}"
# Swift's runtime keeps what it has once allocated, and a task that is killed cannot free anything.
export ASAN_OPTIONS="detect_leaks=0 ${ASAN_OPTIONS:-}"
# The sanitizer of threads makes a fork of vfork, so that a child cannot tell its parent why it did not start, and adds a
# thread and a shadow of terabytes of its own to each process, which limits on them forbid. It keeps some of that in a file,
# so that nothing runs under a limit on the size of files.
skip_thread=(ChildProcessTests WorkerPoolTests MemoryGuardTests anInputCanBeTheCommand PythonInterpreterTests
  DownloadCommandTests/fullDisk PythonCommandTests/interpreters PythonCommandTests/advice takesManyLongInputsInBoundedMemory)
# The sanitizer of addresses reserves terabytes for its shadow, which a limit on a program's memory (ulimit -d) forbids.
skip_address=(takesManyLongInputsInBoundedMemory)
for sanitizer in "${sanitizers[@]}"; do
  declare -n names="skip_$sanitizer"
  skipped=()
  for name in "${names[@]}"; do skipped+=(--skip "$name"); done
  build=(--sanitize "$sanitizer" --scratch-path ".build-$sanitizer")
  swift build "${build[@]}" --build-tests
  swift test "${build[@]}" --skip-build "${skipped[@]}" "$@"
done
