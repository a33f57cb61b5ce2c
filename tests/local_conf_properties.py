"""What holds of every local.conf that the editor accepts: seven properties, each an assertion.

The judges are not ours: bash itself and several awks; tests/upstream adds DevStack's own parser.
"""

from functools import partial

from tests.local_conf_oracle import AWKS, sourced
from tests.support import local_reader
from wizard.model.bash.values import Absent, Dynamic, Literal, Reading, values
from wizard.model.devstack import Kind
from wizard.model.local_conf.defects import obstructed, unreadable
from wizard.model.local_conf.editor import Remark, with_block, without_block
from wizard.model.local_conf.managed_block import PASSWORDS, ManagedBlock, Password, managed_block
from wizard.model.local_conf.managed_block import wanted_passwords as wanted
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.secret import Secret
from wizard.steps.local_conf import complete

LITERAL = 'it\'s $HOME `x` \\ "q" #é'
PATH = "/opt/stack/global-venv"
MADE_UP = tuple(Password(name, Secret(f"made{number}up")) for number, name in enumerate(PASSWORDS))

bash_says = partial(complete, local_reader())


def block_for(text: bytes) -> ManagedBlock:
    """The block as a build for DevStack 2023.2 or later would write it into this file."""
    return managed_block(
        Kind.GLOBAL,
        use=True,
        venv_path=PATH,
        settings=(("FURTHER", LITERAL),),
        passwords=wanted(MADE_UP, localrc(without_block(text))),
    )


def edited(text: bytes) -> bytes:
    return with_block(text, block_for(text).body)


def refusals(text: bytes) -> tuple[Remark, ...]:
    return unreadable(text, bash_says) or obstructed(text, block_for(text).names)


def asked_for(block: ManagedBlock) -> dict[str, str]:
    """What bash must say once it has read this block."""
    return {
        "USE_VENV": "False",
        "VENV_PATH": PATH,
        "GLOBAL_VENV": "True",
        "DEVSTACK_VENV": PATH,
        "FURTHER": LITERAL,
    } | {p.name: p.secret.value for p in MADE_UP if p.name in block.names}


def p1_every_awk_extracts_what_we_extract(text: bytes) -> None:
    for awk in AWKS:
        if awk.installed and awk.argv[0] != "busybox":  # which splits fields at more than blanks
            assert awk.localrc(text) == localrc(text), awk.name


def p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves(text: bytes) -> None:
    block = block_for(text)
    before, after = sourced(localrc(text)), sourced(localrc(with_block(text, block.body)))
    assert before is not None
    assert after is not None
    expected = asked_for(block)
    assert {name: after.get(name) for name in expected} == expected
    assert all(after.get(name) for name in PASSWORDS)
    moved = {name for name in before | after if before.get(name) != after.get(name)}
    filled = {name for name in PASSWORDS if not before.get(name)}
    assert moved <= expected.keys() | filled | {"STACK_ENV_VARS"}


def p4_a_second_time_changes_nothing(text: bytes) -> None:
    assert edited(edited(text)) == edited(text)


def p5_taking_the_block_out_gives_back_every_byte(text: bytes) -> None:
    assert without_block(edited(text)) == text


def p6_the_block_is_inserted_and_nothing_removed(text: bytes) -> None:
    new = edited(text)
    added = len(new) - len(text)
    assert any(new[:at] + new[at + added :] == text for at in range(len(text) + 1))


def p7_what_is_read_is_what_bash_says(
    shell_text: bytes, names: tuple[str, ...]
) -> dict[str, Reading]:
    """A literal and an absence must be true; "only running tells" always is."""
    read = values(shell_text)
    said = {name: read.of(name) for name in names}
    if all(isinstance(value, Dynamic) for value in said.values()):
        return said
    bash = sourced(shell_text)
    assert bash is not None
    for name, value in said.items():
        match value:
            case Literal(value=literal):
                assert bash.get(name) == literal, name
            case Absent():
                assert name not in bash, name
            case Dynamic():
                pass
    return said
