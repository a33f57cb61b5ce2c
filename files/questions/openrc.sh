# shellcheck shell=bash disable=SC1091 # openrc is to be found
# Sources openrc as a person's shell would, in a folder that looks like the checkout $1, and writes
# which Python and which openstack are found then into the file answers: NAME=VALUE and a NUL each.
# Runs after stand_ins.sh, in settings_sandbox.sh.

_ours_sandbox=$PWD
for _ours_name in .stackenv .localrc.auto; do
    [[ ! -r $1/$_ours_name ]] || cp -- "$1/$_ours_name" .
done
# DevStack installs lsb_release unless what "command -v" says may be run or entered; for our
# stand-in that is a name in the current folder
mkdir lsb_release
set -- admin admin
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
source ./openrc admin admin
set +o errexit +o nounset +o xtrace

_ours_answer() { printf '%s=%s\0' "$1" "$2"; }
{
    _ours_answer python "$(type -P python3)"
    _ours_answer prefix "$(command python3 -B -c 'import sys; print(sys.prefix)')"
    _ours_answer openstack "$(type -P openstack)"
    _ours_answer VIRTUAL_ENV "$(command -p printenv VIRTUAL_ENV)" # what stack.sh would inherit
    _ours_answer _ours_end yes
} >"$_ours_sandbox/answers"
