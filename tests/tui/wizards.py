"""The wizard under test: on this host, or on a system image whose commands answer as told."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.images import ImageReader, image, said
from wizard.arguments import Arguments, parse
from wizard.engine.planning.survey import Caller
from wizard.model.machine import Completed
from wizard.model.problem import Problem
from wizard.tui.app import Wizard
from wizard.tui.session import Session, begin

PYTHON = "/usr/bin/python3 -I -S -c"
INSTALLED = {
    "ca-certificates": "20230311",
    "gcc": "4:12.2.0-3",
    "libpq-dev": "15.8-0+deb12u1",
    "python3": "3.11.2-1+b1",
    "python3-dev": "3.11.2-1+b1",
    "sudo": "1.9.13p3-1",
}
CANDIDATES = INSTALLED | {
    "libldap-dev": "2.5.13+dfsg-5",
    "libsasl2-dev": "2.1.28+dfsg-10",
    "libsystemd-dev": "252.30-1~deb12u2",
    "pkgconf": "1.8.1-1",
    "git": "1:2.39.5-0",
}
FILES = {
    "/etc/os-release": 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\nstack:x:1000:1000::/opt/stack:/bin/bash\n",
    "/etc/sudoers": "@includedir /etc/sudoers.d\n",
    "/etc/sudoers.d/README": "# nothing\n",
    "/etc/hosts": "127.0.0.1 localhost devstack\n",
    "/proc/version": "",
    "/dev/null": "",
    "/proc/meminfo": "MemTotal:        8123456 kB\n",
    "/usr/bin/apt-get": "",
    "/usr/bin/sudo": "",
    "/opt/stack/.keep": "",
    "/home/me/.keep": "",
}


def commands() -> Mapping[str, Completed]:
    """What the image's programs say."""
    rows = "".join(f"{name}\tii \t{version}\n" for name, version in INSTALLED.items())
    policy = "".join(f"{n}:\n  Installed: x\n  Candidate: {v}\n" for n, v in CANDIDATES.items())
    return {
        "dpkg-query": said(rows),
        "apt-cache policy": said(policy),
        "apt-cache showpkg": said(""),
        "apt-cache pkgnames": said("\n".join(CANDIDATES)),
        "dpkg --audit": said(""),
        "sudo --version": said("Sudo version 1.9.13p3\n"),
        "sudo -n": said(""),
        "locale -a": said("C.utf8\nen_US.utf8\n"),
        "hostname": said("devstack\n"),
        "getent passwd stack": said("stack:x:1000:1000::/opt/stack:/bin/bash\n"),
        "getent group": said("stack:x:1000:\n"),
        "bash": said(""),
        "/usr/bin/python3": said("3.11.2\n"),
        "cat /etc/os-release": said(FILES["/etc/os-release"]),
    }


def image_caller(environ: Mapping[str, str] | None = None) -> Caller:
    """Who calls on the image: root, in the home of a user."""
    return Caller(dict(environ or {}), "/home/me", 0, "root", "/root")


@contextmanager
def on_image(
    tmp_path: Path, *argv: str, files: Mapping[str, str] | None = None
) -> Iterator[Wizard]:
    """Yield a wizard that sees the image, and can start nothing."""
    root = image(tmp_path / "image", {**FILES, **(files or {})})
    state = tmp_path / "state"
    for program in root.glob("usr/bin/*"):
        program.chmod(0o755)
    host = ImageReader(root, commands())
    caller = image_caller({"DEVSTACK_VENV_STATE": str(state), "PATH": "/usr/bin:/bin"})
    refused = (Problem("this is only an image"),)
    with (
        patch("wizard.engine.planning.survey.reader", lambda *_: host),
        patch("wizard.tui.session.reader", lambda *_: host),
        patch("wizard.tui.screens.devstack.reader", lambda *_: host),
        patch("wizard.engine.detached.start", lambda *_: refused),
    ):
        yield wizard(caller, *argv)


def wizard(caller: Caller, *argv: str) -> Wizard:
    """Return the application for a command line."""
    given = parse(argv, {})
    assert isinstance(given, Arguments), given
    session = begin(given, caller)
    assert isinstance(session, Session), session
    return Wizard(session)


def this_host(folder: Path, environ: Mapping[str, str] | None = None) -> Caller:
    """Return whoever runs the tests as the caller, with runs kept below ``folder``."""
    entry = pwd.getpwuid(os.getuid())
    said = {"DEVSTACK_VENV_STATE": str(folder / "state"), "PATH": os.environ["PATH"]}
    return Caller(
        {**said, **(environ or {})}, str(folder), entry.pw_uid, entry.pw_name, str(folder)
    )


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a folder that the work's user can pass through, wherever pytest keeps its own."""
    folder = Path(tempfile.mkdtemp(prefix="devstack-venv-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
