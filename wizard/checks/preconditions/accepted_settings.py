"""Does local.conf say only what this checkout's own scripts accept?"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wizard.model.bash.values import Literal, values
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.local_conf.meta_sections import localrc
from wizard.model.machine import Reader

# stackrc ends stack.sh unless one of these is as it compares them (DevStack 2016 and later)
_NAMES = ("WSGI_MODE", "SERVICE_IP_VERSION", "TUNNEL_IP_VERSION")
_COMPARED = re.compile(r'\$\{?(?P<name>\w+)\}?"? != "?(?P<value>\w+)"?')
_PLUGIN = re.compile(r"^\s*enable_plugin\s+([\w.-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AcceptedSettings:
    """What is accepted is read from the checkout: it differs between releases."""

    checkout: str
    local_conf: str

    id: ClassVar[str] = "accepted-settings"
    title: ClassVar[str] = "settings DevStack accepts"
    status: ClassVar[ExitStatus] = ExitStatus.HOST

    def run(self, host: Reader) -> Result:
        """Only a warning: the build itself needs none of these settings."""
        text = localrc(_read(host, self.local_conf))
        stackrc = _read(host, f"{self.checkout}/stackrc").decode(errors="replace")
        wrong = (*_refused(text, stackrc), *_plugins_enabled_twice(text.decode(errors="replace")))
        if not wrong:
            return Result(Code.SUCCESS, "nothing that stack.sh would refuse")
        first, *others = wrong
        return Result(Code.WARNING, first, f"Change it in {self.local_conf}", tuple(others))


def _refused(text: bytes, stackrc: str) -> Iterator[str]:
    known = values(text)
    for name in _NAMES:
        accepted = [m["value"] for m in _COMPARED.finditer(stackrc) if m["name"] == name]
        said = known.of(name)
        if accepted and isinstance(said, Literal) and said.value not in (*accepted, ""):
            yield f"{name} is {said.value!r}, and stack.sh accepts only {' or '.join(accepted)}"


def _plugins_enabled_twice(text: str) -> Iterator[str]:
    for name, times in Counter(_PLUGIN.findall(text)).items():
        if times > 1:
            yield f"the plugin {name} is enabled {times} times, at which stack.sh stops"


def _read(host: Reader, path: str) -> bytes:
    try:
        return host.read(path)
    except OSError:
        return b""
