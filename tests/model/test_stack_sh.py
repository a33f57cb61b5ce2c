"""How far a stack.sh is: the outlines of small ones of our own, and what bash says of them."""

import os
import subprocess
from pathlib import Path

import pytest

from tests import own_devstack
from wizard.model.devstack import Kind
from wizard.model.stack_sh.outline import outline
from wizard.model.stack_sh.reading import Reading

KINDS = (Kind.NONE, Kind.PER_PROJECT, Kind.GLOBAL)
LOGS = {"logged": "LOGFILE=$DEST/logs/stack.sh.log\n", "unlogged": ""}
TRACES = {"traced": "", "silent": "VERBOSE=False\n"}
SERVICES = "ENABLED_SERVICES=mysql,rsyslog,horizon,glance,n-api\n"
# each is announced by the stack.sh, in the phase after whose number it stands here
ANNOUNCED = [
    (0, "Installing package prerequisites"),
    (1, "Installing OpenStack project source"),
    (2, "Starting rsyslog"),
    (2, "Configuring Horizon"),
    (2, "Configuring Glance"),
    (3, "Starting Glance"),
    (3, "Uploading images"),
    (3, "Starting Nova API"),
]


def reading(text: str = "") -> Reading:
    return Reading(outline(text or own_devstack.stack_sh(Kind.GLOBAL)))


def said(folder: Path, kind: Kind, local_conf: str) -> list[str]:
    """Run the stack.sh where nothing that it starts as root does anything."""
    for name in ("bin", "venv/bin"):
        (folder / name).mkdir(parents=True)
    for name in ("bin/sudo", "bin/lsb_release", "venv/bin/pip"):
        (folder / name).write_text("#!/bin/sh\necho bookworm\n")
        (folder / name).chmod(0o755)
    places = f"DEST={folder}\nDATA_DIR={folder}/data\nDEVSTACK_VENV={folder}/venv\n"
    passwords = "DATABASE_PASSWORD=x\n"
    own_devstack.furnish(folder / "devstack", kind, places + passwords + SERVICES + local_conf)
    (folder / "data").mkdir()
    script = folder / "devstack/stack.sh"
    script.write_text(script.read_text().replace("[[ $EUID != 0 ]]", "[[ always ]]"))
    ended = subprocess.run(
        ["./stack.sh"],
        cwd=folder / "devstack",
        env={"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.stdout.splitlines()


@pytest.mark.parametrize("trace", TRACES)
@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_announced_is_heard_in_its_phase_however_it_is_said(
    tmp_path: Path, kind: Kind, log: str, trace: str
) -> None:
    followed = Reading(outline(own_devstack.stack_sh(kind)))
    lines = said(tmp_path, kind, LOGS[log] + TRACES[trace])
    heard = [(followed.phase, followed.announced) for line in lines if followed.feed(line)]
    assert [one for one in ANNOUNCED if one in heard] == ANNOUNCED
    assert followed.phase == len(followed.outline.phases) - 1
    assert not followed.complaint


@pytest.mark.parametrize("kind", KINDS)
def test_the_phases_are_those_whose_end_the_script_calls_out(kind: Kind) -> None:
    names = [phase.name for phase in outline(own_devstack.stack_sh(kind)).phases]
    late = [] if kind is Kind.NONE else ["test-config"]
    assert names == ["pre-install", "install", "post-config", "extra", *late]


def test_a_script_that_calls_nobody_is_one_phase() -> None:
    (whole,) = outline('echo_summary "Working"\n').phases
    assert (whole.name, whole.announced) == ("run", ("Working",))


def test_what_the_trace_says_of_a_line_decides_where_it_is() -> None:
    followed = reading("echo_summary A\nrun_phase stack one\nx\nrun_phase stack two\n")
    followed.feed("+ ./stack.sh:main:1                        :   echo_summary A")
    assert followed.phase == 0
    followed.feed("+ ./stack.sh:main:2                        :   run_phase stack one")
    followed.feed("+ functions-common:run_phase:3             :   true")
    assert followed.phase == 0
    followed.feed("2026-01-01 00:00:00.000 | + ./stack.sh:main:3                        :   x")
    assert followed.phase == 1


def test_a_coloured_trace_is_read_as_well() -> None:
    followed = reading()
    followed.feed("+\x1b[38;5;242m./stack.sh:main:1 \x1b(B\x1b[m echo_summary 'Starting Keystone'")
    assert followed.outline.phases[followed.phase].name == "post-config"


def test_it_never_goes_back() -> None:
    followed = reading()
    followed.feed("+ echo_summary 'Starting Nova API'")
    there = followed.phase
    followed.feed("+ echo_summary 'Installing package prerequisites'")
    followed.feed("+ run_phase stack pre-install")
    assert followed.phase == there


def test_output_that_is_stamped_because_all_is_announces_nothing() -> None:
    followed = reading()
    followed.feed("2026-01-01 00:00:00.000 | + true")
    followed.feed("2026-01-01 00:00:00.000 | Starting Keystone")
    assert (followed.phase, followed.announced) == (0, "")


def test_the_error_it_gives_up_for_is_remembered_and_nothing_that_comes_after() -> None:
    followed = reading()
    followed.feed("[ERROR] ./lib/keystone:517 keystone did not start")
    followed.feed("Error on exit")
    followed.feed("[ERROR] worlddump failed")
    assert followed.complaint == "keystone did not start"


def test_without_an_error_of_its_own_the_last_words_of_what_failed_count() -> None:
    followed = reading()
    for line in ("cat: /etc/x: No such file or directory", "+ err_trap", "stack.sh failed"):
        followed.feed(line)
    assert followed.complaint == "cat: /etc/x: No such file or directory"


def test_a_line_that_names_an_error_tells_more_than_those_after_it() -> None:
    followed = reading()
    cause = "sqlalchemy.exc.NoSuchModuleError: Can't load plugin: sqlalchemy.plugins:dbcounter"
    for line in ("ERROR keystone x", f"ERROR keystone {cause}", "ERROR keystone", "Error on exit"):
        followed.feed(line)
    assert followed.complaint.endswith(cause)


def test_a_question_that_nobody_answers_is_remembered() -> None:
    followed = reading()
    for line in ("ENTER A PASSWORD TO USE FOR LDAP", "####", "Enter a password now:"):
        followed.feed(line)
    assert followed.question == "ENTER A PASSWORD TO USE FOR LDAP"
