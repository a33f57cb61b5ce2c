"""A small DevStack of our own that can be stacked: the structure of the real one, in a few files.

What a test wants to see is asked for in ``local.conf``: ``STOPS=install`` fails there,
``STOPS=post-config`` too (by a command), ``STOPS=never`` goes on for ever under sudo;
``PREREQUISITES`` are distro packages, ``KEYSTONE_REQUIRES`` PyPI packages; ``ENABLED_SERVICES`` and
``VERBOSE``, ``LOGFILE`` as in the real one.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests import trees
from wizard.model.devstack import Kind

DATA = Path(__file__).parent / "data/devstack"
LOCATED = "export PS4='+ $(short_source):   '\n"
SETUP = "[[ $GLOBAL_VENV != True || -d $DEVSTACK_VENV ]] || setup_devstack_virtualenv\n"
TOKEN = (
    '    read_password SERVICE_TOKEN "ENTER A SERVICE_TOKEN TO USE FOR THE SERVICE ADMIN TOKEN."'
)
_EXTRAS = """\
if [[ -d $TOP_DIR/extras.d ]]; then
    for i in $TOP_DIR/extras.d/*.sh; do
        [[ -r $i ]] && source $i stack {phase}
    done
fi"""

_TREES: dict[Kind, Callable[[Path], str]] = {
    Kind.NONE: trees.none,
    Kind.PER_PROJECT: trees.per_project,
    Kind.GLOBAL: trees.global_,
    Kind.BLOG: trees.blog,
}


def furnish(folder: Path, kind: Kind = Kind.GLOBAL, local_conf: str = "") -> None:
    """Make a checkout of this kind; ``local_conf`` is what its user wrote below localrc."""
    _TREES[kind](folder)
    for name in ("functions", "stackrc"):
        with (folder / name).open("a") as file:
            file.write((DATA / name).read_text())
    with (folder / "stackrc").open("a") as file:
        file.write("" if kind is Kind.NONE else LOCATED)
    shutil.copytree(DATA / "lib", folder / "lib")
    shutil.copytree(DATA / "tools", folder / "tools")
    for name in ("inc", "files", "extras.d"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "extras.d/80-tempest.sh").write_text("true\n")
    for name in ("openrc", "unstack.sh", "clean.sh"):
        shutil.copy(DATA / name, folder / name)
    (folder / "stack.sh").write_text(stack_sh(kind))
    for script in folder.glob("*.sh"):
        script.chmod(0o755)
    text = f"[[local|localrc]]\nHOST_IP=127.0.0.1\n{local_conf}"
    (folder / "local.conf").write_text(text)


def stack_sh(kind: Kind) -> str:
    """Return its stack.sh, as releases of this kind have it."""
    is_old = kind is Kind.NONE
    text = (DATA / "stack.sh").read_text()
    for mark, old, new in (
        ("TRACE_FROM_THE_START", "", "set -o xtrace"),
        ("TRACE_FROM_HERE", "set -o xtrace", ""),
        ("SOURCE_PHASES", "", "run_phase override_defaults\nrun_phase source"),
        ("SERVICE_TOKEN", TOKEN, ""),
        ("VENV", "", SETUP if kind is Kind.GLOBAL else ""),
        ("END test-config", "", "run_phase stack test-config"),
    ):
        text = text.replace(f"@{mark}@", old if is_old else new)

    def end(call: re.Match[str]) -> str:
        return _EXTRAS.format(phase=call[1]) if is_old else f"run_phase stack {call[1]}"

    return re.sub(r"@END ([\w-]+)@", end, text)
