"""What user, rule and search path come to on hosts where nothing may be changed by a test."""

from pathlib import Path

import pytest

from tests.images import STACK, ImageReader, image, said
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Completed
from wizard.model.problem import Problem
from wizard.model.step import Pending, Satisfied, WouldRun, WouldWrite
from wizard.steps.stack_user import StackUser
from wizard.steps.sudo_rule import SudoRule
from wizard.steps.sudoers_drop_in import SudoersDropIn

VENV = "/opt/stack/global-venv"
WITH_USER = {"/etc/passwd": STACK}
WITH_SUDO = {**WITH_USER, "/etc/sudoers": "@includedir /etc/sudoers.d\n", "/usr/bin/sudo": ""}


def host(folder: Path, files: dict[str, str], *, is_root: bool, path: str = "") -> ImageReader:
    """An image; ``path`` is what sudo answers when it lets the user run anything."""
    root = image(folder, files)
    if (root / "usr/bin/sudo").exists():
        (root / "usr/bin/sudo").chmod(0o755)
    answers = {
        "sudo -n true": said(""),
        "sudo -n /usr/bin/printenv PATH": said(f"{path}\n"),
        "visudo -c": said("/etc/sudoers: parsed OK\n"),
    }
    return ImageReader(root, answers if path else {}, is_root=is_root)


def test_a_user_that_exists_stays_as_it_is(tmp_path: Path) -> None:
    state = StackUser().state(host(tmp_path, WITH_USER, is_root=False))
    assert state == Satisfied("stack exists, at home in /opt/stack")


def test_only_root_can_make_a_missing_user(tmp_path: Path) -> None:
    state = StackUser().state(host(tmp_path, {}, is_root=False))
    assert isinstance(state, Problem)
    assert state.status is ExitStatus.HOST
    assert isinstance(StackUser().state(host(tmp_path, {}, is_root=True)), Pending)


def test_the_home_is_where_devstack_is_to_be(tmp_path: Path) -> None:
    shown = StackUser(home="/srv/stack").preview(host(tmp_path, {}, is_root=True))
    assert isinstance(shown[-1], WouldRun)
    assert "-d /srv/stack -m stack" in shown[-1].command


def test_without_root_a_missing_rule_is_for_somebody_else_to_add(tmp_path: Path) -> None:
    state = SudoRule().state(host(tmp_path, WITH_SUDO, is_root=False))
    assert isinstance(state, Problem)
    assert state.status is ExitStatus.HOST
    assert "stack ALL=(ALL) NOPASSWD: ALL" in state.cure


NARROW = """\
Matching Defaults entries for stack on host:
    env_reset, mail_badpass,
    secure_path=/usr/local/sbin\\:/usr/local/bin

User stack may run the following commands on host:
    (root) NOPASSWD: /usr/bin/systemctl,
        /usr/bin/journalctl
    (ALL) ALL
"""


@pytest.mark.parametrize("file", ["10_owner", "50_stack_sh"])
@pytest.mark.parametrize("is_root", [True, False])
def test_a_rule_for_some_commands_is_named_before_it_is_widened(
    tmp_path: Path, file: str, *, is_root: bool
) -> None:
    asked = host(tmp_path, {**WITH_SUDO, f"/etc/sudoers.d/{file}": ""}, is_root=is_root)
    asked.answers = {
        "sudo -n true": Completed(1, b"", b"sudo: a password is required"),
        "sudo -n -l": said(NARROW),
    }
    state = SudoRule().state(asked)
    words = state.why if isinstance(state, Pending) else str(state)
    assert "/usr/bin/systemctl, /usr/bin/journalctl" in words
    assert is_root or "widens it to every command" in words


def test_a_rule_that_a_later_one_takes_back_is_not_called_narrow(tmp_path: Path) -> None:
    asked = host(tmp_path, WITH_SUDO, is_root=False)
    asked.answers["sudo -n -l"] = said("    (ALL : ALL) NOPASSWD: ALL\n    (ALL) ALL\n")
    state = SudoRule().state(asked)
    assert isinstance(state, Problem)
    assert "may run only" not in state.what


def test_the_rule_waits_for_sudo_itself(tmp_path: Path) -> None:
    assert isinstance(SudoRule().state(host(tmp_path, WITH_USER, is_root=True)), Pending)


def test_where_sudo_does_nothing_no_rule_is_written(tmp_path: Path) -> None:
    said_by_sudo = b"sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set"
    asked = host(tmp_path, WITH_SUDO, is_root=True)
    asked.answers = {"sudo -n true": Completed(1, b"", said_by_sudo)}
    state = SudoRule().state(asked)
    assert isinstance(state, Problem)
    assert "chmod 4755 /usr/bin/sudo" in state.cure


def test_the_rule_is_shown_before_it_is_written(tmp_path: Path) -> None:
    (shown,) = SudoRule().preview(host(tmp_path, WITH_USER, is_root=True))
    assert isinstance(shown, WouldWrite)
    assert shown.path == "/etc/sudoers.d/50_stack_sh"
    assert "+stack ALL=(ALL) NOPASSWD: ALL" in shown.diff


def test_the_search_path_waits_for_sudo_itself(tmp_path: Path) -> None:
    bare = host(tmp_path, WITH_USER, is_root=True)
    assert SudoersDropIn(VENV).state(bare) == Pending("sudo comes with the distro packages")
    (shown,) = SudoersDropIn(VENV).preview(bare)
    assert isinstance(shown, WouldWrite)
    assert f'secure_path="<where sudo looks by then>:{VENV}/bin"' in shown.diff


def test_the_search_path_waits_for_the_rule(tmp_path: Path) -> None:
    for is_root in (True, False):
        bare = host(tmp_path, WITH_SUDO, is_root=is_root)
        bare.answers["visudo -c"] = said("/etc/sudoers: parsed OK\n")
        assert isinstance(SudoersDropIn(VENV).state(bare), Pending)


def test_a_search_path_that_has_the_venv_is_enough(tmp_path: Path) -> None:
    reader = host(tmp_path, WITH_SUDO, is_root=False, path=f"/usr/bin:{VENV}/bin")
    assert isinstance(SudoersDropIn(VENV).state(reader), Satisfied)


def test_a_search_path_is_compared_part_by_part(tmp_path: Path) -> None:
    reader = host(tmp_path, WITH_SUDO, is_root=False, path=f"/usr/bin:{VENV}/bin2:/x{VENV}/bin")
    assert isinstance(SudoersDropIn(VENV).state(reader), Pending)


def test_a_sudo_that_does_not_read_our_folder_is_a_problem(tmp_path: Path) -> None:
    for line in (
        "root ALL=(ALL) ALL\n",
        "# @includedir /etc/sudoers.d\n",
        "@includedir /etc/sudoers.local\n",
    ):
        files = {**WITH_SUDO, "/etc/sudoers": line}
        state = SudoersDropIn(VENV).state(host(tmp_path, files, is_root=True, path="/usr/bin"))
        assert isinstance(state, Problem), line
        assert state.where == "/etc/sudoers"
        assert state.cure.endswith("@includedir /etc/sudoers.d")


def test_opensuse_has_its_file_below_usr(tmp_path: Path) -> None:
    files = {**WITH_USER, "/usr/etc/sudoers": "@includedir /etc/sudoers.d\n", "/usr/bin/sudo": ""}
    state = SudoersDropIn(VENV).state(host(tmp_path, files, is_root=True, path="/usr/bin"))
    assert isinstance(state, Pending)


def test_nothing_but_questions_is_asked_before_apply(tmp_path: Path) -> None:
    reader = host(tmp_path, WITH_SUDO, is_root=True, path="/usr/bin")
    for step in (StackUser(), SudoRule(), SudoersDropIn(VENV)):
        step.state(reader)
        step.preview(reader)
    asked = {" ".join(command.argv[:2]) for command in reader.asked}
    assert asked <= {"sudo -n", "visudo -c", "stat -c", "getent group", "getent passwd"}
