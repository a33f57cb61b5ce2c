"""What an application of ours does with a bug in one of its screens."""

import os
import pty
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, sys
from wizard import cli
from wizard.tui import app

class Broken(app.Wizard):
    def compose(self):
        password = "hunter2hunter2"
        raise RuntimeError("a screen fell over")

app.Wizard = Broken
sys.exit(cli.main([]))
"""


def test_a_bug_in_a_screen_is_one_sentence_and_shows_no_variable(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    environ = os.environ | {"TERM": "xterm-256color", "TMPDIR": str(tmp_path)}
    program = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environ,
    )
    os.close(follower)
    seen = b""
    try:
        while chunk := os.read(leader, 1 << 16):
            seen += chunk
    except OSError:
        pass  # the other end is closed
    assert program.wait(timeout=20) == 1
    os.close(leader)
    assert b"a bug in this program: RuntimeError: a screen fell over" in seen
    assert b"hunter2" not in seen
    assert b"Traceback" not in seen
    kept = next(tmp_path.glob("devstack-venv-bug-*.txt")).read_text()
    assert "a screen fell over" in kept
