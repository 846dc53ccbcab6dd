#!/usr/bin/env bash
# Links the objects of a release build with the C library of Debian 11, so that the program runs on glibc 2.29 and later.
#
# usage: Packaging/relink.sh RELEASE_FOLDER ROOT OUTPUT     ROOT is made by debootstrap where it is not there yet: needs root
set -euo pipefail
release=$(realpath "$1") output=$(realpath -m "$3")
mkdir -p "$2"
root=$(realpath "$2")
cd "$(dirname "$0")/.."
here=$(uname -m)-linux-gnu

if [ ! -e "$root/.done" ]; then
  echo "debootstrap bullseye, for its C library …" >&2
  rm -rf "$root"
  debootstrap --variant=minbase --include=libc6-dev,libstdc++-10-dev bullseye "$root" >&2
  # Absolute links would lead to this machine's own.
  find "$root/usr/lib64" "$root/usr/lib/$here" -maxdepth 1 -type l -lname '/*' | while read -r link; do
    ln -sfn "$root$(readlink "$link")" "$link"
  done
  touch "$root/.done"
fi

static=$(mktemp -d)
trap 'rm -rf "$static"' EXIT
ln -s "$root/usr/lib/gcc/$here/10/libstdc++.a" "$(gcc -print-file-name=libsqlite3.a)" "$static"
gcc -O2 -c Packaging/older-glibc.c -o "$static/older-glibc.o"
swiftc -emit-executable -module-name advisor -static-stdlib -target "$(uname -m)-unknown-linux-gnu" -gnone \
  -o "$output" "@$release/advisor.product/Objects.LinkFileList" "$static/older-glibc.o" -L "$static" -lsqlite3 \
  -Xclang-linker --sysroot="$root" -Xclang-linker -no-pie -Xclang-linker -static-libgcc \
  -Xlinker --gc-sections -Xlinker --defsym -Xlinker main=advisor_main -Xlinker --no-export-dynamic -Xlinker -s \
  -Xlinker --as-needed -Xlinker -lpthread -Xlinker -ldl
