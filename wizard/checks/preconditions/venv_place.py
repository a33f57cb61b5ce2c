"""Can a virtual environment be at its path, and be safe there?"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wizard.checks.preconditions.folders import nearest, on_the_way
from wizard.facts.accounts import has_private_group
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Reader

_NO = 1  # what test(1) answers


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """One of all that stands in the way there."""

    what: str
    way: str = ""  # to have the venv there all the same
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class VenvPlace:
    """Nobody else may swap the venv: sudo will run as root what is in it."""

    venv: str

    id: ClassVar[str] = "venv-place"
    title: ClassVar[str] = "place for the venv"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Say at once what the file system forbids, and who may change the folders on the way."""
        found = tuple(self._obstacles(host))
        if not found:
            return Result(Code.SUCCESS, f"{self.venv} can be made and is safe there")
        ways = "; and ".join(dict.fromkeys(one.way for one in found if one.way))
        return Result(
            Code.FAILURE,
            "; ".join(one.what for one in found),
            f"Choose another path for the venv{'; or ' if ways else '.'}{ways}",
            tuple(filter(None, (one.evidence for one in found))),
        )

    def _obstacles(self, host: Reader) -> Iterator[_Obstacle]:
        yield from self._mount(host)
        yield from self._mounted_here(host)
        yield from self._closed(host)
        yield from self._fixed(host)
        yield from self._unsafe(host)

    def _mount(self, host: Reader) -> Iterator[_Obstacle]:
        folder = nearest(host, self.venv)
        argv = ("findmnt", "--noheadings", "--output", "OPTIONS", "--target", folder)
        options = host.run(Command(argv, timeout=20)).text.strip().split(",")
        for option, opposite, consequence in (
            ("ro", "rw", "is read-only"),
            ("noexec", "exec", "lets no program run"),
        ):
            if option in options:
                yield _Obstacle(
                    f"the file system of {folder} {consequence}",
                    f"mount it with {opposite} (findmnt -T {folder})",
                    f"mount options of {folder}: {','.join(options)}",
                )

    def _mounted_here(self, host: Reader) -> Iterator[_Obstacle]:
        """A venv that is made anew waits aside under another name, and this cannot be renamed."""
        if host.run(Command(("mountpoint", "-q", "--", self.venv), timeout=20)).ok:
            yield _Obstacle(
                f"{self.venv} is a mount point, which can be neither renamed nor removed",
                f"choose a folder in it, such as {self.venv.rstrip('/')}/venv",
            )

    def _closed(self, host: Reader) -> Iterator[_Obstacle]:
        """Ask as the user: nobody else makes the venv, even where root starts all this."""
        folder, status = on_the_way(host, self.venv)[-1]
        if not stat.S_ISDIR(status.st_mode):
            if folder != self.venv:  # what stands at the path itself is another question
                yield _Obstacle(f"{folder}, on the way to it, is not a folder")
        elif host.run(Command(("test", "-x", folder), timeout=20)).returncode == _NO:
            yield _Obstacle(
                f"{host.user.name} may not enter {folder}",
                f"see which folder it is: namei -l {folder}",
            )

    def _fixed(self, host: Reader) -> Iterator[_Obstacle]:
        """The venv is made in one folder, and renamed there; neither may be closed to root, too."""
        for folder, _ in on_the_way(host, self.venv)[-2:]:
            said = host.run(Command(("lsattr", "-d", "--", folder), timeout=20))
            flags = said.text.partition(" ")[0] if said.ok else ""
            for flag, word in (("i", "immutable"), ("a", "append-only")):
                if flag in flags:
                    way = f"as root: chattr -{flag} {folder}"
                    yield _Obstacle(f"{folder} is {word}", way, said.text.strip())

    def _unsafe(self, host: Reader) -> Iterator[_Obstacle]:
        for folder, status in on_the_way(host, f"{self.venv}/bin"):  # what sudo runs is there
            if not stat.S_ISDIR(status.st_mode):
                continue  # what stands at the path itself is another question
            if why := _who_else(host, status):
                yield _Obstacle(
                    f"{folder} {why}, who could put programs there that sudo then runs as root",
                    self._safe_again(host, folder),
                    f"{folder}: owner {status.st_uid}, mode {status.st_mode & 0o7777:04o}",
                )

    def _safe_again(self, host: Reader, folder: str) -> str:
        """Only the venv's own content is all the user's; a folder on the way holds other things."""
        if not f"{folder}/".startswith(f"{self.venv}/"):
            return f"as root: chown root {folder}; chmod go-w {folder}"
        user, venv = host.user.name, self.venv
        return (
            f"look what was changed in {venv}, then as root:"
            f" chown -R {user}: {venv}; chmod -R go-w {venv}"
        )


def _who_else(host: Reader, status: os.stat_result) -> str:
    """Say who but root and the user may change a folder; "" for nobody."""
    user = host.user
    if status.st_uid not in (0, user.uid):
        return f"belongs to another user ({status.st_uid})"
    if status.st_mode & stat.S_IWOTH:
        return "is writable by everybody"
    if not status.st_mode & stat.S_IWGRP or status.st_gid == 0:
        return ""
    own = status.st_gid == user.gid and has_private_group(host, user)
    return "" if own else f"is writable by group {status.st_gid}"
