"""What units and ini files tell uWSGI about its Python."""

import pytest

from wizard.model.servers import systemd_unit
from wizard.model.servers.uwsgi_options import (
    Service,
    ini,
    service,
    with_home_in_ini,
    with_home_in_unit,
    with_inis,
)

INI = "[uwsgi]\nplugins = http,python3\nmodule = keystone.wsgi.api:application\n"


def started(command: str, rest: str = "") -> Service:
    text = f"[Service]\nExecStart = {command}\n{rest}"
    found = systemd_unit.start("devstack@k", [("/x/devstack@k.service", text)])
    assert found
    return service("devstack@k", found)


@pytest.mark.parametrize(
    "option",
    ["--venv /opt/v", "--virtualenv=/opt/v", "-H /opt/v", "-H/opt/v", "--home /opt/v"],
)
def test_every_spelling_of_the_environment_is_one_option(option: str) -> None:
    found = started(f"-/usr/bin/uwsgi --x {option}")
    assert found.is_uwsgi
    assert (found.name, found.value("home")) == ("devstack@k", "/opt/v")
    assert found.options[0].where == "/x/devstack@k.service:2"


def test_a_variable_names_it_where_no_option_does() -> None:
    variable = "Environment = UWSGI_VIRTUALENV=/opt/e\n"
    assert started("/usr/bin/uwsgi --x", variable).value("home") == "/opt/e"
    assert started("/usr/bin/uwsgi --venv /opt/v", variable).value("home") == "/opt/v"


@pytest.mark.parametrize(
    ("command", "decides"),
    [
        ("uwsgi --ini a.ini --venv /opt/v", "/opt/v"),
        ("uwsgi --venv /opt/v --ini a.ini", "/opt/i"),
        ("uwsgi --venv /opt/v a.ini", "/opt/i"),
        ("uwsgi --venv /opt/v --ini b.ini", "/opt/i"),
    ],
)
def test_what_an_ini_says_stands_where_it_is_named(command: str, decides: str) -> None:
    texts = {"a.ini": f"{INI}venv = /opt/i\n", "b.ini": "[uwsgi]\ninclude = a.ini\n"}
    merged = with_inis(started(command), texts.__getitem__)
    assert merged.value("home") == decides
    assert merged.value("module") == "keystone.wsgi.api:application"


def test_an_ini_that_includes_itself_comes_to_an_end() -> None:
    assert with_inis(started("uwsgi --ini a"), lambda _: "[uwsgi]\nini = a\n").value("ini") == "a"


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("venv = %d/v", "/etc/k//v"),
        ("venv = /opt/%n", "/opt/a"),
        ("base = /opt\nvenv = %(base)/v", "/opt/v"),
        ("venv = $(HERE)/v", "/here/v"),
    ],
)
def test_what_uwsgi_fills_in_is_filled_in(text: str, home: str) -> None:
    found = ini("/etc/k/a.ini", f"[uwsgi]\n{text}\n", {"HERE": "/here"})
    assert found[-1].value == home
    assert found[-1].is_plain


def test_only_its_own_section_counts_and_comments_do_not() -> None:
    text = "[other]\nvenv = /a\n[uwsgi]\n;venv = /b\n# venv = /c\nhome=/d\n"
    assert [option.value for option in ini("i", text)] == ["/d"]


@pytest.mark.parametrize("value", ["%(x)/v", "@(file)", "%t/v", "$(HOME)/v"])
def test_what_uwsgi_would_make_something_else_of_is_not_plain(value: str) -> None:
    (option,) = ini("i", f"[uwsgi]\nvenv = {value}\n")
    assert not option.is_plain


def test_a_unit_gets_the_environment_as_devstack_would_write_it() -> None:
    text = "[Service]\nExecStart = uwsgi --ini a.ini\nUser = stack\n"
    new = with_home_in_unit(text, 2, "/opt/v")
    assert new == text.replace("a.ini", "a.ini --venv /opt/v")
    assert with_home_in_unit(new, 2, "/opt/w") == new.replace("/opt/v", "/opt/w")
    assert with_home_in_unit("ExecStart=uwsgi -H /a x", 1, "/b") == "ExecStart=uwsgi -H /b x"


def test_a_command_over_several_lines_gets_it_at_its_end_or_where_it_is() -> None:
    text = "ExecStart=uwsgi \\\n  --ini a.ini \\\n  --x\nUser=stack\n"
    assert with_home_in_unit(text, 1, "/v") == text.replace("--x", "--x --venv /v")
    named = text.replace("a.ini", "a.ini --venv /w")
    assert with_home_in_unit(named, 1, "/v") == named.replace("/w", "/v")


def test_an_ini_gets_it_where_that_is_safe() -> None:
    assert with_home_in_ini(INI, "/v") == INI.replace("[uwsgi]\n", "[uwsgi]\nvenv = /v\n")
    assert with_home_in_ini(f"{INI}home=/a\n", "/v") == f"{INI}home=/v\n"
    assert with_home_in_ini(INI + INI, "/v") is None
    assert with_home_in_ini(f"{INI}home=/a\nvenv=/b\n", "/v") is None
    assert with_home_in_ini("", "/v") is None
