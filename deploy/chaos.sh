#!/bin/sh
# Every fault under ten live interviews, two hundred in all; a quarter of an hour. --only WORD
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
exec .venv/bin/python -m tests.chaos "$@"
