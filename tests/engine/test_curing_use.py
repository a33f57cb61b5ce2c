"""A cure that would change nothing on this host is not offered."""

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from wizard.engine.curing_use import CureUse
from wizard.engine.diagnosing import Explanation, read
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.doer import Doer, doer
from wizard.model.diagnosis.finding import Finding
from wizard.model.distribution import Distribution, Family
from wizard.model.machine import Account, Command, Completed, Identity

CLUES = Clues(rule_book.shipped())
DEBIAN = Distribution("debian", "12", "Debian 12", Family.DEB, "bookworm")
NO_COMPILER = b"error: [Errno 2] No such file or directory: 'x86_64-linux-gnu-gcc'\n"
NO_HEADER = b"a.c:1:10: fatal error: lber.h: No such file or directory\n"
SCRIPT_FAILED = b"dpkg: error processing package acme-agent (--configure):\n"
UNMET = b" python3-dev depends on python3.11-dev (>= 3.11.2-1~); however:\n"


@dataclass(frozen=True)
class Host:
    """What dpkg, apt and a few links say; nobody is at work."""

    packages: Mapping[str, str] = field(default_factory=dict)  # states, by name
    fits: bool = True
    links: Mapping[str, str] = field(default_factory=dict)  # that lead nowhere
    owned: str = ""  # what dpkg -S says

    user = Account("me", 1000, 1000, "/home/me")
    is_root = False

    def run(self, command: Command) -> Completed:
        rows = "".join(f"{name}\t{state}\t1\n" for name, state in self.packages.items())
        answers = {
            "dpkg-query": Completed(0, rows.encode()),
            "dpkg": Completed(0, self.owned.encode()),
            "apt-get": Completed(0 if self.fits else 100),
            "readlink": Completed(0, self.links.get(command.argv[-1], "").encode()),
        }
        return answers.get(command.argv[0], Completed(127))

    def exists(self, path: str) -> bool:
        return path in self.links

    def which(self, name: str) -> str | None:
        del name
        return None

    def listdir(self, path: str) -> tuple[str, ...]:
        del path
        return ()

    def read(self, path: str, identity: Identity = Identity.STACK) -> bytes:
        raise FileNotFoundError(path, identity)

    def stat(self, path: str, *, follow: bool = True) -> os.stat_result:
        raise FileNotFoundError(path, follow)


def explained(text: bytes, host: Host, cured: str = "", *cures: str) -> Finding:
    use = CureUse(host, Family.DEB, cured, frozenset(cures))
    found = read(io.BytesIO(text), CLUES).findings()[0]
    return Explanation(host, DEBIAN, use=use).finding(found)


def test_a_package_that_is_not_there_is_offered() -> None:
    assert doer(explained(NO_HEADER, Host())) is Doer.PROGRAM


def test_one_that_was_removed_and_left_its_settings_is_offered() -> None:
    assert doer(explained(NO_HEADER, Host({"libldap-dev": "rc"}))) is Doer.PROGRAM


def test_one_that_is_installed_is_not() -> None:
    finding = explained(NO_HEADER, Host({"libldap-dev": "ii "}))
    assert doer(finding) is Doer.PERSON
    assert finding.manual == "libldap-dev is installed already."
    assert "sudo apt-get install --reinstall libldap-dev" in finding.commands
    assert "sudo apt-get install libldap-dev" not in finding.commands


def test_where_a_program_is_a_link_that_leads_nowhere_that_is_said() -> None:
    lost = {"/usr/bin/x86_64-linux-gnu-gcc": "/usr/bin/x86_64-linux-gnu-gcc-12"}
    finding = explained(NO_COMPILER, Host({"gcc": "ii "}, links=lost))
    assert doer(finding) is Doer.PERSON
    assert "a link to /usr/bin/x86_64-linux-gnu-gcc-12, which is not there" in finding.cure
    assert "dpkg-divert --list /usr/bin/x86_64-linux-gnu-gcc-12" in finding.commands


@pytest.mark.parametrize(("text", "host"), [
    (SCRIPT_FAILED, Host({"acme-agent": "iF "})),
    (UNMET, Host(fits=False)),
])  # fmt: skip
def test_what_is_half_done_is_offered(text: bytes, host: Host) -> None:
    assert doer(explained(text, host)) is Doer.PROGRAM


@pytest.mark.parametrize("text", [SCRIPT_FAILED, UNMET])
def test_where_nothing_is_half_done_nothing_is_offered(text: bytes) -> None:
    finding = explained(text, Host({"tree": "ii "}))
    assert doer(finding) is Doer.PERSON
    assert "would change nothing" in finding.manual


def test_what_the_run_began_with_is_not_offered_again_under_another_name() -> None:
    host = Host({"acme-agent": "iF "})
    again = explained(SCRIPT_FAILED, host, "dpkg-interrupted", "configure-dpkg")
    assert doer(again) is Doer.PERSON
    assert "began with just that" in again.manual


def test_another_cure_is_offered_after_one_that_did_not_do() -> None:
    host = replace(Host({"python3-dev": "iU "}), fits=False)
    assert doer(explained(UNMET, host, "dpkg-interrupted", "configure-dpkg")) is Doer.PROGRAM


def test_another_package_is_offered_after_the_first_was_added() -> None:
    assert doer(explained(NO_HEADER, Host({"gcc": "ii "}), "header-missing")) is Doer.PROGRAM


def test_a_step_of_the_build_that_the_run_was_cured_by_is_not_offered_again() -> None:
    gone = b"ModuleNotFoundError: No module named 'setuptools._distutils'\n"
    assert doer(explained(gone, Host())) is Doer.PROGRAM
    assert doer(explained(gone, Host(), "setuptools-half")) is Doer.PERSON


PYTHON_H = "/usr/include/python3.11/Python.h"
CC1 = "/usr/lib/gcc/x86_64-linux-gnu/12/cc1"
ELSEWHERE = "acme-sdk: /usr/lib/acme/include/Python.h\n"


@pytest.mark.parametrize(("line", "owned", "path", "owner"), [
    ("netifaces.c:1:10: fatal error: Python.h: No such file or directory",
     f"{ELSEWHERE}libpython3.11-dev:amd64: {PYTHON_H}\n", PYTHON_H, "libpython3.11-dev"),
    ("x86_64-linux-gnu-gcc: fatal error: cannot execute 'cc1': execvp: No such file or directory",
     f"cpp-12: {CC1}\n", CC1, "cpp-12"),
    ("/usr/bin/ld: cannot find -lssl: No such file or directory",
     "libssl-dev:amd64: /usr/lib/x86_64-linux-gnu/libssl.so\n",
     "/usr/lib/x86_64-linux-gnu/libssl.so", "libssl-dev"),
    ("/usr/bin/ld: cannot find Scrt1.o: No such file or directory",
     "libc6-dev:amd64: /usr/lib/x86_64-linux-gnu/Scrt1.o\n",
     "/usr/lib/x86_64-linux-gnu/Scrt1.o", "libc6-dev"),
])  # fmt: skip
@pytest.mark.parametrize("installed", ["ii ", ""])
def test_a_file_that_was_deleted_is_brought_back_by_the_package_that_owns_it(
    line: str, owned: str, path: str, owner: str, installed: str
) -> None:
    packages = dict.fromkeys(("python3-dev", "gcc", "libssl-dev", "libc6-dev"), installed)
    finding = explained(f"{line}\n".encode(), Host(packages, owned=owned))
    assert finding.what == f"{path} is gone, though its package {owner} is installed"
    assert finding.commands[-1] == f"sudo apt-get install --reinstall {owner}"
    assert doer(finding) is Doer.PERSON


def test_a_header_that_a_package_has_elsewhere_or_still_has_is_not_called_lost() -> None:
    host = Host(links={"/usr/include/lber.h": ""}, owned="libldap-dev: /usr/include/lber.h\n")
    assert doer(explained(NO_HEADER, host)) is Doer.PROGRAM
    assert doer(explained(NO_HEADER, Host(owned="acme: /opt/acme/lber.h\n"))) is Doer.PROGRAM


def test_what_is_installed_is_not_said_to_be_missing_for_want_of_it() -> None:
    finding = explained(NO_HEADER, Host({"libldap-dev": "ii "}))
    assert "not installed" not in finding.cause
