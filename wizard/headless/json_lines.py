"""The event stream itself, one JSON object a line; nothing else goes to standard output."""

import json
from typing import TextIO

from wizard.headless import streams
from wizard.model.events import Stamped, to_json


class JsonLines:
    """Writes each event as it happens."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __call__(self, stamped: Stamped) -> None:
        """Write one event; a reader that went away does not stop the run."""
        try:
            self._out.write(json.dumps(to_json(stamped), separators=(",", ":")) + "\n")
            self._out.flush()
        except OSError:
            streams.give_up(self._out)

    def close(self) -> None:
        """Nothing is held back."""
