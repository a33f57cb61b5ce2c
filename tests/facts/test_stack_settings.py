"""What stack.sh will read from local.conf: the small checkouts' own functions answer."""

from pathlib import Path

import pytest

from tests import own_devstack
from tests.support import local_reader
from wizard.facts.stack_settings import StackSettings, asked_for, look
from wizard.model.devstack import Kind

ALL = "ADMIN_PASSWORD=a\nDATABASE_PASSWORD=b\nSERVICE_PASSWORD=c\nRABBIT_PASSWORD=d\n"


def settings(folder: Path, text: str, kind: Kind = Kind.GLOBAL) -> StackSettings:
    own_devstack.furnish(folder, kind, text)
    asked = asked_for((folder / "stack.sh").read_text())
    found = look(local_reader(), str(folder), asked)
    assert isinstance(found, StackSettings), str(found)
    return found


def test_nothing_is_missing_where_all_is_set(tmp_path: Path) -> None:
    assert settings(tmp_path, ALL).missing == ()


@pytest.mark.parametrize(
    ("services", "missing"),
    [
        ("key,mysql", ("DATABASE_PASSWORD", "SERVICE_PASSWORD", "ADMIN_PASSWORD")),
        ("mysql", ("DATABASE_PASSWORD",)),
        ("rsyslog", ()),
    ],
)
def test_a_password_is_missing_only_for_the_services_that_need_it(
    tmp_path: Path, services: str, missing: tuple[str, ...]
) -> None:
    assert settings(tmp_path, f"ENABLED_SERVICES={services}\n").missing == missing


def test_a_release_of_2014_asks_for_a_token_too(tmp_path: Path) -> None:
    assert settings(tmp_path, ALL, Kind.NONE).missing == ("SERVICE_TOKEN",)


@pytest.mark.parametrize(
    ("text", "log"),
    [
        ("", "/opt/stack/logs/stack.sh.log"),
        ("DEST=/srv/os\n", "/srv/os/logs/stack.sh.log"),
        ("LOGDIR=/var/log/stack\n", "/var/log/stack/stack.sh.log"),
        ("LOGFILE=/mine.log\n", "/mine.log"),
    ],
)
def test_its_log_goes_where_local_conf_wants_it(tmp_path: Path, text: str, log: str) -> None:
    found = settings(tmp_path, text)
    assert (found.log, found.names_log) == (log, "LOGFILE" in text)


@pytest.mark.parametrize(("text", "is_silent"), [("", False), ("VERBOSE=no\n", True)])
def test_whether_it_says_what_it_does_is_known(
    tmp_path: Path, text: str, *, is_silent: bool
) -> None:
    assert settings(tmp_path, text).is_silent is is_silent
