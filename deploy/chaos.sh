#!/bin/sh
# Every fault of tests/chaos/faults.toml under five live interviews, over 200 in all; half an hour on two cores.
# --only WORD, --interviews N, --short
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
exec .venv/bin/python -m tests.chaos "$@"
