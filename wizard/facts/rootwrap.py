"""rootwrap's programs in a venv, and the configuration that services give them."""

import configparser
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.facts import sudo
from wizard.model.machine import Completed, Identity, Reader

SERVICES = ("nova", "cinder", "neutron", "ironic", "manila")
PRIVSEP = "privsep-helper"
_PROGRAM = re.compile(r".+-rootwrap(-daemon)?|privsep-helper")
_HELPER = re.compile(rf'File "(/[^"\n]*/{PRIVSEP})"')


@dataclass(frozen=True, slots=True)
class Rootwrap:
    """One service's rootwrap.conf, as far as it can be read."""

    service: str
    path: str
    filters: tuple[str, ...]  # folders
    exec_dirs: tuple[str, ...]  # empty: rootwrap takes PATH, which is sudo's secure_path
    error: str = ""


def programs(host: Reader, venv: str) -> tuple[str, ...]:
    """Return the names of the venv's programs that are meant to be run by sudo."""
    return tuple(name for name in host.listdir(f"{venv}/bin") if _PROGRAM.fullmatch(name))


def interpreter(host: Reader, program: str) -> str:
    """Return what a script's first line names; "" for what is no script or cannot be read."""
    try:
        if not stat.S_ISREG(host.stat(program).st_mode):
            return ""
        first = host.read(program).split(b"\n", 1)[0]
    except OSError:
        return ""
    words = first[2:].decode(errors="replace").split()
    return words[0] if first.startswith(b"#!") and words else ""


def configurations(host: Reader) -> tuple[Rootwrap, ...]:
    """Return every rootwrap.conf that is deployed."""
    paths = ((name, f"/etc/{name}/rootwrap.conf") for name in SERVICES)
    return tuple(_read(host, name, path) for name, path in paths if host.exists(path))


def _read(host: Reader, service: str, path: str) -> Rootwrap:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(host.read(path, Identity.ROOT).decode(errors="replace"))
        section = dict(parser["DEFAULT"])
    except (OSError, configparser.Error, KeyError) as error:
        return Rootwrap(service, path, (), (), str(error).splitlines()[0])
    return Rootwrap(
        service, path, _folders(section, "filters_path"), _folders(section, "exec_dirs")
    )


def _folders(section: dict[str, str], name: str) -> tuple[str, ...]:
    """Take them apart as rootwrap does: a space belongs to the name of a folder."""
    return tuple(part for part in section.get(name, "").split(",") if part)


def ask(host: Reader, rootwrap: Rootwrap, *command: str) -> Completed:
    """Have rootwrap judge, and perhaps run, a command: by sudo and by name, as the service does."""
    return sudo.quietly(host, f"{rootwrap.service}-rootwrap", rootwrap.path, *command)


def has_run(command: tuple[str, ...], answer: Completed) -> bool:
    """Whether rootwrap started the command: privsep-helper says which file it does not find."""
    return answer.ok or (command[0] == PRIVSEP and command[2].encode() in answer.stderr)


def helper_of(answer: Completed) -> str:
    """Return the path of the privsep-helper that was started, as its traceback has it, or ""."""
    found = _HELPER.findall(answer.stderr.decode(errors="replace"))
    return found[-1] if found else ""


def allowed_command(host: Reader, rootwrap: Rootwrap) -> tuple[str, ...]:
    """Choose a command that the filters let through and that does nothing; () for none.

    That of privsep-helper where there is one: it is what services call, and it is in the venv.
    """
    found = [c for one in _all_filters(host, rootwrap) if (c := _harmless(one))]
    helper = [command for command in found if command[0] == PRIVSEP]
    there = [command for command in found if host.which(command[0])]
    return next(iter((*helper, *there)), ())


def _all_filters(host: Reader, rootwrap: Rootwrap) -> Iterator[tuple[str, ...]]:
    for folder in rootwrap.filters:
        for name in host.listdir(folder):
            if not name.startswith("."):
                yield from _filters(host, f"{folder}/{name}")


def _filters(host: Reader, path: str) -> tuple[tuple[str, ...], ...]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(host.read(path, Identity.ROOT).decode(errors="replace"))
        items = parser.items("Filters")
    except (OSError, configparser.Error):
        return ()
    return tuple(tuple(part.strip() for part in value.split(",")) for _, value in items)


_SAY_VERSION = ("mount", "dd", "cat", "ip", "lvs", "vgs", "pvs", "qemu-img", "dnsmasq", "sysctl")


def _harmless(filter_: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command for this filter that only says something, or stops before it begins."""
    kind, program, *rest = (*filter_, "", "")
    name = program.rpartition("/")[2]
    if kind == "CommandFilter" and name in _SAY_VERSION:
        return (program, "-V" if name == "ip" else "--version")
    if name != PRIVSEP:
        return ()
    if kind == "RegExpFilter":
        return _by_patterns(tuple(part for part in rest[1:] if part))
    if kind == "PathFilter":  # what it compares arguments with is what it lets through
        return (PRIVSEP, *(part for part in rest[1:] if part))
    return ()


_PLAIN = re.compile(r"[\w./=-]+")  # a pattern that matches itself
_SAMPLES = ("/etc/devstack-venv-has-no-such-file", "/tmp/devstack-venv/no-such-socket")  # noqa: S108


def _by_patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Fit words to patterns; privsep-helper ends at once for want of such a file."""
    words = tuple(_fit(pattern) for pattern in patterns)
    return words if words and all(words) else ()


def _fit(pattern: str) -> str:
    try:
        compiled = re.compile(pattern)
    except re.error:
        return ""
    plain = (pattern,) if _PLAIN.fullmatch(pattern) else ()
    return next((word for word in (*plain, *_SAMPLES) if compiled.fullmatch(word)), "")
