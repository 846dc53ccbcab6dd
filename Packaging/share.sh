#!/usr/bin/env bash
# Writes the man pages and the completions of bash, zsh and fish, all from the program's own argument parser.
#
# usage: Packaging/share.sh ADVISOR FOLDER
set -euo pipefail
advisor=$(realpath "$1") folder=$2
cd "$(dirname "$0")/.."

# ArgumentParser's own generator; its plugin would build the program again beside it.
tool=(swift build --package-path .build/checkouts/swift-argument-parser --scratch-path "$PWD/.build/manual-tool"
  --product generate-manual)
"${tool[@]}" >&2
rm -rf "$folder"
mkdir -p "$folder"/{man,completions}
"$("${tool[@]}" --show-bin-path)/generate-manual" "$advisor" --multi-page --output-directory "$folder/man" \
  --date "$(date --utc --date="@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%F)" >&2

# `man advisor run` looks for advisor-run; our exit codes say more than two.
for page in "$folder"/man/*.1; do
  name=$(basename "$page" .1)
  sed -E -e 's/^$/.Pp/' -e '/^\.(Xr|Dt|Nm) /{:dot;s/(advisor[a-z-]*)[. ]([a-z])/\1-\2/I;tdot;}' -e "s/^'/\\\\\\&'/" \
    -e "/^\.Ex -std/{r Packaging/exit-status.mdoc
d}" "$page" | gzip -9n >"$folder/man/${name//./-}.1.gz"
  rm "$page"
done

# Sourced, never run.
"$advisor" --generate-completion-script bash | sed "1{/^#!/d}" >"$folder/completions/advisor.bash"
"$advisor" --generate-completion-script zsh >"$folder/completions/_advisor"
"$advisor" --generate-completion-script fish >"$folder/completions/advisor.fish"
