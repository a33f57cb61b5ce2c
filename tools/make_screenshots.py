#!/usr/bin/env python3
"""Makes the pictures in screenshots/: every screen, small and large, as SVG and PNG.

Usage: make_screenshots.py [NAME...]

Everything that is seen comes from runs that were recorded on real machines (tests/tui/runs), so the
pictures show what the program does. It needs the packages of requirements-dev.lock, and for the
PNGs a Chromium and the font Fira Code (Debian: apt-get install chromium fonts-firacode).
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.pop("NO_COLOR", None)
os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}

from textual.app import App  # noqa: E402
from textual.pilot import Pilot  # noqa: E402

from tests.tui.wizards import on_image  # noqa: E402
from wizard.engine.runs.follow import sign  # noqa: E402
from wizard.tui.attach import AttachApp  # noqa: E402
from wizard.tui.screens.build import BuildScreen  # noqa: E402

RUNS = ROOT / "tests" / "tui" / "runs"
PICTURES = ROOT / "screenshots"
SIZES = ((80, 24), (120, 40))
LIGHT = "devstack-light"
PATIENT = 2.0  # seconds for the next screen to have asked all it wants to know
PATIENCE = 300  # looks at the screen until what is waited for is there


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: which application, which keys, and the text that shows that it is there."""

    app: Callable[[Path], App[Any]]
    awaited: Sequence[str]
    keys: Sequence[str] = ()
    ready: Sequence[str] = ("Log",)  # what is there before the first key
    theme: str = ""


def over(name: str) -> Callable[[Path], App[Any]]:
    """Return what shows a recorded run that is over."""

    def app(home: Path) -> App[Any]:
        return AttachApp(kept(name, home))

    return app


def under_way(name: str, until: str) -> Callable[[Path], App[Any]]:
    """Return what shows a recorded run as it was when it said ``until`` for the first time."""

    def app(home: Path) -> App[Any]:
        kept("good", home)  # earlier runs tell what is expected
        folder = home / "runs" / "99991231-235959-ffff"
        shutil.copytree(RUNS / name, folder)
        now = cut(folder, until)
        sign(folder)
        BuildScreen.clock = staticmethod(lambda: now)
        return AttachApp(folder)

    return app


def kept(name: str, home: Path) -> Path:
    """Copy a recorded run to where runs are kept."""
    folder = home / "runs" / str(json.loads((RUNS / name / "run.json").read_bytes())["run"])
    if not folder.exists():
        shutil.copytree(RUNS / name, folder)
    return folder


def cut(folder: Path, until: str) -> float:
    """Forget what a run said after something; return when it said that."""
    said: list[str] = []
    for line in (folder / "events.jsonl").read_text().splitlines(keepends=True):
        said.append(line)
        if until in line:
            break
    events = [json.loads(line) for line in said]
    lines = sum(len(event["lines"]) for event in events if event["event"] == "output")
    (folder / "events.jsonl").write_text("".join(said))
    log = (folder / "build.log").read_text().splitlines(keepends=True)
    (folder / "build.log").write_text("".join(log[:lines]))
    return float(events[-1]["time"]) + 0.7


IMAGE = ExitStack()  # the system image on which the wizard is shown, for as long as we run


def filling_in(home: Path) -> App[Any]:
    """Return the wizard on a system image of a Debian 12 that somebody just installed."""
    return IMAGE.enter_context(on_image(home))


OVER = ("Result",)
NEXT, DOWN = "ctrl+n", ("down",) * 8
APT, PYPI = "Unpacking libc6-dev", "Building python-ldap"
SCENES: Mapping[str, Scene] = {
    "1-host": Scene(filling_in, ("fine", "Cure"), (), ("fine",)),
    "1-host-help": Scene(filling_in, ("What it decides",), ("f1",), ("fine",)),
    "2-venv": Scene(filling_in, ("What follows",), (NEXT,), ("fine",)),
    "3-distro-packages": Scene(filling_in, ("10 used",), (NEXT, NEXT, "down", "down"), ("fine",)),
    "4-pypi-packages": Scene(filling_in, ("15 used",), (NEXT, NEXT, NEXT, *DOWN), ("fine",)),
    "5-local-conf": Scene(filling_in, ("USE_VENV=True",), (NEXT,) * 4, ("fine",)),
    "6-review": Scene(filling_in, ("to do",), (NEXT,) * 5, ("fine",)),
    "7-build": Scene(under_way("good", APT), ("▸ distro packages", "left")),
    "7-build-light": Scene(under_way("good", PYPI), ("▸ PyPI packages", "left"), theme=LIGHT),
    "7-build-search": Scene(
        under_way("good", PYPI), ("▸ PyPI", " of "), ("ctrl+f", *"python3-dev", "enter")
    ),
    "7-build-failed": Scene(over("failed"), ("Failed", "▌ ", "1 finding"), ("n",), OVER),
    "7-build-leaving": Scene(under_way("good", APT), ("The build is still",), ("ctrl+c",)),
    "8-result": Scene(over("good"), ("Activate",), ("enter",), OVER),
    "8-result-failed": Scene(over("failed"), ("Why we think so",), ("enter",), OVER),
    "8-result-broken-off": Scene(over("interrupted"), ("What is done",), ("enter",), OVER),
    "8-undo": Scene(over("good"), ("Undo run", "local.conf"), ("enter", "u"), OVER),
}


async def photograph(scene: Scene, size: tuple[int, int], home: Path) -> str:
    """Return a scene as SVG."""
    app = scene.app(home)
    async with app.run_test(size=size) as pilot:
        if scene.theme:
            app.theme = scene.theme
        await wait_for(pilot, scene.ready)
        for key in scene.keys:
            await pilot.press(key)
            await pilot.pause(PATIENT if key == NEXT else 0.2)
        await wait_for(pilot, scene.awaited)
        await pilot.pause(0.5)
        return clean(app.export_screenshot(title="devstack-venv"))


async def wait_for(pilot: Pilot[Any], texts: Sequence[str]) -> None:
    """Wait until the screen shows all of these."""
    shown = ""
    for _ in range(PATIENCE):
        await pilot.pause(0.02)
        strips = pilot.app.screen._compositor.render_strips()  # noqa: SLF001 -- the text as it is
        shown = "\n".join("".join(segment.text for segment in strip) for strip in strips)
        if all(text in shown for text in texts):
            return
    raise TimeoutError(f"{texts} never came:\n{shown}")


def clean(svg: str) -> str:
    """Leave out the fonts of another site and what changes from one time to the next."""
    svg = re.sub(r"@font-face \{.*?\n    \}\n", "", svg, flags=re.DOTALL)
    svg = re.sub(r"terminal-\d+-", "t-", svg)
    return svg.replace(
        "font-family: Fira Code, monospace;",
        "font-family: Fira Code, DejaVu Sans Mono, monospace; font-variant-ligatures: none;",
    )


def to_png(svg: Path) -> None:
    """Have Chromium paint it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("There is no chromium to make the PNGs with; the SVGs are made")
    text = svg.read_text()
    width, height = (
        float(number) for number in re.findall(r"viewBox=\"0 0 (\S+) (\S+)\"", text)[0]
    )
    with tempfile.TemporaryDirectory() as place:
        page = Path(place, "page.html")
        page.write_text(f"<body style='margin:0'>{text}</body>")
        subprocess.run(
            [
                *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *(f"--window-size={int(width) + 1},{int(height) + 1}", f"--user-data-dir={place}"),
                *(f"--screenshot={svg.with_suffix('.png')}", page.as_uri()),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def main(names: Sequence[str]) -> None:
    """Make the pictures that are named, or all."""
    PICTURES.mkdir(exist_ok=True)
    for name in names or SCENES:
        for size in SIZES:
            with tempfile.TemporaryDirectory() as home:
                svg = asyncio.run(photograph(SCENES[name], size, Path(home)))
            path = PICTURES / f"{name}-{size[0]}x{size[1]}.svg"
            path.write_text(svg)
            to_png(path)
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
