"""sudoers text is made of strict parts; what is not strict is refused, whoever let it through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.model.problem import Problem
from wizard.model.sudoers import (
    DROP_IN,
    RULE_FILE,
    extended,
    is_stack_sh_rules,
    parse,
    render,
    rule,
    user_problem,
)

PATH = ("/usr/local/sbin", "/usr/bin", "/bin")
VENV = "/opt/stack/global-venv"


def test_the_drop_in_appends_the_venv_for_one_user_and_quotes_it() -> None:
    longer = extended(PATH, VENV)
    assert not isinstance(longer, Problem)
    assert render({"stack": longer}) == (
        "# Made by devstack-venv: sudo finds the programs of the virtual environment.\n"
        'Defaults:stack secure_path="/usr/local/sbin:/usr/bin:/bin:/opt/stack/global-venv/bin"\n'
    )


def test_the_venv_comes_last_even_where_it_was_first() -> None:
    assert extended((f"{VENV}/bin", *PATH), VENV) == (*PATH, f"{VENV}/bin")


def test_a_folder_that_only_begins_like_the_venv_is_another_one() -> None:
    assert extended((f"{VENV}2/bin",), VENV) == (f"{VENV}2/bin", f"{VENV}/bin")


def test_the_rule_is_one_line() -> None:
    assert rule("stack") == "stack ALL=(ALL) NOPASSWD: ALL\n"


@pytest.mark.parametrize(
    "name",
    [
        *("", "a b", "a,b", "#4242", "%g", "ALL", "DOM\\u", "u@d", "-x", "!x", "a:b", "é", "$"),
        *("stack\n", "+netgroup", "Stack", "a" * 40, "stack\nroot ALL=(ALL) NOPASSWD: ALL"),
    ],
)
def test_names_that_sudo_reads_as_something_else_are_refused(name: str) -> None:
    for outcome in (rule(name), render({name: PATH}), user_problem(name)):
        assert isinstance(outcome, Problem)
        assert "\n" not in outcome.what


@pytest.mark.parametrize("name", ["stack", "_apt", "u-1", "host$"])
def test_ordinary_names_are_taken(name: str) -> None:
    assert user_problem(name) is None


@pytest.mark.parametrize(
    "venv",
    [
        *("/opt/v\nmallory ALL=(ALL) NOPASSWD:ALL", '/opt/a"b', "/opt/a:b", "/opt/a#b", "/opt/a b"),
        *("v", "", "/opt/../etc", "/opt/-a", "/opt//v", "/opt/v/", "/opt/v\x00", "/opt/é"),
        "/usr/bin",
    ],
)
def test_a_venv_path_that_slipped_through_is_refused_here(venv: str) -> None:
    assert isinstance(extended(PATH, venv), Problem)


@pytest.mark.parametrize("folder", ["", ".", "bin", "/a:b", '/a"b', "/a\\b", "/a\n/b", "/é", "/\t"])
def test_a_path_of_sudo_that_cannot_be_quoted_safely_is_refused(folder: str) -> None:
    assert isinstance(render({"stack": (*PATH, folder)}), Problem)


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=12)).map(tuple)))
def test_whatever_comes_in_nothing_but_quoted_paths_goes_out(
    entries: dict[str, tuple[str, ...]],
) -> None:
    text = render(entries)
    if isinstance(text, str):
        assert len(text.splitlines()) == 1 + len(entries)
        assert text.isascii()
        assert text.endswith("\n")
        assert text.count('"') == 2 * len(entries)


@given(
    st.dictionaries(
        st.text("abz_019-", max_size=8).map("u{}".format),
        st.lists(st.text("aZ0._/ #%-", max_size=8).map("/{}".format), min_size=1).map(tuple),
    )
)
def test_what_was_rendered_reads_back(entries: dict[str, tuple[str, ...]]) -> None:
    text = render(entries)
    assert isinstance(text, str)
    assert parse(text) == entries


@pytest.mark.parametrize(
    "text",
    ["", "Defaults secure_path=/bin\n", "# Made by hand\n", "\0"],
)
def test_text_of_others_is_not_ours(text: str) -> None:
    assert parse(text) is None


def test_a_line_that_somebody_added_makes_it_foreign() -> None:
    text = render({"stack": PATH})
    assert isinstance(text, str)
    assert parse(text + "mallory ALL=(ALL) ALL\n") is None


def test_file_names_sort_after_devstacks_and_are_not_passed_over() -> None:
    ours, rule_file = DROP_IN.rpartition("/")[2], RULE_FILE.rpartition("/")[2]
    assert max(ours, "50_stack_sh", "zz-secure-path") == ours
    assert not any("." in name or "~" in name for name in (ours, rule_file))


STACK_SH_RULES = """\
stack ALL=(root) NOPASSWD:ALL
Defaults:stack secure_path=/sbin:/usr/sbin:/usr/bin:/bin:/usr/local/sbin:/usr/local/bin
Defaults:stack !requiretty
"""


@pytest.mark.parametrize("text", [STACK_SH_RULES, STACK_SH_RULES.rpartition("Defaults")[0]])
def test_what_stack_sh_writes_for_its_user_is_known(text: str) -> None:
    assert is_stack_sh_rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        rule("stack"),
        STACK_SH_RULES + "mallory ALL=(ALL) ALL\n",
        STACK_SH_RULES.replace("Defaults:stack !", "Defaults:other !"),
        STACK_SH_RULES.replace("=/sbin:", "=/tmp:"),
        STACK_SH_RULES.replace("NOPASSWD:ALL", "NOPASSWD:/bin/ls"),
    ],
)
def test_what_a_person_made_of_it_is_not(text: str) -> None:
    assert not is_stack_sh_rules(text)
