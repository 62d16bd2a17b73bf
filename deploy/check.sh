#!/bin/sh
# Format, lint, types, floors; of the pages: types, lint, unit tests.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/lint-imports
sh deploy/check_javascript.sh
