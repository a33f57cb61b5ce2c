"""Who runs in a virtual environment."""

import subprocess
import sys
from pathlib import Path

from tests.support import local_reader
from wizard.facts.venv_processes import Running, named, running_in

WAIT = "import sys; print(flush=True); sys.stdin.read()"


def started(*argv: str) -> subprocess.Popen[bytes]:
    """Start something that waits until its input ends."""
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def numbers(venv: Path) -> set[int]:
    return {one.pid for one in running_in(local_reader(), str(venv))}


def test_a_program_of_the_venv_runs_in_it(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin/python"
    python.symlink_to(sys.executable)
    with started(str(python), "-c", WAIT) as process:
        assert numbers(tmp_path) == {process.pid}
        assert process.stdin
        process.stdin.close()
    assert numbers(tmp_path) == set()


def test_whoever_holds_a_file_of_it_in_memory_runs_in_it(tmp_path: Path) -> None:
    library = tmp_path / "library.so"
    library.write_bytes(bytes(4096))
    text = f"import mmap; f = open({str(library)!r}, 'r+b'); m = mmap.mmap(f.fileno(), 0); {WAIT}"
    with started(sys.executable, "-c", text) as process:
        assert numbers(tmp_path) == {process.pid}
        assert process.stdin
        process.stdin.close()


def test_who_only_names_it_does_not(tmp_path: Path) -> None:
    with started(sys.executable, "-c", WAIT, "--venv-path", str(tmp_path)) as process:
        assert numbers(tmp_path) == set()
        assert process.stdin
        process.stdin.close()


def test_many_are_named_by_the_first_of_them() -> None:
    many = tuple(Running(number, "nova-api") for number in range(1, 6))
    assert named(many) == "nova-api (1), nova-api (2), nova-api (3) and 2 more"
