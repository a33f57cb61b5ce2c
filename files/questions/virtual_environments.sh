# shellcheck shell=bash disable=SC1091,SC2034 # the checkout is to be found, and reads these
# Asks the checkout in $1 what it does with virtual environments; NAME=VALUE and a NUL each.
# Runs after stand_ins.sh and no_programs.sh.

answer() { printf '%s=%s\0' "$1" "$2"; }

CHECKOUT=$1
if ! cd "$CHECKOUT" 2>/dev/null || [[ ! -r functions ]]; then
    answer unreadable yes
    exit
fi

# preset, so that nothing has to find out what distribution this is
os_VENDOR=Debian os_PACKAGE=deb os_RELEASE=12 os_CODENAME=bookworm DISTRO=bookworm
PYTHON2_VERSION=2.7 PYTHON3_VERSION=3 REQUIREMENTS_DIR=/nonexistent TOP_DIR=$CHECKOUT

source ./functions >/dev/null 2>&1
set +o errexit +o nounset +o noglob

prefix() { get_python_exec_prefix 2>/dev/null; }

# pip_install runs pip either by env, as it is, or by sudo; a folder is all it wants to see
env() { [[ " $* " == *" $PIP_VIRTUAL_ENV/bin/pip "* ]] && echo '<pip of the environment>'; }
sudo() { echo '<sudo>'; }
pip_of() { PIP_VIRTUAL_ENV=$1 pip_install sentinel 2>/dev/null; }

# how it makes the one for everything; both are lists, an argument a line
list() { printf '%s\n' "$@"; }
made_with() { (
    DEVSTACK_VENV=/nonexistent/venv PYTHON=python3 PYTHON3_VERSION=3
    python3() { [[ $wanted != python ]] || list "$@" >&3; }
    pip_install() { [[ $wanted != pip ]] || list "$@" >&3; }
    wanted=$1
    setup_devstack_virtualenv 3>&1 >/dev/null 2>&1
); }

answer global "$(GLOBAL_VENV=True DEVSTACK_VENV=/sentinel/global prefix)"
answer blog "$(GLOBAL_VENV=False USE_VENV=True VENV_PATH=/sentinel/blog prefix)"
answer active "$(GLOBAL_VENV=False USE_VENV=True VENV_PATH=/x VIRTUAL_ENV=/sentinel/active prefix)"
answer plain "$(GLOBAL_VENV=False USE_VENV=False prefix)"
answer pip "$(GLOBAL_VENV=False pip_of "$CHECKOUT")"
answer projects "$(declare -p PROJECT_VENV 2>/dev/null)"
answer setup "$(made_with python)"
answer packages "$(made_with pip)"
answer end yes
