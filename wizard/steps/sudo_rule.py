"""The step that lets the stack user run sudo without a password."""

from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import sudo
from wizard.facts.sudoers_files import no_folder
from wizard.model.diff import unified
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldWrite
from wizard.model.sudoers import RULE_FILE, rule


@dataclass(frozen=True, slots=True)
class SudoRule:
    """Writes the rule that DevStack's own guide has for its user, when there is none yet."""

    needs: frozenset[str] = frozenset({"stack-user", "distro-packages"})

    id: ClassVar[str] = "sudo-rule"
    title: ClassVar[str] = "sudo rule"

    def state(self, host: Reader) -> State:
        """Only root can add the rule; where sudo or the user is missing, both come first."""
        name = host.user.name
        refusal = sudo.refusal(host)
        if refusal is None:
            return Satisfied(f"sudo asks {name} for no password")
        if not host.is_root:
            return refusal
        if sudo.installed(host) and (problem := _obstacle(host)):
            return problem
        text = rule(name)
        only = sudo.narrow(host)
        so_far = f" for every command, and has one for {only}" if only else ""
        return text if isinstance(text, Problem) else Pending(f"{name} needs a rule{so_far}")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the file."""
        text = rule(host.user.name)
        if isinstance(text, Problem):
            return ()
        return (WouldWrite(RULE_FILE, unified(RULE_FILE, "", text)),)

    def apply(self, host: Machine) -> Outcome:
        """Write the file, then ask sudo whether it is enough."""
        text = rule(host.user.name)
        problem = text if isinstance(text, Problem) else _obstacle(host) or _write(host, text)
        return problem or Done(f"{host.user.name} may run everything")


def _obstacle(host: Reader) -> Problem | None:
    if problem := sudo.breakdown(host):
        return problem
    if host.exists(RULE_FILE):
        only = sudo.narrow(host)
        but, widens = (f" but for {only}", ", which widens it") if only else ("", "")
        return Problem(
            f"this file is there, but sudo still asks {host.user.name} for a password{but}",
            where=RULE_FILE,
            cure=f"Look at it with visudo -f {RULE_FILE}; it needs the line{widens}:"
            f" {host.user.name} ALL=(ALL) NOPASSWD: ALL",
            status=ExitStatus.NEEDS_PERSON,
        )
    return no_folder(host)


def _write(host: Machine, text: str) -> Problem | None:
    content = text.encode()
    problem = host.write_file(
        RULE_FILE,
        content,
        expected=None,
        mode=0o440,
        owner=Identity.ROOT,
        validate=sudo.validator(host),
    )
    if problem or sudo.passwordless(host):
        return problem
    return host.remove_file(RULE_FILE, expected=content) or Problem(
        f"sudo still asks {host.user.name} for a password; the new rule was taken away again",
        where=RULE_FILE,
        cure=f"Ask sudo what holds: sudo -l -U {host.user.name}",
    )
