"""What DevStack will read from a local.conf, said before it is written."""

import pytest

from wizard.checks.local_conf import LocalConfCheck
from wizard.model.devstack import Devstack, Kind
from wizard.model.local_conf.editor import with_block
from wizard.model.local_conf.managed_block import managed_block
from wizard.tui.effective import OPEN, SURE, WRONG, Effective, effective, verdict

VENV = "/opt/stack/global-venv"


def read(kind: Kind, before: bytes = b"", after: bytes = b"") -> tuple[Effective, ...]:
    text = with_block(before, managed_block(kind, use=True, venv_path=VENV).body) + after
    check = LocalConfCheck("/x/local.conf", Devstack("/x", kind, ""), True, VENV)  # noqa: FBT003
    return effective(text, check.wanted())


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_devstack_gets_what_was_asked_for(kind: Kind) -> None:
    assert verdict(read(kind)) == SURE


def test_a_later_devstack_reads_names_of_its_own() -> None:
    assert [str(one) for one in read(Kind.GLOBAL)] == [
        "GLOBAL_VENV=True",
        "USE_VENV=False",
        f"DEVSTACK_VENV={VENV}",
    ]


def test_a_line_below_the_block_that_sets_it_again_is_seen() -> None:
    assert Effective("USE_VENV", "False", WRONG) in read(Kind.BLOG, after=b"USE_VENV=False\n")


def test_where_a_line_may_do_anything_nothing_is_promised() -> None:
    assert verdict(read(Kind.BLOG, b"[[local|localrc]]\nsource ./more.sh\n")) == OPEN
