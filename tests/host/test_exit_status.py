"""Every exit status once, for real: the table that the README holds."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.host.bare_root import CLONE, BareRoot
from tests.host.small_checkout import CHECKOUT, small_root
from wizard.model.exit_status import ExitStatus

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

NO_VENV = "[venv]\nuse = false\n"
SOON = "[build]\ntimeout_minutes = 1\n"


@pytest.fixture(scope="module")
def root() -> Iterator[BareRoot]:
    with small_root() as made:
        made.path("/no-venv.toml").write_text(NO_VENV)
        made.path("/soon.toml").write_text(SOON)
        yield made


@pytest.fixture(scope="module")
def index() -> Iterator[dict[str, str]]:
    """A package index that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        port = listening.getsockname()[1]
        yield {"PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple", "UV_INDEX_URL": ""}


def shell(root: BareRoot, script: str) -> int:
    return root.run(["sh", "-c", script]).returncode


def wizard(
    root: BareRoot, options: str, *, by: str = "", env: dict[str, str] | None = None, cwd: str = "/"
) -> int:
    """Return the program's exit status; ``by`` is what it is started by."""
    return root.run(["sh", "-c", f"{by} {CLONE}/wizard.sh {options}"], env=env, cwd=cwd).returncode


@pytest.mark.parametrize(
    ("status", "command"),
    [
        (ExitStatus.DONE, "--plan"),
        (ExitStatus.USAGE, "--plan --no-such-option"),
        (ExitStatus.USAGE, "--auto --undo"),
        (ExitStatus.USAGE, "--attach no-such-run"),
        (ExitStatus.USAGE, ""),  # the wizard, where there is no terminal
        (ExitStatus.ANSWERS, "--auto --answers /etc/passwd"),
        (ExitStatus.ANSWERS, "--auto --venv-path relative"),
        (ExitStatus.HOST, "--auto --devstack /srv"),
        (ExitStatus.HOST, "--auto --venv-path /tmp/venv"),
        (ExitStatus.NEEDS_PERSON, "--auto --venv-path /opt/precious"),
        (ExitStatus.CHECK_FAILED, "--check"),
    ],
)
def test_statuses_that_change_nothing(root: BareRoot, status: ExitStatus, command: str) -> None:
    shell(root, "mkdir -p /opt/precious && touch /opt/precious/notes")
    assert wizard(root, command) == status


def test_done(root: BareRoot) -> None:
    shell(root, "mkdir -p /root/done")
    for _ in range(2):
        assert wizard(root, "--auto --answers /no-venv.toml", cwd="/root/done") == ExitStatus.DONE
    assert wizard(root, "--undo") == ExitStatus.DONE
    assert wizard(root, "--undo") == ExitStatus.DONE


def test_a_file_that_changed_since_needs_a_person(root: BareRoot) -> None:
    shell(root, "mkdir -p /root/changed")
    assert wizard(root, "--auto --answers /no-venv.toml", cwd="/root/changed") == ExitStatus.DONE
    shell(root, "echo '# mine' >> /root/changed/local.conf")
    assert wizard(root, "--undo") == ExitStatus.NEEDS_PERSON


def test_a_step_failed(root: BareRoot) -> None:
    """A single file that is mounted cannot be replaced, as in a container."""
    shell(root, "mkdir /root/bound && cd /root/bound && touch local.conf && chmod 644 local.conf")
    assert shell(root, "cd /root/bound && mount --bind local.conf local.conf") == 0
    status = wizard(root, "--auto --answers /no-venv.toml", cwd="/root/bound")
    assert status == ExitStatus.STEP_FAILED


def test_stopped_timed_out_and_locked(root: BareRoot, index: dict[str, str]) -> None:
    """All of them wait for the index that does not answer, each for a venv of its own."""

    def beside(name: str, by: str = "", answers: str = "") -> Callable[[], int]:
        shell(root, f"cp -a {CHECKOUT}/. {CHECKOUT}-{name}")
        options = f"--auto --devstack {CHECKOUT}-{name} --venv-path /opt/stack/{name} {answers}"
        return lambda: wizard(root, options, by=by, env=index)

    def stopped_by(signal: str, seconds: int = 15) -> str:
        return f"timeout --preserve-status --foreground -s {signal} {seconds}"

    with ThreadPoolExecutor() as pool:
        running: dict[ExitStatus, Future[int]] = {
            ExitStatus.TIMED_OUT: pool.submit(beside("slow", answers="--answers /soon.toml")),
            ExitStatus.INTERRUPTED: pool.submit(beside("int", stopped_by("INT"))),
            ExitStatus.TERMINATED: pool.submit(beside("term", stopped_by("TERM"))),
        }
        venv = root.path("/opt/stack/slow/.devstack-venv")
        while not venv.exists():
            time.sleep(0.1)
        assert beside("slow")() == ExitStatus.LOCKED
        ended = {status: future.result() for status, future in running.items()}
    assert ended == {status: int(status) for status in running}


def test_a_bug(root: BareRoot) -> None:
    """Last: from here on the program is broken."""
    module = root.path(f"{CLONE}/wizard/modes/plan.py")
    module.write_text(module.read_text() + "\n\ndef run(*_):\n    raise ZeroDivisionError\n")
    assert wizard(root, "--plan") == ExitStatus.BUG
