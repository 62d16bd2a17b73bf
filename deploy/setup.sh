#!/bin/sh
# Make .venv with exactly what requirements.lock says. Done already: nothing happens.
set -eu
cd "$(dirname "$0")/.."

want=$(cat requirements.lock pyproject.toml deploy/setup.sh deploy/models.py | cksum)
if [ "$(cat .venv/.setup 2>/dev/null || true)" = "$want" ] && [ -d server/share/models ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi
rm -f .venv/.setup
echo 'viva: setting up .venv (once; about 400 MB to fetch)' >&2

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

if command -v uv >/dev/null 2>&1; then
    fits .venv/bin/python || uv venv --quiet --clear --python '>=3.11,<3.14' .venv
    uv pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
    uv pip install --quiet --python .venv/bin/python --no-build-isolation --no-deps --editable .
else
    if ! { fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
        python=
        for name in python3.13 python3.12 python3.11 python3; do
            if fits "$name" && "$name" -c 'import ensurepip, venv' 2>/dev/null; then
                python=$name
                break
            fi
        done
        if [ -z "$python" ]; then
            cat >&2 <<'END'
viva: found neither uv nor a Python 3.11, 3.12 or 3.13 that can make a virtual environment.
Install one of them and try again:
  Debian, Ubuntu   apt-get install python3 python3-venv
  anywhere         uv, see https://docs.astral.sh/uv/ (it brings a Python along)
END
            exit 1
        fi
        rm -rf .venv
        "$python" -m venv .venv
    fi
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
    # Python compiles what is used when it is: all of it takes as long as to unpack it.
    .venv/bin/python -m pip install --quiet --no-compile --no-deps --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --no-build-isolation --no-deps --editable .
fi
echo "$want" >.venv/.setup
