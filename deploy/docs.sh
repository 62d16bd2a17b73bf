#!/bin/sh
# The documentation as a site: sh deploy/docs.sh serve [PORT] (on this machine only), or build [FOLDER], which
# fails at a link that leads nowhere.
set -eu
cd "$(dirname "$0")/.."
tool=docs
. deploy/tool.sh

export NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true
case ${1:-build} in
serve) exec "$home/venv/bin/mkdocs" serve --strict --dev-addr "127.0.0.1:${2:-8001}" ;;
build) exec "$home/venv/bin/mkdocs" build --strict --site-dir "${2:-$home/site}" ;;
*) echo 'viva: sh deploy/docs.sh build [FOLDER], or serve [PORT]' >&2; exit 2 ;;
esac
