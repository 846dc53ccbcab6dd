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
  code=0
  swift package benchmark thresholds check --no-progress --metric Allocations --path Thresholds || code=$?
  # 4: nothing got worse, and something got better by more than its threshold allows for.
  case $code in
  0) ;;
  4) echo "better than its thresholds: Benchmarks/HotPaths/run.sh update keeps that" ;;
  *) echo "a hot path is over its threshold (exit $code)" >&2 && exit "$code" ;;
  esac
  ;;
*)
  echo "there is no “$1”: use run, check or update" >&2
  exit 64
  ;;
esac
