#!/bin/sh
# viva's recogniser on a real Ray cluster of two nodes on the CPU, one of which dies: opt-in. Ray comes into
# an environment of its own in a cache folder (500 MB) and sees this checkout's packages behind its own.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
cache=${VIVA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/viva}/ray-2.60.0
if [ ! -f "$cache/ready" ]; then
    echo "viva: setting up Ray in $cache (once; about 150 MB to fetch)" >&2
    .venv/bin/python -m venv "$cache"
    "$cache/bin/python" -m pip --disable-pip-version-check --no-input --quiet install \
        'ray[serve]==2.60.0' python-multipart
    touch "$cache/ready"
fi
.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    >"$("$cache/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/zz-viva.pth"
RAY_PYTHON="$cache/bin/python" exec .venv/bin/python -m pytest -q -s tests/engines/test_ray.py "$@"
