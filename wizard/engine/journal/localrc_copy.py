"""DevStack's own copy of what local.conf says below localrc.

stack.sh makes it anew, but until then openrc and unstack.sh read it: once local.conf is as it was
before us, our block there would source a file that is gone.
"""

import stat
from collections.abc import Callable
from pathlib import Path

from wizard.engine.files.file_system import FileSystem
from wizard.engine.files.files import Written
from wizard.engine.files.refusals import refusal
from wizard.model.local_conf.editor import HEADER, Block, find_block, without_block
from wizard.model.problem import Problem

NAME = ".localrc.auto"


def take_block_out(
    local_conf: str, file_system: Callable[[str], FileSystem]
) -> str | Problem | None:
    """Bring the copy in line where local.conf holds our block no longer; say what was done."""
    copy = str(Path(local_conf).with_name(NAME))
    texts = [file_system(path).content(path) for path in (local_conf, copy)]
    if isinstance(texts[0], Problem) or isinstance(texts[1], Problem):
        return None  # nobody asked for the copy: what hinders it is no news
    original, old = texts[0] or b"", HEADER + (texts[1] or b"")  # the copy has no header
    if find_block(original) is not None or not isinstance(find_block(old), Block):
        return None
    try:
        found = Path(copy).stat()
    except OSError as error:
        return refusal(error, copy)
    done = file_system(copy).replace(
        copy,
        without_block(old).removeprefix(HEADER),
        expected=old.removeprefix(HEADER),
        mode=stat.S_IMODE(found.st_mode),
        owner=(found.st_uid, found.st_gid),
    )
    return f"took the block out of {copy}" if isinstance(done, Written) else done
