"""Screen 6: every decision in a row, what the build would do, and the button that starts it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Button

from wizard.engine import detached
from wizard.engine.files import files
from wizard.engine.planning.survey import Survey
from wizard.engine.runs import draft
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings.answers import Answers
from wizard.model.settings.answers_text import save
from wizard.tui import words
from wizard.tui.help import REVIEW, Help
from wizard.tui.outcome import Found, Given, Watch
from wizard.tui.outline import HERE, Item, Outline, can_stack, outline
from wizard.tui.screens.dialogs import CANCEL, Entry
from wizard.tui.step import Step
from wizard.tui.threads import tell
from wizard.tui.widgets.cells import Cell, Column
from wizard.tui.widgets.relabel import relabel
from wizard.tui.widgets.table import Row, Table

COLUMNS = (Column("", 1), Column("", 19), Column("", 24, 1, cut_middle=True), Column("", 12, 0, 1))
HEADING = "heading"
CONF = "Write local.conf"


class ReviewScreen(Step):
    """Enter on a row goes to the screen that decides it, and that one leads back here."""

    NUMBER: ClassVar[int] = 5
    HEADING: ClassVar[str] = "Review"
    ABOUT: ClassVar[Help] = REVIEW
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+b", "build", "Build", priority=True),
        Binding("s", "save", "Save answers"),
        Binding("t", "turn_stack", "stack.sh", show=False),
        Binding("f5", "look", "Look again", show=False, priority=True),
    ]

    def __init__(self, given: Given) -> None:
        super().__init__(given)
        self._answers = given.answers
        self._outline: Outline | None = None
        self._starting = False

    @property
    def answers(self) -> Answers:
        """All of them; whether stack.sh runs is decided here."""
        return self._answers

    def content(self) -> ComposeResult:
        """Decisions and steps in one table."""
        yield Table(COLUMNS, id="outline", empty="Asking every step what it would do ...")

    def buttons(self) -> Iterable[Widget]:
        """What does not change the machine."""
        yield Button("Save answers (s)", id="save", compact=True)

    @property
    def next_words(self) -> str:
        """Say what the button does."""
        settings = self.found.settings if isinstance(self.found, Survey) else None
        builds = settings is None or settings.use_venv.value
        if settings is not None and settings.stack.value:
            return "Build, then run stack.sh" if builds else f"{CONF}, run stack.sh"
        if self._outline is not None and not (self._outline.changes or self._outline.obstacles):
            return "Nothing to do: check"
        return f"{CONF} and build" if builds else CONF

    def on_mount(self) -> None:
        """Look."""
        self.query_one(Table).focus()
        self.action_look()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Build, save, or go back."""
        if event.button.id == "next":
            self.action_build()
        elif event.button.id == "save":
            self.action_save()
        else:
            super().on_button_pressed(event)

    def action_next(self) -> None:
        """Nothing starts by the key that merely goes on: the button has to be pressed."""
        self.query_one("#next").focus()

    def action_look(self) -> None:
        """Ask the host again."""
        self.summarise("looking ...")
        self._look()

    @work(thread=True, exclusive=True, group="look", description="")
    def _look(self) -> None:
        found = self.session.look(self.answers)
        shown = None
        if isinstance(found, Survey):
            shown = outline(self.session, self.answers, found)
        tell(self, self._show, found, shown)

    def _show(self, found: Found, shown: Outline | None) -> None:
        if not self.is_attached:
            return
        self.found, self._outline = found, shown
        if shown is None:
            self.notice(found[0] if isinstance(found, tuple) else None)
            return
        self.query_one(Table).show(_rows(shown))
        relabel(self.query_one("#next", Button), self.next_words)
        self._sum_up(shown)

    def _sum_up(self, shown: Outline) -> None:
        changes = words.counted(shown.changes, "step") + " to do"
        ways = words.counted(len(shown.obstacles), "thing") + " in the way"
        self.summarise(ways if shown.obstacles else changes if shown.changes else "nothing to do")
        self.notice(shown.obstacles[0] if shown.obstacles else None)

    def _item(self, key: str) -> Item | None:
        part, _, number = key.partition("-")
        if self._outline is None or part == HEADING:
            return None
        items = self._outline.decisions if part == "decision" else self._outline.build
        return items[int(number)]

    def on_table_moved(self, event: Table.Moved) -> None:
        """Say more of the row under the cursor."""
        item = self._item(event.row.key) if event.row else None
        if item is None:
            self.explain("Replay", f"    {self.session.replay(str(self._draft))}")
            return
        who = f"Decided by: {item.who}. Enter changes it." if item.who else ""
        self.explain(f"{item.name}: {item.what}", who, *item.details)

    def on_table_chosen(self, event: Table.Chosen) -> None:
        """Go to the screen that decides it."""
        item = self._item(event.row.key) if event.row else None
        if item is not None and item.screen == HERE:
            self.action_turn_stack()
        elif item is not None:
            self.depart(item.screen, errand=True)

    def action_turn_stack(self) -> None:
        """Have stack.sh run after the build, or not."""
        if isinstance(self.found, Survey) and can_stack(self.found):
            build = replace(self._answers.build, stack=not self.found.settings.stack.value)
            self._answers = replace(self._answers, build=build)
            self.action_look()

    @property
    def _draft(self) -> Path:
        return self.session.home / draft.NAME

    def action_build(self) -> None:
        """Start the build, unless something is in the way."""
        if self._outline is not None and self._outline.obstacles:
            self.notice(self._outline.obstacles[0])
        elif not self._starting:
            self._starting = True
            self.notice("The engine looks at the host once more, then begins ...")
            self._start()

    @work(thread=True, description="")
    def _start(self) -> None:
        """The answers go to the engine by a file: it is the same --auto that a script calls."""
        problem = self.session.keep(self.answers)
        started: Path | tuple[Problem, ...] = (problem,) if problem else ()
        if problem is None:
            options = ("--answers", str(self._draft), *self.session.root_option)
            started = detached.start(options, self.session.caller.environ, self.session.home)
        tell(self, self._started, started)

    def _started(self, started: Path | tuple[Problem, ...]) -> None:
        self._starting = False
        if isinstance(started, Path):
            self.end(Watch(self.answers, started))
        else:
            self.notice(started[0])

    @work(description="")
    async def action_save(self) -> None:
        """Ask for a file and write the answers there."""
        usual = str(Path(self.session.caller.folder) / "devstack-venv.toml")
        entry = Entry(
            "Save the answers",
            usual,
            verb="Save",
            judge=lambda text: None if text.startswith("/") else Problem("not a path from / on"),
        )
        path = await self.app.push_screen_wait(entry)
        if path != CANCEL:
            problem = _save(self.answers_text(path), path)
            self.notice(problem or f"Saved. Replay: {self.session.replay(path)}")

    def answers_text(self, path: str) -> str | Problem:
        """Return the answers as they go into a file; comments of an earlier one survive."""
        try:
            old = Path(path).read_text()
        except FileNotFoundError:
            old = ""
        except (OSError, UnicodeDecodeError) as error:
            return Problem(f"cannot be read: {error}", path, status=ExitStatus.ANSWERS)
        text = save(self.answers, old, path)
        return text[0] if isinstance(text, tuple) else text


def _save(text: str | Problem, path: str) -> Problem | None:
    if isinstance(text, Problem):
        return text
    file = Path(path)
    old = file.read_bytes() if file.exists() else None
    if old == text.encode():
        return None
    written = files.replace(path, text.encode(), expected=old, mode=draft.PRIVATE)
    return written if isinstance(written, Problem) else None


def _rows(shown: Outline) -> list[Row]:
    rows = [
        Row(f"decision-{n}", (Cell(""), Cell(i.name), Cell(i.what), Cell(i.who, "dim")))
        for n, i in enumerate(shown.decisions)
    ]
    rows.append(Row(f"{HEADING}-0", (Cell(""), Cell("The build", "strong"), Cell(""), Cell(""))))
    rows += [
        Row(f"step-{n}", (Cell(i.mark, i.tone), Cell(i.name, i.tone), Cell(i.what, i.tone)))
        for n, i in enumerate(shown.build)
    ]
    return rows
