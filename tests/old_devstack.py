"""A shell in a DevStack before 2023.2: it sources what stack.sh sources, and then runs a script.

Stand-ins come first on its PATH: they write down how they were called (``calls``) and do nothing,
but for sudo, which runs what copies and edits files. Nothing is written outside of ``folder``.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from wizard.model import shipped
from wizard.model.devstack import Kind
from wizard.model.local_conf.managed_block import functions_file, managed_block

_SAYS = {
    "ip": "default via 192.0.2.1 dev eth0",
    "uuidgen": "00000000-0000-0000-0000-000000000000",
    "lsb_release": "",
}
_SILENT = ("apt-get", "systemctl", "systemd-tmpfiles", "a2ensite", "a2enmod", "service", "screen")
_STAND_IN = '#!/bin/sh\necho "{name} $*" >>"{calls}"\n{then}\n'
_SUDO = 'case $1 in cp|sed|mkdir|install|tee|rm) exec "$@" ;; esac'
_LSB_RELEASE = (
    "#!/bin/sh\ncase $* in *-i*) echo Ubuntu ;; *-r*) echo 22.04 ;; *) echo jammy ;; esac\n"
)
# settings that a host of 2014 would answer itself
_HOST = "HOST_IP=192.0.2.2\nSTACK_USER=root\n"

SOURCES = """\
cd "$TREE" && TOP_DIR=$PWD FILES=$PWD/files
source ./functions
GetDistro
for file in inc/meta-config lib/config; do
    [[ $(type -t get_meta_section) || ! -r $file ]] || source "$TOP_DIR/$file"
done
if [[ $(type -t extract_localrc_section) ]]; then
    extract_localrc_section "$TOP_DIR/local.conf" "$TOP_DIR/localrc" "$TOP_DIR/.localrc.auto"
else
    get_meta_section "$TOP_DIR/local.conf" local localrc >.localrc.auto
fi
source ./stackrc
for file in database rpc_backend apache tls keystone nova placement cinder; do
    [[ ! -r lib/$file ]] || source "lib/$file"
done
"""


@dataclass(frozen=True)
class OldDevstack:
    """A checkout with our block in local.conf, an environment, and stand-ins for programs."""

    tree: Path
    folder: Path
    kind: Kind

    @property
    def venv(self) -> Path:
        return self.folder / "venv"

    @property
    def calls(self) -> list[str]:
        """How the stand-ins were called so far."""
        written = self.folder / "calls"
        return written.read_text().splitlines() if written.exists() else []

    def furnish(self, *, builder: str = "") -> None:
        """Write the block, the functions beside the environment, and the environment."""
        shutil.copy(shipped.folder() / "devstack/one_venv.sh", functions_file(str(self.venv)))
        block = managed_block(self.kind, use=True, venv_path=str(self.venv), builder=builder).body
        self.write_local_conf(block.decode())
        self.write_stand_ins()
        self.build()

    def write_local_conf(self, block: str) -> None:
        self.tree.joinpath("local.conf").write_text(f"[[local|localrc]]\n{_HOST}{block}")

    def build(self) -> None:
        """Make an environment whose programs write down how they are called."""
        for name in ("pip", "python", "python3", "virtualenv"):
            self._program(self.venv / "bin" / name, _STAND_IN, f"venv/bin/{name}")
        self.venv.joinpath("bin/activate_this.py").write_text("")

    def write_stand_ins(self) -> None:
        stand_ins = self.folder / "stand-ins"
        for name, says in _SAYS.items():
            self._program(stand_ins / name, f"#!/bin/sh\necho '{says}'\n", name)
        self._program(stand_ins / "lsb_release", _LSB_RELEASE, "lsb_release")
        self._program(stand_ins / "sudo", _STAND_IN, "sudo", _SUDO)
        for name in (*_SILENT, "pip", "pip3", "python2"):
            self._program(stand_ins / name, _STAND_IN, name)

    def _program(self, path: Path, text: str, name: str, then: str = "") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        filled = text.replace("{name}", name).replace("{then}", then)
        path.write_text(filled.replace("{calls}", str(self.folder / "calls")))
        path.chmod(0o755)

    def bash(
        self, script: str, *, options: str = "", name: str = "stack.sh", sources: str = SOURCES
    ) -> subprocess.CompletedProcess[str]:
        """Source what stack.sh does, then run ``script`` under errexit; bash is called ``name``."""
        program = self.folder / name
        program.write_text(f"{options}\n{sources}\nset -o errexit\n{script}\n")
        path = f"{self.folder}/stand-ins:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
        return subprocess.run(
            ["bash", "--noprofile", "--norc", str(program)],
            env={"PATH": path, "HOME": str(self.folder), "TREE": str(self.tree)},
            stdin=subprocess.PIPE,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def said(self, script: str, **how: str) -> str:
        """Return what a script that has to succeed said last."""
        ended = self.bash(script, **how)
        assert ended.returncode == 0, ended.stderr
        return (ended.stdout.splitlines() or [""])[-1]
