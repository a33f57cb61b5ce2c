"""Whatever keys are pressed, nothing breaks, nothing starts, and the answers stay.

RANDOM_KEYS says how many (10,000 before a release); RANDOM_SEED repeats a walk.
"""

import os
import random
from pathlib import Path

from textual.pilot import Pilot

from tests.tui.driving import drive, shows
from tests.tui.wizards import on_image
from wizard.engine.runs import draft
from wizard.model.settings.answers import Answers
from wizard.model.settings.answers_file import parse
from wizard.model.settings.answers_text import save

NUMBER = int(os.environ.get("RANDOM_KEYS", "250"))
SEED = int(os.environ.get("RANDOM_SEED", str(random.randrange(10**6))))
KEYS = (
    *("up", "down", "left", "right", "pageup", "pagedown", "home", "end"),
    *("tab", "shift+tab", "enter", "space", "escape", "delete", "backspace"),
    *("f1", "f2", "f5", "ctrl+n", "ctrl+n", "ctrl+r", "ctrl+t", "ctrl+b"),
    *"aercduvpsx/[]-=.",
)


def test_a_walk_at_random_breaks_nothing(tmp_path: Path) -> None:
    print(f"RANDOM_SEED={SEED}")  # noqa: T201 -- to repeat it
    chance = random.Random(SEED)

    async def scenario(pilot: Pilot[object]) -> None:
        await shows(pilot, "fine")
        for _ in range(NUMBER):
            key = chance.choice(KEYS)
            await pilot.press("slash" if key == "/" else key)
            if chance.random() < 0.02:
                await pilot.resize_terminal(chance.randint(1, 130), chance.randint(1, 45))
        await pilot.resize_terminal(80, 24)

    with on_image(tmp_path) as app:
        drive(app, scenario)
        assert app.return_code in (None, 0)
        kept = draft.load(app.session.home)
        if kept is not None:
            text = save(kept.answers)
            assert isinstance(text, str)
            assert isinstance(parse(text, "draft"), Answers)
