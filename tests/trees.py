"""Small checkouts that keep DevStack's contracts, one builder for each kind."""

from pathlib import Path

_STACK_SH = """\
SUPPORTED_DISTROS="bookworm|trixie|noble"
if [[ ! ${DISTRO} =~ $SUPPORTED_DISTROS ]]; then exit 1; fi
"""

_STACKRC = """\
RC_DIR=$(cd "${BASH_SOURCE%%/*}" && pwd)
source "$RC_DIR/functions"
DEVSTACK_SERIES="%(series)s"
DEST=/opt/stack
DATA_DIR=$DEST/data
for settings in localrc .localrc.auto; do
    if [[ -f $RC_DIR/$settings ]]; then source "$RC_DIR/$settings"; break; fi
done
[[ -n $HOST_IP ]] || HOST_IP=$(ip -f inet addr show | awk '/inet / { print $2; exit }')
[[ -n $HOST_IP ]] || exit 1
%(defaults)s
"""

# one awk program for both questions: which files a group has, and what one of them says
_FUNCTIONS = """\
trueorfalse() {
    case ${!2} in
        1 | [Yy]es | YES | [Tt]rue | TRUE) echo True ;;
        0 | [Nn]o | NO | [Ff]alse | FALSE) echo False ;;
        *) echo "$1" ;;
    esac
}
GetDistro() {
    _ensure_lsb_release
    os_VENDOR=$(lsb_release -i -s)
    DISTRO=$(lsb_release -c -s)
}
_ensure_lsb_release() {
    [[ -x $(command -v lsb_release) ]] || sudo apt-get install -y lsb-release
}
get_meta_section() {
    awk -v wanted="$2|$3" '
        /^\\[\\[.+\\|.*\\]\\]/ { gsub(/[][]/, "", $1); on = ($1 == wanted); next }
        on' "$1"
}
extract_localrc_section() {
    [[ -r $1 && ! -r $2 ]] || return 0
    get_meta_section "$1" local localrc >"$3"
}
"""

_FIXED_PREFIX = "get_python_exec_prefix() { echo /usr/local/bin; }\n"
_SUDO_PIP = "pip_install() { sudo -H pip install $@; }\n"
_PIP = """\
declare -A PROJECT_VENV
pip_install() {
    if [[ -d $PIP_VIRTUAL_ENV ]]; then
        env PIP_FIND_LINKS= $PIP_VIRTUAL_ENV/bin/pip install $@
    else
        sudo -H pip install $@
    fi
}
"""
_GLOBAL_PREFIX = """\
setup_devstack_virtualenv() {
    if [[ ! -d $DEVSTACK_VENV ]]; then
        $PYTHON -m venv --system-site-packages "$DEVSTACK_VENV"
        pip_install -U 'pip<25.3' 'setuptools[core]<82.0.0'
    fi
    export PATH="$DEVSTACK_VENV/bin:$PATH" PYTHON="$DEVSTACK_VENV/bin/python3"
}
get_python_exec_prefix() {
    [[ $GLOBAL_VENV == True ]] && echo $DEVSTACK_VENV/bin || echo /usr/local/bin
}
"""
_BLOG_PREFIX = """\
get_python_exec_prefix() {
    [[ $USE_VENV == True ]] && echo ${VENV_PATH:-/opt/stack/global-venv}/bin || echo /usr/local/bin
}
"""
_ACTIVE_PREFIX = """\
get_python_exec_prefix() {
    [[ -n $VIRTUAL_ENV ]] && echo $VIRTUAL_ENV/bin || echo /usr/local/bin
}
"""
_USE_VENV = "USE_VENV=$(trueorfalse False USE_VENV)"
_GLOBAL_PIP = """\
declare -A PROJECT_VENV
pip_install() {
    if [[ -d $PIP_VIRTUAL_ENV ]]; then
        env PIP_FIND_LINKS= $PIP_VIRTUAL_ENV/bin/pip install $@
    elif [[ $GLOBAL_VENV == True && -d $DEVSTACK_VENV ]]; then
        env PIP_FIND_LINKS= $DEVSTACK_VENV/bin/pip install $@
    else
        sudo -H python3 -m pip install $@
    fi
}
"""
_GLOBAL_VENV = f"""\
DEVSTACK_VENV=${{DEVSTACK_VENV:-$DATA_DIR/venv}}
if [[ $os_VENDOR =~ (CentOSStream|Rocky) ]]; then
    GLOBAL_VENV=$(trueorfalse False GLOBAL_VENV)
else
    GLOBAL_VENV=$(trueorfalse True GLOBAL_VENV)
fi
{_USE_VENV}"""
_LINKS = """\
if [[ $GLOBAL_VENV == True ]]; then
    sudo ln -sf /opt/stack/data/venv/bin/openstack /usr/local/bin
fi
"""


def tree(folder: Path, functions: str, *, series: str = "", defaults: str = "") -> str:
    """Make a checkout whose functions file says ``functions`` after what all have."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stack.sh").write_text(_STACK_SH)
    (folder / "stackrc").write_text(_STACKRC % {"series": series, "defaults": defaults})
    (folder / "functions").write_text(_FUNCTIONS + functions)
    return str(folder)


def none(folder: Path) -> str:
    """2014: no virtual environments."""
    return tree(folder, _FIXED_PREFIX + _SUDO_PIP)


def per_project(folder: Path) -> str:
    """2015 to 2023.1."""
    return tree(folder, _FIXED_PREFIX + _PIP, series="2023.1", defaults=_USE_VENV)


def global_(folder: Path) -> str:
    """2023.2 and later."""
    made = tree(folder, _GLOBAL_PREFIX + _GLOBAL_PIP, series="2026.1", defaults=_GLOBAL_VENV)
    with (folder / "stack.sh").open("a") as stack_sh:
        stack_sh.write(_LINKS)
    return made


def blog(folder: Path) -> str:
    """Reads USE_VENV and VENV_PATH itself."""
    return tree(folder, _BLOG_PREFIX + _SUDO_PIP, defaults=_USE_VENV)


def blog_by_activation(folder: Path) -> str:
    """Its stack.sh activates VENV_PATH, and its functions follow what is active."""
    return tree(folder, _ACTIVE_PREFIX + _SUDO_PIP, defaults=_USE_VENV)


def contents(folder: Path) -> dict[str, tuple[float, bytes]]:
    """Return every file below ``folder`` with its time of change and its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime, path.read_bytes()) for path in files}
