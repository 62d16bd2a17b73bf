#!/bin/sh
# All tests, from nothing. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
sh deploy/setup.sh
# Tests start many child processes, which would compile everything again, each of them.
unset PYTHONDONTWRITEBYTECODE
found=
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && found=$name
done
if [ -z "$found" ]; then
    echo '*** NO CHROMIUM: THE BROWSER TESTS WILL BE SKIPPED (Debian: apt-get install chromium) ***' >&2
fi
exec .venv/bin/python -m pytest "$@"
