"""What else a host's sudoers may say: each verdict is held against what sudo itself does."""

import pytest

from tests.host.sudo_roots import SudoRoot
from wizard.checks.rootwrap_path import RootwrapPath
from wizard.checks.sudo_path import SudoPath
from wizard.checks.sudoers_healthy import SudoersHealthy
from wizard.facts.sudoers_files import last_secure_path
from wizard.model.check import Check, Code, Result
from wizard.model.problem import Problem
from wizard.model.step import Done
from wizard.steps.sudoers_drop_in import SudoersDropIn

pytestmark = [pytest.mark.host, pytest.mark.timeout(300)]

VENV = "/opt/stack/global-venv"
SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"
WITHOUT = f'secure_path="{SYSTEM}"'
WITH = f'secure_path="{SYSTEM}:{VENV}/bin"'
STEP = SudoersDropIn(VENV, frozenset())


def asked(system: SudoRoot, check: Check) -> Result:
    before = system.sudoers()
    result = check.run(system.machine())
    assert system.sudoers() == before
    assert isinstance(result, Result)
    return result


def runs(system: SudoRoot) -> bool:
    """Whether sudo runs the venv's rootwrap, as a service calls it."""
    return system.as_stack("sudo", "-n", "nova-rootwrap").stdout == "rootwrap as root\n"


GOOD = {
    "for an alias": f"User_Alias OURS = stack, nobody\nDefaults:OURS {WITH}\n",
    "on two lines": f"Defaults:stack \\\n    {WITH}\n",
    "unquoted": f"Defaults:stack {WITH}\n".replace('"', ""),
    "for whom it becomes": f"Defaults>root {WITH}\n",
    "for another later": f"Defaults:stack {WITH}\nDefaults:nobody {WITHOUT}\n",
    "for all but one later": f"Defaults:stack {WITH}\nDefaults:!nobody {WITHOUT}\n",
    "for the command later": f"Defaults:stack {WITH}\nDefaults!{VENV}/bin/x {WITHOUT}\n",
    "with a terminal of its own": f"Defaults:stack {WITH}\nDefaults use_pty\n",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_what_leads_sudo_into_the_venv_is_good(stack: SudoRoot, text: str) -> None:
    stack.drop_in("zz-other", text)
    assert runs(stack)
    for check in (SudoPath(VENV), RootwrapPath(VENV), SudoersHealthy()):
        assert asked(stack, check).code is Code.SUCCESS
    line = 1 + text.startswith("User_Alias")
    assert last_secure_path(stack.machine(), "stack") == f"/etc/sudoers.d/zz-other:{line}"


LATER = {
    "for the host": f"Host_Alias HERE = ALL\nDefaults@HERE {WITHOUT}\n",
    "for the group": f"Defaults:%stack {WITHOUT}\n",
    "for everybody": f"Defaults {WITHOUT}\n",
    "taken away": "Defaults:stack !secure_path\n",
}


@pytest.mark.parametrize("text", LATER.values(), ids=LATER.keys())
def test_a_later_word_wins_and_is_named_by_the_fix(stack: SudoRoot, text: str) -> None:
    stack.drop_in("zz-other", f"Defaults:stack {WITH}\n")
    stack.drop_in("zzzz-later", text)
    assert not runs(stack)
    assert asked(stack, SudoPath(VENV)).code is Code.FAILURE
    assert asked(stack, RootwrapPath(VENV)).code is Code.FAILURE
    before = stack.sudoers()
    outcome = STEP.apply(stack.machine())
    assert isinstance(outcome, Problem)
    assert "/etc/sudoers.d/zzzz-later:" in outcome.cure
    assert stack.sudoers() == before


@pytest.mark.parametrize("name", ["zz-other.conf", "zz-other~"])
def test_a_file_that_sudo_passes_over_is_no_help_and_ours_is(stack: SudoRoot, name: str) -> None:
    stack.drop_in(name, f"Defaults:stack {WITH}\n")
    assert not runs(stack)
    assert asked(stack, RootwrapPath(VENV)).code is Code.FAILURE
    assert isinstance(STEP.apply(stack.machine()), Done)
    assert runs(stack)
    assert asked(stack, RootwrapPath(VENV)).code is Code.SUCCESS


@pytest.mark.parametrize("rule", ["!", "PASSWD: "], ids=["forbids", "asks"])
def test_a_rule_about_rootwrap_itself_is_seen(stack: SudoRoot, rule: str) -> None:
    stack.drop_in("zz-other", f"Defaults:stack {WITH}\n")
    stack.drop_in("zzz-rule", f"stack ALL=(ALL) {rule}{VENV}/bin/nova-rootwrap\n")
    assert not runs(stack)
    result = asked(stack, RootwrapPath(VENV))
    assert result.code is Code.FAILURE
    assert result.evidence == ("nova-rootwrap: a rule forbids it or asks for a password",)
    assert "Take out the rule" in result.cure


def test_a_folder_that_everybody_may_write_is_named(stack: SudoRoot) -> None:
    folder = stack.root.path("/etc/sudoers.d")
    folder.chmod(0o777)
    try:
        assert not runs(stack)
        result = asked(stack, SudoersHealthy())
    finally:
        folder.chmod(0o755)
    assert result.code is Code.FAILURE
    assert result.cure == "As root: chown root:root /etc/sudoers.d; chmod 0755 /etc/sudoers.d"


def test_a_file_of_somebody_else_is_named(stack: SudoRoot) -> None:
    stack.drop_in("zz-other", f"Defaults:stack {WITH}\n")
    stack.root.run(["chown", "stack", "/etc/sudoers.d/zz-other"])
    assert not runs(stack)
    result = asked(stack, SudoersHealthy())
    assert result.code is Code.FAILURE
    assert "chown root:root /etc/sudoers.d/zz-other" in result.cure


class TestSettingsThatSudoRsLacks:
    """It complains of them and goes on; the older sudo obeys."""

    def test_a_sudo_that_wants_a_terminal_is_told_in_its_words(self, stack: SudoRoot) -> None:
        stack.drop_in("zz-other", f"Defaults:stack {WITH}\nDefaults requiretty\n")
        result = asked(stack, RootwrapPath(VENV))
        if stack.flavour == "sudo-rs":
            assert runs(stack)
            assert asked(stack, SudoersHealthy()).code is Code.FAILURE
        else:
            assert not runs(stack)
            assert "must have a tty" in result.details

    def test_a_group_that_is_exempt_has_no_path(self, stack: SudoRoot) -> None:
        stack.drop_in("zz-other", f"Defaults exempt_group = stack\nDefaults:stack {WITH}\n")
        failed = asked(stack, RootwrapPath(VENV)).code is Code.FAILURE
        assert failed is not runs(stack)
        if stack.flavour == "sudo":
            outcome = STEP.apply(stack.machine())
            assert isinstance(outcome, Problem)
            assert "/etc/sudoers.d/zz-other:1 decides" in outcome.cure
