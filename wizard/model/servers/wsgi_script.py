"""Where activation goes in a WSGI script, and what it says.

It has to stand above the first import, and below what Python wants first: a shebang, the encoding
line, the docstring and imports from ``__future__``. Python's own grammar says where that is.
"""

import ast
import codecs
import io
import re
import tokenize

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

BEGIN = "# devstack-venv: run inside the virtual environment"
END = "# devstack-venv: end"

_BLOCK = re.compile(
    rb"(?:^|(?<=\xef\xbb\xbf))%s\r?\n.*?^%s(?:\r?\n|\Z)" % (BEGIN.encode(), END.encode()),
    re.MULTILINE | re.DOTALL,
)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")


def by_file(activate_this: str) -> str:
    """Return activation by the file that virtualenv puts into each environment for this."""
    return (
        f'_activate = "{activate_this}"\n'
        "with open(_activate) as _file:\n"
        '    exec(compile(_file.read(), _activate, "exec"), {"__file__": _activate})\n'
    )


def by_folder(venv: str, site_packages: str) -> str:
    """Return activation of an environment that has no such file: ``python -m venv`` makes none."""
    return (
        "import site, sys\n"
        "_system = list(sys.path)\n"
        f'site.addsitedir("{site_packages}")\n'
        "sys.path.sort(key=_system.__contains__)\n"
        f'sys.prefix = "{venv}"\n'
    )


def activated(source: bytes, code: str) -> bytes | Problem:
    """Return the script with the activation in its place; the same bytes when it is there."""
    bare = without(source)
    encoding = _encoding(bare)
    if isinstance(encoding, Problem):
        return encoding
    place = _place(bare)
    if isinstance(place, Problem):
        return place
    end_of_line = _end_of_line(bare)
    lines = (BEGIN, *code.splitlines(), END)
    block = b"".join(line.encode(encoding) + end_of_line for line in lines)
    lead = bare[:place]
    if lead not in (b"", codecs.BOM_UTF8) and not lead.endswith((b"\n", b"\r")):
        block = end_of_line + block
    new = lead + block + bare[place:]
    return new if _means_the_same(bare, new) else _unfit("activation cannot be added safely")


def without(source: bytes) -> bytes:
    """Return the script without an activation of ours."""
    return _BLOCK.sub(b"", source)


def is_activated(source: bytes) -> bool:
    """Whether our activation is in it, for whichever environment."""
    return _BLOCK.search(source) is not None


def by_hand(source: bytes) -> int | None:
    """Return the line where somebody else activates an environment."""
    at = without(source).find(b"activate_this")
    return without(source)[:at].count(b"\n") + 1 if at >= 0 else None


def _encoding(source: bytes) -> str | Problem:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        source.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        return _unfit(f"its encoding is not what it says: {error}")
    return "utf-8" if encoding == "utf-8-sig" else encoding  # the mark stays where it is


def _place(source: bytes) -> int | Problem:
    """Return the offset of the first line that activation has to precede."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        return _unfit(f"this Python does not understand it{line}")
    first = [node for node in body if not _comes_first(node, body)]
    before = [node for node in body if _comes_first(node, body)]
    starts = _line_starts(source)
    mark = len(codecs.BOM_UTF8) if source.startswith(codecs.BOM_UTF8) else 0
    if not before:
        return max(mark, starts[_first_line(first[0]) - 1]) if first else len(source)
    end = before[-1].end_lineno or before[-1].lineno
    if first and _first_line(first[0]) <= end:
        return _unfit(f"line {end} holds two statements, and activation belongs between them")
    return starts[end] if end < len(starts) else len(source)


def _comes_first(node: ast.stmt, body: list[ast.stmt]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__" and node.level == 0
    return node is body[0] and isinstance(node, ast.Expr) and _is_text(node.value)


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min((decorator.lineno for decorator in decorators), default=node.lineno)


def _line_starts(source: bytes) -> list[int]:
    """Return where each line begins, as Python counts them: a form feed ends none."""
    starts = [match.start() for match in _LINE.finditer(source)]
    return [start for start in starts if start < len(source)]


def _end_of_line(source: bytes) -> bytes:
    first = re.search(rb"\r\n|\n|\r", source)
    return first[0] if first else b"\n"


def _means_the_same(old: bytes, new: bytes) -> bool:
    """Whether all statements of the old text follow each other in the new, docstring included."""
    before, after = ast.parse(old), ast.parse(new)
    kept = [ast.dump(node) for node in before.body]
    found = [ast.dump(node) for node in after.body]
    added = len(found) - len(kept)
    at = next((i for i, (a, b) in enumerate(zip(kept, found, strict=False)) if a != b), len(kept))
    same = kept[:at] + kept[at:] == found[:at] + found[at + added :]
    return same and ast.get_docstring(before) == ast.get_docstring(after)


def _unfit(what: str) -> Problem:
    return Problem(
        what,
        cure="Activate the environment in it by hand, or set python-home for its process group",
        status=ExitStatus.NEEDS_PERSON,
    )
