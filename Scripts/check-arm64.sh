#!/usr/bin/env bash
# Compiles the C floor for arm64 with the toolchain's own clang and Debian's headers for it.
#
# The Swift floors need a Swift toolchain or SDK for arm64; where one is there (swift sdk list), it is built with that too.
set -euo pipefail
cd "$(dirname "$0")/.."
object=$(mktemp)
trap 'rm -f "$object"' EXIT
for source in Sources/C*/*.c; do
  module=$(dirname "$source")
  clang --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include \
    -idirafter "/usr/include/$(gcc -print-multiarch)" -O2 -Wall -Wextra -Werror -I"$module/include" -c "$source" -o "$object"
  readelf --file-header "$object" | grep -q AArch64
  echo "compiles for arm64: $source"
done
sdk=$(swift sdk list 2>/dev/null | grep -m1 -E 'aarch64.*linux' || true)
if [ -n "$sdk" ]; then swift build --swift-sdk "$sdk" --product advisor; else echo "no Swift SDK for arm64: the Swift floors were not compiled"; fi
