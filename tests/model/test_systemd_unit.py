"""What systemd makes of a unit and its drop-ins."""

import pytest

from wizard.model.servers.systemd_unit import Start, start

UNIT = """\
[Unit]
Description = ExecStart=/bin/no
[Service]
# ExecStart=/bin/no
ExecStart = -/usr/bin/uwsgi --ini /x.ini \\
# a comment in between
    --venv "/opt/a b"
Environment = "PATH=/a:/b" X=1
User = stack
[Install]
ExecStart=/bin/no
"""


def found(*texts: str, unit: str = "devstack@k") -> Start:
    said = start(unit, [(str(number), text) for number, text in enumerate(texts)])
    assert said
    return said


def test_a_unit_as_devstack_writes_it() -> None:
    said = found(UNIT)
    assert said.words == ("/usr/bin/uwsgi", "--ini", "/x.ini", "--venv", "/opt/a b")
    assert said.environment == (("PATH", "/a:/b"), ("X", "1"))
    assert (said.path, said.line, said.user) == ("0", 5, "stack")


def test_a_drop_in_takes_back_and_sets_anew() -> None:
    said = found(UNIT, "[Service]\nExecStart=\nExecStart=/bin/other\nEnvironment=Y=2\n")
    assert (said.words, said.path) == (("/bin/other",), "1")
    assert dict(said.environment) == {"PATH": "/a:/b", "X": "1", "Y": "2"}


def test_an_empty_environment_forgets_the_one_before() -> None:
    assert found(UNIT, "[Service]\nEnvironment=\n").environment == ()


@pytest.mark.parametrize("text", ["", "[Unit]\nExecStart=/x\n", "[Service]\nExecStart=\n"])
def test_what_starts_nothing_is_none(text: str) -> None:
    assert start("u", [("0", text)]) is None


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("@/usr/bin/uwsgi name --x", ("/usr/bin/uwsgi", "--x")),
        ("!!/usr/bin/uwsgi --x", ("/usr/bin/uwsgi", "--x")),
        ("/bin/%i %p %n 100%%", ("/bin/k", "devstack", "devstack@k.service", "100%")),
        ("/bin/x $HERE ${HERE}/y", ("/bin/x", "/h", "/h/y")),
    ],
)
def test_what_systemd_replaces_is_replaced(command: str, words: tuple[str, ...]) -> None:
    assert found(f"[Service]\nExecStart={command}\nEnvironment=HERE=/h\n").words == words
