"""The line one types into to see less of a table."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from wizard.tui.widgets.table import Table


class FilterInput(Input):
    """Filters while one types; Esc clears it, Enter and the arrow go to the table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Clear", show=False),
        Binding("down,enter", "to_table", "Table", show=False),
    ]

    def action_give_up(self) -> None:
        """Show all again."""
        self.value = ""
        self.action_to_table()

    def action_to_table(self) -> None:
        """Go to what was found."""
        self.screen.query_one(Table).focus()
