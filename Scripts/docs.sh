#!/usr/bin/env bash
# Builds the documentation of the libraries that are named; a warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
export ADVISOR_DOCS=1
mkdir -p .build-docs/site
for library in "$@"; do
  swift package --scratch-path .build-docs --allow-writing-to-directory .build-docs generate-documentation --target "$library" \
    --warnings-as-errors --transform-for-static-hosting --hosting-base-path "$library" --output-path ".build-docs/site/$library"
done
