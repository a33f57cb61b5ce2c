"""What a run says while it runs: one frozen dataclass each, JSON Lines with a schema version."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from wizard.model.check import Code
from wizard.model.diagnosis.finding import Finding as Finding  # noqa: PLC0414 -- an event like the others
from wizard.model.step_retried import StepRetried as StepRetried  # noqa: PLC0414 -- and this one

SCHEMA = 1


class StepState(StrEnum):
    """How a step ended."""

    DONE = "done"
    SKIPPED = "skipped"  # it was done already
    FAILED = "failed"
    CANCELLED = "cancelled"  # the run was told to stop, or a step it needs failed


class PlannedState(StrEnum):
    """What a step says before it is its turn."""

    PENDING = "pending"
    SATISFIED = "satisfied"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Titled:
    """A step or check by id, with its words for a person."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class RunStarted:
    """Always the first."""

    run: str
    kind: str  # build, plan, check, fix, undo
    version: str
    host: str  # "Debian 12 (bookworm)"
    devstack: str  # folder of the checkout, or ""
    venv: str
    user: str
    folder: str  # the run folder
    steps: tuple[Titled, ...]
    checks: tuple[Titled, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that was decided on, and where it comes from; secrets are masked."""

    key: str  # as in the answers file: venv.path
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What a step would do as things are; ``diffs`` are unified, secrets masked."""

    step: str
    state: PlannedState
    why: str
    cure: str = ""
    commands: tuple[str, ...] = ()
    diffs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Worth knowing before a build; it does not stop it."""

    what: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step begins."""

    step: str


@dataclass(frozen=True, slots=True)
class Output:
    """A batch of lines as they stand in build.log from line ``line`` (counted from 1) on."""

    step: str
    line: int
    lines: tuple[str, ...]


WAITING = "waiting for "  # begins the text of a step's progress while another process holds it up


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is; total 0 when nobody knows."""

    step: str
    done: int
    total: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step is over."""

    step: str
    state: StepState
    seconds: float
    details: str = ""
    cure: str = ""


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check begins, or begins again because something it depends on changed."""

    check: str


@dataclass(frozen=True, slots=True)
class CheckDeferred:
    """A check found nothing to judge so far."""

    check: str
    details: str
    until: str  # what will bring it: "stack.sh has deployed Keystone"


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check has its verdict."""

    check: str
    code: Code
    details: str
    cure: str = ""
    evidence: tuple[str, ...] = ()


class ReversedState(StrEnum):
    """What an undo did about an act."""

    DONE = "done"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Reversed:
    """An act of a run that an undo reversed, or named because it stays."""

    what: str
    outcome: ReversedState


@dataclass(frozen=True, slots=True)
class RunFinished:
    """Always the last, also after a signal."""

    status: int  # the exit status
    seconds: float
    summary: str


RunEvent = RunStarted | Setting | Planned | Remark | Reversed | Finding | RunFinished
StepEvent = StepStarted | Output | Progress | StepRetried | StepFinished
CheckEvent = CheckStarted | CheckDeferred | CheckFinished
Event = RunEvent | StepEvent | CheckEvent

# the order does not matter; the names are what scripts see
_KINDS: dict[str, type[Event]] = {
    "run_started": RunStarted,
    "setting": Setting,
    "planned": Planned,
    "remark": Remark,
    "step_started": StepStarted,
    "output": Output,
    "progress": Progress,
    "step_retried": StepRetried,
    "step_finished": StepFinished,
    "check_started": CheckStarted,
    "check_deferred": CheckDeferred,
    "check_finished": CheckFinished,
    "reversed": Reversed,
    "finding": Finding,
    "run_finished": RunFinished,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Stamped:
    """An event with its place in the run: seq from 1, time in seconds since the epoch."""

    seq: int
    time: float
    event: Event


def to_json(stamped: Stamped) -> dict[str, object]:
    """Return the event as JSON would hold it, ``event`` naming its kind."""
    head = {"v": SCHEMA, "seq": stamped.seq, "time": round(stamped.time, 3)}
    return head | {"event": _NAMES[type(stamped.event)]} | dataclasses.asdict(stamped.event)


def from_json(record: dict[str, object]) -> Stamped:
    """Read back what ``to_json`` made. Raises ValueError for anything else."""
    fields = dict(record)
    version, kind = fields.pop("v", None), fields.pop("event", None)
    if version != SCHEMA or kind not in _KINDS:
        raise ValueError(f"not an event of schema {SCHEMA}: {kind!r} (schema {version!r})")
    try:
        seq, time = int(str(fields.pop("seq"))), float(str(fields.pop("time")))
        return Stamped(seq, time, _KINDS[str(kind)](**_revive(fields)))  # type: ignore[arg-type]
    except (TypeError, KeyError) as error:
        raise ValueError(f"broken {kind} event: {error}") from error


def _revive(fields: dict[str, object]) -> dict[str, object]:
    """Give JSON's lists, numbers and strings back the types that the dataclasses hold."""
    revived = dict(fields)
    for name, value in fields.items():
        if name in ("steps", "checks") and isinstance(value, list):
            revived[name] = tuple(Titled(**item) for item in value)
        elif name in ("lines", "evidence", "commands", "diffs", "automatic") and isinstance(
            value, list
        ):
            revived[name] = tuple(str(item) for item in value)
        elif name == "state":
            revived[name] = (PlannedState if "why" in fields else StepState)(str(value))
        elif name == "outcome":
            revived[name] = ReversedState(str(value))
        elif name == "code":
            revived[name] = Code(int(str(value)))
    return revived
