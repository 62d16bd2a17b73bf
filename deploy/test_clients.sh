#!/bin/sh
# Other people's Realtime clients, unmodified, against viva. PYTHON_ONLY=1: only the newest ones for Python, and
# shorter interviews; INSTALL_ONLY=1 runs none of them.
# They are installed once, beside the project, in a folder that may be thrown away. Needs the
# network the first time. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
. deploy/environment.sh

home=${VIVA_CLIENTS:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/clients}
export VIVA_CLIENTS="$home"
mkdir -p "$home"
rm -f "$home/node"

environment "$home/newest" tests/clients/newest.txt
if [ -z "${PYTHON_ONLY:-}" ]; then
    environment "$home/others" tests/clients/others.txt
    environment "$home/year-old" tests/clients/year_old.txt
    . deploy/node.sh
    packages "$home" tests/clients/package.json
    cp tests/clients/*.mjs "$home/"
    ln -sf "$node" "$home/node"
fi

# Our own, as a release makes them.
VIVA_GENERATORS="$home/generators" sh deploy/clients.sh "$home/made"

[ -z "${INSTALL_ONLY:-}" ] || exit 0
.venv/bin/python -m pytest -p no:cacheprovider tests/clients "$@"
[ -n "${PYTHON_ONLY:-}" ] || VIVA_FUZZ_EVENTS=100000 .venv/bin/python -m pytest -p no:cacheprovider -q tests/realtime/test_fuzz.py
