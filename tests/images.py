"""A system image in a folder, as a Reader: its files are real, its commands answer as told."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from wizard.engine.environment import scrubbed
from wizard.engine.machine import HostReader
from wizard.engine.process import Launcher
from wizard.model.machine import Command, Completed

Answers = Mapping[str, Completed]
"""What commands say, by the beginning of their command line."""


class ImageReader(HostReader):
    """Files come from ``root``; a command gets the answer of the longest beginning that fits."""

    def __init__(
        self,
        root: Path,
        answers: Answers = MappingProxyType({}),
        *,
        user: str = "stack",
        is_root: bool = True,
    ) -> None:
        launcher = Launcher(str(root), are_root=is_root, environment=lambda a: scrubbed(a, {}))
        super().__init__(launcher, user)
        self.answers = dict(answers)
        self.asked: list[Command] = []

    def run(self, command: Command) -> Completed:
        self.asked.append(command)
        for length in range(len(command.argv), 0, -1):
            if (answer := self.answers.get(" ".join(command.argv[:length]))) is not None:
                return answer
        return Completed(127)


def image(root: Path, files: Mapping[str, str]) -> Path:
    """Write files (absolute path -> text) below ``root``."""
    for path, text in files.items():
        file = root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def said(text: str) -> Completed:
    """A command that worked."""
    return Completed(0, text.encode())


STACK = "stack:x:1000:1000::/opt/stack:/bin/bash\n"
