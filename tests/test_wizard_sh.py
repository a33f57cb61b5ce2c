"""wizard.sh in a clone of its own: the program in it tells how it was started."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent
TOOLS = ("sh", "cat", "dirname", "id", "readlink", "sha256sum")
PROGRAM = """
import json, os, sys, tiny
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix,
                  "package": tiny.__file__, "pid": os.getpid()}))
if "--exit" in sys.argv:
    sys.exit(42)
if "--wait" in sys.argv:
    sys.stdout.flush()
    sys.stdin.read()
"""


@dataclass
class Clone:
    """A clone whose lock file names one package, which lies in a folder beside it."""

    path: Path
    env: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.path / "wizard.sh", *arguments],
            env=self.env,
            cwd=cwd or self.path.parent,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def popen(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.path / "wizard.sh", *arguments],
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def lock(self, requirement: str) -> None:
        (self.path / "requirements.lock").write_text(f"{requirement}\n")

    @property
    def venv(self) -> Path:
        return self.path / ".venv"

    @property
    def remains(self) -> list[str]:
        return sorted(path.name for path in self.path.glob(".venv*"))


def make_wheel(folder: Path, version: str) -> str:
    """Put a wheel of the package ``tiny`` into folder; return the line that locks it."""
    wheel = folder / f"tiny-{version}-py3-none-any.whl"
    info = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any"
        )
        archive.writestr(f"{info}/RECORD", "")
    return f"tiny=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"


def only(folder: Path, *programs: str) -> Path:
    """A folder to stand alone on PATH, with the named programs of this host."""
    folder.mkdir()
    for name in programs:
        found = shutil.which(name)
        assert found, f"{name} is not on this host"
        (folder / name).symlink_to(found)
    return folder


def put_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A fresh clone in a folder with a blank; without uv, so pip installs."""
    path = tmp_path / "my clone"
    path.mkdir()
    shutil.copy(SOURCE / "wizard.sh", path)
    shutil.copytree(SOURCE / "tools", path / "tools")
    (path / "wizard").mkdir()
    (path / "wizard/__init__.py").touch()
    (path / "wizard/__main__.py").write_text(PROGRAM)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    programs = only(tmp_path / "bin", *TOOLS)
    (programs / "python3").symlink_to(os.path.realpath(sys.executable))
    settings = tmp_path / "uv.toml"
    settings.write_text(f"no-index = true\nfind-links = ['{wheels}']\n")
    env = {
        "PATH": str(programs),
        "HOME": str(tmp_path / "home"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "UV_CONFIG_FILE": str(settings),
    }
    clone = Clone(path, env)
    clone.lock(make_wheel(wheels, "1.0"))
    return clone


@pytest.fixture
def quick(clone: Clone) -> Clone:
    """The same with uv on PATH, as some people have it."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert uv
    (Path(clone.env["PATH"]) / "uv").symlink_to(uv)
    return clone


def test_first_start_makes_the_environment_and_runs_the_program(clone: Clone) -> None:
    started = clone.start("--plan", "a b")
    assert started.returncode == 0, started.stderr
    said = json.loads(started.stdout)
    assert said["argv"] == ["--plan", "a b"]
    assert said["prefix"] == str(clone.venv)
    assert said["package"].startswith(str(clone.venv))


def test_first_start_says_in_one_line_what_it_makes_and_how_long_it_took(quick: Clone) -> None:
    (line,) = quick.start().stderr.splitlines()
    assert line.startswith(f"Making {quick.venv} with Python 3.")
    assert line.endswith(" s")


def test_second_start_says_nothing_and_is_quick(quick: Clone) -> None:
    quick.start()
    python = [str(quick.venv / "bin/python"), "-I", "-m", "wizard"]
    added = []
    for _ in range(10):
        begun = time.perf_counter()
        subprocess.run(python, check=True, capture_output=True)
        bare = time.perf_counter()
        again = quick.start()
        added.append(time.perf_counter() - bare - (bare - begun))
        assert (again.returncode, again.stderr) == (0, "")
    assert min(added) < 0.030


def test_runs_in_the_folder_where_it_was_called(quick: Clone, tmp_path: Path) -> None:
    called_from = tmp_path / "elsewhere"
    called_from.mkdir()
    (called_from / "json.py").write_text("raise SystemExit('a module of this name is not ours')")
    said = json.loads(quick.start(cwd=called_from).stdout)
    assert said["cwd"] == str(called_from)


def test_can_be_called_through_a_link(quick: Clone, tmp_path: Path) -> None:
    link = tmp_path / "wizard"
    link.symlink_to(quick.path / "wizard.sh")
    done = subprocess.run([link], env=quick.env, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["prefix"] == str(quick.venv)


def test_exit_status_is_that_of_the_program(quick: Clone) -> None:
    assert quick.start("--exit").returncode == 42


def test_signals_reach_the_program_itself(quick: Clone) -> None:
    quick.start()
    with quick.popen("--wait") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["pid"] == process.pid
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == -signal.SIGTERM


def test_what_a_person_set_for_another_python_does_not_disturb(clone: Clone) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET"):
        clone.env[name] = "/nowhere"
    started = clone.start()
    assert started.returncode == 0, started.stderr


def test_a_changed_lock_file_means_a_new_environment(quick: Clone, tmp_path: Path) -> None:
    quick.start()
    quick.lock(make_wheel(tmp_path / "wheels", "2.0"))
    assert quick.start().returncode == 0
    assert list(quick.venv.glob("lib/*/site-packages/tiny-2.0.dist-info"))
    assert not list(quick.venv.glob("lib/*/site-packages/tiny-1.0.dist-info"))


def half_made(venv: Path) -> None:
    shutil.rmtree(venv / "lib")
    (venv / ".devstack-venv").write_text("")


def without_its_python(venv: Path) -> None:
    for link in (venv / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/usr/bin/python3.gone")


def empty(venv: Path) -> None:
    shutil.rmtree(venv)
    venv.mkdir()


@pytest.mark.parametrize("spoil", [half_made, without_its_python, empty])
def test_a_broken_environment_is_made_anew(quick: Clone, spoil: Callable[[Path], None]) -> None:
    quick.start()
    spoil(quick.venv)
    started = quick.start()
    assert started.returncode == 0, started.stderr
    assert json.loads(started.stdout)["prefix"] == str(quick.venv)


def test_an_environment_of_somebody_else_is_put_aside_not_removed(quick: Clone) -> None:
    quick.venv.mkdir()
    (quick.venv / "precious").touch()
    started = quick.start()
    (aside,) = quick.path.glob(".venv.old-*")
    assert (aside / "precious").exists()
    assert str(aside) in started.stderr


def test_two_at_once_make_one_environment(quick: Clone) -> None:
    processes = [quick.popen() for _ in range(3)]
    endings = [(*process.communicate(timeout=60), process.returncode) for process in processes]
    assert [status for _, _, status in endings] == [0, 0, 0]
    assert sum("Making" in words for _, words, _ in endings) == 1
    assert quick.remains == [".venv", ".venv.lock", ".venv.log"]


def changed_lock(clone: Clone) -> Callable[[], None]:
    lock = clone.path / "requirements.lock"
    good = lock.read_text()
    clone.lock(f"tiny==1.0 --hash=sha256:{'0' * 64}")
    return lambda: void(lock.write_text(good))


def changed_wheel(clone: Clone) -> Callable[[], None]:
    wheel = Path(clone.env["PIP_FIND_LINKS"], "tiny-1.0-py3-none-any.whl")
    good = wheel.read_bytes()
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("evil.py", "")
    return lambda: void(wheel.write_bytes(good))


def void(_: object) -> None:
    """Give nothing back."""


@pytest.mark.parametrize("installer", ["clone", "quick"])
@pytest.mark.parametrize("change", [changed_lock, changed_wheel])
def test_a_file_that_is_not_the_locked_one_is_refused_until_it_is(
    request: pytest.FixtureRequest, installer: str, change: Callable[[Clone], Callable[[], None]]
) -> None:
    clone: Clone = request.getfixturevalue(installer)
    undo = change(clone)
    for _ in range(2):
        started = clone.start()
        assert (started.returncode, started.stdout) == (4, "")
        making, sentence = started.stderr.splitlines()
        assert making.startswith("Making ")
        assert sentence == (
            "tiny==1.0 is not the file whose hash requirements.lock holds: one of the two was "
            f"changed; {clone.venv}.log says more"
        )
        assert clone.remains == [".venv.lock", ".venv.log"]
    undo()
    assert clone.start().returncode == 0


def test_a_package_without_a_hash_is_refused(clone: Clone) -> None:
    clone.lock("tiny==1.0")
    started = clone.start()
    assert started.returncode == 4
    assert "require-hashes" in started.stderr
    assert not clone.venv.exists()


def test_what_comes_back_is_not_taken_for_what_was_asked(quick: Clone) -> None:
    quick.start()
    quick.lock(f"tiny==1.0 --hash=sha256:{'0' * 64}")
    assert [quick.start().returncode for _ in range(2)] == [4, 4]


def test_what_was_there_comes_back_when_the_new_one_fails(quick: Clone) -> None:
    quick.start()
    quick.lock(f"tiny==1.0 --hash=sha256:{'0' * 64}")
    assert quick.start().returncode == 4
    assert list(quick.venv.glob("lib/*/site-packages/tiny.py"))


def test_an_interrupted_first_start_leaves_no_half_environment(clone: Clone) -> None:
    with clone.popen() as process:
        deadline = time.monotonic() + 30
        while not clone.venv.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        maker = subprocess.run(
            ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True
        )
        os.kill(int(maker.stdout), signal.SIGINT)
        assert process.wait(timeout=10) == 130
    assert not clone.venv.exists()


def test_uv_that_fails_gives_way_to_pip(clone: Clone) -> None:
    put_program(Path(clone.env["PATH"]) / "uv", "#!/bin/sh\nexit 1\n")
    started = clone.start()
    assert started.returncode == 0, started.stderr


def test_no_python_at_all_is_one_sentence_with_its_cure(clone: Clone) -> None:
    (Path(clone.env["PATH"]) / "python3").unlink()
    started = clone.start()
    assert started.returncode == 4
    (line,) = started.stderr.splitlines()
    assert line.startswith("A complete Python 3.11 or newer is needed (here: none). Run: ")


def test_an_old_python_is_named(clone: Clone) -> None:
    python = Path(clone.env["PATH"]) / "python3"
    python.unlink()
    put_program(python, "#!/bin/sh\ncase $* in *print*) echo 3.9.25 ;; *) exit 1 ;; esac\n")
    started = clone.start()
    assert started.returncode == 4
    assert "A complete Python 3.11 or newer is needed (here: 3.9.25)" in started.stderr


def ending_at_once(path: Path) -> None:
    """A Python that is told by a file of this host to end before it has begun."""
    path.unlink()
    words = 'Fatal Python error: init_import_site\n  File "<frozen site>", line 567, in f\n'
    words += '  File "/usr/lib/python3/sitecustomize.py", line 3, in <module>\nSystemExit: 3\n'
    put_program(path, f"#!/bin/sh\ncat >&2 <<'END'\n{words}END\nexit 1\n")


def the_only_one(clone: Clone) -> Path:
    return Path(clone.env["PATH"]) / "python3"


def that_of_the_environment(clone: Clone) -> Path:
    clone.start()
    return clone.venv / "bin/python"


@pytest.mark.parametrize("which", [the_only_one, that_of_the_environment])
def test_a_file_that_ends_every_python_is_named(
    quick: Clone, which: Callable[[Clone], Path]
) -> None:
    ending_at_once(which(quick))
    started = quick.start()
    assert started.returncode == 4
    (line,) = started.stderr.splitlines()
    assert 'File "/usr/lib/python3/sitecustomize.py", line 3. Mend' in line


def test_a_fit_python_beside_an_old_one_is_found(quick: Clone) -> None:
    programs = Path(quick.env["PATH"])
    (programs / "python3").rename(programs / "python3.13")
    put_program(programs / "python3", "#!/bin/sh\nexit 1\n")
    assert quick.start().returncode == 0


@pytest.fixture
def unwritable(quick: Clone) -> Iterator[Clone]:
    """A clone that belongs to another user, as seen by root; else one that is read-only."""
    if os.geteuid() == 0:
        os.chown(quick.path, 65534, 65534)
    quick.path.chmod(0o555)
    yield quick
    quick.path.chmod(0o755)


def test_a_clone_that_is_not_ours_to_write_gets_its_environment_in_the_cache(
    unwritable: Clone,
) -> None:
    cache = Path(unwritable.env["HOME"]) / ".cache/devstack-venv"
    first, second = unwritable.start(), unwritable.start()
    assert json.loads(first.stdout)["prefix"].startswith(str(cache))
    assert (second.stdout.split("pid")[0], second.stderr) == (first.stdout.split("pid")[0], "")
    assert unwritable.remains == []
    assert not list(unwritable.path.rglob("*.pyc"))


def test_an_environment_in_a_read_only_clone_is_used(quick: Clone) -> None:
    quick.start()
    quick.path.chmod(0o555)
    try:
        started = quick.start()
    finally:
        quick.path.chmod(0o755)
    assert json.loads(started.stdout)["prefix"] == str(quick.venv)
