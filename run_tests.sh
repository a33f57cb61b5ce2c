#!/bin/sh
# Runs the tests: ./run_tests.sh [--host] [PYTEST ARGUMENTS]
#
# Plain, they are safe on anybody's machine. With --host those run too that install packages and
# change this machine; they need root. Those against a real DevStack run when DEVSTACK_CLONE
# names a clone of it.
set -eu

root=$(dirname -- "$(readlink -f -- "$0")")
cd "$root"
. "$root/tools/environment.sh"

marks='not host'
if [ "${1-}" = --host ]; then
    shift
    marks=
    sh "$root/tests/host/install_packages.sh"
fi
[ -n "${DEVSTACK_CLONE-}" ] || marks="${marks:+$marks and }not upstream"

use_environment .venv-dev requirements-dev.lock

unset PYTHONHOME PYTHONPATH VIRTUAL_ENV
exec "$python" -m pytest -m "$marks" "$@"
