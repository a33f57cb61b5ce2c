"""Other words on a button."""

from textual.content import Content
from textual.widgets import Button

from wizard.model.foreign_text import harmless


def relabel(button: Button, words: str) -> None:
    """Put other words on a button, and make room for them: Textual leaves it as wide as it was."""
    button.label = Content(harmless(words))
    button.refresh(layout=True)
