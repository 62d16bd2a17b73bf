#!/bin/sh
# The pages' JavaScript: types, lint, unit tests. The tools are installed once, beside the project,
# in a folder that may be thrown away; they need the network the first time.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
home=${VIVA_JAVASCRIPT:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/javascript}
mkdir -p "$home"
. deploy/node.sh
want=$(cksum <tests/js/package.json)
if [ "$(cat "$home/.installed" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: installing what checks JavaScript in $home (once; about 30 MB to fetch)" >&2
    rm -f "$home/.installed"
    cp tests/js/package.json "$home/"
    (cd "$home" && $npm install --silent --no-audit --no-fund --no-package-lock)
    echo "$want" >"$home/.installed"
fi
cp tests/js/eslint.config.mjs "$home/"
"$node" "$home/node_modules/typescript/bin/tsc" --project tests/js
"$node" "$home/node_modules/eslint/bin/eslint.js" --config "$home/eslint.config.mjs" static tests/js
"$node" --test --test-reporter=dot tests/js/*.test.mjs
