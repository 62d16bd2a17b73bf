#!/bin/sh
# A typed client for Python and one for TypeScript, made from the OpenAPI document, in dist/clients or
# the folder that is named. What makes them is installed once, beside the project, in a folder that
# may be thrown away; that needs the network. PYTHON_ONLY=1 leaves the one for TypeScript out.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
. deploy/environment.sh

target=${1:-dist/clients}
home=${VIVA_GENERATORS:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/generators}
environment "$home" deploy/clients/requirements.txt

rm -rf "$target"
mkdir -p "$target"
.venv/bin/python -m deploy.openapi >"$target/openapi.json"
version=$(.venv/bin/python -c 'from importlib.metadata import version; print(version("viva"))')
# A warning is something of the document that the client would not have.
"$home/venv/bin/openapi-python-client" generate --path "$target/openapi.json" \
    --config deploy/clients/python.yaml --meta pdm --output-path "$target/python" --fail-on-warning

[ -z "${PYTHON_ONLY:-}" ] || exit 0
. deploy/node.sh
packages "$home" deploy/clients/package.json
cp -r deploy/clients/typescript "$target/typescript"
sed -i.bak "s/\"version\": \"0.0.0\"/\"version\": \"$version\"/" "$target/typescript/package.json"
rm "$target/typescript/package.json.bak"
"$node" "$home/node_modules/openapi-typescript/bin/cli.js" "$target/openapi.json" \
    --output "$target/typescript/schema.d.ts"
