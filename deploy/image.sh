#!/bin/sh
# make image: the image of compose.yaml's server and worker, by buildah (Debian: apt-get install buildah), which needs no
# daemon. Of one commit, one base and one state of the distribution's packages it is the same at every build; its digest is
# printed. Options are buildah's: make image IMAGE="--build-arg BASE=debian:12-slim"
set -eu
cd "$(dirname "$0")/.."
command -v buildah >/dev/null || {
    echo "viva: buildah is not there (Debian: apt-get install buildah); with Docker: docker compose build" >&2
    exit 1
}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
epoch=$(git log -1 --format=%ct)
buildah build --quiet --no-cache --timestamp "$epoch" --build-arg SOURCE_DATE_EPOCH="$epoch" \
    --ignorefile deploy/Dockerfile.dockerignore --file deploy/Dockerfile --tag "viva:$version" "$@" . >&2
printf 'viva:%s %s\n' "$version" "$(buildah inspect --type image --format '{{.FromImageDigest}}' "viva:$version")"
