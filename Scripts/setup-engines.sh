#!/usr/bin/env bash
# Installs what the engines need to be tried on this machine: Slurm from Debian, and Dask in a virtual environment of our own.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(slurmctld slurmd slurm-client munge python3-venv)
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

environment=.build/engines
[ -x "$environment/bin/python" ] || python3 -m venv "$environment"
# cryptography keeps other users of the machine away from a scheduler that a run starts for itself.
"$environment/bin/python" -c 'import distributed, cryptography' 2>/dev/null ||
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check 'distributed>=2026.8,<2027' 'cryptography>=43'
