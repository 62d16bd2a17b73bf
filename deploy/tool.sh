# Sourced, with $tool set: makes the environment that deploy/$tool.txt locks, in a folder beside the project
# that may be thrown away, and says where it is in $home. Needs the network the first time.
home=${VIVA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/viva}/$tool
mkdir -p "$home"

want=$(cat "deploy/$tool.txt" | cksum)
if [ "$(cat "$home/.made" 2>/dev/null || true)" != "$want" ]; then
    echo "viva: installing what deploy/$tool.txt says in $home (once)" >&2
    rm -f "$home/.made"
    sh deploy/setup.sh
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python .venv/bin/python "$home/venv"
        uv pip sync --quiet --python "$home/venv/bin/python" --require-hashes "deploy/$tool.txt"
    else
        .venv/bin/python -m venv --clear "$home/venv"
        "$home/venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "deploy/$tool.txt"
    fi
    echo "$want" >"$home/.made"
fi
