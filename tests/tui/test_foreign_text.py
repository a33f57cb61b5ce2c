"""Names, paths and lines of others are shown as they are: never as markup, never as control."""

import asyncio
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.widgets import Static

from tests.tui.driving import grid
from wizard.engine.curing_offer import Part as Foreseen
from wizard.model.diagnosis.finding import Finding
from wizard.model.events import Planned, PlannedState, Titled
from wizard.model.problem import Problem
from wizard.model.settings.answers import HostAnswers
from wizard.tui.cards import Card
from wizard.tui.help import VENV
from wizard.tui.parts import Part
from wizard.tui.screens.dialogs import Dialog, Entry, Question
from wizard.tui.screens.foreseen import ForeseenScreen
from wizard.tui.screens.help import HelpScreen
from wizard.tui.screens.like import LikeScreen
from wizard.tui.step import notice_text
from wizard.tui.widgets.cells import Cell, Column, fitted
from wizard.tui.widgets.explanation import Explained, Explanation
from wizard.tui.widgets.hanging import Hanging, Hung
from wizard.tui.widgets.table import Row, Table
from wizard.tui.widgets.told import Told

SIGNS = "[]/='\"`\\ @$#ab1\x1b\x07\x9b\t\u202e\u200b\u00e9\u4e16"
FOREIGN = st.text(st.sampled_from(SIGNS), max_size=30)
PLAIN = st.sampled_from(
    ["[/opt/stack/logs]", "x [/] y", "list=[a='b", "requests[socks]>=2", "done [100%]", "[@a=x]"]
)


class Gallery(App[None]):
    """Every widget that shows what others wrote."""

    def compose(self) -> ComposeResult:
        yield Table((Column("[b]name", 20, 1), Column("", 10)), id="table")
        yield Explanation()
        yield Hanging(id="hanging")
        yield Static(id="notice", markup=False)
        yield Told()


def said(texts: Sequence[str]) -> tuple[Part, ...]:
    """What a result says of findings that quote a hostile log."""
    first = texts[0]
    finding = Finding(first, first, first, 1, first, tuple(texts), tuple(texts), manual=first)
    return Card(finding, 1, 1).parts


def foreseen(text: str) -> ForeseenScreen:
    """A cure whose commands and diffs are hostile."""
    forecast = Planned(text, PlannedState.PENDING, text, text, (text,), (text,))
    return ForeseenScreen(text, text or "a", lambda: (Foreseen(Titled(text, text), forecast),))


async def shown(texts: Sequence[str], dialog: Dialog[Any] | None = None) -> str:
    app = Gallery()
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        rows = [Row(str(n), (Cell(text), Cell(text, "dim"))) for n, text in enumerate(texts)]
        app.query_one(Table).show(rows)
        app.query_one(Explanation).explain(Explained(texts[0], tuple(texts)))
        app.query_one(Hanging).show([Hung("lead ", text, text) for text in texts])
        app.query_one("#notice", Static).update(notice_text(Problem(texts[0], texts[0], texts[0])))
        app.query_one(Told).tell(said(texts))
        if dialog is not None:
            await app.push_screen(dialog)
        await pilot.pause()
        return grid(app)


@settings(max_examples=15)
@given(st.lists(FOREIGN, min_size=1, max_size=5))
def test_any_text_goes_through_every_widget(texts: list[str]) -> None:
    seen = asyncio.run(shown(texts))
    assert not set(seen) & set("\x1b\x07\x9b\u202e\u200b")


@settings(max_examples=12)
@given(FOREIGN)
def test_any_text_goes_through_every_dialog(text: str) -> None:
    for dialog in (
        Question(text, text, (text or "a", "b")),
        Entry(text, text, judge=lambda said: Problem(said, said, said)),
        HelpScreen(text, VENV),
        LikeScreen(HostAnswers(), text),
        foreseen(text),
    ):
        seen = asyncio.run(shown([text], dialog))
        assert not set(seen) & set("\x1b\x07\x9b\u202e\u200b")


@settings(max_examples=6)
@given(PLAIN)
def test_what_looks_like_markup_is_shown_as_it_is(text: str) -> None:
    assert text in asyncio.run(shown([text]))


@given(FOREIGN, st.integers(0, 40))
def test_a_cell_is_never_wider_than_its_column(text: str, width: int) -> None:
    from rich.cells import cell_len  # noqa: PLC0415

    assert cell_len(fitted(text, width)) == width
    assert cell_len(fitted(text, width, middle=True)) == width
