#!/bin/sh
# What is in viva's wheel and what it brings, as CycloneDX: sh deploy/sbom.sh FILE. Its tool lives beside
# the project, in a folder that may be thrown away.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh

home=${VIVA_SBOM:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/sbom}
mkdir -p "$home"

want=$(cat deploy/sbom.txt | cksum)
if [ "$(cat "$home/.made" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: installing cyclonedx-py in $home (once; about 10 MB to fetch)" >&2
    rm -f "$home/.made"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python .venv/bin/python "$home/venv"
        uv pip sync --quiet --python "$home/venv/bin/python" --require-hashes deploy/sbom.txt
    else
        .venv/bin/python -m venv --clear "$home/venv"
        "$home/venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r deploy/sbom.txt
    fi
    echo "$want" >"$home/.made"
fi

"$home/venv/bin/cyclonedx-py" environment --pyproject pyproject.toml --output-reproducible \
    --spec-version 1.6 --of JSON -o "$home/installed.json" .venv/bin/python
.venv/bin/python -m deploy.sbom "$home/installed.json" "$1"
"$home/venv/bin/python" - "$1" <<'END'
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(Path(sys.argv[1]).read_text()):
    sys.exit(f"viva: {sys.argv[1]} is no CycloneDX 1.6: {wrong}")
END
