"""The part of a plan that runs stack.sh, where that is asked for."""

from collections.abc import Mapping

from wizard.checks.local_conf import LocalConfCheck
from wizard.engine.planning.survey import Survey
from wizard.facts import devstack as checkouts
from wizard.facts.stack_settings import UNTIL_2015, asked_for
from wizard.model.check import Check
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.stack_sh.outline import outline
from wizard.model.step import Step, parts
from wizard.steps.stack_sh import StackSh

_BEFORE = 2  # phases in which nothing is deployed yet: pre-install and install

# these judge what stack.sh is about to change or is changing, and are asked when it is over
_WAIT = frozenset({"venv", LocalConfCheck.id, "exec-prefix", "pip-as-user"})


def stack_steps(survey: Survey, before: tuple[Step, ...]) -> tuple[StackSh, ...] | Problem:
    """Return the step that runs stack.sh when all others are over; none if nobody asks for it."""
    if not survey.settings.stack.value:
        return ()
    devstack, root = survey.devstack, survey.host.launcher.root
    if devstack is None:
        cure = "Name it with --devstack DIR, or clone one: git clone https://opendev.org/openstack/devstack"
        return Problem(
            "there is no DevStack checkout whose stack.sh could run", "", cure, ExitStatus.HOST
        )
    if root != "/":
        cure = "Leave --stack out here, and run stack.sh on what is started from the image"
        return Problem(
            "stack.sh starts services, and no image can hold those", root, cure, ExitStatus.USAGE
        )
    text = checkouts.stack_sh(survey.host, devstack.directory)
    needs = frozenset(step.id for step in before)
    venv = survey.settings.path.value if survey.settings.use_venv.value else ""
    return (StackSh(devstack.directory, outline(text), asked_for(text), venv, needs),)


def further_passwords(survey: Survey) -> tuple[str, ...]:
    """Return what this release asks for besides the passwords of all, with any services."""
    if survey.devstack is None:
        return ()
    asked = asked_for(checkouts.stack_sh(survey.host, survey.devstack.directory))
    return tuple(name for name in asked if name == UNTIL_2015)


def asked_again(
    stack: tuple[StackSh, ...], checks: tuple[Check, ...]
) -> Mapping[str, frozenset[str]]:
    """Return the parts of stack.sh after which each check is asked again."""
    last = frozenset(step.id for step in stack)
    each = last | {part.id for step in stack for part in parts(step)[_BEFORE:]}
    return {check.id: last if check.id in _WAIT else each for check in checks}
