#!/usr/bin/env bash
# Makes all that is handed out, from one build: a tarball, a Debian package, a wheel, the root of a container image, and
# their checksums.
#
# usage: Packaging/dist.sh ADVISOR SHARE DEB OUTPUT_FOLDER     SHARE holds man and completions
set -euo pipefail
advisor=$(realpath "$1") share=$(realpath "$2") deb=$(realpath "$3")
cd "$(dirname "$0")/.."
rm -rf "$4"
mkdir -p "$4"
output=$(realpath "$4")
version=$("$advisor" --version | cut -d ' ' -f 2)
name=advisor-$version-linux-$(uname -m)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Alike from alike: no names of who built it, and the time of the commit.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
pack() { tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -C "$1" -c "$2" | gzip -9n >"$3"; }

tree=$scratch/$name
install -D -m 755 "$advisor" "$tree/bin/advisor"
install -d "$tree"/share/{man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d,doc/advisor/profiles}
install -m 644 "$share"/man/* "$tree/share/man/man1"
install -m 644 "$share/completions/advisor.bash" "$tree/share/bash-completion/completions/advisor"
install -m 644 "$share/completions/_advisor" "$tree/share/zsh/site-functions"
install -m 644 "$share/completions/advisor.fish" "$tree/share/fish/vendor_completions.d"
install -m 644 profiles/* "$tree/share/doc/advisor/profiles"
install -m 644 LICENSE README.md Packaging/THIRD-PARTY "$tree/share/doc/advisor"
pack "$scratch" "$name" "$output/$name.tar.gz"

cp "$deb" "$output"
.build/dist-tools/bin/python Packaging/wheel.py "$advisor" "$share" "$output" >&2

# The image: the program, what it is linked with, and a folder for what it keeps.
root=$scratch/root
install -D -m 755 "$advisor" "$root/usr/bin/advisor"
install -D -m 644 Packaging/THIRD-PARTY "$root/usr/share/doc/advisor/THIRD-PARTY"
install -m 644 LICENSE "$root/usr/share/doc/advisor"
install -d -m 1777 "$root/tmp"
ldd "$advisor" | grep -o '/[^ ]*' | while read -r library; do
  install -D -m 755 "$(realpath "$library")" "$root$library"
done
pack "$root" . "$output/$name.container.tar.gz"
cp Packaging/Containerfile "$output"
sed -i "s/@NAME@/$name/" "$output/Containerfile"


(cd "$output" && sha256sum -- * >SHA256SUMS)
(cd "$output" && du -b -- * | sort -n) >&2
