"""The rules that travel with the program: every TOML file in ``wizard/rules``."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from wizard.model.diagnosis import rule_file
from wizard.model.diagnosis.rule import RuleBook
from wizard.model.problem import Problem

FOLDER = Path(__file__).resolve().parents[2] / "rules"


@cache
def shipped() -> RuleBook:
    """Return all rules. A mistake in one is ours, and a bug."""
    book = load(FOLDER, thorough=False)
    if isinstance(book, tuple):
        raise ValueError("\n".join(map(str, book)))  # noqa: TRY004 -- the files are wrong, no type
    return book


def load(folder: Path, *, thorough: bool = True) -> RuleBook | tuple[Problem, ...]:
    """Return the rules of a folder, or everything that is wrong with them."""
    books: list[RuleBook] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        book = rule_file.parse(path.read_text(encoding="utf-8"), str(path), thorough=thorough)
        if isinstance(book, RuleBook):
            books.append(book)
        else:
            problems += book
    return tuple(problems) or _together(books)


def _together(books: Iterable[RuleBook]) -> RuleBook:
    books = tuple(books)
    return RuleBook(
        tuple(rule for book in books for rule in book.rules),
        tuple(ending for book in books for ending in book.endings),
    )
