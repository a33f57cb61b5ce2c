"""Rows T: what jobs print, where the program is started, and what reaches the terminal."""

import asyncio
import io
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tests.catalogue.hostile_lines import ALL, MARKUP
from wizard.headless.terminal import Terminal
from wizard.headless.text import Text
from wizard.model.check import Code
from wizard.model.course import Course
from wizard.model.events import (
    CheckFinished,
    Event,
    Finding,
    Output,
    Planned,
    PlannedState,
    RunFinished,
    Stamped,
    StepFinished,
    StepState,
)
from wizard.model.foreign_text import MAX_LINE, harmless
from wizard.model.problem import Problem
from wizard.tui.help import VENV
from wizard.tui.parts import Part
from wizard.tui.screens.dialogs import Entry, Question
from wizard.tui.screens.help import HelpScreen
from wizard.tui.step import notice_text
from wizard.tui.widgets.build_log import BuildLog
from wizard.tui.widgets.cells import Cell, Column
from wizard.tui.widgets.check_list import CheckList
from wizard.tui.widgets.explanation import Explained, Explanation
from wizard.tui.widgets.hanging import Hanging, Hung
from wizard.tui.widgets.step_list import StepList
from wizard.tui.widgets.table import Row, Table
from wizard.tui.widgets.told import Told

ROOT = Path(__file__).parent.parent.parent


def moves_a_terminal(text: str) -> set[str]:
    """Characters that are no sign: controls, and those that change the order of others."""
    return {c for c in text if unicodedata.category(c) in {"Cc", "Cs"} - {"\n"}} | (
        set(text) & {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f"}
    )


@pytest.mark.parametrize("line", ALL.values(), ids=ALL)
def test_a_line_as_it_is_shown_moves_nothing(line: str) -> None:
    assert not moves_a_terminal(harmless(line))
    assert len(harmless(line)) < MAX_LINE + 40


@pytest.mark.parametrize("line", MARKUP.values(), ids=MARKUP)
def test_markup_is_a_line_like_others(line: str) -> None:
    assert harmless(line) == line


def events(line: str) -> tuple[Event, ...]:
    return (
        Planned("venv", PlannedState.PENDING, line, line, (line,), (line,)),
        Output("venv", 1, (line,)),
        StepFinished("venv", StepState.FAILED, 1.0, line, line),
        CheckFinished("venv-health", Code.FAILURE, line, line, (line,)),
        Finding("x", line, line, line=1),
        RunFinished(5, 1.0, line),
    )


@pytest.mark.parametrize("line", ALL.values(), ids=ALL)
def test_without_a_screen_every_event_is_plain_text(line: str) -> None:
    out = io.StringIO()
    text = Text(Terminal(out, {}), "devstack-venv")
    for seq, event in enumerate(events(line)):
        text(Stamped(seq, 0.0, event))
    text.close()

    assert not moves_a_terminal(out.getvalue().replace("\n", ""))


class Gallery(App[None]):
    """Every widget that shows what others wrote."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self.log_file = log

    def compose(self) -> ComposeResult:
        yield Table((Column("name", 20, 1), Column("", 10)))
        yield Explanation()
        yield Hanging()
        yield StepList()
        yield CheckList()
        yield Told()
        yield Static(id="notice", markup=False)
        yield BuildLog(self.log_file)

    def show(self, line: str) -> None:
        """Have each widget show this line."""
        course = Course()
        for seq, event in enumerate(events(line)):
            course.add(Stamped(seq, float(seq), event))
        self.query_one(Table).show([Row("1", (Cell(line), Cell(line, "dim")))])
        self.query_one(Explanation).explain(Explained(line, (line,)))
        self.query_one(Hanging).show([Hung("lead ", line, line)])
        self.query_one(StepList).draw(course, 9.0, 5)
        self.query_one(CheckList).draw(course, 5)
        self.query_one(Told).tell((Part("", line),))
        self.query_one("#notice", Static).update(notice_text(Problem(line, line, line)))
        log = self.query_one(BuildLog)
        log.search_for(line[:10])
        log.look()


WIDGETS: tuple[type[Widget], ...] = (
    Table,
    Explanation,
    Hanging,
    StepList,
    CheckList,
    Told,
    Static,
    BuildLog,
)


def dialogs(line: str) -> Iterator[ModalScreen[Any]]:
    yield Question(line, line, (line or "a", "b"))
    yield Entry(line, line, judge=lambda said: Problem(said, said, said))
    yield HelpScreen(line, VENV)


async def shown(log: Path) -> dict[tuple[str, str], str]:
    """Return by line and widget what becomes of it; dialogs are asked about markup alone."""
    app = Gallery(log)
    seen: dict[tuple[str, str], str] = {}
    async with app.run_test(size=(100, 60), notifications=True) as pilot:
        for row, line in ALL.items():
            with log.open("ab") as file:
                file.write(line.encode(errors="surrogateescape") + b"\n")
            app.show(line)
            await pilot.pause()
            for kind in WIDGETS:
                seen[row, kind.__name__] = text_of(app.query(kind).first(kind))
            for dialog in dialogs(line) if row in MARKUP else ():
                await app.push_screen(dialog)
                await pilot.pause()
                strips = dialog._compositor.render_strips()
                seen[row, type(dialog).__name__] = text_in(strips)
                await app.pop_screen()
    return seen


def text_of(widget: Widget) -> str:
    parts = (widget, *widget.walk_children(Widget))
    return "".join(text_in(part.render_lines(part.size.region)) for part in parts)


def text_in(strips: Iterable[Iterable[Segment]]) -> str:
    return "".join(segment.text for strip in strips for segment in strip)


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    log = tmp_path_factory.mktemp("log") / "build.log"
    log.touch()
    return asyncio.run(shown(log))


@pytest.mark.parametrize("row", ALL)
def test_no_widget_lets_it_through(row: str, screens: dict[tuple[str, str], str]) -> None:
    said = {widget: text for (of, widget), text in screens.items() if of == row}

    assert len(said) >= len(WIDGETS)
    assert not {widget for widget, text in said.items() if moves_a_terminal(text)}


@pytest.mark.parametrize("row", MARKUP)
def test_every_widget_shows_markup_as_it_stands(
    row: str, screens: dict[tuple[str, str], str]
) -> None:
    said = {widget: text for (of, widget), text in screens.items() if of == row}

    assert len(said) == len(WIDGETS) + 3
    assert not {widget for widget, text in said.items() if MARKUP[row] not in text}


def started(
    *argv: str, environ: dict[str, str] | None = None, redirections: str = ""
) -> subprocess.CompletedProcess[str]:
    """Start the program from a shell, without a terminal."""
    command = 'exec "$@" ' + redirections
    return subprocess.run(
        ["/bin/sh", "-c", command, "sh", sys.executable, "-m", "wizard", *argv],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **(environ or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "redirections",
    ["</dev/null", "<&-", "</dev/null 2>&-", "</dev/null >/dev/null"],
    ids=["T33 not a terminal", "T33 closed", "T33 nothing to complain to", "T34 stdout gone"],
)
def test_without_a_terminal_the_wizard_names_the_other_way(redirections: str) -> None:
    ran = started(environ={"TERM": "xterm"}, redirections=redirections)

    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert "2>&-" in redirections or "--auto" in ran.stderr
    assert "\x1b" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("term", ["dumb", "", "unknown"], ids="T32 TERM={}".format)
def test_a_terminal_that_cannot_place_text_is_refused(term: str) -> None:
    said = subprocess.run(
        ["script", "-qec", f"{sys.executable} -m wizard", "/dev/null"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TERM": term},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 2
    assert "TERM is" in said.stdout
    assert "\x1b" not in said.stdout


def test_t43_without_utf8_there_is_nothing_but_ascii() -> None:
    ran = started(
        *("--plan", "--venv-path", "/opt/v\u00e9nv"),
        environ={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    assert ran.returncode == 3
    assert ran.stdout.isascii()
    assert "x --venv-path" in ran.stdout or "! --venv-path" in ran.stdout
