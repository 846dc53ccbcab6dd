#!/usr/bin/env bash
# Runs the micro benchmarks, holds them against their thresholds, or sets the thresholds to what is measured now.
#
# usage: Benchmarks/HotPaths/run.sh [run|check|update]
set -euo pipefail
cd "$(dirname "$0")"
# Plans the build anew: files that are new in the package above would not be seen.
touch Package.swift
case ${1:-run} in
run) swift package benchmark run --no-progress ;;
update) swift package --allow-writing-to-package-directory benchmark thresholds update --no-progress --metric Allocations --path Thresholds ;;
check)
  # The exit code is the same for what got worse and for what got better by more than its threshold: the words are not.
  code=0
  swift package benchmark thresholds check --no-progress --metric Allocations --path Thresholds | tee .build/check || code=$?
  if [ $code -ne 0 ] && ! { grep -q 'is BETTER' .build/check && ! grep -q 'is WORSE' .build/check; }; then
    echo "a hot path is over its threshold, or has none" >&2
    exit 1
  fi
  [ $code -eq 0 ] || echo "better than its thresholds: Benchmarks/HotPaths/run.sh update keeps that"
  ;;
*)
  echo "there is no “$1”: use run, check or update" >&2
  exit 64
  ;;
esac
