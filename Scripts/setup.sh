#!/usr/bin/env bash
# Installs the Debian packages that are not there yet: those of the build and its tests, or those of what is named.
#
# usage: Scripts/setup.sh [build|bench|package|dist|arm64|engines|runtimes|tune|why]…
set -euo pipefail

packages=()
for purpose in "${@:-build}"; do
  case $purpose in
  # nginx and openssl serve a test of TLS and HTTP/2.
  build) packages+=(libnuma1 libcurl4-openssl-dev libsqlite3-dev gcc gnuplot-nox nginx-light openssl python3-jsonschema) ;;
  # What the benchmarks race against, and the server that they download from.
  bench) packages+=(nginx-light aria2 curl parallel hwloc-nox util-linux python3-venv make) ;;
  package) packages+=(dpkg-dev lintian man-db zsh fish bash-completion) ;;
  engines) packages+=(slurmctld slurmd slurm-client munge python3-venv) ;;
  # Programs whose workers are counted under limits.
  runtimes)
    packages+=(gcc make ninja-build cmake scons perl golang-go r-base-core ruby xz-utils zstd pigz python3-venv)
    for program in javac:default-jdk-headless node:nodejs rustc:rustc; do
      command -v "${program%:*}" >/dev/null || packages+=("${program#*:}")
    done
    ;;
  # Programs that something holds back.
  why) packages+=(gcc stress-ng fio sqlite3 openssl curl python3 util-linux) ;;
  # Commands whose knobs are tuned.
  tune)
    packages+=(gcc make xz-utils zstd pigz curl ffmpeg python3-venv)
    command -v node >/dev/null || packages+=(nodejs)
    ;;
  # What is handed out, and clean machines to try it on.
  dist) packages+=(binutils debootstrap python3-venv util-linux) ;;
  arm64) packages+=(libc6-dev-arm64-cross) ;;
  *)
    echo "there is no set of packages “$purpose”: use build, bench, package, dist, arm64, engines, runtimes, tune or why" >&2
    exit 64
    ;;
  esac
done

missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] || {
  echo "installing: ${missing[*]}" >&2
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
command -v swift >/dev/null || {
  echo "there is no Swift toolchain: install Swift 6.2 or later from https://www.swift.org/install/linux/" >&2
  exit 69
}
