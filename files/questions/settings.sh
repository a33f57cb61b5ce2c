# shellcheck shell=bash disable=SC1090,SC1091,SC2034 # DevStack is to be found, and reads these
# Reads local.conf as stack.sh does and writes what the names in $2... then hold into the file
# answers: NAME=VALUE and a NUL each, the last of them _ours_end=yes. The current folder looks
# like the checkout $1 ("": none). Runs after stand_ins.sh, in settings_sandbox.sh. What is ours
# is named _ours_*: the user's shell code runs in the same bash.

_ours_checkout=$1
_ours_sandbox=$PWD
_ours_names=("${@:2}")

_ours_answer() { printf '%s=%s\0' "$1" "${2//"$_ours_sandbox"/"$_ours_checkout"}"; }

# what stack.sh gets when it asks for the prefix: in a tree that activates the environment itself
# it is active by then, and all others never look at VIRTUAL_ENV
_ours_prefix() {
    [[ ${USE_VENV:-} != True ]] || VIRTUAL_ENV=${VENV_PATH:-}
    get_python_exec_prefix 2>/dev/null
}

# what pip_install starts: env, sudo, or a pip by itself; told by functions in their place, whose
# names bash looks up before it looks for a file, also where there is a slash in them
_ours_pip() {
    env() { printf 'env %s' "$*" >&3; }
    sudo() { printf 'sudo %s' "$*" >&3; }
    python3() { printf 'python3 %s' "$*" >&3; }
    pip() { printf 'pip %s' "$*" >&3; }
    local _ours_program
    for _ours_program in "${VENV_PATH:-}"/bin/{pip,pip3,python,python3}; do
        eval "function $_ours_program { printf '%s %s' '$_ours_program' \"\$*\" >&3; }"
    done
    OFFLINE=False pip_install --help 3>&1 >/dev/null 2>&1
}

_ours_write() {
    set +o errexit +o nounset +o xtrace
    local _ours_name
    for _ours_name in "${_ours_names[@]}"; do
        if [[ $_ours_name == get_python_exec_prefix ]]; then
            [[ ! $(type -t "$_ours_name") ]] || _ours_answer "$_ours_name" "$(_ours_prefix)"
        elif [[ $_ours_name == pip_install ]]; then
            [[ ! $(type -t "$_ours_name") ]] || _ours_answer "$_ours_name" "$(_ours_pip)"
        elif [[ -v $_ours_name ]]; then
            _ours_answer "$_ours_name" "${!_ours_name}"
        fi
    done
    _ours_answer _ours_end yes
}
set --

# a host without a route to anywhere: stack.sh would stop and ask for HOST_IP, which is not the
# question here (the address is one that documentation may use)
if ! ip -f inet route list match default table all 2>/dev/null | grep -q via; then
    ip() {
        case " $* " in
            *' route '*) echo 'default via 192.0.2.1 dev eth0' ;;
            *' -f inet '*'addr '*) echo '    inet 192.0.2.2/24 scope global eth0' ;;
        esac
    }
fi

TOP_DIR=$PWD
FILES=$TOP_DIR/files

if [[ -n $_ours_checkout ]]; then
    source "$TOP_DIR/functions"
    _ensure_lsb_release() { :; } # it would install it, and there is a stand-in
    # on a distribution that this DevStack does not know it would stop, as stack.sh does; what
    # local.conf says is a question of its own
    if ! (GetDistro) >/dev/null 2>&1; then
        GetDistro() { os_VENDOR=Debian os_RELEASE=0 os_CODENAME=unknown os_PACKAGE=deb DISTRO=unknown; }
    fi
    GetDistro

    # the section has been in three places: lib/config, inc/meta-config, and with functions
    for _ours_name in inc/meta-config lib/config; do
        [[ $(type -t get_meta_section) || ! -r $_ours_name ]] || source "$TOP_DIR/$_ours_name"
    done
    if [[ $(type -t extract_localrc_section) ]]; then
        extract_localrc_section "$TOP_DIR/local.conf" "$TOP_DIR/localrc" "$TOP_DIR/.localrc.auto"
    elif [[ ! -r localrc ]]; then
        get_meta_section "$TOP_DIR/local.conf" local localrc >.localrc.auto
    fi
    source "$TOP_DIR/stackrc"
else
    DEST=/opt/stack
    DATA_DIR=$DEST/data
    source "$TOP_DIR/.localrc.auto"
fi
_ours_write >>"$_ours_sandbox/answers"
