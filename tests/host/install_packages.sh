#!/bin/sh
# Installs what the tests that change this machine need: packages.txt, one a line.
set -eu

cd "$(dirname -- "$0")"
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests of tests/host change this machine: they need root on Debian or Ubuntu." >&2
    exit 4
fi

# Servers among the packages must not start: where nothing says so, this does meanwhile.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2046 # one package a word
if ! { apt-get update &&
    apt-get install -y --no-install-recommends $(sed 's/#.*//' packages.txt); } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt-get could not install what packages.txt names; $log says more." >&2
    exit 4
fi
rm -f "$log"
