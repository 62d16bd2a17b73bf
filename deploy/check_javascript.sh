#!/bin/sh
# The pages' JavaScript: types, lint, unit tests. The tools are installed once, beside the project,
# in a folder that may be thrown away; they need the network the first time.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
home=${VIVA_JAVASCRIPT:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/javascript}
mkdir -p "$home"
. deploy/node.sh
. deploy/environment.sh
packages "$home" tests/js/package.json --no-package-lock
cp tests/js/eslint.config.mjs "$home/"
"$node" "$home/node_modules/typescript/bin/tsc" --project tests/js
"$node" "$home/node_modules/eslint/bin/eslint.js" --config "$home/eslint.config.mjs" static tests/js
"$node" --test --test-reporter=dot tests/js/*.test.mjs
