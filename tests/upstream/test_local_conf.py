"""DevStack's own reading of local.conf, from its first release to its latest, against ours."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from tests.local_conf_oracle import ACCEPTED, devstack_localrc
from tests.model.localrc_texts import documents
from wizard.model.local_conf.defects import unreadable
from wizard.model.local_conf.editor import with_block
from wizard.model.local_conf.meta_sections import localrc

pytestmark = pytest.mark.upstream

EXAMPLES = int(os.environ.get("LOCAL_CONF_EXAMPLES", "40"))
BODY = b"USE_VENV=True\n"
OLD, NEW = "juno-eol", "HEAD"


@pytest.fixture(scope="module")
def meta_config(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The parser of an old release and of the present one."""
    folder = tmp_path_factory.mktemp("meta-config")
    found = {}
    for revision, name in ((OLD, "lib/config"), (NEW, "inc/meta-config")):
        show = ("git", "-C", os.environ["DEVSTACK_CLONE"], "show", f"{revision}:{name}")
        found[revision] = folder / revision
        found[revision].write_bytes(subprocess.run(show, check=True, capture_output=True).stdout)
    return found


@pytest.mark.parametrize("file", ACCEPTED, ids=lambda file: file.stem)
def test_it_extracts_what_we_extract_from_ordinary_files(
    meta_config: dict[str, Path], file: Path
) -> None:
    text = file.read_bytes()

    assert devstack_localrc(meta_config[NEW], text) == localrc(text)


@given(text=documents)
@settings(max_examples=EXAMPLES, deadline=None)
def test_it_extracts_what_we_extract_from_odd_ones(
    meta_config: dict[str, Path], text: bytes
) -> None:
    assume(not unreadable(text, lambda _: ""))

    assert devstack_localrc(meta_config[NEW], text) == localrc(text)


@pytest.mark.parametrize("revision", [OLD, NEW])
@given(text=documents)
@settings(max_examples=EXAMPLES, deadline=None)
def test_old_and_new_read_the_block_last(
    meta_config: dict[str, Path], revision: str, text: bytes
) -> None:
    assume(not unreadable(text, lambda _: ""))

    read = devstack_localrc(meta_config[revision], with_block(text, BODY))

    assert read.rstrip(b"\n").endswith(b"\n" + BODY + b"# END devstack-venv")
