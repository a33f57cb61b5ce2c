#!/usr/bin/env bash
# shellcheck disable=SC1090,SC1091,SC2030,SC2031,SC2034,SC2046,SC2086,SC2154
# A small stack.sh with the structure of the real ones: what it says, in which order, and how.
# own_devstack.py fills in what the releases do differently: @...@.
@TRACE_FROM_THE_START@
unset LANG LANGUAGE
export LC_ALL=C.UTF-8
umask 022
TOP_DIR=$(cd "$(dirname "$0")" && pwd)
FILES=$TOP_DIR/files
rm -f "$TOP_DIR/.stackenv"

[[ $EUID != 0 ]] || { echo "not as root" && exit 1; }
[[ -z $VIRTUAL_ENV ]] || { echo "not in a virtual environment" && exit 1; }
[[ -z $PYTHONPATH$PIP_TARGET ]] || { echo "not with this environment" && exit 1; }

source "$TOP_DIR/functions"
GetDistro
rm -f "$TOP_DIR/.localrc.auto"
extract_localrc_section "$TOP_DIR/local.conf" "$TOP_DIR/localrc" "$TOP_DIR/.localrc.auto"
source "$TOP_DIR/stackrc"

SUPPORTED_DISTROS="bookworm|trixie|noble"
[[ ${DISTRO} =~ $SUPPORTED_DISTROS ]] || die $LINENO "never tried on $DISTRO"

# the rule for sudo, made anew by each run
sudo tee /etc/sudoers.d/50_stack_sh >/dev/null <<RULES
$STACK_USER ALL=(root) NOPASSWD:ALL
Defaults:$STACK_USER secure_path=/sbin:/usr/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/local/bin
RULES
sudo chmod 0440 /etc/sudoers.d/50_stack_sh

for folder in "$DEST" "$DATA_DIR" ${LOGDIR:-}; do
    if [[ ! -d $folder ]]; then
        sudo mkdir -p "$folder"
        sudo chown "$STACK_USER" "$folder"
    fi
done

# Logging

VERBOSE=$(trueorfalse True VERBOSE)

function echo_summary { echo -e "$*" >&6; }

filter="python3 $TOP_DIR/tools/outfilter.py"
if [[ -n $LOGFILE ]]; then
    mkdir -p "${LOGFILE%/*}"
    link=$LOGFILE
    now=$(date +%F-%H%M%S)
    LOGFILE=$link.$now
    SUMFILE=$link.summary.$now
    exec 3>&1
    if [[ $VERBOSE == True ]]; then
        exec 1> >($filter -v -o "$LOGFILE") 2>&1
        exec 6> >($filter -o "$SUMFILE")
    else
        exec 1> >($filter -o "$LOGFILE") 2>&1
        exec 6> >($filter -v -o "$SUMFILE" >&3)
    fi
    echo_summary "stack.sh log $LOGFILE"
    ln -sf "$LOGFILE" "$link"
    ln -sf "$SUMFILE" "$link.summary"
else
    exec 3>&1
    if [[ $VERBOSE != True ]]; then
        exec 1>/dev/null 2>&1
    fi
    exec 6> >($filter -v >&3)
fi

function say_so {
    local status=$?
    [[ $status == 0 ]] || echo "Error on exit"
    jobs=$(jobs -p)
    [[ -z $jobs || -z $LOGFILE || $VERBOSE != True ]] || kill $jobs 2>&1
    exit "$status"
}
function give_up {
    local status=$?
    set +o xtrace
    echo "${0##*/} failed${LOGFILE:+: full log in $LOGFILE}"
    exit "$status"
}
trap say_so EXIT
trap give_up ERR
set -o errexit
@TRACE_FROM_HERE@

source "$TOP_DIR/lib/keystone"
@SOURCE_PHASES@

# Passwords

function read_password {
    set +o xtrace
    if [[ -z ${!1} ]]; then
        printf '\n%s\n%s\n' "$2" "Enter a password now:"
        read -r -e "$1"
    fi
    set -o xtrace
}
if is_service_enabled mysql; then
    read_password DATABASE_PASSWORD "ENTER A PASSWORD TO USE FOR THE DATABASE."
fi
if is_service_enabled key; then
@SERVICE_TOKEN@
    read_password SERVICE_PASSWORD "ENTER A SERVICE_PASSWORD TO USE FOR THE SERVICE AUTHENTICATION."
    read_password ADMIN_PASSWORD "ENTER A PASSWORD TO USE FOR HORIZON AND KEYSTONE (20 CHARS OR LESS)."
    if is_service_enabled ldap; then
        read_password LDAP_PASSWORD "ENTER A PASSWORD TO USE FOR LDAP"
    fi
fi
if [[ -n $SWIFT_ENABLE_TEMPURLS ]]; then
    read_password SWIFT_TEMPURL_KEY "ENTER A KEY FOR SWIFT TEMPURLS."
fi
save_stackenv

# Packages

echo_summary "Installing package prerequisites"
install_package ${PREREQUISITES:-}
@VENV@
@END pre-install@

# Sources

echo_summary "Installing OpenStack project source"
install_keystone
if [[ $STOPS == install ]]; then
    die $LINENO "keystone did not come out of git"
fi
@END install@

# Configuration

if is_service_enabled rsyslog; then
    echo_summary "Starting rsyslog"
fi
if is_service_enabled key; then
    echo_summary "Starting Keystone"
    configure_keystone
    start_keystone
fi
if [[ $STOPS == never ]]; then
    echo_summary "Configuring Horizon"
    sudo sleep 1000
fi
if is_service_enabled horizon; then
    echo_summary "Configuring Horizon"
fi
if is_service_enabled glance; then
    echo_summary "Configuring Glance"
fi
if [[ $STOPS == post-config ]]; then
    cat /etc/glance/no-such.conf
fi
@END post-config@

# Services

if is_service_enabled glance; then
    echo_summary "Starting Glance"
    echo_summary "Uploading images"
fi
if is_service_enabled n-api; then
    echo_summary "Starting Nova API"
fi
save_stackenv
@END extra@

if [[ -x $TOP_DIR/local.sh ]]; then
    echo "Running user script $TOP_DIR/local.sh"
    "$TOP_DIR/local.sh"
fi
@END test-config@

set +o xtrace
exec 1>&3
echo "This is your host IP address: $HOST_IP"
echo "Keystone is serving at unix:$KEYSTONE_SOCKET"
echo "Services are running under systemd unit files."
echo_summary "stack.sh completed in $SECONDS seconds."
exec 1>&3 2>&3 3>&- 6>&-
