"""The step that makes the user that DevStack works as."""

import stat
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import accounts
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Identity, Machine, Reader
from wizard.model.problem import Problem
from wizard.model.step import Done, Outcome, Pending, Preview, Satisfied, State, WouldRun
from wizard.model.sudoers import user_problem

_TRAVERSABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class StackUser:
    """Makes a missing user as DevStack's create-stack-user.sh does: group, bash, home in DEST."""

    home: str = "/opt/stack"
    needs: frozenset[str] = frozenset()

    id: ClassVar[str] = "stack-user"
    title: ClassVar[str] = "stack user"

    def state(self, host: Reader) -> State:
        """A user that is there stays as it is."""
        user = host.user
        if user.uid >= 0:
            return Satisfied(f"{user.name} exists, at home in {user.home}")
        if not host.is_root:
            return Problem(
                f"the user {user.name} does not exist, and only root can make it",
                cure="Run this once as root, or as a user that exists.",
                status=ExitStatus.HOST,
            )
        return user_problem(user.name) or Pending(f"{user.name} is to be made")

    def preview(self, host: Reader) -> tuple[Preview, ...]:
        """Show the commands."""
        return tuple(WouldRun(c.shown(), c.identity) for c in self._commands(host))

    def apply(self, host: Machine) -> Outcome:
        """Make group, user and home."""
        host.note("user", name=host.user.name, home=self.home)
        for command in self._commands(host):
            ended = host.job(command)
            if not ended.ok:
                return Problem(
                    f"{command.shown()} ended with status {ended.returncode}",
                    cure=" ".join(ended.tail[-1:]),
                )
        return self._open_home(host) or Done(f"{host.user.name}, at home in {self.home}")

    def _commands(self, host: Reader) -> tuple[Command, ...]:
        name = host.user.name
        group = () if accounts.has_group(host, name) else (_root("groupadd", name),)
        add = _root("useradd", "-g", name, "-s", "/bin/bash", "-d", self.home, "-m", name)
        return (*group, add)

    def _open_home(self, host: Machine) -> Problem | None:
        """Let the services in: some distributions make homes that only their owner can enter.

        A home that was there before stays root's after useradd, and the user could not work in it.
        """
        user, commands = host.user.name, []
        home = host.stat(self.home)
        if home.st_uid == 0:
            commands.append(_root("chown", f"{user}:{user}", "--", self.home))
        if home.st_mode & _TRAVERSABLE != _TRAVERSABLE:
            commands.append(_root("chmod", "0755", "--", self.home))
        failed = next((c for c in commands if not host.job(c).ok), None)
        return None if failed is None else Problem(f"{failed.shown()} failed", where=self.home)


def _root(*argv: str) -> Command:
    return Command(argv, identity=Identity.ROOT)
