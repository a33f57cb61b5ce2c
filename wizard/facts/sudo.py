"""What sudo lets the work's user do: asked of sudo itself, never read from its files."""

import re

from wizard.model.exit_status import ExitStatus
from wizard.model.foreign_text import harmless
from wizard.model.machine import Command, Completed, Identity, Reader, Validate
from wizard.model.problem import Problem
from wizard.model.sudoers import FOLDER

_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE=1"
_OWN_WORDS = re.compile(r"sudo(?:-rs)?: (.*)")
_ABOUT_PASSWORDS = re.compile("password|authenticat|terminal is required|a tty present|afraid")
_DISTRUST = re.compile(r"sudo: (/\S+) (is (?:world|group|owned|gid).*)")
_PATIENCE = 20.0  # seconds: sudo looks the host's name up, which may have to time out


def installed(host: Reader) -> bool:
    """Whether there is a sudo at all."""
    return host.which("sudo") is not None


def passwordless(host: Reader) -> bool:
    """Whether the user may run commands as root and is not asked for a password."""
    return _ask(host, "true").ok


def refusal(host: Reader) -> Problem | None:
    """Say why the user may not run commands as root unasked, in sudo's own words; None if so."""
    answer = _ask(host, "true")
    if answer.ok:
        return None
    said = [match[1] for line in _said(answer) if (match := _OWN_WORDS.match(line))]
    telling = next((line for line in said if not _ABOUT_PASSWORDS.search(line)), "")
    if not telling:
        return missing_rule(host.user.name)
    what = f"sudo does nothing for {host.user.name}: {harmless(telling)}"
    cure = "Mend that as root: visudo -c, and ls -ld /etc/sudoers.d"
    if "tty" in telling:
        cure = f"As root, in a file that comes late: Defaults:{host.user.name} !requiretty"
    return Problem(what, cure=cure, status=ExitStatus.HOST)


def quietly(host: Reader, *argv: str) -> Completed:
    """Run a program in Python as root, which would else leave its bytecode in the venv."""
    answer = _ask(host, _NO_BYTECODE, *argv)
    refused = b"allowed to" in answer.stderr and b"environment" in answer.stderr
    return _ask(host, *argv) if refused else answer


def starts(host: Reader, program: str) -> str:
    """Run a program without a word, and return what sudo has against it, "" for nothing."""
    answer = quietly(host, program)
    return next((line for line in _said(answer) if _OWN_WORDS.match(line)), "")


def effective_path(host: Reader) -> tuple[str, ...] | None:
    """Return where sudo looks for the user's commands; None when sudo does not let us ask."""
    answer = _ask(host, "/usr/bin/printenv", "PATH")
    return tuple(answer.text.rstrip("\n").split(":")) if answer.ok else None


def resolves(host: Reader, program: str) -> str:
    """Return the path of the program that sudo would run; "" for ``command not found``."""
    answer = _ask(host, "-l", program)
    return answer.text.strip() if answer.ok else ""


def complaints(host: Reader) -> frozenset[str]:
    """Return what visudo finds wrong with the files that are there.

    Some of it is no news: DevStack leaves its zz-secure-path with mode 0400, and others' files
    may be broken, too. What counts is whether a change of ours adds to it.
    """
    answer = _visudo(host, "-c")
    said = answer.text + answer.stderr.decode(errors="replace")
    found = (line for line in said.splitlines() if line.startswith("/") and "parsed OK" not in line)
    return frozenset(found) | _passed_over(host)


def _passed_over(host: Reader) -> frozenset[str]:
    """Return what sudo itself says that it leaves out, which visudo does not look at: folders."""
    found = (_DISTRUST.fullmatch(line) for line in _said(_ask(host, "true")))
    return frozenset(f"{match[1]}: {match[2]}" for match in found if match and match[1] == FOLDER)


def validator(host: Reader) -> Validate:
    """Return a judge of a sudoers file that is written but not yet in its place."""

    def validate(path: str) -> Problem | None:
        answer = _visudo(host, "-cf", path)
        if answer.ok:
            return None
        said = (answer.stderr + answer.stdout).decode(errors="replace").split("\n")[0]
        return Problem(f"visudo refuses it: {said}", where=path)

    return validate


def missing_rule(user: str) -> Problem:
    """Say how to let the user run sudo without a password."""
    return Problem(
        f"sudo asks {user} for a password, and nobody would be there to give it",
        cure=f"As root: echo '{user} ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers.d/50_stack_sh"
        " && chmod 0440 /etc/sudoers.d/50_stack_sh",
        status=ExitStatus.HOST,
    )


def _said(answer: Completed) -> list[str]:
    return answer.stderr.decode(errors="replace").splitlines()


def _ask(host: Reader, *argv: str) -> Completed:
    if host.user.uid < 0:
        return Completed(1)  # nobody to ask it as
    command = Command(("sudo", "-n", *argv), identity=Identity.STACK, timeout=_PATIENCE)
    return host.run(command)


def _visudo(host: Reader, *argv: str) -> Completed:
    return host.run(Command(("visudo", *argv), identity=Identity.ROOT, timeout=_PATIENCE))
