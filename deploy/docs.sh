#!/bin/sh
# The documentation as a site: sh deploy/docs.sh serve (on this machine only), or build, which fails at a
# link that leads nowhere. Its tool lives beside the project, in a folder that may be thrown away.
set -eu
cd "$(dirname "$0")/.."

home=${VIVA_DOCS:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/docs}
mkdir -p "$home"

want=$(cat deploy/docs.txt | cksum)
if [ "$(cat "$home/.made" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: installing MkDocs in $home (once; about 20 MB to fetch)" >&2
    rm -f "$home/.made"
    sh deploy/setup.sh
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python .venv/bin/python "$home/venv"
        uv pip sync --quiet --python "$home/venv/bin/python" --require-hashes deploy/docs.txt
    else
        .venv/bin/python -m venv --clear "$home/venv"
        "$home/venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r deploy/docs.txt
    fi
    echo "$want" >"$home/.made"
fi

export NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true
case ${1:-build} in
serve) exec "$home/venv/bin/mkdocs" serve --strict --dev-addr "127.0.0.1:${2:-8001}" ;;
build) exec "$home/venv/bin/mkdocs" build --strict --site-dir "${2:-$home/site}" ;;
*) echo 'viva: sh deploy/docs.sh build [FOLDER], or serve [PORT]' >&2; exit 2 ;;
esac
