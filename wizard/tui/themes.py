"""Colours: dark, light, and the terminal's own sixteen where it has no more, or wants none."""

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="devstack-dark",
    primary="#4aa3df",
    secondary="#7fb4d6",
    accent="#63c5ea",
    success="#6cc38a",
    warning="#e5b567",
    error="#ee7b70",
    foreground="#d8dee4",
    background="#11161b",
    surface="#182027",
    panel="#1d262e",
    dark=True,
    variables={
        "border": "#4aa3df",
        "text-muted": "#8d9aa6",
        "border-blurred": "#33414d",
        "footer-key-foreground": "#63c5ea",
    },
)
LIGHT = Theme(
    name="devstack-light",
    primary="#1769aa",
    secondary="#3d7ea6",
    accent="#0b5e92",
    success="#1e7a3c",
    warning="#8a5a00",
    error="#b3261e",
    foreground="#1d2329",
    background="#fbfcfd",
    surface="#f1f4f6",
    panel="#e6ebef",
    dark=False,
    variables={
        "border": "#1769aa",
        "text-muted": "#5b6872",
        "border-blurred": "#b4c0ca",
        "footer-key-foreground": "#0b5e92",
    },
)


def fitting(environ: Mapping[str, str]) -> str:
    """Choose by what the terminal says: NO_COLOR, how many colours, which background."""
    tone = "light" if _is_light(environ) else "dark"
    if environ.get("NO_COLOR") or not _has_many_colours(environ):
        return f"ansi-{tone}"
    return f"devstack-{tone}"


def _has_many_colours(environ: Mapping[str, str]) -> bool:
    if environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return True
    return "256color" in environ.get("TERM", "")


def _is_light(environ: Mapping[str, str]) -> bool:
    """COLORFGBG ends with the number of the background colour: 7 and 15 are light."""
    return environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
