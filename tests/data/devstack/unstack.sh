#!/usr/bin/env bash
# shellcheck disable=SC1090,SC1091,SC2154
# Stops what stack.sh has started.
TOP_DIR=$(cd "$(dirname "$0")" && pwd)
source "$TOP_DIR/functions"
source "$TOP_DIR/openrc"
[[ $EUID != 0 ]] || { echo "not as root" && exit 1; }
source "$TOP_DIR/lib/keystone"
set -o xtrace
if [[ $UNSTACK_STOPS == True ]]; then
    echo "cannot stop what it should stop" >&2
    exit 1
fi
stop_keystone
