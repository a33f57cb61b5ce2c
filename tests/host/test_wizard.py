"""The whole wizard in a real terminal at 80x24, with keys alone, on a system just installed."""

from collections.abc import Iterator

import pytest

from tests.host.bare_root import CLONE, BareRoot
from tests.tui.terminal import Terminal
from wizard.model.exit_status import ExitStatus

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

SCREENS = ("▸ 2 Venv", "▸ 3 Distro", "▸ 4 PyPI", "▸ 5 local.conf", "▸ 6 Review")
NEXT, BUILD, ESCAPE = "\x0e", "\x02", "\x1b"  # Ctrl-N, Ctrl-B, Esc
VENV = "/opt/stack/global-venv"


@pytest.fixture(scope="module")
def root() -> Iterator[BareRoot]:
    with BareRoot("bookworm") as bare:
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "--no-install-recommends", "python3", "python3-venv"],
            [f"{CLONE}/wizard.sh", "--version"],
        ):
            done = bare.run(command, env={"DEBIAN_FRONTEND": "noninteractive"})
            assert done.returncode == 0, done.stdout + done.stderr
        yield bare


def test_keys_alone_lead_from_the_first_screen_to_a_finished_build(root: BareRoot) -> None:
    command = root.entering(["./wizard.sh"], cwd=CLONE)
    with Terminal(command, root.environment() | {"TERM": "xterm-256color"}) as terminal:
        terminal.shows("Next: Venv")
        for screen in SCREENS:
            terminal.child.send(NEXT)
            terminal.shows(screen)
        terminal.child.send(BUILD)
        terminal.shows("✓ Built in", within=400)
        terminal.shows("Support bundle")
        terminal.shows("esc Leave")
        terminal.child.send(ESCAPE)
        assert terminal.ends() == ExitStatus.DONE
    python = root.run([f"{VENV}/bin/python", "-c", "import sys; print(sys.prefix)"])
    assert python.stdout.strip() == VENV, python.stderr
    assert "VENV_PATH" in root.path(f"{CLONE}/local.conf").read_text()
