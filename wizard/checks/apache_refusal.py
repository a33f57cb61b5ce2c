"""What Apache has against its own configuration: with it, it would not start."""

import re

from wizard.facts import apache_configuration
from wizard.facts.reinstalling import reinstall
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.machine import Reader
from wizard.model.problem import Problem

_PLACE = re.compile(r"yntax error on line (\d+) of (/[^:]+): *")
_LOADS = re.compile(r"Cannot load (\S+) into server")
_MEND = "Mend that line first; then ask again: apache2ctl configtest"


def refused(host: Reader, refusal: str) -> Problem:
    """Name the place where it ends, the innermost of files that include each other."""
    places = list(_PLACE.finditer(refusal))
    where = f"{places[-1][2]}:{places[-1][1]}: " if places else ""
    said = refusal[places[-1].end() :] if places else refusal
    loaded = _LOADS.match(said)
    if where and loaded and not host.exists(path := _absolute(host, loaded[1])):
        return Problem(
            f"{where}Apache would not start: {path} is not there", cure=_bring(host, path)
        )
    return Problem(
        f"{where}Apache refuses its configuration and would not start: {said}", cure=_MEND
    )


def _absolute(host: Reader, path: str) -> str:
    """Return a module's path; a relative one is below the folder above that of the modules."""
    folder = apache_configuration.modules(host).rpartition("/")[0]
    return path if path.startswith("/") else f"{folder}/{path}"


def _bring(host: Reader, path: str) -> str:
    again = reinstall(host, path)
    return f"As root: {again}" if again else _MEND


def without_mod_wsgi(host: Reader) -> Verdict:
    """Judge an Apache whose mod_wsgi was not found: not installed yet, or lost."""
    refusal = apache_configuration.read(host).refusal
    if not refusal:
        return NotYet("Apache with mod_wsgi is not installed", "stack.sh has installed it")
    problem = refused(host, refusal)
    return Result(Code.FAILURE, problem.what, problem.cure)


def beside(verdict: Result, host: Reader, refusal: str) -> Result:
    """Warn where it refuses what is no affair of Keystone's: stack.sh starts it again and ends."""
    if verdict.code is not Code.SUCCESS or not refusal:
        return verdict
    problem = refused(host, refusal)
    return Result(Code.WARNING, problem.what, problem.cure, (verdict.details,))
