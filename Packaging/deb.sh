#!/usr/bin/env bash
# Builds a Debian package from what `make install` puts into a folder.
#
# usage: Packaging/deb.sh ROOT OUTPUT_FOLDER     ROOT holds usr/…, and is added to
set -euo pipefail
root=$(realpath "$1") output=$(realpath "$2") here=$(realpath "$(dirname "$0")")
version=$("$root/usr/bin/advisor" --version | cut -d ' ' -f 2)
architecture=$(dpkg --print-architecture)
# As devscripts do; who builds for others gives an address that is read.
maintainer="${DEBFULLNAME:-The advisor authors} <${DEBEMAIL:-advisor@example.org}>"

# What the program is linked with, as Debian names it, and what it loads when it is first needed.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/debian"
printf 'Source: advisor\n\nPackage: advisor\nArchitecture: any\n' >"$scratch/debian/control"
linked=$(cd "$scratch" && dpkg-shlibdeps -O "$root/usr/bin/advisor" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')

documents=$root/usr/share/doc/advisor
install -d "$documents" "$root/DEBIAN" "$root/usr/share/lintian/overrides"
install -m 644 "$here/copyright" "$documents/copyright"
install -m 644 "$here/lintian-overrides" "$root/usr/share/lintian/overrides/advisor"
{
  printf 'advisor (%s) unstable; urgency=medium\n\n' "$version"
  # Paragraphs of one line each, folded as Debian wants them.
  sed -n -e 's/^- /* /p;t' -e 's/^  / /p' "$here/../CHANGELOG.md" | awk '/^\*/ && NR > 1 { print "" } { printf "%s", $0 } END { print "" }' |
    fold --spaces --width=74 | sed -e 's|^[*]|  *|;tend' -e 's|^|    |' -e ':end' -e 's| *$||'
  printf '\n -- %s  %s\n' "$maintainer" "$(date --utc --rfc-email --date="@${SOURCE_DATE_EPOCH:-$(date +%s)}")"
} | gzip -9n >"$documents/changelog.gz"

cat >"$root/DEBIAN/control" <<CONTROL
Package: advisor
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -k --summarize --exclude=DEBIAN "$root" | cut -f 1)
Depends: $linked, libnuma1, libcurl4
Recommends: gnuplot-nox
Suggests: chromium
Section: admin
Priority: optional
Description: picks the number of workers for parallel jobs
 advisor runs a command over many inputs as xargs and GNU parallel do, but finds
 the number of workers itself, within the limits of cgroups, memory and files.
 It tells make, pytest, OpenMP and others how many workers may run, downloads
 lists of URLs, predicts the time of every way to run a job with intervals and
 reasons, and plans capacity: how many servers a load needs, and until when.
CONTROL
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
chmod 644 "$root"/DEBIAN/*
package=$output/advisor_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$package" >&2
echo "$package"
