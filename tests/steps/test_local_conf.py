"""The step that writes local.conf, with the engine's own file writing."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.engine.acting_machine import ActingMachine, Run
from wizard.engine.cancel import Cancel
from wizard.engine.journal.journal import open_journal
from wizard.engine.machine import HostReader
from wizard.engine.runs import run_folder
from wizard.model.bash.values import Literal, read_assignment
from wizard.model.devstack import Kind
from wizard.model.exit_status import ExitStatus
from wizard.model.local_conf.managed_block import PASSWORDS, Password
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.problem import Problem
from wizard.model.secret import Mask, Secret
from wizard.model.step import Done, Pending, Satisfied, WouldWrite
from wizard.steps.local_conf import LocalConf, complete, generated_passwords

HEAD = b"[[local|localrc]]\n"
HOST = local_reader()


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    return tmp_path / "devstack" / "local.conf"


@pytest.fixture(autouse=True)
def _checkout(conf: Path) -> None:
    conf.parent.mkdir()
    (conf.parent / "stack.sh").touch()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[ActingMachine]:
    folder = run_folder.create(tmp_path / "state", {}, Mask())
    journal = open_journal(folder.path)
    assert not isinstance(journal, Problem)
    run = Run(folder, journal, Cancel())
    yield ActingMachine(HOST.launcher, HOST.user_name, at=run, step="local-conf")
    journal.close()


def step(conf: Path, kind: Kind | None = Kind.GLOBAL, **fields: object) -> LocalConf:
    return LocalConf(str(conf), kind, use=True, venv_path="/opt/v", **fields)  # type: ignore[arg-type]


def problem(conf: Path, **fields: object) -> Problem:
    found = step(conf, **fields).state(HOST)  # type: ignore[arg-type]
    assert isinstance(found, Problem)
    return found


def test_a_missing_file_is_created_for_its_owner_alone(conf: Path, machine: ActingMachine) -> None:
    todo = step(conf)
    assert todo.state(machine) == Pending("to be created")

    assert todo.apply(machine) == Done("created")

    assert stat.S_IMODE(conf.stat().st_mode) == 0o600
    assert all(read_assignment(localrc(conf.read_bytes()), name) for name in PASSWORDS)


def test_a_second_run_with_new_random_passwords_changes_nothing(
    conf: Path, machine: ActingMachine
) -> None:
    conf.write_bytes(HEAD + b"ADMIN_PASSWORD=mine\nRABBIT_PASSWORD=$(cat pw)\n")
    assert step(conf).apply(machine) == Done("block written")
    first = conf.read_bytes()

    assert isinstance(step(conf).state(machine), Satisfied)
    assert isinstance(step(conf).apply(machine), Done)

    assert conf.read_bytes() == first


def test_what_is_shown_is_what_is_written_but_for_the_secrets(
    conf: Path, machine: ActingMachine
) -> None:
    conf.write_bytes(HEAD + b"A=1\n")
    told = (("TOKEN_X", Secret("hush-hush")), ("PLAIN", Secret("sotto-voce")))
    todo = step(conf, settings=(*told, ("HOST_IP", "10.0.0.1")))

    (shown,) = todo.preview(machine)
    todo.apply(machine)

    assert isinstance(shown, WouldWrite)
    written = conf.read_text()
    added = [line[1:] for line in shown.diff.splitlines() if line.startswith("+")][1:]
    assert len(added) == len(written.splitlines()) - 2
    assert {"HOST_IP=10.0.0.1", "USE_VENV=False", "TOKEN_X=********"} <= {*added}
    secrets = [password.secret.value for password in todo.passwords]
    assert all(secret in written for secret in secrets)
    assert not any(secret in shown.diff for secret in [*secrets, "hush-hush", "sotto-voce"])


def test_a_file_that_changed_after_it_was_read_stays(conf: Path, machine: ActingMachine) -> None:
    conf.write_bytes(HEAD)

    class Slow(ActingMachine):
        def log(self, line: str) -> None:
            conf.write_bytes(HEAD + b"SAVED=meanwhile\n")
            super().log(line)

    conf.write_bytes(HEAD + b"USE_VENV=no\n")
    slow = Slow(machine.launcher, machine.user_name, at=machine.at, step=machine.step)

    outcome = step(conf).apply(slow)

    assert isinstance(outcome, Problem)
    assert outcome.status is ExitStatus.NEEDS_PERSON
    assert conf.read_bytes() == HEAD + b"SAVED=meanwhile\n"


def test_a_defect_is_a_problem_before_anything_is_changed(
    conf: Path, machine: ActingMachine
) -> None:
    text = HEAD + b"A=1\nHOST_IP=<your-ip>\n"
    conf.write_bytes(text)

    found = step(conf).apply(machine)

    assert isinstance(found, Problem)
    assert found.status is ExitStatus.NEEDS_PERSON
    assert found.where == f"{conf}:3"
    assert "<your-ip>" in found.what
    assert found == step(conf).state(HOST)
    assert step(conf).preview(HOST) == ()
    assert conf.read_bytes() == text


def test_all_defects_are_named_at_once(conf: Path) -> None:
    conf.write_bytes(HEAD + b"exit\nreadonly VENV_PATH\n")

    assert "line 3: `readonly`" in problem(conf).what


def test_a_localrc_file_beside_stack_sh_is_a_problem(conf: Path) -> None:
    (conf.parent / "localrc").touch()

    found = problem(conf)

    assert found.where == str(conf.parent / "localrc")
    assert found.status is ExitStatus.NEEDS_PERSON


def test_a_localrc_file_where_there_is_no_devstack_is_none_of_ours(conf: Path) -> None:
    (conf.parent / "localrc").touch()
    (conf.parent / "stack.sh").unlink()

    assert step(conf, kind=None).state(HOST) == Pending("to be created")


def test_a_link_to_nothing_is_a_problem(conf: Path) -> None:
    conf.symlink_to("nowhere")

    assert "symbolic link" in problem(conf).what


def test_a_link_to_a_file_is_followed(conf: Path, machine: ActingMachine) -> None:
    target = conf.with_name("target.conf")
    target.write_bytes(HEAD)
    conf.symlink_to(target)

    step(conf).apply(machine)

    assert conf.is_symlink()
    assert b"USE_VENV=True" in target.read_bytes()


def test_a_folder_is_a_problem(conf: Path) -> None:
    conf.mkdir()

    assert "not a file" in problem(conf).what


def test_a_pipe_is_a_problem_and_nobody_waits_for_it(conf: Path) -> None:
    os.mkfifo(conf)

    assert "not a file" in problem(conf).what


def test_a_second_name_is_a_problem(conf: Path) -> None:
    conf.write_bytes(HEAD)
    conf.with_name("other").hardlink_to(conf)

    assert "second name" in problem(conf).what


@pytest.mark.skipif(os.getuid() != 0, reason="only root can ask as somebody else")
def test_a_folder_that_the_user_may_not_write_is_a_problem_with_its_cure(conf: Path) -> None:
    class Unprivileged(HostReader):
        is_root = False

    found = step(conf).state(Unprivileged(HOST.launcher, "nobody"))

    assert isinstance(found, Problem)
    assert "not writable by nobody" in found.what
    assert "sudo chown nobody" in found.cure


@pytest.mark.skipif(os.getuid() != 0, reason="only root can ask as somebody else")
@pytest.mark.parametrize(("mode", "linked"), [(0o600, False), (0o644, True)])
def test_root_writes_no_file_that_is_not_the_users_to_read_or_to_link_to(
    conf: Path, mode: int, *, linked: bool
) -> None:
    """Else a user's link to a file of root's would have root write into it."""
    file = conf.with_name("elsewhere") if linked else conf
    file.write_bytes(HEAD)
    file.chmod(mode)
    if linked:
        conf.symlink_to(file)
    for folder in (place for place in conf.parents if "pytest" in str(place)):
        folder.chmod(0o755)

    found = step(conf).state(HostReader(HOST.launcher, "nobody"))

    assert isinstance(found, Problem)
    assert found.status is ExitStatus.NEEDS_PERSON
    assert "by nobody" in found.what
    assert "sudo chown nobody" in found.cure


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a file immutable")
@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_even_root_cannot_write_is_known_before_anything_is_changed(
    conf: Path, which: str
) -> None:
    conf.write_bytes(HEAD)
    place = conf if which == "file" else conf.parent
    if subprocess.run(["chattr", "+i", place], check=False, capture_output=True).returncode:
        pytest.skip("no immutable files on this file system")
    try:
        found = step(conf).state(HOST)
    finally:
        subprocess.run(["chattr", "-i", place], check=True)
    assert isinstance(found, Problem)
    assert (found.what, found.where) == ("is not writable by root", str(place))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can ask as somebody else")
def test_root_writes_a_file_that_the_user_can_read(conf: Path) -> None:
    conf.write_bytes(HEAD)
    conf.chmod(0o644)
    for folder in (place for place in conf.parents if "pytest" in str(place)):
        folder.chmod(0o755)
    assert isinstance(step(conf).state(HostReader(HOST.launcher, "nobody")), Pending)


def test_a_setting_that_cannot_be_written_is_an_answer_to_correct(conf: Path) -> None:
    found = problem(conf, settings=(("VENV_PATH", "/elsewhere"),))

    assert found.status is ExitStatus.ANSWERS


def test_a_password_among_the_settings_is_not_made_up_too(
    conf: Path, machine: ActingMachine
) -> None:
    step(conf, settings=(("ADMIN_PASSWORD", Secret("asked")),)).apply(machine)

    text = conf.read_bytes()
    assert text.count(b"ADMIN_PASSWORD=") == 1
    assert read_assignment(localrc(text), "ADMIN_PASSWORD") == Literal("asked")


def test_a_password_that_was_asked_for_overrides_the_file(
    conf: Path, machine: ActingMachine
) -> None:
    conf.write_bytes(HEAD + b"ADMIN_PASSWORD=old\n")
    asked = (Password("ADMIN_PASSWORD", Secret("asked"), generated=False),)

    step(conf, passwords=asked).apply(machine)

    assert read_assignment(localrc(conf.read_bytes()), "ADMIN_PASSWORD") == Literal("asked")


def test_passwords_are_made_of_letters_and_digits_and_each_is_another() -> None:
    made = {password.secret.value for password in (*generated_passwords(), *generated_passwords())}

    assert len(made) == 2 * len(PASSWORDS)
    assert all(secret.isalnum() and secret.isascii() and len(secret) >= 20 for secret in made)


def test_warnings_go_into_the_log(conf: Path, machine: ActingMachine) -> None:
    conf.write_bytes(HEAD + b"USE_VENV=False\n")

    step(conf).apply(machine)

    log = (machine.at.folder.path / "build.log").read_text()
    assert f"{conf}:2: USE_VENV is set here" in log


@pytest.mark.parametrize(
    "text",
    [b"", b"A=1\n", b"case x in\na) ;;\nesac\n", b"shopt -s extglob\ncase x in @(a|b)) ;; esac\n"],
)
def test_a_complete_program_is_nothing_to_complain_of(text: bytes) -> None:
    assert complete(HOST, text) == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"A=1\nif x\n", 3),
        (b"A=1\ncat <<E\nx\n", 2),
        (b"A=1\nB=<x>\n", 2),
        (b"case x in @(a|b)) ;; esac\nshopt -s extglob\n", 1),
        (b"shopt -s extglob\ncase x in @(a|b)) ;; esac\nfi\n", 3),
    ],
)
def test_bash_says_in_which_line_a_program_is_not_complete(text: bytes, line: int) -> None:
    assert f"line {line}" in complete(HOST, text)


def test_a_long_file_takes_less_than_a_few_seconds(conf: Path) -> None:
    conf.write_bytes(HEAD + b"".join(b"SETTING_%d=value\n" % number for number in range(100_000)))

    before = os.times()
    assert step(conf).state(HOST) == Pending("block to be added")
    after = os.times()

    assert after.user - before.user < 3.0  # usually a third of that
