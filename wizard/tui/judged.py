"""Preconditions and what is to be said of them, as rows of a table."""

from dataclasses import dataclass

from wizard.model.check import Code, Result
from wizard.model.problem import Problem
from wizard.model.step import Step
from wizard.tui.widgets.cells import Cell
from wizard.tui.widgets.table import Row

MARKS = {
    Code.FAILURE: ("✗ stop", "bad"),
    Code.WARNING: ("! warn", "warn"),
    Code.SUCCESS: ("✓ fine", "good"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A precondition and its verdict."""

    id: str
    title: str
    result: Result
    cure: tuple[Step, ...] = ()  # what would make it hold, where a program may do that

    @property
    def row(self) -> Row:
        """The row of the table."""
        mark, tone = MARKS[self.result.code]
        cells = (Cell(mark, tone), Cell(self.title), Cell(self.result.details, "dim"))
        return Row(self.id, cells)


def misunderstood(number: int, problem: Problem) -> Judged:
    """Return what keeps a host from being understood, as if it were a precondition."""
    failure = Result(Code.FAILURE, problem.what, problem.cure)
    return Judged(f"problem-{number}", problem.where or "this host", failure)
