"""How soon a long table shows what a letter leaves: python -m benchmarks.package_table."""

import asyncio
import statistics
import time

from textual.app import App, ComposeResult

from wizard.model.settings.answers import PackageAnswers
from wizard.tui.package_edit import Listed, PackageEdit
from wizard.tui.widgets.cells import Cell, Column
from wizard.tui.widgets.table import Row, Table

ROWS = 3000


def main() -> None:
    """Print the median over some letters."""
    took = asyncio.run(filtering())
    print(f"{ROWS} rows filtered in {took * 1000:.1f} ms")


class Long(App[None]):
    """A table and nothing else."""

    def compose(self) -> ComposeResult:
        """One table as the package screens have it."""
        yield Table((Column("use", 3), Column("package", 20, 2), Column("needed by", 18, 3)))


async def filtering() -> float:
    """Return the median seconds from a letter to the rows that fit."""
    listed = tuple(Listed(f"lib{n}-dev", f"lib{n}-dev") for n in range(ROWS))
    edit = PackageEdit(listed, PackageAnswers(), str)
    app, took = Long(), []
    async with app.run_test(size=(80, 24)) as pilot:
        table = app.query_one(Table)
        for wanted in ("", "l", "li", "lib", "lib1", "lib12", "lib123", "lib12", "lib1", ""):
            began = time.monotonic()
            lines = [line for line in edit.lines if wanted in line.text]
            table.show([Row(x.key, (Cell("x"), Cell(x.text), Cell("who"))) for x in lines])
            await pilot.pause()
            took.append(time.monotonic() - began)
    return statistics.median(took)


if __name__ == "__main__":
    main()
