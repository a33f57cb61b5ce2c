"""What F1 says, apart from the words themselves."""

import pytest

from wizard.model.settings.environment import CALLED_AS
from wizard.tui.help import as_called


def test_help_calls_the_program_as_the_person_did(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "devstack-venv --undo puts it back."
    monkeypatch.delenv(CALLED_AS, raising=False)
    assert as_called(text) == text
    monkeypatch.setenv(CALLED_AS, "./wizard.sh")
    assert as_called(text) == "./wizard.sh --undo puts it back."
