"""Small DevStacks of our own that keep the contracts of the kinds none and per-project.

What stack.sh sources, in its order, and what those files define: where programs are asked for, how
pip is started, which functions write the files that our functions add to.
"""

from pathlib import Path

from tests import trees
from wizard.model.devstack import Kind

_COMMON = """\
iniset() { [[ -s $1 ]] || echo "[$2]" >"$1"; sed -i "/^\\[$2\\]/ a $3 = $4" "$1"; }
run_process() { echo "started $1"; }
service_check() { :; }
configure_rootwrap() { sudo cp "$NOVA_DIR/rootwrap.conf" /etc/nova/rootwrap.conf; }
"""
_SAVES = """\
STACK_ENV_VARS="DEST HOST_IP"
save_stackenv() {
    local i
    for i in $STACK_ENV_VARS; do echo "$i=${!i}"; done >"$TOP_DIR/.stackenv"
}
"""
_NOVA = "NOVA_BIN_DIR=$(get_python_exec_prefix)\n"
_CINDER = "CINDER_BIN_DIR=$(get_python_exec_prefix)\n"
_KEYSTONE_COPIED = """\
_config_keystone_apache_wsgi() {
    sudo mkdir -p "$KEYSTONE_WSGI_DIR"
    sudo cp "$KEYSTONE_DIR/httpd/keystone.py" "$KEYSTONE_WSGI_DIR/main"
    sudo cp "$KEYSTONE_DIR/httpd/keystone.py" "$KEYSTONE_WSGI_DIR/admin"
}
"""
_KEYSTONE_SERVED = """\
KEYSTONE_BIN_DIR=$(get_python_exec_prefix)
_config_keystone_apache_wsgi() {
    local path=""
    [[ $USE_VENV != True ]] || path="python-path=${PROJECT_VENV["keystone"]}/lib"
    echo "WSGIDaemonProcess keystone $path" >"$KEYSTONE_CONF"
}
"""
_APACHE = """\
write_uwsgi_config() {
    rm -f "$1"
    iniset "$1" uwsgi wsgi-file "$2"
    iniset "$1" uwsgi master true
}
"""


def make(folder: Path, kind: Kind) -> Path:
    """Make the tree of a kind."""
    is_old = kind is Kind.NONE
    (trees.none if is_old else trees.per_project)(folder)
    functions = folder / "functions"
    functions.write_text(functions.read_text() + _COMMON + ("" if is_old else _SAVES))
    lib = folder / "lib"
    lib.mkdir()
    lib.joinpath("nova").write_text(_NOVA)
    lib.joinpath("cinder").write_text(_CINDER)
    lib.joinpath("keystone").write_text(_KEYSTONE_COPIED if is_old else _KEYSTONE_SERVED)
    lib.joinpath("apache").write_text("" if is_old else _APACHE)
    folder.joinpath("openrc").write_text('cd "$TREE"; source ./functions; source ./stackrc\n')
    return folder
