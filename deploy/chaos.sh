#!/bin/sh
# Every fault under ten live interviews, 230 in all; ten minutes on two cores. --only WORD
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
exec .venv/bin/python -m tests.chaos "$@"
