"""From what was found and asked for to a plan: the steps, the checks, what has to be so before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wizard.checks.preconditions import Precondition, all_preconditions
from wizard.engine.planning.check_plan import WATCHED, checks, fixes
from wizard.engine.planning.package_choice import PackageChoice, Problems, choose, requirements
from wizard.engine.planning.stacking import asked_again, further_passwords, stack_steps
from wizard.engine.planning.survey import Survey
from wizard.facts import devstack as checkouts
from wizard.facts import package_manager
from wizard.facts.own_secrets import own_secrets
from wizard.model import shipped
from wizard.model.check import Code
from wizard.model.local_conf.managed_block import PASSWORDS, Password
from wizard.model.packages import requirement_list
from wizard.model.plan import Plan
from wizard.model.problem import Problem
from wizard.model.recipe import Recipe, Tools
from wizard.model.secret import Secret
from wizard.model.settings.answers import Generate
from wizard.model.settings.settings import Origin
from wizard.model.step import State, Step
from wizard.steps.bytecode import Bytecode
from wizard.steps.command_links import CommandLinksStep
from wizard.steps.completion import Completion
from wizard.steps.devstack_functions import TAUGHT, DevstackFunctions
from wizard.steps.distro_packages import DistroPackages
from wizard.steps.download import Download
from wizard.steps.local_conf import LocalConf, generated_passwords
from wizard.steps.put_back import PutBack
from wizard.steps.pypi_packages import PyPIPackages
from wizard.steps.stack_user import StackUser
from wizard.steps.sudo_rule import SudoRule
from wizard.steps.sudoers_drop_in import SudoersDropIn
from wizard.steps.virtual_environment import VirtualEnvironment

LOCAL_CONF = "local.conf"


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what it rests on."""

    plan: Plan
    recipe: Recipe
    packages: PackageChoice
    local_conf: str
    local_conf_remarks: tuple[Problem, ...]
    secrets: tuple[Secret, ...]
    cures: frozenset[str] = frozenset()  # the steps of a build that only mend something, by id
    mended: frozenset[str] = frozenset()  # what stands in the way until these are done
    foreseen: Mapping[str, State] = field(default_factory=dict)  # of steps that they change


def make(survey: Survey, tools: Tools) -> Planned | Problems:
    """Make the plan, or return everything that stands in the way of one."""
    packages = choose(survey)
    if isinstance(packages, tuple):
        return packages
    recipe = _recipe(survey, packages)
    local_conf = local_conf_step(survey)
    steps = tuple(_steps(survey, tools, packages, recipe, local_conf))
    stack = stack_steps(survey, steps)
    if isinstance(stack, Problem):
        return (stack,)
    asked = tuple(checks(survey, tools, recipe, local_conf))
    plan = Plan(
        (*steps, *stack),
        asked,
        (PutBack(recipe),),
        WATCHED,
        fixes(survey, recipe, local_conf),
        asked_again(stack, asked),
    )
    remarks, secrets = _remarks(survey, local_conf), _secrets(survey, local_conf)
    return Planned(plan, recipe, packages, local_conf.path, remarks, secrets)


def preconditions(survey: Survey) -> tuple[Precondition, ...]:
    """Return what has to be so on this host."""
    settings, devstack, host = survey.settings, survey.devstack, survey.host
    checkout = devstack.directory if devstack else ""
    like = settings.like.value
    return all_preconditions(
        venv=settings.path.value,
        environ=survey.caller.environ,
        like=like or "",
        devstack_name=settings.devstack_name.value,
        supported=checkouts.supported_distributions(host, checkout) if checkout else None,
        checkout=checkout,
        local_conf=f"{checkout}/local.conf",
        settings=tuple(settings.local_conf),
        starts_by_systemd=not checkout or checkouts.starts_by_systemd(host, checkout),
        requirements=requirements(survey),
    )


def states(survey: Survey, planned: Planned) -> dict[str, State]:
    """Ask every step, by id, whether there is something to do."""
    found = {step.id: step.state(survey.host) for step in planned.plan.steps}
    return found | dict(planned.foreseen)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What would make the build stop, and what is worth knowing before it."""

    obstacles: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def judge(survey: Survey, planned: Planned, found: Mapping[str, State]) -> Judgement:
    """Collect everything at once, before anything is changed."""
    results = [(one, one.run(survey.host)) for one in preconditions(survey)]
    failed = [
        Problem(result.details, cure=result.cure, status=one.status)
        for one, result in results
        if result.code is Code.FAILURE and result.details not in planned.mended
    ]
    warned = [
        Problem(result.details, cure=result.cure)
        for _, result in results
        if result.code is Code.WARNING
    ]
    told = {problem.what for problem in failed}
    blocked = [s for s in found.values() if isinstance(s, Problem) and s.what not in told]
    remarks = planned.local_conf_remarks
    return Judgement((*failed, *blocked), (*survey.warnings, *remarks, *warned))


def _remarks(survey: Survey, step: LocalConf) -> tuple[Problem, ...]:
    """Return what DevStack reads otherwise than whoever wrote local.conf may think."""
    try:
        text = survey.host.read(step.path)
    except OSError:
        return ()
    return tuple(
        Problem(remark.what, f"{step.path}:{remark.line}", remark.cure)
        for remark in step.warnings(text)
    )


def _steps(
    survey: Survey, tools: Tools, packages: PackageChoice, recipe: Recipe, local_conf: LocalConf
) -> Iterator[Step]:
    """Yield the steps as they are shown; what each needs decides when it runs."""
    if not survey.settings.use_venv.value:
        yield local_conf
        return
    before_venv = {"stack-user"} if survey.python.present else {"stack-user", "distro-packages"}
    yield StackUser(survey.places.dest)
    family, names = survey.distribution.family, packages.distro.names
    yield DistroPackages(family, names, needs=frozenset({"stack-user"}), places=packages.places)
    folders = (survey.places.dest, survey.places.data_dir)
    yield VirtualEnvironment(recipe, tools, folders, frozenset(before_venv))
    yield _download(survey, tools, packages, recipe)
    yield PyPIPackages(recipe, tools, survey.index)
    yield Bytecode(recipe)
    if survey.devstack and survey.devstack.kind in TAUGHT:
        yield DevstackFunctions(recipe.path)
    yield local_conf
    yield SudoRule()
    yield SudoersDropIn(recipe.path, frozenset({"pypi-packages", "sudo-rule"}))
    links = CommandLinksStep(recipe.path, frozenset({"pypi-packages"}))
    if survey.devstack and survey.devstack.links and links.is_free(survey.host):
        yield links
    yield Completion(recipe)


def _recipe(survey: Survey, packages: PackageChoice) -> Recipe:
    settings = survey.settings
    urls = "".join(f"-c {url}\n" for url in packages.pypi.constraint_urls)
    return Recipe(
        settings.path.value,
        survey.python.path,
        settings.system_site_packages.value,
        requirement_list.rendered(packages.pypi.requirements),
        urls + requirement_list.rendered(packages.pypi.constraints),
        str(settings.installer.value),
        offered=settings.constraints.origin is Origin.HOST,
    )


def _not_there_yet(survey: Survey, packages: PackageChoice) -> frozenset[str]:
    """Return the distro packages that are still to be installed."""
    installed = package_manager.of(survey.distribution.family).installed(survey.host)
    known: Mapping[str, str] = {} if isinstance(installed, Problem) else installed
    return frozenset(name for name in packages.distro.names if name not in known)


def _download(survey: Survey, tools: Tools, packages: PackageChoice, recipe: Recipe) -> Download:
    """What must be compiled with distro packages that are not there yet is fetched later."""
    missing = _not_there_yet(survey, packages)
    needed = {name: packages.distro.needed_for(name) for name in packages.pypi.names}
    later = frozenset(name for name, needs in needed.items() if missing.intersection(needs))
    return Download(recipe, tools, survey.index, later, waits=bool(missing))


def _alone(survey: Survey) -> str:
    """Return where local.conf goes without a checkout; our current folder is in no image."""
    is_here = survey.host.launcher.root == "/"
    return survey.caller.folder if is_here else survey.host.user.home


def local_conf_step(survey: Survey) -> LocalConf:
    """Return the step that writes local.conf; passwords to generate are made up here."""
    settings, devstack = survey.settings, survey.devstack
    folder = devstack.directory if devstack else _alone(survey)
    plain: list[tuple[str, str | Secret]] = []
    names = (*PASSWORDS, *further_passwords(survey))
    passwords = {password.name: password for password in generated_passwords(names)}
    for name, setting in settings.local_conf.items():
        said = setting.value
        if isinstance(said, str):
            plain.append((name, said))
        elif isinstance(said, Generate):
            passwords[name] = Password(name, generated_passwords()[0].secret)
        elif name in PASSWORDS:
            passwords[name] = Password(name, survey.secrets[name], generated=False)
        else:
            plain.append((name, survey.secrets[name]))
    return LocalConf(
        f"{folder}/{LOCAL_CONF}",
        devstack.kind if devstack else None,
        settings.use_venv.value,
        settings.path.value,
        tuple(plain),
        tuple(passwords.values()),
        needs=_before_local_conf(survey),
        builder=shipped.program(),
    )


def _before_local_conf(survey: Survey) -> frozenset[str]:
    """Return what has to be there before DevStack is told of it."""
    if not survey.settings.use_venv.value:
        return frozenset()
    is_taught = survey.devstack is not None and survey.devstack.kind in TAUGHT
    return frozenset({"pypi-packages", *((DevstackFunctions.id,) if is_taught else ())})


def _secrets(survey: Survey, local_conf: LocalConf) -> tuple[Secret, ...]:
    made = (password.secret for password in local_conf.passwords)
    return (*survey.secrets.values(), *made, *own_secrets(survey.host, local_conf.path))
