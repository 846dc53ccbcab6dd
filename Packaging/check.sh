#!/usr/bin/env bash
# Looks at a package as a stranger's machine would: lintian, the shells, and dpkg in a folder of its own.
#
# usage: Packaging/check.sh PACKAGE.deb
set -euo pipefail
package=$(realpath "$1")
lintian --allow-root --fail-on error "$package"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/var/lib/dpkg/{info,updates} "$root/var/log"
touch "$root/var/lib/dpkg/status"
# What it depends on lies outside this folder; maintainer scripts, which would need it, there are none.
dpkg=(dpkg --root="$root" --log=/dev/null --force-not-root --force-depends)
"${dpkg[@]}" --install "$package" >/dev/null 2>&1
"$root/usr/bin/advisor" --version
"$root/usr/bin/advisor" probe >/dev/null
"$root/usr/bin/advisor" probe --json >/dev/null
bash -n "$root/usr/share/bash-completion/completions/advisor"
zsh -n "$root/usr/share/zsh/vendor-completions/_advisor"
fish --no-execute "$root/usr/share/fish/vendor_completions.d/advisor.fish"
for page in "$root"/usr/share/man/man1/*; do
  warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings --encoding=UTF-8 --local-file "$page" 2>&1 >/dev/null)
  [ -z "$warnings" ] || { echo "$page: $warnings" >&2; exit 1; }
done
(cd "$root" && md5sum --quiet --check var/lib/dpkg/info/advisor.md5sums)
"${dpkg[@]}" --remove advisor >/dev/null 2>&1
left=$(find "$root/usr" -type f 2>/dev/null || true)
[ -z "$left" ] || { echo "left behind after removal: $left" >&2; exit 1; }
echo "installs, runs and goes again: $package"
