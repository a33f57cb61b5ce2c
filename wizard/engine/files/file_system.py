"""The acts on files that a journal knows, done by ourselves or, command by command, by root."""

import os
from typing import Protocol

from wizard.engine.files import files, folders, staging
from wizard.engine.files.files import AnnounceRemoval, AnnounceWrite, Removed, Written
from wizard.engine.files.folders import AnnounceFolders
from wizard.engine.files.target import locate, read_content
from wizard.model.machine import Validate
from wizard.model.problem import Problem


class FileSystem(Protocol):
    """Acts that leave everything old or new; paths are as the kernel knows them."""

    def content(self, path: str) -> bytes | Problem | None:
        """Read a file that may be replaced; None when there is none."""
        ...

    def is_there(self, path: str) -> bool | Problem:
        """Whether something is at path, if only a link to nothing."""
        ...

    def replace(
        self,
        path: str,
        content: bytes,
        *,
        expected: bytes | None,
        mode: int,
        owner: tuple[int, int],
        validate: Validate | None = None,
        announce: AnnounceWrite | None = None,
    ) -> Written | Problem:
        """Create or replace a file that still is as expected."""
        ...

    def remove(
        self, path: str, *, expected: bytes, announce: AnnounceRemoval | None = None
    ) -> Removed | Problem:
        """Remove a file that still is as expected."""
        ...

    def make_directories(
        self,
        path: str,
        *,
        mode: int,
        owner: tuple[int, int],
        announce: AnnounceFolders | None = None,
    ) -> tuple[str, ...] | Problem:
        """Make a folder and its missing parents; return what was made."""
        ...

    def remove_directory(self, path: str) -> Problem | None:
        """Remove an empty folder."""
        ...

    def rename(self, source: str, target: str) -> Problem | None:
        """Move to where nothing is."""
        ...

    def make_link(self, path: str, target: str) -> Problem | None:
        """Make a symbolic link where nothing is."""
        ...

    def link_target(self, path: str) -> str | None:
        """Return what a symbolic link says; None for anything else."""
        ...

    def remove_link(self, path: str) -> Problem | None:
        """Remove a symbolic link, not what it leads to."""
        ...

    def remove_tree(self, path: str) -> Problem | None:
        """Remove a folder with all in it, following no link."""
        ...

    def sweep(self, path: str, sha256: str) -> tuple[Problem, ...]:
        """Remove what a killed write of that content left beside path."""
        ...


class Direct:
    """Acts of our own: as root, or on what is ours."""

    replace = staticmethod(files.replace)
    remove = staticmethod(files.remove)
    make_directories = staticmethod(folders.make_directories)
    remove_directory = staticmethod(folders.remove_directory)
    rename = staticmethod(folders.rename_noreplace)
    make_link = staticmethod(folders.make_link)
    link_target = staticmethod(folders.link_target)
    remove_link = staticmethod(folders.remove_link)
    remove_tree = staticmethod(folders.remove_tree)

    def content(self, path: str) -> bytes | Problem | None:
        """Read a file that may be replaced; None when there is none."""
        target = locate(path)
        if isinstance(target, Problem):
            return target
        return read_content(target)

    def is_there(self, path: str) -> bool | Problem:
        """Whether something is at path, if only a link to nothing."""
        return os.path.lexists(path)

    def sweep(self, path: str, sha256: str) -> tuple[Problem, ...]:  # noqa: ARG002 -- see AsRoot
        """Remove what killed writes left beside path."""
        try:
            return staging.sweep(os.path.dirname(os.path.realpath(path)))  # noqa: PTH120
        except OSError:
            return ()  # not even a folder
