"""A small world in which a whole build takes seconds and needs no network.

A bare Debian with a stack user, an apt repository of two packages and a package index of a few
wheels, all in its own files; ``wizard.sh`` is ready to run. It is made once; every test gets a
copy of its own, which costs half a second.
"""

import base64
import hashlib
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.host.bare_root import CLONE, TREES, BareRoot
from wizard.model import shipped
from wizard.model.packages import requirement_list
from wizard.model.packages.requirement_list import RequirementList

HERE = Path(__file__).parent
VENV = "/opt/stack/global-venv"
WORK = "/opt/stack/work"  # the folder that the build is started in: local.conf is there
STATES = ("/var/lib/devstack-venv", "/opt/stack/.local/state/devstack-venv")
AUTO = f"{CLONE}/wizard.sh --auto --answers /srv/answers.toml"
ENVIRONMENT = {"PIP_INDEX_URL": "file:///srv/simple", "PIP_FIND_LINKS": "", "UV_FIND_LINKS": ""}
CANARY = "canary4password7in3local1conf"

WHEELS, MODULES = 6, 100  # packages, and modules in each
DEBS = ("fault-one", "fault-two")
POSTINST = """#!/bin/sh
echo begin >>/var/lib/fault-postinst
sleep 0.3
echo end >>/var/lib/fault-postinst
"""
PASSWORDS = "".join(
    f"{name}_PASSWORD=$ADMIN_PASSWORD\n" for name in ("DATABASE", "RABBIT", "SERVICE")
)
LOCAL_CONF = f"[[local|localrc]]\nADMIN_PASSWORD={CANARY}\n{PASSWORDS}"

_PREPARE = f"""
set -e
useradd -m -d /opt/stack -s /bin/bash stack && chmod 755 /opt/stack
echo 'stack ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/50_stack_sh
chmod 440 /etc/sudoers.d/50_stack_sh
rm -rf /etc/apt/sources.list* /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
echo 'deb [trusted=yes] file:/srv/debs ./' > /etc/apt/sources.list
mkdir {WORK} && chown stack: {WORK}
git config --system --add safe.directory '*' 2>/dev/null || true
"""


@contextmanager
def small_world() -> Iterator[Path]:
    """Yield the layer that copies are laid over."""
    with tempfile.TemporaryDirectory(prefix=f"layer-{os.getpid()}-", dir=TREES) as folder:
        layer = Path(folder, "world")
        with BareRoot("bookworm") as root:
            furnish(root)
            root.freeze(layer)
        yield layer


@contextmanager
def copy_of(layer: Path) -> Iterator[BareRoot]:
    """Yield a copy of the small world."""
    with BareRoot("bookworm", over=layer) as root:
        yield root


def furnish(root: BareRoot) -> None:
    """Bring everything into the world."""
    packages = ("procps", "python3", "python3-venv", "strace", "sudo")
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--no-install-recommends", *packages],
        ["sh", "-c", _PREPARE],
        [f"{CLONE}/wizard.sh", "--version"],
        [f"{CLONE}/.venv/bin/python", "-m", "compileall", "-q", f"{CLONE}/wizard"],
    ):
        done = root.run(command, env={"DEBIAN_FRONTEND": "noninteractive"})
        assert done.returncode == 0, done.stdout + done.stderr
    make_repository(root.path("/srv/debs"))
    make_index(root.path("/srv/simple"))
    root.path("/srv/answers.toml").write_text(answers())
    conf = root.path(f"{WORK}/local.conf")
    conf.write_text(LOCAL_CONF)
    conf.chmod(0o600)
    stack = root.path(WORK).stat()
    os.chown(conf, stack.st_uid, stack.st_gid)
    killer = (HERE / "killer.py").read_bytes()
    [site] = root.path(f"{CLONE}/.venv/lib").glob("python3*/site-packages")
    (site / "fault_killer.py").write_bytes(killer)
    (site / "fault_killer.pth").write_text("import fault_killer\n")
    root.path("/srv/invariants.py").write_bytes((HERE / "invariants.py").read_bytes())


def answers() -> str:
    """Answers that ask for our own packages instead of the shipped ones."""
    listed = requirement_list.parse("venv-requirements.txt", shipped.read)
    assert isinstance(listed, RequirementList)
    lines = shipped.read("debs/venv").decode().splitlines()
    debs = sorted({word for line in lines for word in line.partition("#")[0].split()})
    wheels = [f"fault-wheel-{number}" for number in range(WHEELS)]
    return (
        '[devstack]\ndirectory = ""\nuser = "stack"\n'
        f"[packages.distro]\nadd = {list(DEBS)}\nremove = {debs}\n"
        f"[packages.pypi]\nadd = {wheels}\nremove = {sorted(listed.names)}\n"
    )


def make_repository(folder: Path) -> None:
    """Make an apt repository of packages whose installation takes a moment."""
    folder.mkdir()
    for name in DEBS:
        with tempfile.TemporaryDirectory() as made:
            control = Path(made, "DEBIAN")
            control.mkdir(mode=0o755)
            (control / "control").write_text(
                f"Package: {name}\nVersion: 1.0\nArchitecture: all\nDescription: a test\n"
                "Maintainer: nobody <nobody@localhost>\n"
            )
            (control / "postinst").write_text(POSTINST)
            (control / "postinst").chmod(0o755)
            file = Path(made, "usr/share", name, "file")
            file.parent.mkdir(parents=True)
            file.write_text(name)
            deb = folder / f"{name}_1.0_all.deb"
            build = ["dpkg-deb", "-b", "--root-owner-group", made, str(deb)]
            subprocess.run(build, stdout=subprocess.DEVNULL, check=True)
    (folder / "Packages").write_text("\n".join(map(_stanza, sorted(folder.glob("*.deb")))))


def _stanza(deb: Path) -> str:
    control = subprocess.run(
        ["dpkg-deb", "-f", deb], capture_output=True, text=True, check=True
    ).stdout
    content = deb.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return f"{control}Filename: ./{deb.name}\nSize: {len(content)}\nSHA256: {digest}\n"


def make_index(folder: Path) -> None:
    """Make a package index of small wheels."""
    for number in range(WHEELS):
        name = f"fault-wheel-{number}"
        place = folder / name
        place.mkdir(parents=True)
        wheel = place / f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
        make_wheel(wheel, name.replace("-", "_"))
        (place / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>\n')


def make_wheel(path: Path, package: str, modules: int = MODULES) -> None:
    """Make a wheel of modules that are large enough to be torn."""
    info = f"{package}-1.0.dist-info"
    files = {f"{package}/__init__.py": ""}
    files |= {f"{package}/m{n}.py": f"text = {'x' * 5000!r}\n" for n in range(modules)}
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{name},sha256={_digest(text)},{len(text)}\n" for name, text in files.items())
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
