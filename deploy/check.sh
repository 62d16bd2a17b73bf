#!/bin/sh
# Format, lint, types, floors.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/lint-imports
