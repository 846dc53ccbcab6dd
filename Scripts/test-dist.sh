#!/usr/bin/env bash
# Installs each thing that is handed out as a stranger would, in Debian roots of their own, and types its first line.
#
# usage: Scripts/test-dist.sh DIST_FOLDER ROOTS_FOLDER     needs root and debootstrap; the roots are kept for the next time
set -euo pipefail
dist=$(realpath "$1") roots=$2
mkdir -p "$roots"
roots=$(realpath "$roots")
cd "$(dirname "$0")/.."
failed=0
version=$(basename "$dist"/advisor-*.tar.gz | head -1 | cut -d - -f 2)

# say NAME COMMAND…: runs it, and tells whether it went well, and how long it took.
say() {
  local name=$1 start
  shift
  start=$(date +%s%N)
  if "$@" >"$roots/last.log" 2>&1; then
    printf '%-46s ok   %6.2f s\n' "$name" "$((($(date +%s%N) - start) / 10000000))e-2"
  else
    printf '%-46s FAILED\n' "$name"
    sed 's/^/    /' "$roots/last.log" | tail -12
    failed=1
  fi
}

# root_of SUITE: a clean Debian with nothing but Python, as it was before anything was installed.
root_of() {
  local base=$roots/$1-base copy=$roots/$1
  if [ ! -e "$base/.done" ]; then
    echo "debootstrap $1 …" >&2
    rm -rf "$base"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$1" "$base" >"$roots/debootstrap-$1.log" 2>&1
    touch "$base/.done"
  fi
  rm -rf "$copy"
  cp -a --reflink=auto "$base" "$copy"
  mkdir -p "$copy/dist"
  cp "$dist"/* "$copy/dist"
}

# within SUITE SCRIPT: runs it in the root, with /proc and /sys and nothing of ours.
within() {
  unshare --mount --pid --fork --propagation private bash -c '
    mount -t proc proc "$0/proc" && mount --rbind /sys "$0/sys" && mount --rbind /dev "$0/dev"
    exec chroot "$0" env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 bash -euo pipefail -c "$1"' "$roots/$1" "$2"
}

say "checksums" bash -c "cd '$dist' && sha256sum --check --quiet SHA256SUMS"

for suite in bookworm bullseye; do
  root_of "$suite"
  say "$suite: tarball, first advice" within "$suite" "
    mkdir /opt/advisor && tar -xzf /dist/advisor-*-linux-*64.tar.gz -C /opt/advisor --strip-components 1
    /opt/advisor/bin/advisor cpus --why && /opt/advisor/bin/advisor && /opt/advisor/bin/advisor recommend --job cpu:8x1e6"
  root_of "$suite"
  say "$suite: wheel from Python alone, first advice" within "$suite" "
    python3 -m venv /venv && /venv/bin/pip --quiet --disable-pip-version-check install --no-index /dist/advisor-*.whl
    /venv/bin/advisor cpus && /venv/bin/advisor recommend --job cpu:8x1e6"
  say "$suite: wheel, import advisor" within "$suite" "
    /venv/bin/python -c 'import advisor; print(advisor.cpus(), advisor.map(lambda n: n * n, range(50))[-1], advisor.__version__)'"
  say "$suite: wheel, all gone again" within "$suite" "
    /venv/bin/pip --quiet uninstall --yes advisor && [ -z \"\$(find /venv -name '*advisor*')\" ]"
done

root_of bookworm
say "bookworm: Debian package" within bookworm "
  dpkg --install --force-depends /dist/advisor_*.deb && advisor cpus --why && advisor --version && dpkg --remove advisor
  [ -z \"\$(find /usr -name '*advisor*')\" ]"

image=$roots/image
rm -rf "$image"
mkdir -p "$image"
tar -xzf "$dist"/advisor-*.container.tar.gz -C "$image"
mkdir -p "$image"/{proc,sys,dev}
say "container image: its root alone" unshare --mount --pid --fork --propagation private bash -c "
  mount -t proc proc $image/proc && mount --rbind /sys $image/sys
  exec chroot $image /usr/bin/advisor cpus --why"

runner=$roots/runner
rm -rf "$runner"
mkdir -p "$runner"
action() {
  env -i PATH="$PATH" RUNNER_TEMP="$runner" GITHUB_PATH="$runner/path" GITHUB_OUTPUT="$runner/output" \
    GITHUB_ENV="$runner/env" "$@" Packaging/action.sh
}
say "action: from an archive" action ADVISOR_ARCHIVE="$(ls "$dist"/advisor-*-linux-*64.tar.gz)"
say "action: what later steps see" bash -c "grep -q '^cpus=[0-9]' '$runner/output' && grep -q '^MAKEFLAGS' '$runner/env' && [ -x \"\$(cat '$runner/path')/advisor\" ]"
refuses() { ! action ADVISOR_ARCHIVE=/none 2>&1; }
say "action: an archive that is not there is refused" refuses

wheel=$(ls "$dist"/advisor-*.whl)
say "wheel of $(($(stat -c %s "$wheel") / 1000000)) MB: at most 12" [ "$(stat -c %s "$wheel")" -le 12000000 ]
exit "$failed"
