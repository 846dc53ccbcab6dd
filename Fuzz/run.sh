#!/usr/bin/env bash
# Feeds the readers of text from elsewhere with libFuzzer, one after the other, from their corpora.
#
# usage: Fuzz/run.sh [SECONDS [TARGET…]]      60 s for each of all by default
# What traps, hangs or grows is left in Fuzz/found; what reaches new code is merged into Fuzz/corpus by KEEP=1.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(kernel-files jobs profiles csv tables journals urls inputs machines)

# Merges what reached new code into the corpus, and keeps the forty smallest of them beside what was written by hand.
keep() {
  FUZZ_TARGET=$1 "$fuzz" -merge=1 "corpus/$1" ".build/grown/$1" 2>/dev/null
  (cd "corpus/$1" && ls -Sr | grep -E '^[0-9a-f]{40}$' | tail -n +41 | xargs -r rm)
}

build=(swift build --configuration release --sanitize fuzzer -Xswiftc -enable-testing --product Fuzz)
# Files that are new in the package above are only seen when the build is planned anew.
touch Package.swift
"${build[@]}"
fuzz=$("${build[@]}" --show-bin-path)/Fuzz
mkdir -p found
for target in "${targets[@]}"; do
  echo "== $target"
  mkdir -p "corpus/$target" ".build/grown/$target"
  # swift-backtrace can hang after a crash: the crash itself is enough.
  SWIFT_BACKTRACE=enable=no FUZZ_TARGET=$target "$fuzz" ".build/grown/$target" "corpus/$target" \
    -max_total_time="$seconds" -timeout=30 -rss_limit_mb=2048 -max_len=16384 -artifact_prefix="found/$target-" \
    -verbosity=1 -print_final_stats=1 2> >(grep -vE '^#|^INFO|NEW_FUNC|^"' >&2)
  [ -z "${KEEP:-}" ] || keep "$target"
done
echo "nothing trapped, hung or grew"
