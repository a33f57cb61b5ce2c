"""Which checks there are, which steps bring about what they ask, and which steps mend it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wizard.checks.command_links import CommandLinks
from wizard.checks.exec_prefix import ExecPrefix
from wizard.checks.keystone_answers import KeystoneAnswers
from wizard.checks.local_conf import LocalConfCheck
from wizard.checks.openrc import Openrc
from wizard.checks.pip_as_user import PipAsUser
from wizard.checks.rootwrap_path import RootwrapPath
from wizard.checks.rootwrap_runs import RootwrapRuns
from wizard.checks.sudo_path import SudoPath
from wizard.checks.sudoers_healthy import SudoersHealthy
from wizard.checks.venv_health import VenvHealth
from wizard.checks.wsgi_mod_wsgi import WsgiModWsgi
from wizard.checks.wsgi_uwsgi import WsgiUwsgi
from wizard.engine.planning.survey import Survey
from wizard.model.check import Check
from wizard.model.recipe import Recipe, Tools
from wizard.model.step import Step
from wizard.steps.apache_python_home import ApachePythonHome
from wizard.steps.command_links import CommandLinksStep
from wizard.steps.devstack_functions import TAUGHT, DevstackFunctions
from wizard.steps.local_conf import LocalConf
from wizard.steps.openrc_path import OpenrcPath
from wizard.steps.rootwrap_exec_dirs import RootwrapExecDirs
from wizard.steps.sudoers_drop_in import SudoersDropIn
from wizard.steps.uwsgi_home import UwsgiHome
from wizard.steps.uwsgi_plugin import UwsgiPlugin
from wizard.steps.venv_owner import VenvOwner
from wizard.steps.wsgi_activation import WsgiActivation

_PYPI, _SUDOERS = "pypi-packages", "sudoers"

WATCHED: Mapping[str, frozenset[str]] = {
    "venv": frozenset({"completion"}),
    SudoPath.id: frozenset({_PYPI, _SUDOERS}),
    SudoersHealthy.id: frozenset({_SUDOERS}),
    RootwrapPath.id: frozenset({_PYPI, _SUDOERS}),
    RootwrapRuns.id: frozenset({_PYPI, _SUDOERS}),
    LocalConfCheck.id: frozenset({"local-conf"}),
    ExecPrefix.id: frozenset({"local-conf"}),
    PipAsUser.id: frozenset({"completion", "local-conf"}),
    WsgiModWsgi.id: frozenset({"distro-packages", _PYPI}),
    WsgiUwsgi.id: frozenset({"distro-packages", _PYPI}),
    KeystoneAnswers.id: frozenset({_PYPI}),
    Openrc.id: frozenset({_PYPI, "local-conf"}),
    CommandLinks.id: frozenset({_PYPI}),
}
"""A check is asked during a build as soon as these steps are over."""


def checks(survey: Survey, tools: Tools, recipe: Recipe, local_conf: LocalConf) -> Iterator[Check]:
    """Yield the checks in the order in which they are told."""
    venv, devstack, conf = recipe.path, survey.devstack, local_conf.path
    checkout = devstack.directory if devstack else ""
    is_used = survey.settings.use_venv.value
    if is_used:
        yield VenvHealth(recipe, tools)
    yield LocalConfCheck(conf, devstack, local_conf.use, venv)
    if not is_used:
        return
    yield ExecPrefix(conf, devstack, venv)
    yield PipAsUser(conf, devstack, venv)
    yield SudoPath(venv)
    yield SudoersHealthy()
    yield RootwrapPath(venv)
    yield RootwrapRuns(venv)
    yield WsgiModWsgi(venv)
    yield WsgiUwsgi(venv)
    yield KeystoneAnswers(venv, checkout)
    yield Openrc(venv, checkout)
    yield CommandLinks(venv)


def fixes(survey: Survey, recipe: Recipe, local_conf: LocalConf) -> Mapping[str, tuple[Step, ...]]:
    """Return the steps that mend, where that is safe, by the id of the check that failed."""
    venv = recipe.path
    checkout = survey.devstack.directory if survey.devstack else ""
    conf: tuple[Step, ...] = (replace(local_conf, needs=frozenset()),)
    if survey.devstack and survey.devstack.kind in TAUGHT:
        conf = (DevstackFunctions(venv, frozenset()), *conf)
    sudoers = SudoersDropIn(venv, frozenset())
    rootwrap = (sudoers, RootwrapExecDirs(venv))
    plugin = UwsgiPlugin(survey.distribution.family)
    servers = (WsgiActivation(venv), ApachePythonHome(venv), plugin, UwsgiHome(venv))
    return {
        "venv": (VenvOwner(recipe),),
        LocalConfCheck.id: conf,
        ExecPrefix.id: conf,
        PipAsUser.id: conf,
        SudoPath.id: (sudoers,),
        RootwrapPath.id: rootwrap,
        RootwrapRuns.id: rootwrap,
        WsgiModWsgi.id: servers[:2],
        WsgiUwsgi.id: servers[2:],
        KeystoneAnswers.id: servers,
        Openrc.id: (*conf, OpenrcPath(venv, checkout)),
        CommandLinks.id: (CommandLinksStep(venv),),
    }
