#!/bin/sh
# What is in viva's wheel and what it brings, as CycloneDX: sh deploy/sbom.sh FILE.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
tool=sbom
. deploy/tool.sh

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
