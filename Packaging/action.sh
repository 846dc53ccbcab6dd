#!/usr/bin/env bash
# What the action does: installs a release, checks its checksum, and exports what it says of this runner.
set -euo pipefail

fail() {
  echo "::error title=advisor::$1"
  exit 1
}

architecture=$(uname -m) folder=${RUNNER_TEMP:-/tmp}/advisor
rm -rf "$folder"
mkdir -p "$folder"
archive=${ADVISOR_ARCHIVE:-}
if [ -z "$archive" ]; then
  [ -n "${ADVISOR_VERSION:-}" ] || fail "name a release: version: v0.2.0"
  version=${ADVISOR_VERSION#v}
  name=advisor-$version-linux-$architecture.tar.gz
  from=${GITHUB_SERVER_URL:-https://github.com}/${ADVISOR_REPOSITORY:?}/releases/download/v$version
  for file in "$name" SHA256SUMS; do
    curl --fail --silent --show-error --location --retry 3 --output "$folder/$file" "$from/$file" ||
      fail "cannot fetch $from/$file: is there a release $version for $architecture?"
  done
  (cd "$folder" && grep -F " $name" SHA256SUMS | sha256sum --check --quiet) || fail "the checksum of $name is wrong"
  archive=$folder/$name
fi
[ -f "$archive" ] || fail "there is no archive $archive"
tar -xzf "$archive" -C "$folder" --strip-components=1 || fail "$archive is no tarball of advisor's"
"$folder/bin/advisor" --version || fail "this runner's C library is too old for the program: use a newer image"

echo "$folder/bin" >>"$GITHUB_PATH"
echo "cpus=$("$folder/bin/advisor" cpus)" >>"$GITHUB_OUTPUT"
[ "${ADVISOR_EXPORT:-true}" != true ] || "$folder/bin/advisor" env --format github >>"$GITHUB_ENV"
"$folder/bin/advisor" cpus --why
