"""Real things broken: the card names what it is, and where a cure is offered, it works."""

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.host.bare_root import CLONE, BareRoot
from tests.host.small_checkout import CHECKOUT
from wizard.model.exit_status import ExitStatus

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

HOLDER = """
import fcntl, glob, time
lock, logs = open("/var/lib/dpkg/lock-frontend", "w"), "/var/lib/devstack-venv/runs/*/build.log"
fcntl.lockf(lock, fcntl.LOCK_EX)
while not any(": waiting." in open(log).read() for log in glob.glob(logs)):
    time.sleep(0.2)
"""
NO_INDEX = {"UV_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_INDEX_URL": "http://127.0.0.1:9/s"}


@pytest.fixture
def root(with_compiler: Path) -> Iterator[BareRoot]:
    with BareRoot("bookworm", over=with_compiler) as made:
        yield made


def shell(root: BareRoot, script: str) -> CompletedProcess[str]:
    done = root.run(["sh", "-c", script])
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def wanting(root: BareRoot, *packages: str) -> None:
    """Let the checkout's list ask for these distro packages."""
    lines = "\n".join(f"{name} # pbr" for name in ("sudo", *packages))
    root.path(f"{CHECKOUT}/files/debs/venv").write_text(f"{lines}\n")


class Told:
    """What a run said, event by event."""

    def __init__(self, done: CompletedProcess[str]) -> None:
        self.status = done.returncode
        self.events: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
        self.said = done.stdout + done.stderr

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == kind]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The causes; what only follows from them is left out, unless it is all there is."""
        told = self.of("finding")
        return [event for event in told if event["role"] == "cause"] or told

    @property
    def first(self) -> str:
        return next((str(event["id"]) for event in self.findings), "")

    @property
    def failed_checks(self) -> set[str]:
        return {str(event["check"]) for event in self.of("check_finished") if event["code"] == 2}

    @property
    def built(self) -> bool:
        """Whether every step came to its end; a stand-in for a checkout fails its checks."""
        return self.status in {ExitStatus.DONE, ExitStatus.CHECK_FAILED}

    @property
    def run(self) -> str:
        return str(self.events[0].get("run", ""))


def auto(root: BareRoot, options: str = "", env: dict[str, str] | None = None) -> Told:
    words = f"--auto --output json --devstack {CHECKOUT} {options}"
    return Told(root.run([f"{CLONE}/wizard.sh", *shlex.split(words)], env=env))


def cured(root: BareRoot, failed: Told) -> Told:
    """Do what the card offers."""
    return auto(root, f"--cure {failed.run}:{failed.first}")


@contextmanager
def in_background(root: BareRoot, script: str) -> Iterator[None]:
    """Run something for as long as the body runs."""
    started = root.run(["sh", "-c", f"({script}) >/dev/null 2>&1 & echo $!"])
    try:
        yield
    finally:
        root.run(["sh", "-c", f"kill {started.stdout.strip()} 2>/dev/null; true"])


def test_a_good_run_raises_nothing(root: BareRoot) -> None:
    told = auto(root, "oslo.config")
    assert told.built, told.said
    assert not told.of("finding")
    assert not told.of("step_retried")


@pytest.mark.parametrize(
    ("package", "finding", "brought"),
    [
        ("netifaces", "", ""),  # python3-dev is there: nothing is missing
        ("python-ldap", "header-missing", "libldap-dev"),
        ("psycopg2", "config-program-missing", "libpq-dev"),
        ("pycairo", "pkg-config-missing", "pkgconf"),
    ],
    ids=lambda value: str(value) or "-",
)
def test_what_a_compiler_lacks_is_installed_and_the_build_ends(
    root: BareRoot, package: str, finding: str, brought: str
) -> None:
    told = auto(root, package)
    assert told.first == finding, told.said
    for _ in range(3):  # behind one there may be another
        if not told.built:
            told = cured(root, told)
    assert told.built, told.said
    if brought:
        assert shell(root, f"dpkg-query -W -f '${{Status}}' {brought}").stdout.endswith("installed")


def test_the_package_that_was_missing_is_written_into_the_answers_file(root: BareRoot) -> None:
    answers = root.path("/root/answers.toml")
    answers.write_text('# mine\n[packages.pypi]\nadd = ["psycopg2"]  # the old one\n')
    failed = auto(root, "--answers /root/answers.toml")
    options = f"--answers /root/answers.toml --cure {failed.run}:{failed.first}"
    plan = shell(root, f"{CLONE}/wizard.sh --plan --devstack {CHECKOUT} {options}")
    assert '+add = ["libpq-dev"]' in plan.stdout
    assert "libpq-dev" not in answers.read_text()
    told = auto(root, options)
    assert told.built, told.said
    text = answers.read_text()
    assert "libpq-dev" in text
    assert "# mine" in text
    assert root.run([f"{CLONE}/wizard.sh", "--undo", told.run]).returncode == ExitStatus.DONE
    assert "libpq-dev" not in answers.read_text()


def test_a_lock_is_waited_for_and_the_build_ends(root: BareRoot) -> None:
    wanting(root, "tree")
    root.path("/root/holder.py").write_text(HOLDER)
    with in_background(root, "python3 /root/holder.py"):
        told = auto(root)
    assert told.built, told.said
    assert "waiting for python3" in told.said


def test_an_interrupted_dpkg_is_named_before_anything_is_done_and_can_be_ended(
    root: BareRoot,
) -> None:
    wanting(root, "tree")
    shell(root, "printf 'x' > /var/lib/dpkg/updates/0001")
    shell(root, "truncate -s 0 /var/lib/dpkg/updates/0001")
    failed = auto(root)
    assert failed.status == ExitStatus.HOST
    assert "dpkg was interrupted" in failed.said
    told = auto(root, "--cure dpkg-interrupted")
    assert told.built, told.said


def test_half_configured_packages_are_configured(root: BareRoot) -> None:
    wanting(root, "tree")
    shell(root, "cd /tmp && apt-get download hello && dpkg --unpack ./hello_*.deb")
    failed = auto(root)
    assert failed.status == ExitStatus.HOST
    assert "hello" in failed.said
    told = auto(root, "--cure dpkg-interrupted")
    assert told.built, told.said
    assert shell(root, "dpkg-query -W -f '${Status}' hello").stdout == "install ok installed"


def test_an_index_that_answers_nobody_is_asked_again_and_named(root: BareRoot) -> None:
    told = auto(root, "oslo.config", NO_INDEX)
    assert told.status == ExitStatus.STEP_FAILED
    assert told.first == "uv-no-connection"
    assert [(event["attempt"], event["attempts"]) for event in told.of("step_retried")] == [
        (2, 4),
        (3, 4),
        (4, 4),
    ]
    waits = [event["wait"] for event in told.of("step_retried")]
    assert waits == sorted(waits)


def test_a_mirror_that_is_gone_is_named_and_the_same_run_ends_when_it_is_back(
    root: BareRoot,
) -> None:
    wanting(root, "tree")
    shell(root, "rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb")
    proxy = root.path("/etc/apt/apt.conf.d/99proxy")
    proxy.write_text('Acquire::http::Proxy "http://127.0.0.1:9";\nAcquire::Retries "0";\n')
    back = "while ! grep -q 'attempt 2 of 4' /var/lib/devstack-venv/runs/*/build.log; do sleep 0.2"
    with in_background(root, f"{back}; done; rm /etc/apt/apt.conf.d/99proxy"):
        told = auto(root)
    assert told.first == "apt-proxy-down", told.said
    assert told.built, told.said
    assert [event["attempt"] for event in told.of("step_retried")][:1] == [2]


def test_a_disk_that_fills_up_is_named_and_nothing_is_deleted_for_anybody(root: BareRoot) -> None:
    cache = "/opt/stack/.cache/uv"
    shell(root, f"mkdir -p {cache} && mount -t tmpfs -o size=3m,mode=777 tmpfs {cache}")
    failed = auto(root, "cryptography")
    assert failed.status == ExitStatus.STEP_FAILED, failed.said
    assert failed.first == "disk-full", failed.said
    assert failed.findings[0]["manual"]
    assert auto(root, f"--cure {failed.run}:disk-full").status == ExitStatus.USAGE
    shell(root, f"mount -o remount,size=400m {cache}")
    assert auto(root, "cryptography").built


def test_a_small_disk_is_named_before_anything_is_done(root: BareRoot) -> None:
    shell(root, "mkdir /small && mount -t tmpfs -o size=12m,mode=755 tmpfs /small")
    told = auto(root, "--venv-path /small/venv")
    assert told.status == ExitStatus.HOST
    assert "in /small, where 12 MiB are free" in told.said


def test_a_compiler_that_is_killed_is_no_missing_package(root: BareRoot) -> None:
    gcc = root.path("/usr/local/bin/x86_64-linux-gnu-gcc")
    gcc.write_text("#!/bin/sh\nkill -9 $$\n")
    gcc.chmod(0o755)
    real = '#!/bin/sh\ncase "$*" in *netifaces.c*) echo "x86_64-linux-gnu-gcc: fatal error: '
    real += 'Killed signal terminated program cc1" >&2; exit 1;; esac\n'
    gcc.write_text(real + 'exec /usr/bin/x86_64-linux-gnu-gcc "$@"\n')
    told = auto(root, "netifaces")
    assert told.first == "compiler-killed", told.said
    assert told.findings[0]["manual"]


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        ("no-such-package-at-all-9f3", "uv-no-such-package"),
        ("'pbr==0.0.0.1'", "uv-no-such-version"),
        ("'keystonemiddleware>=10' 'keystoneauth1<2'", "uv-conflict"),
    ],
)
def test_what_cannot_be_had_is_for_a_person(root: BareRoot, options: str, finding: str) -> None:
    told = auto(root, options)
    assert told.status == ExitStatus.STEP_FAILED, told.said
    assert told.first == finding, told.said
    assert told.findings[0]["manual"]
    assert not told.of("step_retried")


def test_files_of_the_venv_that_root_owns_are_given_back(root: BareRoot) -> None:
    assert auto(root).built
    venv = "/opt/stack/global-venv"
    shell(root, f"chown -R root: {venv}/lib && ln -s /etc/shadow {venv}/link")
    before = shell(root, "stat -c '%U %a' /etc/shadow").stdout
    assert "venv" in auto(root).failed_checks
    told = auto(root, "--cure uv-permission")
    assert told.built, told.said
    assert "venv" not in told.failed_checks
    assert shell(root, f"find {venv} -user root").stdout == ""
    assert shell(root, "stat -c '%U %a' /etc/shadow").stdout == before


def test_a_venv_that_is_complete_but_broken_is_built_again(root: BareRoot) -> None:
    assert auto(root).built
    shell(root, "rm -r /opt/stack/global-venv/lib/python3.11/site-packages/pbr")
    told = auto(root, "--cure segmentation-fault")
    assert told.built, told.said
    assert shell(root, "/opt/stack/global-venv/bin/python -c 'import pbr'").returncode == 0
    assert root.run([f"{CLONE}/wizard.sh", "--undo", told.run]).returncode == ExitStatus.DONE


def test_windows_line_ends_of_local_conf_are_turned_into_unix_ones(root: BareRoot) -> None:
    conf = root.path(f"{CHECKOUT}/local.conf")
    conf.write_bytes(b"[[local|localrc]]\r\nADMIN_PASSWORD=x\r\n")
    failed = auto(root)
    assert not failed.built
    told = auto(root, "--cure local-conf-crlf")
    assert told.built, told.said
    assert b"\r" not in conf.read_bytes()


def test_a_broken_sudoers_file_is_left_to_a_person(root: BareRoot) -> None:
    with root.path("/etc/sudoers").open("a") as file:
        file.write("stack ALL=(ALL NOPASSWD\n")
    told = auto(root)
    assert told.status == ExitStatus.NEEDS_PERSON, told.said
    assert "sudoers" in told.said
    refused = auto(root, "--cure sudoers-syntax")
    assert refused.status == ExitStatus.USAGE
