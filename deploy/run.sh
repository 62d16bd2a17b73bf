#!/bin/sh
# Everything, from nothing: set up if need be, then databases, server and worker.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
exec .venv/bin/viva up
