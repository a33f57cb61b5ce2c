"""What a journal holds: one frozen dataclass for each kind of act, and their JSON."""

import dataclasses
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wizard.model.machine import Identity

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class FileReplaced:
    """A file got new content, or came to be (``sha256_old`` None, no backup)."""

    path: str
    sha256_old: str | None
    sha256_new: str
    backup: str
    mode: int
    uid: int
    gid: int
    by: Identity = Identity.STACK


@dataclass(frozen=True, slots=True)
class FileRemoved:
    """A file is gone; its bytes are in the backup."""

    path: str
    sha256_old: str
    backup: str
    mode: int
    uid: int
    gid: int
    by: Identity = Identity.STACK


@dataclass(frozen=True, slots=True)
class DirectoryMade:
    """Folders came to be, outermost first."""

    path: str
    made: tuple[str, ...]
    by: Identity = Identity.STACK


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file or folder got another name."""

    source: str
    target: str
    by: Identity = Identity.STACK


@dataclass(frozen=True, slots=True)
class LinkMade:
    """A symbolic link came to be."""

    path: str
    target: str
    by: Identity = Identity.STACK


@dataclass(frozen=True, slots=True)
class TreeMade:
    """A folder that others fill (the venv); ``marker`` is in it when it is complete."""

    path: str
    marker: str
    by: Identity = Identity.STACK


@dataclass(frozen=True, slots=True)
class TreeRemoved:
    """A folder with all in it is gone for good."""

    path: str
    by: Identity = Identity.STACK


@dataclass(frozen=True, slots=True)
class Noted:
    """An act that undo names but does not reverse."""

    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


Record = (
    FileReplaced | FileRemoved | DirectoryMade | Renamed | LinkMade | TreeMade | TreeRemoved | Noted
)

_KINDS: dict[str, type[Record]] = {
    "file_replaced": FileReplaced,
    "file_removed": FileRemoved,
    "directory_made": DirectoryMade,
    "renamed": Renamed,
    "link_made": LinkMade,
    "tree_made": TreeMade,
    "tree_removed": TreeRemoved,
    "noted": Noted,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class Phase(StrEnum):
    """How far an act is known to have come."""

    WILL = "will"  # announced; done or not
    DID = "did"
    DID_NOT = "did not"  # refused before anything changed
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: an announcement (with its record), or news of an earlier one."""

    seq: int
    time: float
    phase: Phase
    of: int  # the seq of the announcement; its own for an announcement
    record: Record | None = None

    def encode(self) -> bytes:
        """Return JSON that ends with the CRC of all before it."""
        fields: dict[str, object] = {"v": SCHEMA, "seq": self.seq, "time": self.time}
        fields |= {"phase": self.phase, "of": self.of}
        if self.record is not None:
            record = {"kind": _NAMES[type(self.record)], **dataclasses.asdict(self.record)}
            if isinstance(self.record, Noted):
                record = {"kind": "noted", "noted": self.record.kind, "data": self.record.data}
            fields["record"] = record
        body = json.dumps(fields, separators=(",", ":"))[:-1]
        return f'{body},"crc":"{_crc(body.encode())}"}}\n'.encode()


def decode(line: bytes) -> Line:
    """Read one line back. Raises ValueError for anything but what ``encode`` made."""
    if not is_whole(line):
        raise ValueError("its checksum is wrong")
    fields = json.loads(line)
    if fields["v"] != SCHEMA:
        raise ValueError(f"it is of schema {fields['v']}, not {SCHEMA}")
    record = _revive(fields["record"]) if "record" in fields else None
    return Line(fields["seq"], fields["time"], Phase(fields["phase"]), fields["of"], record)


def is_whole(line: bytes) -> bool:
    """Whether the line ends with the checksum of what is before it."""
    body, _, tail = line.rpartition(b',"crc":"')
    return tail == f'{_crc(body)}"}}'.encode()


def _revive(fields: dict[str, object]) -> Record:
    kind = _KINDS[str(fields.pop("kind"))]
    if kind is Noted:
        data = fields["data"]
        return Noted(str(fields["noted"]), data if isinstance(data, dict) else {})
    if "by" in fields:
        fields["by"] = Identity(str(fields["by"]))
    if isinstance(made := fields.get("made"), list):
        fields["made"] = tuple(str(path) for path in made)
    return kind(**fields)  # type: ignore[arg-type]  # the checksum vouches for them


def _crc(body: bytes) -> str:
    return f"{zlib.crc32(body):08x}"
