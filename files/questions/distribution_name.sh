# shellcheck shell=bash disable=SC1091 # the checkout is to be found
# Asks the checkout in $1 for its name of this distribution. Runs after stand_ins.sh and
# no_programs.sh.

cd "$1" 2>/dev/null || exit
source ./functions >/dev/null 2>&1
set +o errexit +o nounset +o noglob
_ensure_lsb_release() { :; } # it would install it, and there is a stand-in
GetDistro >/dev/null 2>&1
printf 'DISTRO=%s\0' "$DISTRO"
