# Sourced, with $tool set: makes the environment that deploy/$tool.txt locks, and says where it is in $home.
. deploy/environment.sh
home=${VIVA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/viva}/$tool
environment "$home" "deploy/$tool.txt" --no-deps --require-hashes
