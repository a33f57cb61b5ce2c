"""python -m tests.corpus FOLDER: what becomes of the local.conf files in a folder.

Each is edited and judged by bash and the awks of this host. Says of each refused one why, of each
that fails which property, and at the end how many there were of either.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.local_conf_properties import (
    p1_every_awk_extracts_what_we_extract,
    p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves,
    p4_a_second_time_changes_nothing,
    p5_taking_the_block_out_gives_back_every_byte,
    p6_the_block_is_inserted_and_nothing_removed,
    p7_what_is_read_is_what_bash_says,
    refusals,
)
from wizard.model.bash.values import Dynamic
from wizard.model.local_conf.managed_block import PASSWORDS
from wizard.model.local_conf.meta_sections import localrc

NAMES = (*PASSWORDS, "DEST", "DATA_DIR", "STACK_USER", "USE_VENV", "VENV_PATH", "HOST_IP")
OF_ANY = (p1_every_awk_extracts_what_we_extract,)
OF_EDITED = (
    p2_p3_bash_sees_what_was_asked_and_no_other_variable_moves,
    p4_a_second_time_changes_nothing,
    p5_taking_the_block_out_gives_back_every_byte,
    p6_the_block_is_inserted_and_nothing_removed,
)


def _holds(judge: Callable[[bytes], object], text: bytes, file: Path) -> bool:
    try:
        judge(text)
    except AssertionError as failure:
        print(f"{file}: {judge.__name__}: {str(failure).partition(chr(10))[0]}")  # noqa: T201
        return False
    return True


def _try(file: Path, count: Counter[str]) -> None:
    text = file.read_bytes()
    failed = sum(not _holds(judge, text, file) for judge in OF_ANY)
    if found := refusals(text):
        print(f"{file}:{found[0].line}: refused: {found[0].what}")  # noqa: T201
        count["refused"] += 1
    else:
        count["edited"] += 1
        failed += sum(not _holds(judge, text, file) for judge in OF_EDITED)
        said = p7_what_is_read_is_what_bash_says(localrc(text), NAMES)
        count["readings"] += len(said)
        count["dynamic"] += sum(isinstance(value, Dynamic) for value in said.values())
    count["wrong"] += bool(failed)


def main(folder: Path) -> bool:
    """Try every file below the folder; whether nothing went wrong."""
    count: Counter[str] = Counter()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        _try(file, count)
    print(  # noqa: T201
        f"{count['edited']} edited, {count['refused']} refused, {count['wrong']} wrong; "
        f"{count['dynamic']} of {count['readings']} readings are left to bash"
    )
    return not count["wrong"]


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1])))
