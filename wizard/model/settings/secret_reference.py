"""From a reference to the secret itself."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.secret import Secret
from wizard.model.settings import text_file
from wizard.model.settings.answers import FromEnvironment, FromFile

MAX_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Found:
    """A secret, and what a person should know about where it was."""

    secret: Secret
    warning: str = ""


def resolve(
    reference: FromEnvironment | FromFile, environ: Mapping[str, str], files: text_file.Files
) -> Found | Problem:
    """Fetch a secret from where the answers say it is."""
    match reference:
        case FromEnvironment(name):
            return _from_environment(name, environ)
        case FromFile(path):
            return _from_file(path, files)


def _from_environment(name: str, environ: Mapping[str, str]) -> Found | Problem:
    if name not in environ:
        return _problem(f"the environment variable {name} is not set", f"Set it: export {name}=...")
    return _judged(environ[name], f"the environment variable {name}")


def _from_file(path: str, files: text_file.Files) -> Found | Problem:
    text = text_file.read(path, files, MAX_BYTES)
    if isinstance(text, Problem):
        return _problem(f"no secret can be read from {text.where}: {text.what}", text.cure)
    found = _judged(text.removesuffix("\n").removesuffix("\r"), path)
    if isinstance(found, Found) and files.stat(path).st_mode & stat.S_IROTH:
        return Found(found.secret, f"everybody on this host can read {path}")
    return found


def _judged(value: str, source: str) -> Found | Problem:
    """A secret is one line of printable text: anything else would break local.conf."""
    if not value.strip():
        return _problem(f"{source} is empty")
    if not value.isprintable():
        return _problem(f"{source} holds more than one line, or characters that do not print")
    return Found(Secret(value))


def _problem(what: str, cure: str = "") -> Problem:
    return Problem(what, cure=cure, status=ExitStatus.ANSWERS)
