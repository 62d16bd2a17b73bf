#!/bin/sh
# axe over what people see, and Lighthouse over the candidate's page, in Chromium.
# They are installed once, beside the project, in a folder that may be thrown away; it needs the
# network the first time. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
home=${VIVA_PAGES:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/pages}
export VIVA_PAGES="$home"
mkdir -p "$home"
. deploy/node.sh
want=$(cksum <tests/browser/package.json)
if [ "$(cat "$home/.installed" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: installing what looks at the pages in $home (once; about 100 MB to fetch)" >&2
    rm -f "$home/.installed"
    cp tests/browser/package.json "$home/"
    (cd "$home" && $npm install --silent --no-audit --no-fund --no-package-lock)
    echo "$want" >"$home/.installed"
fi
ln -sf "$node" "$home/node"

if [ $# -eq 0 ]; then
    set -- tests/browser/test_accessible.py tests/browser/test_lighthouse.py
fi
.venv/bin/python -m pytest -rs "$@"
