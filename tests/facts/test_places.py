"""Where DevStack puts things, by what a local.conf plainly says."""

from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.facts.places import Places, places

HOST = local_reader()


def said(folder: Path, body: str) -> Places:
    (folder / "local.conf").write_text(f"[[local|localrc]]\n{body}\n")
    return places(HOST, str(folder))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", Places("/opt/stack", "/opt/stack/data", "")),
        ("DEST=/srv/os", Places("/srv/os", "/opt/stack/data", "")),  # set before DEST was
        ("DEST=/srv/os\nDATA_DIR=$DEST/data", Places("/srv/os", "/srv/os/data", "")),
        ("DATA_DIR=${DEST}/d", Places("/opt/stack", "/opt/stack/d", "")),
        ("STACK_USER=ubuntu", Places("/opt/stack", "/opt/stack/data", "ubuntu")),
        ("VENV_PATH=$DEST/v", Places("/opt/stack", "/opt/stack/data", "", "/opt/stack/v")),
        ("DEST=$(pwd)", Places("/opt/stack", "/opt/stack/data", "")),  # only running it would tell
        ("DEST=relative\nDATA_DIR=", Places("/opt/stack", "/opt/stack/data", "")),
    ],
)
def test_what_it_plainly_says_holds(tmp_path: Path, body: str, expected: Places) -> None:
    assert said(tmp_path, body) == expected


def test_nothing_of_it_is_run(tmp_path: Path) -> None:
    assert said(tmp_path, f"touch {tmp_path}/ran\nDEST=/srv/os").dest == "/srv/os"
    assert not (tmp_path / "ran").exists()


def test_another_section_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "local.conf").write_text("[[post-config|$NOVA_CONF]]\nDEST=/srv/os\n")
    assert places(HOST, str(tmp_path)) == Places()


def test_a_localrc_is_read_in_its_place_as_devstack_does(tmp_path: Path) -> None:
    (tmp_path / "localrc").write_text("DEST=/srv/old\n")
    assert said(tmp_path, "DEST=/srv/new").dest == "/srv/old"


def test_a_checkout_without_either_has_the_defaults(tmp_path: Path) -> None:
    assert places(HOST, str(tmp_path)) == Places()
