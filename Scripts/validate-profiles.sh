#!/usr/bin/env bash
# Validates every saved profile against the JSON Schema beside it.
set -euo pipefail
cd "$(dirname "$0")/.."
exec /usr/bin/python3 - profiles <<'PYTHON'
import json, pathlib, sys
import jsonschema

folder = pathlib.Path(sys.argv[1])
schema = json.loads((folder / "advisor.profile.schema.json").read_text())
profiles = [path for path in sorted(folder.glob("*.json")) if not path.name.endswith(".schema.json")]
assert profiles, "there is no profile to validate"
for path in profiles:
    jsonschema.Draft7Validator(schema).validate(json.loads(path.read_text()))
    print(f"{path}: valid")
PYTHON
