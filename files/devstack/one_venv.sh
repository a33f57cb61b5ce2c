# shellcheck shell=bash
# One virtual environment for everything, for a DevStack that has no word for it (2014 to 2023.1).
#
# local.conf sources this file and has set VENV_PATH, where the environment is, and VENV_BUILDER,
# the program that builds it. So bash reads it whenever stackrc is sourced: by stack.sh, by the
# scripts in tools/, by openrc. DevStack's files stay as they are: what has to behave otherwise is
# a function, and of two functions with one name bash runs the later one.

[ -n "${BASH_VERSION:-}" ] && [ -n "${VENV_PATH:-}" ] || return 0

# ---- where Python programs are, and how they get there

# DevStack asks here for *_BIN_DIR, and so for its sudo rules and for what its services run.
get_python_exec_prefix() { echo "$VENV_PATH/bin"; }

# From 2015 on DevStack knows this name: pip_uninstall and some plugins follow it.
PIP_VIRTUAL_ENV=$VENV_PATH

# Installs as DevStack's own function does, but as the user: nothing of root's is in the
# environment. A caller that has an environment for itself, such as install_infra, keeps it.
pip_install() {
    [[ ${OFFLINE:-False} != True && -n "$*" ]] || return 0
    one_venv_begin || return
    local venv=${PIP_VIRTUAL_ENV:-} options=""
    [[ -d $venv ]] || venv=$VENV_PATH
    case ${PIP_UPGRADE:-} in 1 | [Yy]es | YES | [Tt]rue | TRUE) options+=" --upgrade" ;; esac
    if [[ -r ${REQUIREMENTS_DIR:-}/upper-constraints.txt ]]; then
        options+=" -c $REQUIREMENTS_DIR/upper-constraints.txt"
    fi
    # shellcheck disable=SC2048,SC2086 # words are split here as DevStack's function splits them
    env http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" \
        PIP_FIND_LINKS="${PIP_FIND_LINKS:-}" SETUPTOOLS_SYS_PATH_TECHNIQUE=rewrite \
        "$venv/bin/pip" install $options $*
}

# Before the first package: the environment is there, and its programs are found first.
# VIRTUAL_ENV stays unset, because stack.sh refuses to start where it is set.
one_venv_begin() {
    { one_venv_hooks; } 2>/dev/null # nothing to trace: DevStack's files were all sourced by now
    one_venv_complete || one_venv_build || return
    [[ $PATH == "$VENV_PATH/bin:"* ]] || export PATH="$VENV_PATH/bin:$PATH"
    [[ -z ${PYTHON:-} ]] || export PYTHON=$VENV_PATH/bin/python3
}

# An environment that VENV_BUILDER made has a marker once it is whole; others are taken as they are.
one_venv_complete() {
    [[ -x $VENV_PATH/bin/pip ]] || return
    [[ ! -d $VENV_PATH/.devstack-venv || -e $VENV_PATH/.devstack-venv/complete.json ]]
}

# Builds without a question, and only for stack.sh: nobody expects that of the other scripts.
one_venv_build() {
    if [[ ${0##*/} == stack.sh && -x ${VENV_BUILDER:-} ]]; then
        "$VENV_BUILDER" --auto --devstack "$TOP_DIR" --venv-path "$VENV_PATH" </dev/null
        return
    fi
    echo "$VENV_PATH is missing or incomplete; build it with: devstack-venv --auto" >&2
    return 1
}

# ---- what DevStack writes, and the environment has to be in

# Each of these runs one of DevStack's functions ("$@") and adds what that leaves out.

# rootwrap looks for programs only in the folders that its file lists.
one_venv_rootwrap() {
    "$@"
    local conf
    for conf in /etc/*/rootwrap.conf; do
        if grep -qs '^exec_dirs *=' "$conf" &&
            ! grep -qsE "^exec_dirs *=(.*[, ])?$VENV_PATH/bin *(,|\$)" "$conf"; then
            sudo sed -i "s|^\(exec_dirs *=.*[^ ]\) *\$|\1,$VENV_PATH/bin|" "$conf"
        fi
    done
}

# mod_wsgi runs the system's Python. DevStack of 2015 and later says where the packages are when a
# project has an environment of its own; for this one function each of them has. The scripts of
# 2014 activate the environment themselves.
one_venv_mod_wsgi() {
    # shellcheck disable=SC2034 # DevStack's function reads both
    local USE_VENV=True
    # shellcheck disable=SC2034
    local -A PROJECT_VENV=([keystone]=$VENV_PATH [nova]=$VENV_PATH [placement]=$VENV_PATH)
    "$@"
    local script
    for script in "${KEYSTONE_WSGI_DIR:-/var/www/keystone}"/*; do
        one_venv_activate "$script"
    done
}

# Puts activation above the first import; one from __future__ has to stay the first.
one_venv_activate() {
    local script=$1 program=$VENV_PATH/bin/activate_this.py activated
    [[ -f $script && -r $program ]] || return 0
    ! grep -q activate_this "$script" || return 0
    activated=$(mktemp)
    awk -v program="$program" '
        !done && /^(import|from) / && !/^from __future__ / {
            print "# devstack-venv: run inside the virtual environment"
            print "_activate = \"" program "\""
            print "with open(_activate) as _file:"
            print "    exec(compile(_file.read(), _activate, \"exec\"), {\"__file__\": _activate})"
            print "# devstack-venv: end"
            done = 1
        }
        { print }' "$script" >"$activated"
    sudo cp "$activated" "$script"
    rm -f "$activated"
}

# So does uWSGI; its options are in the file that was just written.
one_venv_uwsgi() {
    "$@"
    iniset "$2" uwsgi venv "$VENV_PATH"
}

# DevStack of 2014 has a fixed list of what it saves for other scripts.
one_venv_stackenv() {
    if [[ -w $TOP_DIR/.stackenv ]] && ! grep -q '^VENV_PATH=' "$TOP_DIR/.stackenv"; then
        echo "VENV_PATH=$VENV_PATH" >>"$TOP_DIR/.stackenv"
    fi
    "$@"
}

# ---- how DevStack comes to run them

# one_venv_around NAME OURS: from now on NAME is OURS, given DevStack's function and its arguments.
one_venv_around() {
    declare -F "$1" >/dev/null || return 0
    [[ $(declare -f "$1") != *" without_venv_$1 "* ]] || return 0
    eval "without_venv_$(declare -f "$1")
        $1() { $2 without_venv_$1 \"\$@\"; }"
}

one_venv_hooks() {
    local name
    # run_process starts each service: by then also the plugins have written their files
    for name in configure_rootwrap configure_{nova,cinder,neutron}_rootwrap \
        _neutron_setup_rootwrap run_process; do
        one_venv_around "$name" one_venv_rootwrap
    done
    for name in _config_{keystone,nova,placement}_apache_wsgi; do
        one_venv_around "$name" one_venv_mod_wsgi
    done
    for name in write_uwsgi_config write_local_uwsgi_http_config; do
        one_venv_around "$name" one_venv_uwsgi
    done
    one_venv_around service_check one_venv_stackenv
}

# Some of these functions are there, others come with the files in lib/, which stack.sh sources
# later: bash runs this trap after each. The trace of that would say nothing about DevStack. A
# person's shell gets no trap, and neither does a script that only uses the cloud, by openrc.
one_venv_hooks
if [[ $- != *i* && ! " ${BASH_SOURCE[*]} " =~ [/\ ]openrc\  ]]; then
    trap '{ one_venv_hooks; } 2>/dev/null' RETURN
fi
