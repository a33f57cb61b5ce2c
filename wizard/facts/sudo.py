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
_CONTINUED = re.compile(r"\n {6,}(?=\S)")  # sudo breaks long lines
_NARROW = re.compile(r"\s+\(.*\) (?:\w+: )*NOPASSWD: (?:\w+: )*(?!ALL\b)(\S.*)")
_HARMLESS = "unable to resolve host"
_SUDOERS = "/etc/sudoers"
_CURES = (  # words of sudo's and sudo-rs', and what root does about them
    (r"setuid bit", "chown root: {sudo} && chmod 4755 {sudo}"),
    (
        rf"({FOLDER})(?!/).*(?:writable|owned by|is mode)",
        "chown root:root {file} && chmod 0755 {file}",
    ),
    (
        rf"({_SUDOERS}[^\s:]*).*(?:writable|owned by|is mode)",
        "chown root:root {file} && chmod 0440 {file}",
    ),
    (r"\btty\b", "put this into a file that comes late: Defaults:{user} !requiretty"),
)
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
    if not installed(host):
        return _not_there(host.user.name)
    said = [line for line in _own_words(answer) if not _ABOUT_PASSWORDS.search(line)]
    return _does_nothing(host, said[0]) if said else missing_rule(host.user.name, narrow(host))


def narrow(host: Reader) -> str:
    """Return the commands that the user may run unasked where these are not all, "" for none."""
    lines = _CONTINUED.sub(" ", _ask(host, "-l").text).splitlines()
    found = (_NARROW.fullmatch(line) for line in lines)
    return harmless(", ".join(match[1] for match in found if match))


def breakdown(host: Reader) -> Problem | None:
    """Say why sudo does not come so far as to look for a rule, so that none can help."""
    answer = _ask(host, "true")
    said = [] if answer.ok else _own_words(answer)
    if not said or any(map(_ABOUT_PASSWORDS.search, said)):
        return None
    return _does_nothing(host, said[0])


def _does_nothing(host: Reader, telling: str) -> Problem:
    what = f"sudo does nothing for {host.user.name}: {harmless(telling)}"
    names = {"user": host.user.name, "sudo": host.which("sudo") or "/usr/bin/sudo"}
    cures = ((re.search(words, telling), cure) for words, cure in _CURES)
    found = (
        cure.format(file=match[1] if match.re.groups else "", **names)
        for match, cure in cures
        if match
    )
    cure = next(found, "visudo -c, and ls -ld /etc/sudoers /etc/sudoers.d, say what to mend")
    return Problem(what, cure=f"As root: {cure}", status=ExitStatus.HOST)


def _not_there(user: str) -> Problem:
    cure = missing_rule(user).cure.removeprefix("As root: ")
    return Problem(
        f"sudo is not installed, so {user} can install nothing",
        cure=f"As root, install sudo, then: {cure}",
        status=ExitStatus.HOST,
    )


def _own_words(answer: Completed) -> list[str]:
    said = (match[1] for line in _said(answer) if (match := _OWN_WORDS.match(line)))
    return [line for line in said if _HARMLESS not in line]


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


def missing_rule(user: str, only: str = "") -> Problem:
    """Say how to let the user run sudo without a password; ``only`` is what it lets through."""
    command = (
        f"As root: echo '{user} ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers.d/50_stack_sh"
        " && chmod 0440 /etc/sudoers.d/50_stack_sh"
    )
    what = f"sudo asks {user} for a password, and nobody would be there to give it"
    if not only:
        return Problem(what, cure=command, status=ExitStatus.HOST)
    return Problem(
        f"{what}: without one {user} may run only {only}",
        cure=f"Somebody meant that rule to be narrow. The following widens it to every command,"
        f" as DevStack needs it; decide that with whoever made it. {command}",
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
