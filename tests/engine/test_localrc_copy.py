"""Undo and DevStack's copy of local.conf, over real files."""

import os
from pathlib import Path

import pytest

from wizard.engine.files.file_system import Direct
from wizard.engine.journal.localrc_copy import take_block_out
from wizard.model.devstack import Kind
from wizard.model.local_conf.editor import HEADER, with_block
from wizard.model.local_conf.managed_block import managed_block

THEIRS = b"HOST_IP=127.0.0.1\n"
BLOCK = managed_block(Kind.PER_PROJECT, use=True, venv_path="/opt/v", builder="/b").body
WITH_BLOCK = with_block(HEADER + THEIRS, BLOCK)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Stand for stack.sh, which was run when the block was there; local.conf is as before us."""
    tmp_path.joinpath("local.conf").write_bytes(HEADER + THEIRS)
    copied = tmp_path / ".localrc.auto"
    copied.write_bytes(WITH_BLOCK.removeprefix(HEADER))
    copied.chmod(0o604)
    return copied


def taken_out(copy: Path) -> object:
    return take_block_out(str(copy.with_name("local.conf")), lambda _path: Direct())


def test_the_copy_loses_the_block_as_local_conf_did(copy: Path) -> None:
    assert taken_out(copy) == f"took the block out of {copy}"
    assert copy.read_bytes() == THEIRS
    assert copy.stat().st_mode & 0o777 == 0o604
    assert copy.stat().st_uid == os.geteuid()
    assert taken_out(copy) is None


def test_it_does_so_where_local_conf_was_ours_and_is_gone(copy: Path) -> None:
    copy.with_name("local.conf").unlink()
    assert taken_out(copy)
    assert copy.read_bytes() == THEIRS


def test_while_local_conf_holds_a_block_the_copy_keeps_its_own(copy: Path) -> None:
    copy.with_name("local.conf").write_bytes(WITH_BLOCK)
    assert taken_out(copy) is None
    assert copy.read_bytes() == WITH_BLOCK.removeprefix(HEADER)


def test_a_checkout_that_was_never_stacked_has_no_copy(copy: Path) -> None:
    copy.unlink()
    assert taken_out(copy) is None
    assert not copy.exists()
