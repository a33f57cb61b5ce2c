"""Is there room for the venv, the distro packages and what pip builds?"""

from dataclasses import dataclass
from typing import ClassVar

from wizard.checks.preconditions.folders import nearest
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Reader

GIB, _MIB = 1 << 30, 1 << 20
_BUILD = {"venv": GIB, "/var": GIB // 2, "/tmp": GIB // 4}  # noqa: S108 -- only measured
_EMPTY, _EACH = 128 * _MIB, 32 * _MIB  # a venv, and a requirement with what it brings; generous
_WORK = 128 * _MIB  # in /tmp, for any list: pip took 77 MiB for the whole default one, uv 7
_STACK = 15 * GIB  # source, images and data of a small DevStack


@dataclass(frozen=True, slots=True)
class Disk:
    """Less than the build takes is a failure; less than DevStack takes later a warning."""

    venv: str
    requirements: int | None = None  # how many go into the venv; None: DevStack's own, too

    id: ClassVar[str] = "disk"
    title: ClassVar[str] = "disk space"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Ask df where each of the three folders is or will be."""
        place = nearest(host, self.venv)
        needed = {place if path == "venv" else path: size for path, size in self._needed.items()}
        free = {path: size for path in needed if (size := _free(host, path)) is not None}
        evidence = tuple(f"{path}: {_gib(size)} free" for path, size in free.items())
        if short := [path for path, size in free.items() if size < needed[path]]:
            wants = ", ".join(
                f"{_gib(needed[path])} in {path}, where {_gib(free[path])} are free"
                for path in short
            )
            return Result(Code.FAILURE, f"the build needs {wants}", _cure(short), evidence)
        if place not in free:
            return Result(Code.SUCCESS, f"df does not know what is free under {place}")
        words = f"{_gib(free[place])} free under {place}"
        if free[place] >= _STACK:
            return Result(Code.SUCCESS, words, evidence=evidence)
        words = f"{words}; DevStack takes about {_gib(_STACK)}"
        return Result(Code.WARNING, words, _cure([place]), evidence)

    @property
    def _needed(self) -> dict[str, int]:
        """What goes into the venv is asked for by its list; DevStack adds more than any list."""
        if self.requirements is None:
            return _BUILD
        venv = min(GIB, _EMPTY + self.requirements * _EACH)
        return _BUILD | {"venv": venv, "/tmp": _WORK}  # noqa: S108 -- only measured


def _free(host: Reader, path: str) -> int | None:
    """Return the bytes that an ordinary user may still write; None when df does not know."""
    said = host.run(Command(("df", "-P", "-k", "--", path), timeout=20))
    fields = said.text.splitlines()[-1].split() if said.ok else []
    return int(fields[3]) * 1024 if len(fields) > 3 and fields[3].isdecimal() else None  # noqa: PLR2004


def _gib(size: int) -> str:
    if size < GIB:
        return f"{size // _MIB} MiB"
    return f"{size / GIB:.1f} GiB" if size < 10 * GIB else f"{size / GIB:.0f} GiB"


def _cure(paths: list[str]) -> str:
    return f"Make room; what is large: du -xh {' '.join(paths)} | sort -h | tail"
