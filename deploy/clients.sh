#!/bin/sh
# A typed client for Python and one for TypeScript, made from the OpenAPI document, in dist/clients or
# the folder that is named. What makes them is installed once, beside the project, in a folder that
# may be thrown away; that needs the network. PYTHON_ONLY=1 leaves the one for TypeScript out.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh

target=${1:-dist/clients}
home=${VIVA_GENERATORS:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/generators}
mkdir -p "$home"

want=$(cksum <deploy/clients/requirements.txt)
if [ "$(cat "$home/.python" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: installing what makes the Python client in $home (once)" >&2
    rm -f "$home/.python"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python .venv/bin/python "$home/venv"
        uv pip install --quiet --python "$home/venv/bin/python" -r deploy/clients/requirements.txt
    else
        .venv/bin/python -m venv --clear "$home/venv"
        "$home/venv/bin/python" -m pip install --quiet -r deploy/clients/requirements.txt
    fi
    echo "$want" >"$home/.python"
fi

rm -rf "$target"
mkdir -p "$target"
.venv/bin/python -m deploy.openapi >"$target/openapi.json"
version=$(.venv/bin/python -c 'from importlib.metadata import version; print(version("viva"))')
# A warning is something of the document that the client would not have.
"$home/venv/bin/openapi-python-client" generate --path "$target/openapi.json" \
    --config deploy/clients/python.yaml --meta pdm --output-path "$target/python" --fail-on-warning

[ -z "${PYTHON_ONLY:-}" ] || exit 0
. deploy/node.sh
want=$(cksum <deploy/clients/package.json)
if [ "$(cat "$home/.node" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: installing what makes the TypeScript client in $home (once)" >&2
    rm -f "$home/.node"
    cp deploy/clients/package.json "$home/"
    (cd "$home" && $npm install --silent --no-audit --no-fund)
    echo "$want" >"$home/.node"
fi
cp -r deploy/clients/typescript "$target/typescript"
sed -i.bak "s/\"version\": \"0.0.0\"/\"version\": \"$version\"/" "$target/typescript/package.json"
rm "$target/typescript/package.json.bak"
"$node" "$home/node_modules/openapi-typescript/bin/cli.js" "$target/openapi.json" \
    --output "$target/typescript/schema.d.ts"
