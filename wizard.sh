#!/bin/sh
# Runs devstack-venv from this clone. The first start makes .venv beside the code.
set -eu

root=$(dirname -- "$(readlink -f -- "$0")")
. "$root/tools/environment.sh"

use_environment .venv requirements.lock

export DEVSTACK_VENV_CALLED_AS="$0"

# -I: neither the current folder nor PYTHON* variables may replace a module of ours.
# -B: root leaves no bytecode behind in somebody else's clone.
# shellcheck disable=SC3067 # every sh that we meet has -O
[ -O "$root" ] || exec "$python" -I -B -m wizard "$@"
exec "$python" -I -m wizard "$@"
