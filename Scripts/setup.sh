#!/usr/bin/env bash
# Installs the Debian packages that the build needs and that are not there yet.
set -euo pipefail

# nginx, aria2, curl and GNU parallel serve and race in the benchmarks; nginx and openssl in a test of TLS, too.
packages=(nginx-light aria2 curl parallel libnuma1 libcurl4-openssl-dev libsqlite3-dev pkg-config gcc gnuplot-nox openssl python3-jsonschema)
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
