#!/usr/bin/env bash
# Fuzzes the parsers of kernel files with libFuzzer.
#
# usage: Fuzz/run.sh [SECONDS]      60 by default; an input that traps or hangs is left in the current folder
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

swiftc -parse-as-library -O -enable-testing -sanitize=fuzzer -module-name AdvisorCore -package-name advisor \
  -emit-module -emit-module-path "$build/AdvisorCore.swiftmodule" -emit-object -wmo -o "$build/AdvisorCore.o" \
  $(find Sources/AdvisorCore -name '*.swift')
for module in CLinux CNuma; do
  for source in Sources/$module/*.c; do
    clang -c -O1 -ISources/$module/include "$source" -o "$build/$module-$(basename "$source" .c).o"
  done
  printf 'module %s { umbrella header "%s" export * }\n' $module "$PWD/Sources/$module/include/$module.h"
done >"$build/module.modulemap"
swiftc -parse-as-library -O -enable-testing -sanitize=fuzzer -module-name Probe -package-name advisor -swift-version 6 \
  -enable-upcoming-feature InternalImportsByDefault -I "$build" -Xcc -fmodule-map-file="$build/module.modulemap" \
  -emit-module -emit-module-path "$build/Probe.swiftmodule" -emit-object -wmo -o "$build/Probe.o" \
  $(find Sources/Probe -name '*.swift')
swiftc -parse-as-library -O -sanitize=fuzzer -I "$build" -Xcc -fmodule-map-file="$build/module.modulemap" \
  Fuzz/FuzzProbe.swift "$build"/*.o -o "$build/fuzz"
# swift-backtrace can hang after a crash: the crash itself is enough.
SWIFT_BACKTRACE=enable=no "$build/fuzz" -max_total_time="${1:-60}" -timeout=5 -rss_limit_mb=2048 -max_len=4096
