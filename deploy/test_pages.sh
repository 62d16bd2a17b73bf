#!/bin/sh
# axe over what people see, Lighthouse over the candidate's page, and the whole path in Firefox and WebKitGTK.
# They are installed once, beside the project, in a folder that may be thrown away; it needs the
# network the first time. Arguments go to pytest. VIVA_PICTURES: a folder for pictures.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
home=${VIVA_PAGES:-${XDG_CACHE_HOME:-$HOME/.cache}/viva/pages}
export VIVA_PAGES="$home"
mkdir -p "$home"
. deploy/node.sh
. deploy/environment.sh
export PUPPETEER_SKIP_DOWNLOAD=1
packages "$home" tests/browser/package.json --no-package-lock
cp tests/browser/*.mjs "$home/"
ln -sf "$node" "$home/node"

loud() { command -v "$1" >/dev/null 2>&1 || echo "*** NO $1: NOT ALL IS RUN (Debian: apt-get install $2) ***" >&2; }
loud firefox-esr firefox-esr
loud pulseaudio pulseaudio
loud WebKitWebDriver webkit2gtk-driver
loud Xvfb xvfb

if [ $# -eq 0 ]; then
    set -- tests/browser/test_other_browsers.py tests/browser/test_accessible.py tests/browser/test_lighthouse.py
fi
.venv/bin/python -m pytest -rs "$@"
