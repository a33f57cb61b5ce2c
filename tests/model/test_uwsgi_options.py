"""What units and ini files tell uWSGI about its Python."""

import pytest

from wizard.model.servers.uwsgi_options import (
    ini,
    unit,
    with_home_in_ini,
    with_home_in_unit,
    with_ini,
)

INI = "[uwsgi]\nplugins = http,python3\nmodule = keystone.wsgi.api:application\n"


@pytest.mark.parametrize(
    "option",
    ["--venv /opt/v", "--virtualenv=/opt/v", "-H /opt/v", "--home /opt/v", "--pyhome /opt/v"],
)
def test_every_spelling_of_the_environment_is_one_option(option: str) -> None:
    found = unit("/x/devstack@k.service", f"[Service]\nExecStart = -/usr/bin/uwsgi --x {option}\n")
    assert found
    assert found.is_uwsgi
    assert (found.name, found.value("home")) == ("devstack@k", "/opt/v")
    assert found.options[0].where == "/x/devstack@k.service:2"


def test_a_unit_that_starts_nothing_is_none() -> None:
    assert unit("x", "[Unit]\nDescription = ExecStart\n") is None


def test_what_the_ini_says_stands_where_the_ini_is_named() -> None:
    for command, decides in (
        ("uwsgi --ini a.ini --venv /opt/v", "/opt/v"),
        ("uwsgi --venv /opt/v --ini a.ini", "/opt/i"),
    ):
        service = unit("x", f"ExecStart={command}\n")
        assert service
        merged = with_ini(service, "a.ini", ini("a.ini", f"{INI}venv = /opt/i\n"))
        assert merged.value("home") == decides
        assert merged.value("module") == "keystone.wsgi.api:application"


def test_only_its_own_section_counts_and_comments_do_not() -> None:
    text = "[other]\nvenv = /a\n[uwsgi]\n;venv = /b\n# venv = /c\nhome=/d\n"
    assert [option.value for option in ini("i", text)] == ["/d"]


@pytest.mark.parametrize("value", ["%(x)/v", "@(file)", "%d/v", "$(HOME)/v"])
def test_what_uwsgi_would_make_something_else_of_is_not_plain(value: str) -> None:
    (option,) = ini("i", f"[uwsgi]\nvenv = {value}\n")
    assert not option.is_plain


def test_a_unit_gets_the_environment_as_devstack_would_write_it() -> None:
    text = "[Service]\nExecStart = uwsgi --ini a.ini\nUser = stack\n"
    new = with_home_in_unit(text, 2, "/opt/v")
    assert new == text.replace("a.ini", "a.ini --venv /opt/v")
    assert with_home_in_unit(new, 2, "/opt/w") == new.replace("/opt/v", "/opt/w")
    assert with_home_in_unit("ExecStart=uwsgi -H /a x", 1, "/b") == "ExecStart=uwsgi -H /b x"


def test_an_ini_gets_it_where_that_is_safe() -> None:
    assert with_home_in_ini(INI, "/v") == INI.replace("[uwsgi]\n", "[uwsgi]\nvenv = /v\n")
    assert with_home_in_ini(f"{INI}home=/a\n", "/v") == f"{INI}home=/v\n"
    assert with_home_in_ini(INI + INI, "/v") is None
    assert with_home_in_ini(f"{INI}home=/a\nvenv=/b\n", "/v") is None
    assert with_home_in_ini("", "/v") is None
