"""Canary passwords in every field that takes one: only the files that must hold them have them."""

import http.server
import tarfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.faults.killed import run
from tests.faults.world import AUTO, VENV, WORK, answers, copy_of
from tests.host.bare_root import CLONE, BareRoot
from wizard.model.exit_status import ExitStatus
from wizard.model.known_secrets import spellings
from wizard.model.secret import Secret

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

CANARIES = {
    name: f"canary-{name}-7%/f"
    for name in ("environment", "file", "local-conf", "index", "constraints", "proxy")
}
LOCAL_CONF = f"[[local|localrc]]\nSERVICE_PASSWORD='{CANARIES['local-conf']}'\n"
SECRETS = """
[local_conf]
ADMIN_PASSWORD = { env = "CANARY" }
DATABASE_PASSWORD = { file = "/srv/password" }
RABBIT_PASSWORD = { generate = true }
"""
CONF = f"{WORK}/local.conf"
STATE = "/var/lib/devstack-venv"
# who has the variable from the caller: the way to the program, and what wizard.sh is made of
CALLERS = {
    *("cd", "dash", "dirname", "env", "ls", "nsenter", "python", "python3", "readlink", "setpriv"),
    *("sh", "sha256sum", "tail", "uname", "wizard.sh", "id", "cat", ""),
}
# the answers that replay a run and the constraints that a venv is made under, addresses and all
NEEDED = ("/answers.toml", "/.devstack-venv/constraints.txt")
BROKEN = """
def apply(self, host):
    raise ValueError("cannot make sense of " + host.read(self.path).decode())
"""


@dataclass
class Seen:
    """Everything that anybody could see while the program ran."""

    said: list[str] = field(default_factory=list)
    command_lines: set[str] = field(default_factory=set)
    environments: set[tuple[str, str]] = field(default_factory=set)  # program, variable


class Watch(threading.Thread):
    """Looks at every process of the system, as ``ps`` would."""

    def __init__(self, root: BareRoot, seen: Seen) -> None:
        super().__init__(daemon=True)
        self.proc, self.seen, self.over = root.path("/proc"), seen, threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            for process in self.proc.glob("[0-9]*"):
                self.look(process)
            time.sleep(0.005)

    def look(self, process: Path) -> None:
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            variables = (process / "environ").read_bytes().decode().split("\0")
        except OSError:
            return
        self.seen.command_lines.add(line)
        program = Path(line.partition(" ")[0]).name
        self.seen.environments |= {(program, variable) for variable in variables}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def root(layer: Path) -> Iterator[BareRoot]:
    with copy_of(layer) as copied:
        copied.path(CONF).write_text(LOCAL_CONF)
        copied.path("/srv/answers.toml").write_text(answers() + SECRETS)
        copied.path("/srv/password").write_text(CANARIES["file"] + "\n")
        copied.path("/srv/password").chmod(0o600)
        yield copied


@pytest.fixture(scope="module")
def environment(root: BareRoot) -> Iterator[dict[str, str]]:
    """An index, constraints and a proxy, each with a password in its address."""
    serve = partial(Quiet, directory=str(root.path("/srv")))
    root.path("/srv/constraints.txt").write_text("fault-wheel-1==1.0\n")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = f"127.0.0.1:{server.server_port}"

        def address(name: str) -> str:
            [quoted] = [s for s in spellings(Secret(CANARIES[name])) if "%25" in s]
            return f"http://user:{quoted}@{where}"

        yield {
            "CANARY": CANARIES["environment"],
            "PIP_INDEX_URL": f"{address('index')}/simple",
            "DEVSTACK_VENV_CONSTRAINTS": f"{address('constraints')}/constraints.txt",
            "https_proxy": address("proxy"),
        }
        server.shutdown()


@pytest.fixture(scope="module")
def seen(root: BareRoot, environment: dict[str, str]) -> Seen:
    """Every mode once: a good run, a failing one, a bug, and all that looks at them."""
    seen = Seen()
    watch = Watch(root, seen)
    watch.start()
    wizard, variables = f"{CLONE}/wizard.sh", " ".join(f"{k}='{v}'" for k, v in environment.items())

    def see(command: str, *expected: int) -> None:
        done: CompletedProcess[str] = run(root, "root", f". /srv/env; {command}")
        seen.said.append(f"$ {command}\n{done.stdout}{done.stderr}")
        assert done.returncode in expected, seen.said[-1]

    root.path("/srv/env").write_text(f"export {variables}\n")
    see(f"{wizard} --plan --answers /srv/answers.toml", 0)
    see(f"{AUTO} --output json", 0)
    see(f"{wizard} --check --answers /srv/answers.toml", 0)
    see(f"{wizard} --attach", 0)
    see(f"cd /tmp && {wizard} --bundle", 0)
    see(f"cd {WORK} && {AUTO} no-such-package-at-all", ExitStatus.ANSWERS, ExitStatus.STEP_FAILED)
    see(f"{wizard} --diagnose $(ls -d {STATE}/runs/*/build.log | tail -n 1)", 0, 6)
    for _ in range(2):
        see(f"{wizard} --undo", 0)
    step = root.path(f"{CLONE}/wizard/steps/local_conf.py")
    broken = BROKEN + "\nLocalConf.apply = apply\n"
    step.write_text(step.read_text() + broken)
    see(AUTO, ExitStatus.BUG)
    watch.over.set()
    watch.join()
    return seen


def given_away(text: str) -> list[str]:
    """Return which canaries a text holds, in any spelling."""
    return [
        name
        for name, value in CANARIES.items()
        if any(spelling in text for spelling in spellings(Secret(value)))
    ]


def test_nothing_that_is_said_holds_one(seen: Seen) -> None:
    found = {said[:300]: given_away(said) for said in seen.said}
    assert [(said, names) for said, names in found.items() if names] == []


def test_no_command_line_holds_one(seen: Seen) -> None:
    assert any("uv pip" in line for line in seen.command_lines)
    assert [line for line in seen.command_lines if given_away(line)] == []


def test_no_program_that_we_start_has_a_password_of_devstack_in_its_environment(
    seen: Seen,
) -> None:
    devstacks = {"environment", "file", "local-conf"}
    leaked = {
        (program, variable.partition("=")[0])
        for program, variable in seen.environments
        if devstacks.intersection(given_away(variable))
    }
    assert {(p, name) for p, name in leaked if p not in CALLERS or name != "CANARY"} == set()


def test_only_local_conf_and_its_backups_hold_one(root: BareRoot, seen: Seen) -> None:
    assert seen.said
    found = {}
    for place in ("etc", "opt", "root", "run", "tmp", "var/lib/devstack-venv", "var/tmp"):
        for path in root.path(f"/{place}").rglob("*"):
            if path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 22:
                name = f"/{path.relative_to(root.path('/'))}"
                if names := given_away(path.read_bytes().decode(errors="replace")):
                    found[name] = names
    may = {n for n in found if n == CONF or "/backups/" in n or n.endswith(NEEDED)}
    assert {name: found[name] for name in found.keys() - may} == {}
    assert all(root.path(name).stat().st_mode & 0o077 == 0 for name in may - {CONF})


def test_the_bundle_holds_none(root: BareRoot, seen: Seen) -> None:
    assert seen.said
    [bundle] = root.path("/tmp").glob("*.tar.gz")
    with tarfile.open(bundle) as archive:
        texts = [file.read().decode() for m in archive if (file := archive.extractfile(m))]
    assert any(VENV in text for text in texts)
    assert given_away("\n".join(texts)) == []
