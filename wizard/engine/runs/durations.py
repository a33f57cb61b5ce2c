"""How long steps took, and how long they were silent, in the runs that are kept."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median

from wizard.model.events import StepState

RUNS = 8  # the last ones count
_MARK = b'"event":"step_finished"'


def expected(folder: Path) -> Mapping[str, float]:
    """Return the median seconds of each step in the runs before the one in ``folder``."""
    earlier = sorted(entry for entry in folder.parent.iterdir() if entry.name < folder.name)
    seconds: dict[str, list[float]] = defaultdict(list)
    for run in earlier[-RUNS:]:
        for step, took in _took(run):
            seconds[step].append(took)
    return {step: median(found) for step, found in seconds.items()}


def _took(run: Path) -> Iterable[tuple[str, float]]:
    """Yield what the steps took that did something; anything unreadable is left out."""
    try:
        with (run / "events.jsonl").open("rb") as file:
            said = [json.loads(line) for line in file if _MARK in line[:120]]
        return [(e["step"], float(e["seconds"])) for e in said if e["state"] == StepState.DONE]
    except (OSError, ValueError, KeyError, TypeError):
        return []
