"""Rows O: a shell that sources openrc, which reads our block in local.conf.

openrc and .stackenv themselves are never written: one is DevStack's own file under git, the other
is made anew by every stack.sh.
"""

import subprocess
from pathlib import Path

import pytest

from wizard.model.devstack import Kind
from wizard.model.local_conf.managed_block import managed_block

VENV = "/opt/stack/global-venv"  # which is not there


@pytest.fixture
def openrc(tmp_path: Path) -> Path:
    """What openrc does with the block: stackrc, which it sources, reads it."""
    block = managed_block(Kind.GLOBAL, use=True, venv_path=VENV).body
    (tmp_path / "localrc").write_bytes(block)
    file = tmp_path / "openrc"
    file.write_text(f". {tmp_path}/localrc\n")
    return file


def sourced(openrc: Path, script: str, *, options: str = "", **environ: str) -> list[str]:
    """Return the lines that bash says after the script, and PATH, VIRTUAL_ENV and status."""
    report = 'echo "$PATH|${VIRTUAL_ENV-}|${STACK_ENV_VARS-}"'
    ran = subprocess.run(
        ["/bin/bash", "--noprofile", "--norc", f"-{options}c", f"{script}; {report}"],
        env={"PATH": "/usr/bin:/bin", "O": str(openrc), **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout.splitlines()[-1].split("|")


@pytest.mark.parametrize("options", ["", "e", "u", "eu"])
def test_o01_a_strict_shell_takes_it(options: str, openrc: Path) -> None:
    """Differs: bash alone is asked, for DevStack's openrc is bash's."""
    path, _, _ = sourced(openrc, '. "$O"', options=options)

    assert path.split(":")[0] == f"{VENV}/bin"


def test_o02_a_second_time_adds_nothing(openrc: Path) -> None:
    path, _, _ = sourced(openrc, '. "$O"; . "$O"; . "$O"')

    assert path == f"{VENV}/bin:/usr/bin:/bin"


def test_o03_a_venv_that_is_gone_is_passed_over_in_silence(openrc: Path) -> None:
    assert not Path(VENV, "bin/ls").exists()
    sourced(openrc, '. "$O" && ls / >/dev/null')


def test_o04_another_environment_that_is_active_stays_so(openrc: Path) -> None:
    path, active, _ = sourced(openrc, '. "$O"', PATH="/mine/bin:/bin", VIRTUAL_ENV="/mine")

    assert active == "/mine"
    assert "/mine/bin" in path.split(":")


def test_o05_stack_sh_may_start_in_such_a_shell(openrc: Path) -> None:
    """It refuses where VIRTUAL_ENV is set, so that stays as it was: unset."""
    _, active, _ = sourced(openrc, '. "$O"')

    assert active == ""


def test_o06_stackenv_is_left_to_devstack_which_saves_the_path_in_it(openrc: Path) -> None:
    _, _, saved = sourced(openrc, '. "$O"', STACK_ENV_VARS="DEST")

    assert saved == "DEST VENV_PATH"
