"""Ten thousand hostile lines that nobody has picked, through everything that shows lines."""

import asyncio
import io
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment
from textual.app import App

from tests.catalogue.random_lines import hostile_lines
from tests.catalogue.test_terminal import WIDGETS, Gallery, events, text_of
from tests.tui.driving import RUNS, until
from wizard.engine.runs.follow import sign
from wizard.headless.json_lines import JsonLines
from wizard.headless.terminal import Terminal
from wizard.headless.text import Text
from wizard.model.events import Event, RunStarted, Stamped, Titled, from_json, to_json
from wizard.model.foreign_text import harmless
from wizard.tui.attach import AttachApp
from wizard.tui.widgets.cells import Cell
from wizard.tui.widgets.hanging import Hanging, Hung
from wizard.tui.widgets.table import Row, Table

MANY = 10_000
COUNT = MANY if os.environ.get("THOROUGH") else 400
AT_ONCE = 40  # lines in a widget
LONG = ("x" * 1_000_000, "\x1b]" * 500_000, "\u202e[bold]" * 100_000, "\x1b[1;" * 250_000 + "\n")
MOVING = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, formats, surrogates, separators of lines


def moving(text: str) -> set[str]:
    """Return what of a text would move a terminal or show nothing."""
    return {sign for sign in text if unicodedata.category(sign) in MOVING} - {"\n", "\t"}


def test_ten_thousand_lines_are_shown_and_move_nothing() -> None:
    assert [line for line in hostile_lines(MANY) if moving(harmless(line))] == []


@pytest.mark.parametrize("line", LONG, ids=["plain", "openings", "markup", "never final"])
def test_a_megabyte_takes_no_time(line: str) -> None:
    began = time.monotonic()

    assert not moving(harmless(f"{line}\nx"))
    assert time.monotonic() - began < 10


def test_without_a_screen_they_are_plain_text() -> None:
    out = io.StringIO()
    text = Text(Terminal(out, {}), "devstack-venv")
    for seq, line in enumerate((*LONG, *hostile_lines(COUNT))):
        for event in (*events(line), begun(line)):
            text(Stamped(seq, 0.0, event))
    text.close()

    assert not moving(out.getvalue())


def begun(line: str) -> RunStarted:
    texts = dict.fromkeys(("run", "version", "host", "devstack", "venv", "user", "folder"), line)
    return RunStarted(kind="build", steps=(Titled("venv", line),), checks=(), **texts)


def test_as_json_each_event_is_one_line_that_gives_back_what_there_was() -> None:
    out = io.StringIO()
    renderer = JsonLines(out)
    lone = re.compile("[\ud800-\udbff]+(?=[\udc00-\udfff])")  # JSON takes the two for one sign
    said = [event for line in hostile_lines(COUNT) for event in events(lone.sub("", line))]
    for seq, event in enumerate(said):
        renderer(Stamped(seq, 0.0, event))

    lines = out.getvalue().splitlines()
    assert len(lines) == len(said)
    assert not moving(out.getvalue())
    assert [from_json(json.loads(line)).event for line in lines] == said


def linked(strips: Iterable[Iterable[Segment]]) -> set[str]:
    """Return what could be clicked: a style may be a link or an action."""
    styles = (s.style for strip in strips for s in strip if s.style)
    return {str(style) for style in styles if style.link or "@click" in style.meta}


async def shown(log: Path) -> None:
    app = Gallery(log)
    async with app.run_test(size=(100, 60), notifications=True) as pilot:
        every = [*LONG, *hostile_lines(COUNT)]
        for first in range(0, len(every), AT_ONCE):
            lines = every[first : first + AT_ONCE]
            with log.open("ab") as file:
                file.writelines(
                    line.encode(
                        errors="surrogateescape",
                    )
                    + b"\n"
                    for line in lines
                    if encodable(line)
                )
            app.show(lines[0])
            rows = [Row(str(n), (Cell(line), Cell(line, "dim"))) for n, line in enumerate(lines)]
            app.query_one(Table).show(rows)
            app.query_one(Hanging).show([Hung("lead ", line, line) for line in lines])
            app.notify(harmless(lines[0]), markup=False)
            await pilot.pause()
            check(app)
            for kind in WIDGETS:
                assert not moving(text_of(app.query(kind).first(kind)))


def check(app: App[Any]) -> None:
    strips = app.screen._compositor.render_strips()
    assert not moving("".join(segment.text for strip in strips for segment in strip))
    assert not linked(strips)


def encodable(line: str) -> bool:
    try:
        line.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def test_no_widget_lets_one_through(tmp_path: Path) -> None:
    (tmp_path / "build.log").touch()
    asyncio.run(shown(tmp_path / "build.log"))


def spoilt(value: object, line: str) -> Any:
    """Return a value with the line in every text of it."""
    match value:
        case str() if type(value) is str:
            return line
        case tuple():
            return tuple(spoilt(item, line) for item in value)
        case Titled():
            return replace(value, title=line)
        case _:
            return value


def hostile(event: Event, line: str) -> Event:
    """Return an event as somebody would write it who may write a run folder."""
    kept = {"step", "check", "kind", "id", "key", "role", "confidence", "run", "folder"}
    texts = {
        f.name: spoilt(getattr(event, f.name), line) for f in fields(event) if f.name not in kept
    }
    return replace(event, **texts)


@pytest.mark.parametrize("name", ["failed", "good", "interrupted"])
def test_no_screen_of_a_run_lets_one_through(name: str, tmp_path: Path) -> None:
    asyncio.run(seen(hostile_run(name, tmp_path)))


def hostile_run(name: str, home: Path) -> Path:
    """Write a run folder in which every text is hostile."""
    run = str(json.loads((RUNS / name / "run.json").read_bytes())["run"])
    folder = home / "runs" / run
    folder.mkdir(parents=True)
    (folder / "run.json").write_bytes((RUNS / name / "run.json").read_bytes())
    recorded = (RUNS / name / "events.jsonl").read_text().splitlines()
    lines = list(hostile_lines(COUNT))
    said = []
    for number, text in enumerate(recorded):
        stamped = from_json(json.loads(text))
        event = hostile(stamped.event, lines[number % COUNT])
        said.append(json.dumps(to_json(replace(stamped, event=event))))
    (folder / "events.jsonl").write_text("\n".join(said) + "\n")
    log = b"\n".join(line.encode(errors="replace") for line in lines)
    (folder / "build.log").write_bytes(log.replace(b"\0", b"") + b"\n")
    sign(folder)
    return folder


async def seen(folder: Path) -> None:
    app = AttachApp(folder)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: len(app.screen_stack) > 1)
        for key in (
            "n",
            "enter",
            "ctrl+f",
            "b",
            "enter",
            "escape",
            "end",
            "home",
            "pagedown",
            "f1",
        ):
            await pilot.press(key)
            await pilot.pause(0.2)
            check(app)
            assert not moving(app.export_screenshot())
