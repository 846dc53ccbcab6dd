#!/usr/bin/env bash
# Says of arm64 what can be said without such a machine: the C floor compiles with Debian's headers, and the Swift floors,
# but for the command line with its packages, are type-checked against a standard library for arm64.
#
# Toolchains hold Swift's modules for their own machine only. Those that lie there as text are compiled for arm64; those
# of Foundation and Dispatch are binary, and only their note of the machine is changed: enough for types, not for code.
# Where there is a Swift SDK for arm64 (swift sdk list), the program is built with that too.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
headers=(-isystem /usr/aarch64-linux-gnu/include -idirafter "/usr/include/$(gcc -print-multiarch)")

for source in Sources/C*/*.c; do
  module=$(dirname "$source")
  clang --target=aarch64-linux-gnu "${headers[@]}" -O2 -Wall -Wextra -Werror -I"$module/include" -c "$source" -o "$work/object"
  readelf --file-header "$work/object" | grep -q AArch64
  echo "compiles for arm64: $source"
done

# A copy of what the toolchain has for this machine, for arm64.
own=$(dirname "$(dirname "$(realpath "$(command -v swiftc)")")")/lib/swift
machine=$(uname -m)
mkdir -p "$work/lib/linux" "$work/modules"
for folder in shims apinotes clang dispatch os Block _FoundationCShims; do ln -s "$own/$folder" "$work/lib/$folder"; done
cp -r "$own/linux/$machine" "$work/lib/linux/aarch64"
for module in Swift SwiftOnoneSupport _Concurrency _StringProcessing _RegexParser Synchronization Glibc _Builtin_float; do
  mkdir "$work/lib/linux/$module.swiftmodule"
  # arm64 has no 80-bit numbers, and no functions for them.
  sed -e "s/-target $machine-/-target aarch64-/" -e 's/self = _stdlib_\(remainder\|squareRoot\)l(.*)/_ = self/' \
    "$own/linux/$module.swiftmodule/$machine-unknown-linux-gnu.swiftinterface" \
    >"$work/lib/linux/$module.swiftmodule/aarch64-unknown-linux-gnu.swiftinterface"
done
for module in FoundationEssentials _FoundationCollections Dispatch; do
  mkdir "$work/lib/linux/$module.swiftmodule"
  # As long as the other, and read as arm64 of an unknown vendor.
  sed 's/x86_64-unknown-linux-gnu/arm64-unknownx-linux-gnu/' \
    "$own/linux/$module.swiftmodule/$machine-unknown-linux-gnu.swiftmodule" \
    >"$work/lib/linux/$module.swiftmodule/aarch64-unknown-linux-gnu.swiftmodule"
done

check=(-target aarch64-unknown-linux-gnu -resource-dir "$work/lib" -module-cache-path "$work/cache" -I "$work/modules"
  -swift-version 6 -package-name advisor -parse-as-library)
for feature in ExistentialAny MemberImportVisibility InternalImportsByDefault; do check+=(-enable-upcoming-feature "$feature"); done
for option in "${headers[@]}" -ISources/{CBuild,CLinux,CNuma,CCurl,CSQLite,CPrograms}/include; do check+=(-Xcc "$option"); done
for module in CBuild CLinux CNuma CCurl CSQLite CPrograms; do
  map=Sources/$module/include/module.modulemap
  [ -f "$map" ] || { map=$work/$module.modulemap && echo "module $module { umbrella \"$PWD/Sources/$module/include\" export * }" >"$map"; }
  check+=(-Xcc "-fmodule-map-file=$map")
done
for module in AdvisorCore Statistics System Console Documents History Probe Transfer Workloads CostModel Planning Executors Tasks Downloads Engines Calibration Evaluation; do
  mapfile -t sources < <(find "Sources/$module" -name '*.swift')
  swiftc -emit-module -emit-module-path "$work/modules/$module.swiftmodule" -module-name "$module" "${check[@]}" \
    "${sources[@]}"
  swiftc -typecheck -module-name "$module" "${check[@]}" "${sources[@]}"
  echo "type-checks for arm64: $module"
done

sdk=$(swift sdk list 2>/dev/null | grep -m1 -E 'aarch64.*linux' || true)
if [ -n "$sdk" ]; then swift build --swift-sdk "$sdk"; else echo "no Swift SDK for arm64: nothing was built with one"; fi
