"""From a thread that asked the host back to the screen that wanted to know."""

from collections.abc import Callable
from typing import Any

from textual.widget import Widget


def tell(widget: Widget, callback: Callable[..., object], *said: Any) -> None:  # noqa: ANN401
    """Call back on the screen's own thread; what is gone meanwhile is not told any more.

    Does not wait: a thread that waits for an application which is about to end would hold it up.
    """

    def told() -> None:
        if widget.is_attached and widget.is_running and widget.is_mounted:
            callback(*said)

    widget.call_later(told)
