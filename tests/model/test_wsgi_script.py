"""Activation in a WSGI script: above the first import, and the script still means what it meant."""

import ast

import pytest

from wizard.model.problem import Problem
from wizard.model.servers.wsgi_script import (
    BEGIN,
    END,
    activated,
    by_file,
    by_folder,
    by_hand,
    is_activated,
    without,
)

CODE = by_file("/opt/v/bin/activate_this.py")

SCRIPTS = {
    "plain": b"import os\n",
    "shebang": b"#!/usr/bin/python3\nimport os\n",
    "encoding line": b"# -*- coding: latin-1 -*-\nname = '\xe9'\nimport os\n",
    "shebang and encoding line": b"#!/usr/bin/python3\n# coding: utf-8\nimport os\n",
    "byte order mark": b"\xef\xbb\xbfimport os\n",
    "byte order mark and docstring": b"\xef\xbb\xbf'''About.'''\nimport os\n",
    "CRLF": b"import os\r\nimport sys\r\n",
    "form feed": b"# licence\n\x0c\nimport os\n",
    "form feed in the line": b"'''About.'''\n\x0cimport os\n",
    "future": b"from __future__ import division\nimport os\n",
    "docstring and futures": (
        b"'''About.'''\nfrom __future__ import division\n"
        b"from __future__ import print_function\nimport os\n"
    ),
    "future in parentheses": b"from __future__ import (\n    division,\n)\nimport os\n",
    "licence": b"# Copyright\n#\n# Licensed\n\nimport os\n",
    "docstring with backslash": b"'About \\\nthis.'\nimport os\n",
    "docstring over lines": b"'''About\n\nimport nothing\n'''\n\nimport os\n",
    "decorated": b"import_later = 1\n@staticmethod\ndef f(): pass\n",
    "decorated first": b"@staticmethod\ndef f(): pass\nimport os\n",
    "no last line end": b"'''About.'''",
    "no last line end after future": b"from __future__ import division",
    "empty": b"",
    "only comments": b"#!/usr/bin/python3\n# nothing here\n",
    "string that is no docstring": b"import os\n'''no docstring'''\n",
    "statements on a line": b"import os; import sys\n",
}


@pytest.mark.parametrize("source", SCRIPTS.values(), ids=SCRIPTS)
def test_activation_stands_above_every_import_but_those_from_the_future(source: bytes) -> None:
    new = activated(source, CODE)
    assert isinstance(new, bytes)
    compile(new, "script", "exec", dont_inherit=True)  # __future__ may not stand lower
    body = ast.parse(new).body
    at = next(i for i, node in enumerate(body) if ast.unparse(node).startswith("_activate ="))
    imports = [node for node in body[:at] if isinstance(node, ast.Import | ast.ImportFrom)]
    assert all("from __future__" in ast.unparse(node) for node in imports)
    assert ast.get_docstring(ast.parse(new)) == ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("source", SCRIPTS.values(), ids=SCRIPTS)
def test_nothing_of_the_script_is_lost(source: bytes) -> None:
    new = activated(source, CODE)
    assert isinstance(new, bytes)
    assert without(new) in {source, source + b"\n"}
    first = source.split(b"\n", 1)[0]
    stays_first = first if first.startswith(b"#") else first[:3] if b"\xef" in first[:3] else b""
    assert new.startswith(stays_first)


@pytest.mark.parametrize("source", SCRIPTS.values(), ids=SCRIPTS)
def test_a_second_time_changes_nothing(source: bytes) -> None:
    once = activated(source, CODE)
    assert isinstance(once, bytes)
    assert activated(once, CODE) == once


def test_line_ends_stay_as_the_script_has_them() -> None:
    new = activated(SCRIPTS["CRLF"], CODE)
    assert isinstance(new, bytes)
    assert new.count(b"\r\n") == new.count(b"\n")


def test_another_environment_takes_the_place_of_the_first() -> None:
    once = activated(b"import os\n", CODE)
    assert isinstance(once, bytes)
    again = activated(once, by_folder("/opt/w", "/opt/w/lib/python3.11/site-packages"))
    assert isinstance(again, bytes)
    assert again.count(BEGIN.encode()) == again.count(END.encode()) == 1
    assert b"/opt/v" not in again


@pytest.mark.parametrize(
    "source",
    [
        b"from __future__ import division; import os\n",
        b"'''About.'''; import os\n",
        b"print 'Python 2'\n",
        b"def broken(:\n",
        b"# -*- coding: no-such-thing -*-\nimport os\n",
        b"\x7fELF\x02\x01\x00\x00",
        "import os\n".encode("utf-16"),
        b"name = '\xe9'\n",
    ],
    ids=["future;", "docstring;", "py2", "syntax", "cookie", "binary", "utf-16", "not utf-8"],
)
def test_what_cannot_be_edited_safely_is_refused(source: bytes) -> None:
    problem = activated(source, CODE)
    assert isinstance(problem, Problem)
    assert problem.cure


def test_activation_by_hand_is_found_and_ours_is_not_taken_for_it() -> None:
    assert by_hand(b"import os\nexecfile('/v/bin/activate_this.py')\n") == 2
    ours = activated(b"import os\n", CODE)
    assert isinstance(ours, bytes)
    assert by_hand(ours) is None
    assert is_activated(ours)


def test_both_ways_are_python() -> None:
    for code in (CODE, by_folder("/opt/v", "/opt/v/lib/python3.11/site-packages")):
        ast.parse(code)
