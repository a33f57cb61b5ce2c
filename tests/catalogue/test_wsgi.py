"""Rows W: WSGI scripts of all shapes, and where activation goes in them."""

import subprocess
import sys
from pathlib import Path

import pytest

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.servers.wsgi_script import activated, without

CODE = "import sys\nsys.activated = True\n"
PROBE = b"import sys\nprint(sys.activated)\n"

EDITED = {
    "W01 shebang": b"#!/usr/bin/python3\n" + PROBE,
    "W02 encoding": "# -*- coding: latin-1 -*-\nname = '\xe9'\n".encode("latin-1") + PROBE,
    "W03 shebang and encoding": b"#!/usr/bin/python3\n# coding: utf-8\n" + PROBE,
    "W04 byte order mark": b"\xef\xbb\xbf" + PROBE,
    "W05 Windows line ends": PROBE.replace(b"\n", b"\r\n"),
    "W06 form feed": b"# licence\n\x0c\n" + PROBE,
    "W07 future": b"from __future__ import division\n" + PROBE,
    "W08 docstring and two futures": b"'''About.'''\nfrom __future__ import division\n"
    b"from __future__ import annotations\n" + PROBE,
    "W09 future in parentheses": b"from __future__ import (\n    division,\n)\n" + PROBE,
    "W10 licence": b"# Copyright\n#\n# Licensed\n\n" + PROBE,
    "W11 docstring with a backslash": b"'About \\\nthis.'\n" + PROBE,
}


@pytest.mark.parametrize("source", EDITED.values(), ids=EDITED)
def test_activation_runs_first_and_nothing_else_changes(source: bytes, tmp_path: Path) -> None:
    new = activated(source, CODE)

    assert isinstance(new, bytes)
    assert without(new) == source
    assert activated(new, CODE) == new
    assert (b"\r\n" in source) == (b"\r\n" in new)
    script = tmp_path / "main"
    script.write_bytes(new)
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("True\n", "")


REFUSED = {
    "W12 two statements on the line of a future": b"from __future__ import division; import os\n",
    "W14 Python 2": b"print 'Python 2'\n",
    "W14 syntax error": b"def broken(:\n",
    "W14 unknown encoding": b"# coding: no-such-thing\nimport os\n",
    "W14 binary": b"\x7fELF\x02\x01\x00\x00",
    "W14 UTF-16": "import os\n".encode("utf-16"),
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_what_python_does_not_understand_is_for_a_person(source: bytes) -> None:
    found = activated(source, CODE)

    assert isinstance(found, Problem)
    assert found.status is ExitStatus.NEEDS_PERSON
    assert "by hand" in found.cure


def test_w14_an_empty_script_gets_activation_alone() -> None:
    new = activated(b"", CODE)
    assert isinstance(new, bytes)
    assert without(new) == b""
