"""The command line: what may be said on it, and what it says.

Nothing heavy is imported here: ``--help`` answers at once.
"""

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from wizard import __version__
from wizard.model.exit_status import MEANING, ExitStatus
from wizard.model.problem import Problem
from wizard.model.settings import environment
from wizard.model.suggestion import did_you_mean


class Mode(StrEnum):
    """What to do: the options of these names, and the wizard without one."""

    WIZARD = "wizard"
    AUTO = "auto"
    PLAN = "plan"
    CHECK = "check"
    UNDO = "undo"
    ATTACH = "attach"
    DIAGNOSE = "diagnose"
    BUNDLE = "bundle"


_OF_A_RUN = (Mode.UNDO, Mode.ATTACH, Mode.BUNDLE)


class Output(StrEnum):
    """How a run tells what it does."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Arguments:
    """The command line as it was given: None or "" where nothing was said."""

    mode: Mode = Mode.WIZARD
    run: str = ""  # of --undo, --attach and --bundle; "" is the last one
    log: str = ""  # of --diagnose; "-" is standard input
    fix: bool = False
    cure: str = ""  # [RUN:]FINDING, with --auto and --plan
    packages: tuple[str, ...] = ()
    devstack: str | None = None
    venv_path: str | None = None
    constraints: str | None = None
    installer: str | None = None
    stack: bool | None = None
    answers: str | None = None
    save_answers: str | None = None
    output: Output = Output.TEXT
    root: str | None = None


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Arguments | Problem:
    """Read the command line; --help and --version print and leave, as argparse does.

    What is about the program rather than the build (--answers, --save-answers, --output, --root)
    is looked for in the environment too; the rest of the environment belongs to the answers.
    """
    parser = _parser()
    try:
        given, others = parser.parse_known_args(argv)
    except _UsageError as error:
        return _problem(*error.args)
    if unknown := _unknown_option(others, parser.options()):
        return unknown
    modes = [mode for mode in Mode if getattr(given, mode, None) not in {None, False}]
    if len(modes) > 1:
        return _problem(f"{' and '.join(f'--{mode}' for mode in modes)} exclude each other")
    packages = tuple(word for word in others if word != "--")
    return _checked(given, modes[0] if modes else Mode.WIZARD, packages, environ)


def _checked(
    given: argparse.Namespace, mode: Mode, packages: tuple[str, ...], environ: Mapping[str, str]
) -> Arguments | Problem:
    """Return what was given, if it goes together."""

    def said(name: str) -> str | None:
        option: str | None = getattr(given, name)
        return option if option is not None else environment.said(name, environ)

    run = getattr(given, mode) if mode in _OF_A_RUN else ""
    output = said("output") or Output.TEXT
    if problem := next(_misfits(given, mode, run, packages, output), None):
        return problem
    return Arguments(
        mode=mode,
        run=run,
        log=given.diagnose or "",
        fix=given.fix,
        cure=given.cure or "",
        packages=packages,
        devstack=given.devstack,
        venv_path=given.venv_path,
        constraints=given.constraints,
        installer=given.installer,
        stack=given.stack or None,
        answers=said("answers"),
        save_answers=said("save_answers"),
        output=Output(output),
        root=said("root"),
    )


def _unknown_option(others: Iterable[str], options: Iterable[str]) -> Problem | None:
    for word in others:
        if word == "--":
            return None
        if word.startswith("-"):
            name = word.partition("=")[0]
            return _problem(f"there is no option {name!a}", did_you_mean(name, options))
    return None


def _misfits(  # noqa: C901 -- one after the other
    given: argparse.Namespace, mode: Mode, run: str, packages: tuple[str, ...], output: str
) -> Iterator[Problem]:
    """Find what does not go with the mode."""
    builds, cure = {Mode.AUTO, Mode.PLAN}, given.cure
    if given.fix and mode is not Mode.CHECK:
        yield _problem("--fix goes with --check only")
    if packages and mode not in {Mode.WIZARD, *builds}:
        yield _problem(f"--{mode} takes no PACKAGE, but got {packages[0]!a}")
    if given.stack and mode not in {Mode.WIZARD, *builds}:
        yield _problem("--stack goes with --auto, --plan and the wizard only")
    if run and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", run):
        yield _problem(f"--{mode} takes the name of a run, not {run!a}")
    if cure is not None and mode not in builds:
        yield _problem("--cure goes with --auto and --plan only")
    if cure is not None and not re.fullmatch(r"(?:[A-Za-z0-9][\w.-]*:)?[a-z0-9]+[a-z0-9-]*", cure):
        yield _problem(f"--cure takes the name of a finding, or RUN:FINDING, not {cure!a}")
    if output not in set(Output):
        yield _problem(f"--output is text or json, not {output!a}", did_you_mean(output, Output))
    if output == Output.JSON and mode is Mode.WIZARD:
        yield _problem("--output json needs a mode that asks nothing", "Add --auto, for one")


def _problem(what: str, cure: str = "") -> Problem:
    return Problem(what, cure=cure or "See devstack-venv --help", status=ExitStatus.USAGE)


class _UsageError(Exception):
    """What argparse does not understand, in its words."""


class _Parser(argparse.ArgumentParser):
    def options(self) -> tuple[str, ...]:
        """Every option there is."""
        return tuple(self._option_string_actions)

    def error(self, message: str) -> NoReturn:
        """Leave the printing and the exit status to the caller."""
        message = message.removeprefix("argument ")
        message = message.replace(": expected one argument", " needs a value")
        raise _UsageError(re.sub(r": ignored explicit argument .*", " takes no value", message))


def _parser() -> _Parser:
    """Build the parser. PACKAGEs are what it leaves over: they may stand anywhere."""
    parser = _Parser(
        prog="devstack-venv",
        usage="devstack-venv [MODE] [OPTION]... [PACKAGE]...",
        description=_DESCRIPTION,
        epilog=_epilog(),
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
            prog, max_help_position=27, width=80
        ),
        allow_abbrev=False,
        add_help=False,
    )
    _add_modes(parser)
    _add_options(parser)
    return parser


def _add_modes(parser: argparse.ArgumentParser) -> None:
    modes = parser.add_argument_group("modes (without one: the wizard, on a terminal)")
    flag = "store_true"
    modes.add_argument("--auto", action=flag, help="ask nothing: plan, build, check, report")
    modes.add_argument("--plan", action=flag, help="show what --auto would do; change nothing")
    modes.add_argument("--check", action=flag, help="run the checks on the host as it is")
    modes.add_argument("--fix", action=flag, help="with --check: mend what is safe to mend")
    cure = "with --auto or --plan: first mend what a run found"
    modes.add_argument("--cure", metavar="[RUN:]FINDING", help=cure)
    run = {"nargs": "?", "const": "", "metavar": "RUN"}
    modes.add_argument("--undo", **run, help="put back what a run changed (the last one)")  # type: ignore[arg-type]
    modes.add_argument("--attach", **run, help="follow a run, or replay one that is over")  # type: ignore[arg-type]
    log = "say what went wrong in a log (- is standard input)"
    modes.add_argument("--diagnose", metavar="LOG", help=log)
    modes.add_argument("--bundle", **run, help="pack a run without its secrets, to show it around")  # type: ignore[arg-type]


def _add_options(parser: argparse.ArgumentParser) -> None:
    build = parser.add_argument_group("what to build")
    program = parser.add_argument_group("how to go about it")
    for group, options in ((build, _BUILD), (program, _PROGRAM)):
        for option, text in options.items():
            name, _, metavar = option.partition(" ")
            kind = {"metavar": metavar} if metavar else {"action": "store_true"}
            group.add_argument(name, help=text, **kind)  # type: ignore[arg-type]
    version = f"%(prog)s {__version__}"
    program.add_argument("--version", action="version", version=version, help="print the version")
    program.add_argument("-h", "--help", action="help", help="print this")


_BUILD = {
    "--devstack DIR": "the DevStack checkout (the one around the current folder, ~/devstack or "
    "/opt/stack/devstack; none is fine)",
    "--venv-path DIR": "where the venv goes (/opt/stack/global-venv)",
    "--constraints FILE-OR-URL": "versions to keep to (upper-constraints.txt of the checkout's "
    "requirements)",
    "--installer uv|pip": "what installs PyPI packages (uv)",
    "--stack": "then run the checkout's stack.sh: same log, same checks",
}
_PROGRAM = {
    "--answers FILE": "read answers from a TOML file",
    "--save-answers FILE": "write the answers that took effect to a file",
    "--output text|json": "json: one event a line on standard output (text)",
    "--root DIR": "act on the system image below DIR",
}

_DESCRIPTION = """\
Puts a Python virtual environment under DevStack, and shows that it works.

PACKAGE is a further PyPI requirement, such as 'pymysql>=1.1'.
Options have environment variables: --venv-path is DEVSTACK_VENV_VENV_PATH."""


def _epilog() -> str:
    meanings = "\n".join(f"  {status.value:3}  {text}" for status, text in MEANING.items())
    return f"""\
examples:
  devstack-venv --plan
  devstack-venv --auto --devstack ~/devstack 'pymysql>=1.1'

exit status:
{meanings}"""
