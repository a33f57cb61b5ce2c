"""A list of packages and its changes, as values."""

from hypothesis import given
from hypothesis import strategies as st

from wizard.model.settings.answers import PackageAnswers
from wizard.tui.package_edit import Change, Listed, PackageEdit

LISTED = (
    Listed("gcc", "gcc"),
    Listed("libpq-dev", "libpq-dev"),
    Listed("git", "git", usual=False),
)
EDIT = PackageEdit(LISTED, PackageAnswers(), str)


def name_of(text: str) -> str:
    return text.partition("<")[0]


def test_nothing_said_is_the_list_as_shipped() -> None:
    assert [(line.key, line.used) for line in EDIT.lines] == [
        ("gcc", True),
        ("libpq-dev", True),
        ("git", False),
    ]


def test_turning_one_off_removes_it_from_the_list() -> None:
    assert EDIT.toggled("gcc").said == PackageAnswers(remove=("gcc",))


def test_turning_it_on_again_leaves_nothing_said() -> None:
    assert EDIT.toggled("gcc").toggled("gcc").said == PackageAnswers()


def test_one_that_is_only_for_some_is_used_by_adding_it() -> None:
    assert EDIT.toggled("git").said == PackageAnswers(add=("git",))
    assert EDIT.toggled("git").toggled("git").said == PackageAnswers()


def test_another_version_stands_in_place_of_the_listed_one() -> None:
    pypi = PackageEdit((Listed("numpy", "numpy"),), PackageAnswers(), name_of)
    edited = pypi.having("numpy<2", "numpy")
    assert edited.said == PackageAnswers(("numpy<2",), ("numpy",))
    assert [(line.text, line.change) for line in edited.lines] == [("numpy<2", Change.EDITED)]
    assert edited.having("numpy", "numpy").said == PackageAnswers()


def test_one_name_edited_into_another_turns_the_first_off() -> None:
    edited = EDIT.having("clang", "gcc")
    assert edited.said == PackageAnswers(("clang",), ("gcc",))


def test_reset_forgets_all_changes() -> None:
    assert EDIT.toggled("gcc").having("curl").reset() == EDIT


NAMES = st.sampled_from(["gcc", "libpq-dev", "git", "curl", "clang", "gcc<2", "git<3"])
ACTS = st.lists(st.tuples(st.sampled_from(["toggle", "without", "having"]), NAMES), max_size=30)


@given(ACTS)
def test_whatever_is_done_no_package_is_said_twice_and_none_both_ways(
    acts: list[tuple[str, str]],
) -> None:
    edit = PackageEdit(LISTED, PackageAnswers(), name_of)
    for act, name in acts:
        if act == "toggle":
            edit = edit.toggled(name_of(name))
        elif act == "without":
            edit = edit.without(name_of(name))
        else:
            edit = edit.having(name)
    keys = [line.key for line in edit.lines]
    assert len(keys) == len(set(keys))
    assert not set(edit.said.add) & set(edit.said.remove)
    assert set(edit.said.remove) <= {"gcc", "libpq-dev"}


@given(ACTS)
def test_to_turn_one_off_and_on_again_is_to_use_it(acts: list[tuple[str, str]]) -> None:
    edit = PackageEdit(LISTED, PackageAnswers(), name_of)
    for _, other in acts:
        edit = edit.toggled(name_of(other))
    line = edit.without("gcc").having("gcc").line("gcc")
    assert line is not None
    assert line.used
