#!/bin/sh
# Other people's Realtime clients, unmodified, against viva. PYTHON_ONLY=1 leaves Node's out;
# INSTALL_ONLY=1 runs none of them.
# They are installed once, beside the project, in a folder that may be thrown away. Needs the
# network the first time. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh

home=${VIVA_CLIENTS:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/clients}
export VIVA_CLIENTS="$home"
mkdir -p "$home"
rm -f "$home/node"

want=$(cat tests/clients/requirements.txt | cksum)
if [ "$(cat "$home/.python" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: installing Python clients in $home (once; about 250 MB to fetch)" >&2
    rm -f "$home/.python"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python .venv/bin/python "$home/venv"
        uv pip install --quiet --python "$home/venv/bin/python" -r tests/clients/requirements.txt
    else
        .venv/bin/python -m venv --clear "$home/venv"
        "$home/venv/bin/python" -m pip install --quiet -r tests/clients/requirements.txt
    fi
    echo "$want" >"$home/.python"
fi

if [ -z "${PYTHON_ONLY:-}" ]; then
    . deploy/node.sh
    want=$(cat tests/clients/package.json | cksum)
    if [ "$(cat "$home/.node" 2>/dev/null || true)" != "$want" ]; then
        echo "viva: installing Node clients in $home (once; about 60 MB to fetch)" >&2
        rm -f "$home/.node"
        cp tests/clients/package.json "$home/"
        (cd "$home" && $npm install --silent --no-audit --no-fund)
        echo "$want" >"$home/.node"
    fi
    cp tests/clients/*.mjs "$home/"
    ln -sf "$node" "$home/node"
fi

# Our own, as a release makes them.
VIVA_GENERATORS="$home/generators" sh deploy/clients.sh "$home/made"

[ -z "${INSTALL_ONLY:-}" ] || exit 0
.venv/bin/python -m pytest -p no:cacheprovider tests/clients "$@"
[ -n "${PYTHON_ONLY:-}" ] || VIVA_FUZZ_EVENTS=100000 .venv/bin/python -m pytest -p no:cacheprovider -q tests/realtime/test_fuzz.py
