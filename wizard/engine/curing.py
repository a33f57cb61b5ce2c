"""A build that first does what mends a finding: which steps that takes, and what they show.

``--cure RUN:FINDING`` begins here. The answers are those of the run that failed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from wizard.arguments import Arguments
from wizard.engine import fixing, own_half_done
from wizard.engine.planning import planning
from wizard.engine.planning.planning import Planned
from wizard.engine.planning.survey import Caller, Survey, survey
from wizard.engine.prescription import Prescription, prescribed
from wizard.engine.runs import runs
from wizard.engine.sequence import delayed, in_a_row
from wizard.facts import package_manager
from wizard.model.diagnosis.rule import UNASKED, Automatic
from wizard.model.distribution import Family
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe, Tools
from wizard.model.settings.settings import Origin, Setting
from wizard.model.step import Pending, Satisfied, State, Step
from wizard.steps.dependency_repair import DependencyRepair
from wizard.steps.dpkg_configuration import DpkgConfiguration
from wizard.steps.index_refresh import IndexRefresh
from wizard.steps.lasting_answers import LastingAnswers
from wizard.steps.lock_wait import LockWait
from wizard.steps.unix_line_ends import UnixLineEnds
from wizard.steps.venv_aside import VenvAside
from wizard.steps.venv_owner import VenvOwner

Problems = tuple[Problem, ...]

OF_THE_BUILD = {
    Automatic.ADD_PACKAGE: "distro-packages",
    Automatic.LOCAL_CONF: "local-conf",
    Automatic.SUDO_PATH: "sudoers",
    Automatic.PIN_SETUPTOOLS: "pypi-packages",
    Automatic.REBUILD_VENV: "venv",
}
"""Steps of every build that do what a cure asks for, by its words."""

_PASSING = (LockWait.id, IndexRefresh.id, LastingAnswers.id)  # they mend nothing by themselves
_OF_THE_VENV = ("venv", "pypi-packages", "bytecode", "completion")


def mending(family: Family, recipe: Recipe, local_conf: str) -> Mapping[Automatic, Step]:
    """Return the steps that come before a build, by what a cure calls them, in their order."""
    return {
        Automatic.LINE_ENDS: UnixLineEnds(local_conf),
        Automatic.WAIT_FOR_LOCK: LockWait(family),
        Automatic.CONFIGURE_DPKG: DpkgConfiguration(family),
        Automatic.MEND_DEPENDENCIES: DependencyRepair(family),
        Automatic.REFRESH_INDEX: IndexRefresh(family),
        Automatic.OWN_VENV: VenvOwner(recipe),
        Automatic.REBUILD_VENV: VenvAside(recipe),
    }


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a build rests on, with what is to be mended first."""

    survey: Survey
    prescription: Prescription | None = None

    @property
    def _wanted(self) -> frozenset[Automatic]:
        return self.prescription.wanted if self.prescription else frozenset()

    def plan(self, tools: Tools) -> Planned | Problems:
        """Make the plan; what mends comes before the build, activation after it."""
        planned = planning.make(self.survey, tools)
        if self.prescription is None or isinstance(planned, tuple):
            return planned
        before = in_a_row(tuple(self._before(planned, self.prescription)))
        after = tuple(_after(planned)) if Automatic.ACTIVATION in self._wanted else ()
        joined = _joined(planned, before, after, self._mended(planned))
        return replace(joined, foreseen=self._foreseen(planned))

    def _before(self, planned: Planned, cure: Prescription) -> Iterator[Step]:
        """Yield what comes before the build, in an order that always makes sense."""
        if (cure.packages or cure.pins) and (path := self._lasting_file()):
            yield LastingAnswers(path, cure.packages, cure.pins)
        family = self.survey.distribution.family
        steps = mending(family, planned.recipe, planned.local_conf)
        yield from (step for name, step in steps.items() if name in cure.wanted)

    def _foreseen(self, planned: Planned) -> Mapping[str, State]:
        """Return what becomes of a venv that looks complete now."""
        aside = VenvAside(planned.recipe).state(self.survey.host)
        if Automatic.REBUILD_VENV not in self._wanted or not isinstance(aside, Pending):
            return {}
        return dict.fromkeys(_OF_THE_VENV, Pending("build again"))

    def _lasting_file(self) -> str:
        """Return the user's answers file, while it is there."""
        return runs.answers_file(self.survey.arguments, self.survey.caller)

    def _mended(self, planned: Planned) -> frozenset[str]:
        """Return what stands in the way of a build only until the first steps are done."""
        host, wanted = self.survey.host, self._wanted
        mended: list[object] = []
        if wanted & {Automatic.CONFIGURE_DPKG, Automatic.MEND_DEPENDENCIES}:
            manager = package_manager.of(self.survey.distribution.family)
            mended.append(manager.interrupted(host))
        if Automatic.LINE_ENDS in wanted:
            conf = Automatic.LOCAL_CONF.value
            mended += [step.state(host) for step in planned.plan.steps if step.id == conf]
        return frozenset(problem.what for problem in mended if isinstance(problem, Problem))


def prepared(given: Arguments, who: Caller) -> Prepared | Problems:
    """Look at the host, with the answers of the run whose finding is to be mended."""
    if not given.cure:
        found = survey(given, who)
        return found if isinstance(found, tuple) else Prepared(found, _with_ours(found, None))
    prescription = prescribed(given, who)
    if isinstance(prescription, Problem):
        return (prescription,)
    if given.answers is None and prescription.answers:
        found = survey(replace(given, answers=prescription.answers), who)
    else:
        found = survey(given, who)
    if isinstance(found, tuple):
        return found
    return Prepared(_with(found, prescription), _with_ours(found, prescription))


def of_no_use(prepared: Prepared, planned: Planned, states: Mapping[str, State]) -> Problems:
    """Say that a cure which a person asked for by its run would change nothing now."""
    _, colon, finding = prepared.survey.arguments.cure.rpartition(":")
    wanted = prepared.prescription.wanted - UNASKED if prepared.prescription else ()
    if not colon or not wanted:  # or the build is only to be tried again
        return ()
    doing = planned.cures | {OF_THE_BUILD[one] for one in wanted if one in OF_THE_BUILD}
    doing -= {*_PASSING}
    found = [(step, states[step.id]) for step in planned.plan.steps if step.id in doing]
    why = [f"{step.title}: {state.why}" for step, state in found if isinstance(state, Satisfied)]
    if not why or len(why) < len(found):
        return ()
    problem = Problem(
        f"the cure of {finding} would change nothing on this host ({'; '.join(why)})",
        cure="What its card says besides is for a person to do; without --cure the build is tried"
        " again as it is",
        status=ExitStatus.USAGE,
    )
    return (problem,)


def _with_ours(found: Survey, prescription: Prescription | None) -> Prescription | None:
    """Add what the last build has to end of its own, whatever else is asked for."""
    ours = own_half_done.prescription(found)
    if ours is None or prescription is None:
        return prescription or ours
    return replace(prescription, wanted=prescription.wanted | ours.wanted)


def _with(found: Survey, prescription: Prescription) -> Survey:
    """Add packages to what was asked for; one that was to be left out is wanted now."""
    settings, packages = found.settings, prescription.packages
    settings = replace(
        settings,
        distro_add=_more(settings.distro_add, packages),
        distro_remove=tuple(s for s in settings.distro_remove if s.value not in packages),
        pypi_add=_more(settings.pypi_add, prescription.pins),
    )
    return replace(found, settings=settings)


def _more(settings: tuple[Setting[str], ...], values: tuple[str, ...]) -> tuple[Setting[str], ...]:
    said = {setting.value for setting in settings}
    new = (Setting(value, Origin.OPTION, "--cure") for value in values if value not in said)
    return (*settings, *new)


def _after(planned: Planned) -> Iterator[Step]:
    """Yield what brings the venv into web servers and shells, where the build does not."""
    built = {step.id for step in planned.plan.steps} | {VenvOwner.id}
    yield from (step for step in fixing.every_fix(planned).plan.steps if step.id not in built)


def _joined(
    planned: Planned, before: tuple[Step, ...], after: tuple[Step, ...], mended: frozenset[str]
) -> Planned:
    """Put the build between the two; a step that it would begin with waits for the first ones."""
    first = frozenset(step.id for step in before[-1:])
    build = tuple(delayed(step, step.needs | first, mended) for step in planned.plan.steps)
    last = in_a_row(after, frozenset(step.id for step in build))
    plan = replace(planned.plan, steps=(*before, *build, *last))
    cures = frozenset(step.id for step in (*before, *last))
    return replace(planned, plan=plan, cures=cures, mended=mended)
