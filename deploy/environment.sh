# Sourced. What is made here lies beside the project and may be thrown away; whoever comes while it is being
# made waits for it, where there is flock.

# lock FOLDER, and unlock.
lock() {
    mkdir -p "$1"
    exec 9>"$1/.lock"
    if command -v flock >/dev/null 2>&1; then flock 9; fi
}
unlock() {
    exec 9>&-
}

# environment FOLDER FILE [OPTION...]: FOLDER/venv, of what FILE says, to be installed with these options.
# Needs the network the first time.
environment() {
    lock "$1"
    want=$(cksum <"$2")
    if [ "$(cat "$1/.made" 2>/dev/null || true)" != "$want" ]; then
        echo "viva: installing what $2 says in $1 (once)" >&2
        place=$1 file=$2
        shift 2
        rm -f "$place/.made"
        sh deploy/setup.sh
        if command -v uv >/dev/null 2>&1; then
            uv venv --quiet --clear --python .venv/bin/python "$place/venv"
            uv pip install --quiet --python "$place/venv/bin/python" "$@" -r "$file"
        else
            .venv/bin/python -m venv --clear "$place/venv"
            "$place/venv/bin/python" -m pip install --quiet "$@" -r "$file"
        fi
        echo "$want" >"$place/.made"
    fi
    unlock
}

# packages FOLDER FILE [OPTION...]: FOLDER/node_modules, of what FILE, a package.json, says. $npm as of deploy/node.sh.
packages() {
    lock "$1"
    want=$(cksum <"$2")
    if [ "$(cat "$1/.node" 2>/dev/null || true)" != "$want" ]; then
        echo "viva: installing what $2 says in $1 (once)" >&2
        place=$1 file=$2
        shift 2
        rm -f "$place/.node"
        cp "$file" "$place/package.json"
        (cd "$place" && $npm install --silent --no-audit --no-fund "$@")
        echo "$want" >"$place/.node"
    fi
    unlock
}
