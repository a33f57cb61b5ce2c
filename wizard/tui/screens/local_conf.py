"""Screen 5: what local.conf would become, line by line, and DevStack's passwords."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Button

from wizard.engine.planning.survey import Survey
from wizard.engine.runs import draft
from wizard.model.local_conf.managed_block import PASSWORDS
from wizard.model.problem import Problem
from wizard.model.settings.answer_rules import MANAGED, is_secret, variable
from wizard.model.settings.answers import Answers, FromFile, Generate, Reference
from wizard.tui import words
from wizard.tui.conf_preview import DiffLine, Preview, preview
from wizard.tui.effective import NOTES, OPEN, SURE, WRONG, verdict
from wizard.tui.help import LOCAL_CONF, Help
from wizard.tui.outcome import Given
from wizard.tui.screens.dialogs import CANCEL, Entry
from wizard.tui.step import Step
from wizard.tui.threads import tell
from wizard.tui.widgets.cells import Cell, Column
from wizard.tui.widgets.hanging import Hanging, Hung
from wizard.tui.widgets.relabel import relabel
from wizard.tui.widgets.table import Row, Table

COLUMNS = (Column("", 4), Column("", 20, 1))
SAID = {SURE: "$text-success", OPEN: "", WRONG: "$text-error"}
TONES = {"+": "good", "-": "bad", "@": "dim", " ": "", "\\": "dim"}


class LocalConfScreen(Step):
    """Every line of the diff is a row; the pane gives its reason."""

    NUMBER: ClassVar[int] = 4
    HEADING: ClassVar[str] = "local.conf"
    ABOUT: ClassVar[Help] = LOCAL_CONF
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "reveal", "Show"),
        Binding("p", "passwords", "Passwords"),
        Binding("a", "add", "Add", show=False),
        Binding("d", "remove", "Remove", show=False),
        Binding("f5", "read", "Read again", show=False, priority=True),
    ]

    def __init__(self, given: Given) -> None:
        super().__init__(given)
        self._said: dict[str, str | Reference] = dict(given.answers.local_conf)
        self._preview: Preview | None = None
        self._reveal = False

    @property
    def answers(self) -> Answers:
        """The variables and where the passwords come from."""
        return replace(self.given.answers, local_conf=self._said)

    def content(self) -> ComposeResult:
        """The diff, and what DevStack makes of the file."""
        yield Table(COLUMNS, id="diff", empty="Reading local.conf ...")
        yield Hanging(id="effective")

    def buttons(self) -> Iterable[Widget]:
        """What there is to do here."""
        yield Button("Show (v)", id="reveal", compact=True)
        yield Button("Passwords (p)", id="passwords", compact=True)
        yield Button("Add (a)", id="add", compact=True)

    def on_mount(self) -> None:
        """Read the file."""
        self.query_one(Table).focus()
        self.explain("local.conf", "DevStack's own file of settings.")
        self.action_read()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the key does."""
        match event.button.id:
            case "reveal":
                self.action_reveal()
            case "passwords":
                self.action_passwords()
            case "add":
                self.action_add()
            case _:
                super().on_button_pressed(event)

    def obstacle(self) -> Problem | None:
        """A file that cannot be written stops the build; it is better known here."""
        return None

    def action_read(self) -> None:
        """Read the file again and show what would become of it."""
        self._read(self.answers)

    @work(thread=True, exclusive=True, group="read", description="")
    def _read(self, answers: Answers) -> None:
        found = self.session.look(answers)
        if isinstance(found, Survey):
            shown = preview(found, reveal=self._reveal)
        else:
            shown = Preview("local.conf", "cannot be shown", (), {}, found[0])
        tell(self, self._show, answers, shown)

    def _show(self, answers: Answers, shown: Preview) -> None:
        if not self.is_attached or answers != self.answers:
            return
        self._preview = shown
        self.summarise(shown.state, shown.path)
        self.notice(shown.problem or "; ".join(shown.warnings) or None)
        self.query_one("#effective", Hanging).show(_effective(shown))
        empty = "Nothing changes." if shown.problem is None else "See below."
        rows = [_row(number, line) for number, line in enumerate(shown.lines)]
        table = self.query_one(Table)
        is_first = not table.rows
        table.show(rows, empty=empty)
        if is_first:
            table.go_to(_first_change(shown))
        if not rows:
            self.explain(shown.path, words.sentence(shown.state))

    def on_table_moved(self, event: Table.Moved) -> None:
        """Give the reason of the line under the cursor."""
        if event.row is None or self._preview is None:
            return
        line = self._preview.lines[int(event.row.key)]
        self.explain(line.text or "An empty line", words.sentence(line.why), self._origin(line))

    def _origin(self, line: DiffLine) -> str:
        name = line.text.partition("=")[0]
        said = self._preview.passwords.get(name, "") if self._preview else ""
        return words.sentence(f"This password is {said}") if said == "generated" else said

    def action_reveal(self) -> None:
        """Show passwords, or hide them."""
        self._reveal = not self._reveal
        word = "Hide" if self._reveal else "Show"
        relabel(self.query_one("#reveal", Button), f"{word} (v)")
        self.action_read()

    @work(description="")
    async def action_passwords(self) -> None:
        """Ask where they come from."""
        from wizard.tui.screens.passwords import PasswordsScreen  # noqa: PLC0415 -- when asked for

        origins = self._preview.passwords if self._preview else {}
        decided = await self.app.push_screen_wait(PasswordsScreen(origins))
        if decided is None:
            return
        for name, secret in decided.items():
            kept: Reference | Problem = Generate()
            if secret is not None:
                path = draft.keep_password(self.session.home, name, secret.reveal())
                kept = path if isinstance(path, Problem) else FromFile(str(path))
            if isinstance(kept, Problem):
                self.notice(kept)
                return
            self._said[name] = kept
        self.action_read()

    @work(description="")
    async def action_add(self) -> None:
        """Ask for a further variable."""
        entry = Entry(
            "Add a variable to local.conf",
            verb="Add it",
            judge=_judge,
            placeholder="NAME=value, such as HOST_IP=192.0.2.7",
        )
        text = await self.app.push_screen_wait(entry)
        if text != CANCEL:
            name, _, value = text.partition("=")
            self._said[name.strip()] = value.strip()
            self.action_read()

    def action_remove(self) -> None:
        """Remove the variable under the cursor, if it was added here."""
        row = self.query_one(Table).present
        if row is None or self._preview is None:
            return
        line = self._preview.lines[int(row.key)]
        name = line.text.partition("=")[0]
        if name in self._said and name not in PASSWORDS:
            del self._said[name]
            self.action_read()
        else:
            self.notice("Only a variable that you added can be removed here.")


def _effective(shown: Preview) -> tuple[Hung, ...]:
    if not shown.effective:
        return ()
    mark = verdict(shown.effective)
    said = "  ".join((*map(str, shown.effective), mark))
    return (Hung("DevStack will read  ", said, NOTES[mark], "$text-muted", SAID[mark]),)


def _first_change(shown: Preview) -> str:
    signs = [line.sign for line in shown.lines]
    return str(next((n for n, sign in enumerate(signs) if sign in "+-"), 0))


def _row(number: int, line: DiffLine) -> Row:
    tone = TONES.get(line.sign, "")
    count = str(line.number).rjust(4) if line.number else ""
    sign = " " if line.sign == "@" else line.sign
    return Row(str(number), (Cell(count, "dim"), Cell(f"{sign} {line.text}", tone)))


def _judge(text: str) -> Problem | str | None:
    name, equals, value = text.partition("=")
    if not equals:
        return Problem("it has no =", cure="Write NAME=value")
    if name.strip() in (*PASSWORDS, *MANAGED) or is_secret(name):
        cure = "p sets passwords" if is_secret(name) else "Screen 2 sets it"
        return Problem(f"{name.strip()} is not set here", cure=cure)
    found = variable(name.strip(), value.strip())
    return found if isinstance(found, Problem) else None
