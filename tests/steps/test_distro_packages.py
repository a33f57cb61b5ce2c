"""The step that installs distro packages: what it says before it does anything."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.support import local_reader
from wizard.engine.machine import HostReader
from wizard.facts import apt
from wizard.model.distribution import Family
from wizard.model.machine import Ending, Identity, Machine
from wizard.model.problem import Problem
from wizard.model.step import Pending, Satisfied, WouldRun
from wizard.steps import package_commands
from wizard.steps.distro_packages import DistroPackages
from wizard.steps.package_commands import Output

debian = pytest.mark.skipif(not shutil.which("apt-get"), reason="not Debian or Ubuntu")


@dataclass
class Screen:
    """The part of a Machine that Output talks to."""

    seen: list[tuple[int, int, str]] = field(default_factory=list)

    def progress(self, done: int, total: int, text: str = "") -> None:
        self.seen.append((done, total, text))


def heard(lines: Sequence[str]) -> tuple[list[str], Screen, Output]:
    screen = Screen()
    machine: Machine = screen  # type: ignore[assignment]
    output = Output(machine)
    logged = [line for line in map(output, lines) if line is not None]
    return logged, screen, output


@debian
def test_installed_packages_are_nothing_to_do() -> None:
    step = DistroPackages(Family.DEB, ("dpkg", "bash"))
    assert step.state(local_reader()) == Satisfied("all 2 installed")
    assert step.preview(local_reader()) == ()


@debian
def test_missing_packages_are_counted_and_shown_as_one_command() -> None:
    step = DistroPackages(Family.DEB, ("dpkg", "no-such-package"))
    assert step.state(local_reader()) == Pending("1 of 2 to install")
    refresh, install = step.preview(local_reader())
    assert refresh == WouldRun("apt-get update", Identity.ROOT)
    assert isinstance(install, WouldRun)
    assert install.command.endswith(" -- no-such-package")


@debian
@pytest.mark.parametrize("line", ["", "deb http://127.0.0.1/debian bookworm main\n"])
def test_apt_itself_says_whether_it_is_told_of_any_source(tmp_path: Path, line: str) -> None:
    (tmp_path / "list").write_text(line)
    (tmp_path / "parts").mkdir()
    words = f'Dir::Etc::SourceList "{tmp_path}/list";\nDir::Etc::SourceParts "{tmp_path}/parts";\n'
    (tmp_path / "conf").write_text(words)
    here = local_reader()
    told = {"PATH": "/usr/bin:/bin", "APT_CONFIG": f"{tmp_path}/conf"}
    launcher = replace(here.launcher, environment=lambda _: told)
    assert apt.has_source(HostReader(launcher, here.user_name)) is bool(line)


def test_a_host_without_the_package_manager_is_a_problem() -> None:
    if not shutil.which("rpm"):
        assert isinstance(DistroPackages(Family.RPM, ("gcc",)).state(local_reader()), Problem)


@pytest.mark.parametrize("family", Family)
def test_the_transaction_asks_nothing_and_is_never_killed(family: Family) -> None:
    command = package_commands.install(family, ["gcc", "make"], 600)
    assert command.argv[-3:] == ("--", "gcc", "make")
    assert command.identity is Identity.ROOT
    assert command.ending is Ending.LET_FINISH
    assert {"-y", "--non-interactive"} & set(command.argv)
    assert command.timeout > 600


def test_apt_s_status_becomes_progress_and_stays_out_of_the_log() -> None:
    logged, screen, _ = heard(
        [
            "Get:1 http://h bookworm/main amd64 gcc 1",
            "dlstatus:1:50.0000:Retrieving file 1 of 2",
            "pmstatus:gcc:25.0000:Unpacking gcc (amd64)",
            "Setting up gcc ...",
        ]
    )
    assert logged == ["Get:1 http://h bookworm/main amd64 gcc 1", "Setting up gcc ..."]
    assert screen.seen == [
        (25, 100, "Retrieving file 1 of 2"),
        (62, 100, "Unpacking gcc (amd64)"),
    ]


def test_dnf_and_zypper_count_and_the_lines_stay() -> None:
    lines = [
        "  Installing       : meta-1.0-1.noarch                                      2/3 ",
        "(3/3) Installing: meta-1.0-1.noarch [...done]",
    ]
    logged, screen, _ = heard(lines)
    assert logged == lines
    assert [seen[:2] for seen in screen.seen] == [(2, 3), (3, 3)]


def test_a_wait_for_the_lock_is_told_once() -> None:
    line = "Waiting for cache lock: Could not get lock /x. It is held by process 1 (init)..."
    logged, _, output = heard([line, line, line])
    assert logged == [line]
    assert output.complaints == [line]


def test_zypper_s_status_says_what_else_happened() -> None:
    assert package_commands.succeeded(Family.SUSE, 107)
    assert "script failed" in package_commands.afterthought(Family.SUSE, 107)
    assert not package_commands.succeeded(Family.SUSE, 104)
    assert not package_commands.succeeded(Family.DEB, 107)
