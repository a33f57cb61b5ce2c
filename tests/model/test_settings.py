"""What a build goes by, and who said so."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.answers_strategy import ANSWERS
from wizard.arguments import Arguments
from wizard.model.exit_status import ExitStatus
from wizard.model.settings.answers import (
    Answers,
    BuildAnswers,
    DevstackAnswers,
    FromEnvironment,
    FromFile,
    Generate,
    Installer,
    PackageAnswers,
    VenvAnswers,
    from_flat,
)
from wizard.model.settings.resolution import Host, resolve
from wizard.model.settings.settings import Origin, Row, Setting, Settings, effective, rows

NOTHING = Answers()


def resolved(
    options: Arguments | None = None,
    environ: dict[str, str] | None = None,
    answers: Answers = NOTHING,
    last: Answers = NOTHING,
    host: Host | None = None,
) -> Settings:
    settings = resolve(options or Arguments(), environ or {}, answers, last, host or Host())
    assert isinstance(settings, Settings), [str(problem) for problem in settings]
    return settings


def problems(**named: Any) -> list[str]:
    options = named.get("options", Arguments())
    environ = named.get("environ", {})
    answers = named.get("answers", NOTHING)
    found = resolve(options, environ, answers, NOTHING, named.get("host", Host(folder="/here")))
    assert isinstance(found, tuple), found
    return [str(problem) for problem in found]


def with_path(path: str) -> Answers:
    return Answers(venv=VenvAnswers(path=path))


def test_what_nobody_says_is_the_default() -> None:
    settings = resolved()
    assert settings.path == Setting("/opt/stack/global-venv", Origin.DEFAULT)
    assert settings.user == Setting("stack", Origin.DEFAULT)
    assert settings.installer == Setting(Installer.UV, Origin.DEFAULT)
    assert settings.timeout_minutes == Setting(120, Origin.DEFAULT)
    assert {row.origin for row in rows(settings)} == {Origin.DEFAULT}


def test_the_first_that_says_something_counts() -> None:
    option = Arguments(venv_path="/o/v")
    environ = {"DEVSTACK_VENV_VENV_PATH": "/e/v"}
    file = from_flat({"venv.path": "/f/v"}, {"venv.path": "a.toml:3:8"})
    last, host = with_path("/l/v"), Host(suggested=with_path("/h/v"))
    found = [
        resolved(option, environ, file, last, host).path,
        resolved(None, environ, file, last, host).path,
        resolved(None, None, file, last, host).path,
        resolved(None, None, NOTHING, last, host).path,
        resolved(None, None, NOTHING, NOTHING, host).path,
    ]
    assert found == [
        Setting("/o/v", Origin.OPTION, "--venv-path"),
        Setting("/e/v", Origin.ENVIRONMENT, "DEVSTACK_VENV_VENV_PATH"),
        Setting("/f/v", Origin.FILE, "a.toml:3:8"),
        Setting("/l/v", Origin.LAST),
        Setting("/h/v", Origin.HOST),
    ]


def test_each_value_has_its_own_origin() -> None:
    settings = resolved(
        Arguments(installer="pip"),
        {"DEVSTACK_VENV_DEVSTACK": "/d"},
        Answers(venv=VenvAnswers(use=False)),
    )
    assert settings.installer == Setting(Installer.PIP, Origin.OPTION, "--installer")
    assert settings.directory.origin is Origin.ENVIRONMENT
    assert settings.use_venv == Setting(False, Origin.FILE)  # noqa: FBT003 -- the value itself


def test_relative_folders_and_files_of_options_are_of_the_current_folder() -> None:
    options = Arguments(devstack="../devstack", constraints="c.txt")
    settings = resolved(options, host=Host(folder="/home/u/src"))
    assert settings.directory.value == "/home/u/devstack"
    assert settings.constraints.value == "/home/u/src/c.txt"


def test_constraints_may_be_a_url() -> None:
    url = "https://example.org/c.txt"
    assert resolved(Arguments(constraints=url)).constraints.value == url


def test_an_empty_variable_says_nothing() -> None:
    assert resolved(environ={"DEVSTACK_VENV_INSTALLER": ""}).installer.origin is Origin.DEFAULT


def test_packages_add_up_each_with_its_origin() -> None:
    settings = resolved(
        Arguments(packages=("a>=1", "b")),
        answers=Answers(
            pypi=PackageAnswers(add=("b", "c")), distro=PackageAnswers(remove=("gcc",))
        ),
        last=Answers(pypi=PackageAnswers(add=("d",))),
    )
    assert settings.pypi_add == (
        Setting("a>=1", Origin.OPTION, "PACKAGE"),
        Setting("b", Origin.OPTION, "PACKAGE"),
        Setting("c", Origin.FILE),
        Setting("d", Origin.LAST),
    )
    assert settings.distro_remove == (Setting("gcc", Origin.FILE),)


def test_a_package_that_a_stronger_source_removes_is_not_added_by_a_weaker_one() -> None:
    settings = resolved(
        Arguments(packages=("a",)),
        answers=Answers(pypi=PackageAnswers(add=("c",), remove=("a", "b"))),
        last=Answers(pypi=PackageAnswers(add=("b", "d"), remove=("c",))),
    )
    assert [setting.value for setting in settings.pypi_add] == ["a", "c", "d"]
    assert [setting.value for setting in settings.pypi_remove] == ["b"]


def test_local_conf_is_merged_name_by_name() -> None:
    settings = resolved(
        answers=Answers(local_conf={"A": "file"}),
        last=Answers(local_conf={"A": "last", "B_PASSWORD": Generate()}),
    )
    assert settings.local_conf == {
        "A": Setting("file", Origin.FILE),
        "B_PASSWORD": Setting(Generate(), Origin.LAST),
    }


def test_all_problems_of_options_and_environment_are_told_at_once() -> None:
    found = problems(
        options=Arguments(venv_path="v", devstack="~x", packages=("--pre", "ok", "a b")),
        environ={"DEVSTACK_VENV_INSTALLER": "pipp", "DEVSTACK_VENV_CONSTRAINTS": "ftp://x"},
    )
    beginnings = [
        "--devstack: ~ is not replaced here: ~x. Write the whole path, from / on",
        "--venv-path: VENV_PATH is not an absolute path: 'v'. Start it with /",
        "PACKAGE: '--pre' is not a requirement: it is an option",
        "PACKAGE: 'a b' is not a requirement: ",
        "DEVSTACK_VENV_CONSTRAINTS: 'ftp://x' is neither a file nor a URL",
        "DEVSTACK_VENV_INSTALLER: this must be uv or pip, not 'pipp'. Did you mean pip?",
    ]
    assert len(found) == len(beginnings)
    assert all(map(str.startswith, found, beginnings))


@pytest.mark.parametrize("name", ["devstack", "venv_path", "constraints", "installer"])
def test_an_empty_option_is_refused(name: str) -> None:
    (problem,) = problems(options=Arguments(**{name: ""}))  # type: ignore[arg-type]
    assert problem == f"--{name.replace('_', '-')}: the value is empty"


def test_a_venv_in_place_of_the_checkout_or_of_something_else_is_refused_where_it_was_said() -> (
    None
):
    answers = from_flat(
        {"venv.path": "/srv/devstack", "devstack.directory": "/srv/devstack"},
        {"venv.path": "a.toml:4:8"},
    )
    (problem,) = problems(answers=answers)
    assert problem.startswith("a.toml:4:8: VENV_PATH is not a place for a venv, /srv/devstack is")
    (problem,) = problems(
        options=Arguments(venv_path="/data/me"), host=Host(taken=("/data/me/program",))
    )
    assert problem.startswith("--venv-path: VENV_PATH is not a place for a venv")


def test_a_variable_that_no_option_has_is_a_warning() -> None:
    environ = {
        "DEVSTACK_VENV_INSTALER": "pip",
        "DEVSTACK_VENV_OUTPUT": "json",
        "DEVSTACK_VENV": "/opt/stack/data/venv",
        "DEVSTACKVENV": "x",
    }
    (warning,) = resolved(environ=environ).warnings
    assert warning.status is ExitStatus.USAGE
    assert str(warning) == (
        "there is no option for the environment variable DEVSTACK_VENV_INSTALER. "
        "Did you mean DEVSTACK_VENV_INSTALLER?"
    )


def test_rows_show_every_value_and_no_secret() -> None:
    answers = Answers(
        pypi=PackageAnswers(add=("a @ https://me:hunter2@example.org/a.whl", "b")),
        local_conf={
            "ADMIN_PASSWORD": Generate(),
            "DATABASE_PASSWORD": FromEnvironment("DB"),
            "RABBIT_PASSWORD": FromFile("/run/rabbit"),
            "GIT_BASE": "https://me:hunter2@example.org",
        },
    )
    shown = rows(resolved(Arguments(venv_path="/o/v"), answers=answers))
    assert Row("venv.path", "/o/v", Origin.OPTION, "--venv-path") in shown
    assert Row("venv.use", "true", Origin.DEFAULT) in shown
    assert [(row.key, row.value) for row in shown if row.origin is Origin.FILE] == [
        ("packages.pypi.add", "a @ https://********@example.org/a.whl"),
        ("packages.pypi.add", "b"),
        ("local_conf.ADMIN_PASSWORD", "generated"),
        ("local_conf.DATABASE_PASSWORD", "from the environment variable DB"),
        ("local_conf.RABBIT_PASSWORD", "from the file /run/rabbit"),
        ("local_conf.GIT_BASE", "https://********@example.org"),
    ]
    assert "hunter2" not in repr(shown)


def values(settings: Settings) -> list[tuple[str, str]]:
    return [(row.key, row.value) for row in rows(settings)]


@given(ANSWERS)
def test_effective_answers_lead_to_the_same_settings_on_another_host(answers: Answers) -> None:
    here = Host(suggested=Answers(devstack=DevstackAnswers(user="me"), venv=VenvAnswers(use=False)))
    settings = resolved(answers=answers, host=here)
    assert values(resolved(answers=effective(settings))) == values(settings)


@given(st.text(max_size=20), st.sampled_from(["devstack", "venv_path", "constraints"]))
def test_any_text_is_settings_or_problems(text: str, name: str) -> None:
    options = Arguments(**{name: text}, packages=(text,))  # type: ignore[arg-type]
    found = resolve(options, {"DEVSTACK_VENV_INSTALLER": text}, NOTHING, NOTHING, Host())
    assert isinstance(found, Settings) or all(problem.where for problem in found)


@pytest.mark.parametrize(
    ("options", "environ", "origin"),
    [
        (Arguments(stack=True), {}, Origin.OPTION),
        (Arguments(), {"DEVSTACK_VENV_STACK": "yes"}, Origin.ENVIRONMENT),
    ],
)
def test_stack_sh_is_asked_for_by_an_option_or_its_variable(
    options: Arguments, environ: dict[str, str], origin: Origin
) -> None:
    stack = resolved(options, environ).stack
    assert (stack.value, stack.origin) == (True, origin)


def test_a_variable_that_says_neither_yes_nor_no_is_refused() -> None:
    environ = {"DEVSTACK_VENV_STACK": "perhaps"}
    found = resolve(Arguments(), environ, NOTHING, NOTHING, Host())
    assert isinstance(found, tuple)
    assert [problem.where for problem in found] == ["DEVSTACK_VENV_STACK"]


def test_stack_sh_is_not_run_again_because_the_last_run_did() -> None:
    assert not resolved(last=Answers(build=BuildAnswers(stack=True))).stack.value
