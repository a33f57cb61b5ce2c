#!/bin/sh
# Writes both lock files anew from pyproject.toml: the newest versions that fit, with the hashes
# of every file, for every Python and platform that we run on. Needs uv.
set -eu

cd "$(dirname -- "$0")/.."

lock() {
    file=$1
    shift
    rm -f "$file" # else uv would keep the versions in it
    uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
        --custom-compile-command tools/lock.sh --output-file "$file" "$@" pyproject.toml
}

lock requirements.lock
lock requirements-dev.lock --constraints requirements.lock --group test --group lint
