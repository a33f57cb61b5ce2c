"""What the block says to each kind of DevStack, and why."""

import subprocess
from pathlib import Path

import pytest

from wizard.model.devstack import Kind
from wizard.model.local_conf.managed_block import (
    PASSWORDS,
    Password,
    functions_file,
    managed_block,
    setting_defect,
    wanted_passwords,
)
from wizard.model.secret import Secret

MADE_UP = tuple(Password(name, Secret(f"made{number}")) for number, name in enumerate(PASSWORDS))
TWO_LINES = b"USE_VENV=True\nVENV_PATH=/opt/v\n"


def settings_of(body: bytes) -> list[bytes]:
    return [line for line in body.splitlines() if not line.startswith(b"#")]


@pytest.mark.parametrize("kind", [None, Kind.BLOG, Kind.UNKNOWN])
def test_most_kinds_are_told_the_two_lines_that_people_know(kind: Kind | None) -> None:
    assert managed_block(kind, use=True, venv_path="/opt/v").body == TWO_LINES


def test_a_global_devstack_is_told_in_its_own_words_and_use_venv_is_off_again() -> None:
    body = managed_block(Kind.GLOBAL, use=True, venv_path="/opt/v").body

    assert settings_of(body)[:5] == [
        *(b"USE_VENV=True", b"VENV_PATH=/opt/v"),
        *(b"GLOBAL_VENV=$USE_VENV", b"DEVSTACK_VENV=$VENV_PATH", b"USE_VENV=False"),
    ]


def test_an_older_devstack_is_told_where_the_functions_are_and_what_builds_the_venv() -> None:
    block = managed_block(Kind.NONE, use=True, venv_path="/opt/v", builder="/home/a b/wizard.sh")

    assert settings_of(block.body)[2:4] == [
        *(b"VENV_BUILDER='/home/a b/wizard.sh'", b'source "$VENV_PATH.devstack.sh"')
    ]
    assert functions_file("/opt/v") == "/opt/v.devstack.sh"
    assert all(why for _, why in block.reasons())


def test_where_use_venv_means_one_for_each_project_it_is_off_again() -> None:
    said = {
        kind: settings_of(managed_block(kind, use=True, venv_path="/opt/v").body)
        for kind in (Kind.NONE, Kind.PER_PROJECT)
    }

    assert b"USE_VENV=False" in said[Kind.PER_PROJECT]
    assert b"USE_VENV=False" not in said[Kind.NONE]


@pytest.mark.parametrize("kind", [Kind.NONE, Kind.PER_PROJECT])
def test_without_a_venv_nothing_is_taught(kind: Kind) -> None:
    assert managed_block(kind, use=False, venv_path="/opt/v").body == b"USE_VENV=False\n"


@pytest.mark.parametrize("kind", [Kind.NONE, Kind.PER_PROJECT, Kind.GLOBAL])
def test_only_a_shell_that_sources_openrc_gets_the_venv_first_on_its_path(
    kind: Kind, tmp_path: Path
) -> None:
    venv = str(tmp_path / "v")
    Path(functions_file(venv)).touch()
    body = managed_block(kind, use=True, venv_path=venv).body
    (tmp_path / "localrc").write_bytes(body)
    for name, first in (("openrc", f"{venv}/bin"), ("stack.sh", "/usr/bin")):
        (tmp_path / name).write_text(f". {tmp_path}/localrc\n. {tmp_path}/localrc\n")
        script = f'. {tmp_path}/{name}; echo "$PATH|${{VIRTUAL_ENV-}}|$STACK_ENV_VARS"'
        said = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-euc", script],
            env={"PATH": "/usr/bin:/bin", "STACK_ENV_VARS": "DEST"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        path, active, saved = said.strip().split("|")
        assert path.split(":")[0] == first
        assert path.count(venv) == (first == f"{venv}/bin")
        assert not active
        assert saved.startswith("DEST VENV_PATH")


def test_a_comment_says_why_use_venv_is_off_again() -> None:
    lines = managed_block(Kind.GLOBAL, use=True, venv_path="/opt/v").body.decode().splitlines()

    assert any("Keystone" in line for line in lines if line.startswith("#"))


def test_without_a_venv_both_switches_are_off() -> None:
    assert managed_block(None, use=False, venv_path="/opt/v").body == b"USE_VENV=False\n"
    body = managed_block(Kind.GLOBAL, use=False, venv_path="/opt/v").body
    assert settings_of(body) == [b"USE_VENV=False", b"GLOBAL_VENV=$USE_VENV"]


def test_values_are_quoted_where_bash_would_read_them_otherwise() -> None:
    block = managed_block(
        None,
        use=False,
        venv_path="",
        settings=(("A", "plain"), ("B", "it's $x"), ("C", ""), ("D", "~/x"), ("E", Secret("p w"))),
    )

    assert settings_of(block.body)[1:] == [
        *(b"A=plain", b"B='it'\"'\"'s $x'", b"C=''", b"D='~/x'", b"E='p w'")
    ]


def test_every_line_has_its_reason() -> None:
    block = managed_block(
        Kind.GLOBAL,
        use=True,
        venv_path="/opt/v",
        settings=(("A", "1"),),
        passwords=wanted_passwords(MADE_UP, b""),
    )

    assert "".join(f"{line}\n" for line, _ in block.reasons()).encode() == block.body
    assert all(why for _, why in block.reasons())


def chosen(text: bytes, old_body: bytes = b"") -> dict[str, tuple[str, bool]]:
    some = wanted_passwords(MADE_UP, text, old_body)
    return {password.name: (password.secret.value, fills) for password, fills in some}


def test_only_passwords_that_the_user_does_not_set_are_made_up() -> None:
    text = b"ADMIN_PASSWORD=mine\nexport RABBIT_PASSWORD=$ADMIN_PASSWORD\nSERVICE_PASSWORD=\n"

    assert chosen(text) == {
        "DATABASE_PASSWORD": ("made1", False),
        "SERVICE_PASSWORD": ("made3", False),
    }


def test_a_password_that_only_running_tells_is_filled_in_where_it_is_empty() -> None:
    fills = wanted_passwords(MADE_UP[:1], b"ADMIN_PASSWORD=$(cat pw)\n")

    body = managed_block(None, use=False, venv_path="", passwords=fills).body

    assert body.endswith(b"ADMIN_PASSWORD=${ADMIN_PASSWORD:-made0}\n")


def test_passwords_of_an_earlier_run_are_kept() -> None:
    old = b"ADMIN_PASSWORD=old0\nRABBIT_PASSWORD=${RABBIT_PASSWORD:-old2}\n"

    assert chosen(b"", old) == {
        "ADMIN_PASSWORD": ("old0", False),
        "DATABASE_PASSWORD": ("made1", False),
        "RABBIT_PASSWORD": ("old2", False),
        "SERVICE_PASSWORD": ("made3", False),
    }


@pytest.mark.parametrize("kind", [None, *Kind])
def test_a_block_keeps_its_passwords_whatever_else_it_says(kind: Kind | None) -> None:
    asked = Password("ADMIN_PASSWORD", Secret("it's"), generated=False)
    some = wanted_passwords((asked, *MADE_UP[1:]), b"RABBIT_PASSWORD=$(cat pw)\n")
    block = managed_block(kind, use=True, venv_path="/opt/v", builder="/b", passwords=some)
    others = tuple(Password(name, Secret("other")) for name in PASSWORDS)

    kept = wanted_passwords(others, b"RABBIT_PASSWORD=$(cat pw)\n", block.body)

    assert [password.secret.reveal() for password, _ in kept] == ["it's", "made1", "made2", "made3"]


def test_a_password_that_was_asked_for_is_always_written() -> None:
    asked = Password("ADMIN_PASSWORD", Secret("asked"), generated=False)

    assert wanted_passwords((asked,), b"ADMIN_PASSWORD=mine\n", b"ADMIN_PASSWORD=old\n") == (
        (asked, False),
    )


def test_a_filled_in_password_is_not_among_the_names_we_have_the_last_word_on() -> None:
    fills = wanted_passwords(MADE_UP[:2], b"ADMIN_PASSWORD=$(cat pw)\n")

    names = managed_block(None, use=True, venv_path="/opt/v", passwords=fills).names

    assert names == {"USE_VENV", "VENV_PATH", "DATABASE_PASSWORD"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("A-B", "x"), ("1A", "x"), ("", "x"), ("UID", "1"), ("VENV_PATH", "/a"), ("A", "x\ny")],
)
def test_a_setting_that_bash_would_not_take_is_named(name: str, value: str) -> None:
    assert setting_defect(name, value)


def test_an_ordinary_setting_is_fine() -> None:
    assert setting_defect("HOST_IP", "10.0.0.1 é") == ""
