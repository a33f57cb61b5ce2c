"""DevStack's own reading of local.conf, from its first release to its latest, against ours."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.local_conf_oracle import ACCEPTED, devstack_localrc
from tests.model.localrc_texts import documents
from wizard.model.local_conf.defects import unreadable
from wizard.model.local_conf.editor import with_block
from wizard.model.local_conf.meta_sections import localrc

pytestmark = pytest.mark.upstream

many = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
BODY = b"USE_VENV=True\n"
OLD = {"juno-eol": "lib/config"}  # which takes every other one of sections in a row
NEW = dict.fromkeys(("ocata-eol", "train-eol", "2023.1-eom", "HEAD"), "inc/meta-config")


@pytest.fixture(scope="module")
def meta_config(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The parser of each release."""
    folder = tmp_path_factory.mktemp("meta-config")
    found = {}
    for revision, name in (OLD | NEW).items():
        show = ("git", "-C", os.environ["DEVSTACK_CLONE"], "show", f"{revision}:{name}")
        found[revision] = folder / revision
        found[revision].write_bytes(subprocess.run(show, check=True, capture_output=True).stdout)
    return found


@pytest.mark.parametrize("revision", NEW)
@pytest.mark.parametrize("file", ACCEPTED, ids=lambda file: file.stem)
def test_it_extracts_what_we_extract_from_ordinary_files(
    meta_config: dict[str, Path], revision: str, file: Path
) -> None:
    text = file.read_bytes()

    assert devstack_localrc(meta_config[revision], text) == localrc(text)


@pytest.mark.parametrize("revision", NEW)
@given(text=documents)
@many
def test_it_extracts_what_we_extract_from_odd_ones(
    meta_config: dict[str, Path], revision: str, text: bytes
) -> None:
    assume(not unreadable(text, lambda _: ""))

    assert devstack_localrc(meta_config[revision], text) == localrc(text)


@pytest.mark.parametrize("revision", OLD | NEW)
@given(text=documents)
@many
def test_old_and_new_read_the_block_last(
    meta_config: dict[str, Path], revision: str, text: bytes
) -> None:
    assume(not unreadable(text, lambda _: ""))

    read = devstack_localrc(meta_config[revision], with_block(text, BODY))

    assert read.rstrip(b"\n").endswith(b"\n" + BODY + b"# END devstack-venv")
