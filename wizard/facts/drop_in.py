"""Our file among those of sudo, as it is now."""

from dataclasses import dataclass

from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Identity, Reader
from wizard.model.problem import Problem
from wizard.model.sudoers import DROP_IN, Entries, parse

_SOUND = "0/440"  # owner and mode; anything more open, and sudo passes the file over


@dataclass(frozen=True, slots=True)
class DropIn:
    """What our file says, and whether sudo reads it."""

    content: bytes | None  # None: there is none
    entries: Entries
    sound: bool = True  # mode and owner are as sudo wants them

    @property
    def text(self) -> str:
        """What it says; "" when there is none."""
        return (self.content or b"").decode(errors="replace")


def find(host: Reader) -> DropIn | Problem:
    """Look at what stands where our file goes; the folder may be closed to all but root."""
    asked = Command(("stat", "-c", "%F/%u/%a", "--", DROP_IN), identity=Identity.ROOT)
    kind, _, rights = host.run(asked).text.strip().partition("/")
    if not kind:
        return DropIn(None, {})
    try:
        content = host.read(DROP_IN, Identity.ROOT) if kind == "regular file" else b""
    except OSError as error:
        return _foreign(f"this cannot be read: {error}")
    entries = parse(content.decode(errors="replace"))
    if entries is None:
        return _foreign(f"a {kind} stands here that this program did not make")
    return DropIn(content, entries, sound=rights == _SOUND)


def _foreign(what: str) -> Problem:
    return Problem(
        what,
        where=DROP_IN,
        cure=f"Look at it, and move it away: sudo mv {DROP_IN} /root/",
        status=ExitStatus.NEEDS_PERSON,
    )
