#!/bin/sh
# Which lines of each module no test runs, child processes included. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
.venv/bin/coverage erase
.venv/bin/coverage run -m pytest -q -p no:cacheprovider "$@" || failed=1
.venv/bin/coverage combine --quiet
.venv/bin/coverage report --show-missing --sort=cover
exit "${failed:-0}"
