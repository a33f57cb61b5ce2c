"""Does Keystone answer, and is it the one in the venv?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wizard.facts import apache_configuration, servers, systemd
from wizard.facts.servers import Answer
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.foreign_text import harmless
from wizard.model.machine import Reader
from wizard.model.servers.uwsgi_options import ini

INI = "/etc/keystone/keystone-uwsgi-public.ini"
_URI = re.compile(r"^KEYSTONE_SERVICE_URI=(https?://[\w.:/\[\]-]+)$", re.MULTILINE)
_PORT = re.compile(r":(\d+)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class KeystoneAnswers:
    """Asks it over HTTP, or over its socket, and looks which files its processes hold."""

    venv: str
    checkout: str  # "" for none

    id: ClassVar[str] = "keystone-answers"
    title: ClassVar[str] = "Keystone answers"

    def run(self, host: Reader) -> Verdict:
        """Judge every address at which it is deployed."""
        own, before = tuple(dict.fromkeys(self._addresses(host))), self._in_front(host)
        if not own:
            return NotYet("Keystone is not deployed", "stack.sh has deployed it")
        answers = servers.ask(host, self.venv, *own, *before)
        if wrong := [one for one in answers if not one.is_well]:
            cure = "Look at its log: sudo journalctl -u devstack@keystone, or Apache's error log."
            return Result(
                Code.FAILURE, _words(wrong[0]), cure, tuple(_words(one) for one in wrong[1:])
            )
        return self._by_memory(answers, frozenset(own))

    def _by_memory(self, answers: tuple[Answer, ...], own: frozenset[str]) -> Verdict:
        """Judge by what the processes hold that run Keystone, not by those in front of them."""
        statuses = ", ".join(f"{one.address} {one.status}" for one in answers)
        answers = tuple(one for one in answers if one.address in own)
        evidence = tuple(f"{one.address}: holds {name}" for one in answers for name in one.examples)
        if elsewhere := [one.address for one in answers if not one.processes and one.examples]:
            return Result(
                Code.FAILURE,
                f"{elsewhere[0]} answers, but its Python is not that of {self.venv}",
                "Activate the venv there and start it again: devstack-venv --check --fix",
                evidence,
            )
        if any(not one.processes for one in answers):
            return Result(
                Code.WARNING,
                "Keystone answers; which Python it runs in only root could see",
                "Ask again as the user that stack.sh runs as, or as root.",
            )
        return Result(Code.SUCCESS, f"{statuses}, from {self.venv}", "", evidence)

    def _addresses(self, host: Reader) -> Iterator[str]:
        """Where it listens itself: uWSGI's socket, and Apache's ports with a script of its."""
        for option in ini(INI, systemd.text(host, INI)) if host.exists(INI) else ():
            if option.name in ("socket", "http-socket"):
                yield _address(option.name, option.value)
        yield from _apache_addresses(host)

    def _in_front(self, host: Reader) -> tuple[str, ...]:
        """Where clients ask: Apache passes it on to uWSGI's socket."""
        if not self.checkout or not host.exists(INI):
            return ()
        said = systemd.text(host, f"{self.checkout}/.stackenv")
        return tuple(f"{match[1].rstrip('/')}/" for match in _URI.finditer(said))


def _address(name: str, value: str) -> str:
    if value.startswith("/"):
        return f"{'uwsgi' if name == 'socket' else 'http'}:{value}"
    return f"http://{value if not value.startswith(':') else '127.0.0.1' + value}/"


def _apache_addresses(host: Reader) -> Iterator[str]:
    """Return the port of each virtual host that runs a script of Keystone's."""
    for one in apache_configuration.applications(host):
        ports = _PORT.findall(one.alias.addresses)
        if "keystone" in one.script:
            yield from (f"http://127.0.0.1:{port}{one.alias.arguments[0]}" for port in ports)


def _words(one: Answer) -> str:
    if not one.status:
        return f"{one.address} does not answer: {harmless(one.error)}"
    return f"{one.address} answers {one.status}: its application has not been loaded"
