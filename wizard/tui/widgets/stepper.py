"""Where one is: a line at the top, or a rail at the left where there is room."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

NAME = "devstack-venv"
STEPS = ("Host", "Venv", "Distro", "PyPI", "local.conf", "Review")
LONG = ("Host", "Virtual env", "Distro packages", "PyPI packages", "local.conf", "Review")
HERE, BEHIND, AHEAD = "▸", "✓", " "


def _marks(here: int) -> Sequence[str]:
    return [BEHIND if n < here else HERE if n == here else AHEAD for n in range(len(STEPS))]


def _style(number: int, here: int) -> str:
    return "bold $accent" if number == here else "" if number < here else "$text-muted"


class Stepper(Static):
    """The line: the present step is marked by a sign as well as by colour."""

    DEFAULT_CSS = """
    Stepper { height: 1; width: 1fr; padding: 0 1; background: $panel; }
    """

    def __init__(self, here: int) -> None:
        super().__init__(markup=False)
        self.here = here

    def on_mount(self) -> None:
        """Draw it once: a screen is one step."""
        parts = [Content.styled(NAME, "bold"), Content("  ")]
        for number, (name, mark) in enumerate(zip(STEPS, _marks(self.here), strict=True)):
            sign = f"{HERE} " if mark == HERE else ""
            text = f"{sign}{number + 1} {name}"
            parts += [Content.styled(text, _style(number, self.here)), Content("  ")]
        self.update(Content("").join(parts[:-1]))


class Rail(Static):
    """The rail."""

    DEFAULT_CSS = """
    Rail { width: 22; height: 1fr; padding: 1 1 0 2; background: $panel; }
    """

    def __init__(self, here: int) -> None:
        super().__init__(markup=False)
        self.here = here

    def on_mount(self) -> None:
        """Draw it once."""
        lines = [Content.styled(NAME, "bold"), Content("")]
        for number, (name, mark) in enumerate(zip(LONG, _marks(self.here), strict=True)):
            lines.append(Content.styled(f"{mark} {number + 1} {name}", _style(number, self.here)))
        self.update(Content("\n").join(lines))
