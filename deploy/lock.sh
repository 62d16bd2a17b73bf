#!/bin/sh
# Resolve pyproject.toml anew into requirements.lock, and what makes the documentation's site and the bill of materials. Needs uv.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo 'viva: make lock needs uv' >&2; exit 1; }
uv pip compile pyproject.toml --group dev \
    --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate \
    --quiet -o requirements.lock "$@"
for tool in docs sbom; do
    uv pip compile "deploy/$tool.in" \
        --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate \
        --quiet -o "deploy/$tool.txt" "$@"
done
