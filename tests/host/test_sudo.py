"""User, rule and search path, with real sudo and sudo-rs on bare systems."""

import pytest

from tests.host.sudo_roots import DEVSTACK_RULE, RULE, SudoRoot
from wizard.checks.rootwrap_path import RootwrapPath
from wizard.checks.sudo_path import SudoPath
from wizard.checks.sudoers_healthy import SudoersHealthy
from wizard.facts import sudo
from wizard.facts.sudoers_files import last_secure_path
from wizard.model.check import Check, Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem
from wizard.model.step import Done, Pending, Satisfied, WouldRun, WouldWrite
from wizard.model.sudoers import DROP_IN, RULE_FILE
from wizard.steps.stack_user import StackUser
from wizard.steps.sudo_rule import SudoRule
from wizard.steps.sudoers_drop_in import SudoersDropIn

pytestmark = [pytest.mark.host, pytest.mark.timeout(300)]

VENV = "/opt/stack/global-venv"
BIN = f"{VENV}/bin"


class TestStackUser:
    def test_a_missing_user_is_made_as_devstack_makes_it(self, bare: SudoRoot) -> None:
        host = bare.machine()
        assert isinstance(StackUser().state(host), Pending)
        assert StackUser().apply(host) == Done("stack, at home in /opt/stack")
        assert bare.root.run(["getent", "passwd", "stack"]).stdout.endswith(
            ":/opt/stack:/bin/bash\n"
        )
        assert bare.root.run(["id", "-gn", "stack"]).stdout == "stack\n"
        home = bare.root.run(["stat", "-c", "%U:%G %a", "/opt/stack"]).stdout
        assert home == "stack:stack 755\n"
        assert host.acts.notes == [("user", {"name": "stack", "home": "/opt/stack"})]
        assert isinstance(StackUser().state(bare.machine()), Satisfied)

    def test_a_home_that_root_made_before_becomes_the_users(self, bare: SudoRoot) -> None:
        bare.root.path("/opt/stack").mkdir(mode=0o700)
        assert isinstance(StackUser().apply(bare.machine()), Done)
        home = bare.root.run(["stat", "-c", "%U:%G %a", "/opt/stack"]).stdout
        assert home == "stack:stack 755\n"

    def test_a_group_of_that_name_is_taken(self, bare: SudoRoot) -> None:
        bare.root.run(["groupadd", "-g", "4321", "stack"])
        assert isinstance(StackUser().apply(bare.machine()), Done)
        assert bare.root.run(["id", "-g", "stack"]).stdout == "4321\n"

    def test_what_useradd_says_is_the_reason_for_a_failure(self, bare: SudoRoot) -> None:
        bare.root.path("/etc/passwd.lock").write_text("1")
        problem = StackUser().apply(bare.machine())
        assert isinstance(problem, Problem)
        assert "add" in problem.what
        assert "lock" in problem.cure

    def test_the_preview_shows_the_commands_and_changes_nothing(self, bare: SudoRoot) -> None:
        before = bare.root.path("/etc/passwd").read_bytes()
        shown = StackUser().preview(bare.machine())
        commands = [item.command for item in shown if isinstance(item, WouldRun)]
        assert commands == [
            "groupadd stack",
            "useradd -g stack -s /bin/bash -d /opt/stack -m stack",
        ]
        assert bare.root.path("/etc/passwd").read_bytes() == before


class TestSudoRule:
    def test_a_user_without_a_rule_gets_one_that_works(self, bare: SudoRoot) -> None:
        bare.add_user()
        host = bare.machine()
        assert isinstance(SudoRule().state(host), Pending)
        assert isinstance(SudoRule().apply(host), Done)
        assert bare.as_stack("sudo", "-n", "id", "-un").stdout == "root\n"
        assert bare.root.run(["stat", "-c", "%u %a", RULE_FILE]).stdout == "0 440\n"
        assert isinstance(SudoRule().state(bare.machine()), Satisfied)

    def test_it_is_pending_while_the_user_is_missing(self, bare: SudoRoot) -> None:
        assert isinstance(SudoRule().state(bare.machine()), Pending)

    def test_a_rule_that_devstack_wrote_is_enough(self, bare: SudoRoot) -> None:
        bare.add_user()
        bare.drop_in("50_stack_sh", DEVSTACK_RULE)
        assert isinstance(SudoRule().state(bare.machine()), Satisfied)

    def test_a_file_of_others_in_its_place_is_left_alone(self, bare: SudoRoot) -> None:
        bare.add_user()
        bare.drop_in("50_stack_sh", "other ALL=(ALL) NOPASSWD: ALL\n")
        before = bare.sudoers()
        for outcome in (SudoRule().state(bare.machine()), SudoRule().apply(bare.machine())):
            assert isinstance(outcome, Problem)
            assert outcome.status is ExitStatus.NEEDS_PERSON
            assert RULE.strip() in outcome.cure
        assert bare.sudoers() == before

    def test_a_rule_that_does_not_help_is_taken_away_again(self, bare: SudoRoot) -> None:
        bare.add_user()
        bare.drop_in("zz-strict", "stack ALL=(ALL) PASSWD: ALL\n")
        before = bare.sudoers()
        problem = SudoRule().apply(bare.machine())
        assert isinstance(problem, Problem)
        assert "taken away" in problem.what
        assert bare.sudoers() == before

    def test_a_rule_for_some_commands_is_named(self, bare: SudoRoot) -> None:
        bare.add_user()
        programs = ("/usr/bin/journalctl", "/usr/bin/systemctl", "/usr/sbin/useradd", "/usr/bin/id")
        bare.drop_in("10_owner", f"stack ALL=(root) NOPASSWD: {', '.join(programs)}\n")
        problem = SudoRule().state(bare.machine(is_root=False))
        assert isinstance(problem, Problem)
        assert all(program in problem.what for program in programs)
        assert "widens it to every command" in problem.cure

    def test_without_an_includedir_the_line_to_add_is_named(self, bare: SudoRoot) -> None:
        bare.add_user()
        without_includedir(bare)
        problem = SudoRule().state(bare.machine())
        assert isinstance(problem, Problem)
        assert "@includedir /etc/sudoers.d" in problem.cure


def without_includedir(system: SudoRoot) -> None:
    main = system.root.path("/etc/sudoers")
    main.chmod(0o640)
    lines = main.read_text().splitlines(keepends=True)
    main.write_text("".join(line for line in lines if not line.startswith("@includedir")))
    main.chmod(0o440)


class TestSudoersDropIn:
    def test_after_it_sudo_finds_what_is_only_in_the_venv(self, stack: SudoRoot) -> None:
        assert stack.as_stack("sudo", "-n", "nova-rootwrap").returncode == 1
        host, step = stack.machine(), SudoersDropIn(VENV)
        before = sudo.effective_path(host)
        assert isinstance(step.state(host), Pending)
        assert isinstance(step.apply(host), Done)
        assert stack.as_stack("sudo", "-n", "nova-rootwrap").stdout == "rootwrap as root\n"
        assert before is not None
        assert sudo.effective_path(host) == (*before, BIN)
        assert stack.root.run(["stat", "-c", "%u:%g %a", DROP_IN]).stdout == "0:0 440\n"

    def test_the_user_itself_can_do_it_by_sudo(self, stack: SudoRoot) -> None:
        host, step = stack.machine(is_root=False), SudoersDropIn(VENV)
        assert isinstance(step.state(host), Pending)
        assert isinstance(step.apply(host), Done)
        assert isinstance(step.state(host), Satisfied)
        assert stack.as_stack("sudo", "-n", "nova-rootwrap").stdout == "rootwrap as root\n"

    def test_a_second_time_there_is_nothing_to_do(self, stack: SudoRoot) -> None:
        host, step = stack.machine(), SudoersDropIn(VENV)
        step.apply(host)
        before = stack.sudoers()
        assert isinstance(step.state(host), Satisfied)
        assert isinstance(step.apply(host), Done)
        assert stack.sudoers() == before

    def test_the_preview_is_what_will_be_written(self, stack: SudoRoot) -> None:
        host, step = stack.machine(), SudoersDropIn(VENV)
        (shown,) = step.preview(host)
        assert isinstance(shown, WouldWrite)
        step.apply(host)
        added = [line[1:] for line in shown.diff.splitlines() if line.startswith("+")][1:]
        assert stack.root.path(DROP_IN).read_text().splitlines() == added

    def test_nobody_else_is_affected(self, stack: SudoRoot) -> None:
        stack.add_user("other")
        stack.drop_in("51_other", "other ALL=(ALL) NOPASSWD: ALL\n")
        SudoersDropIn(VENV).apply(stack.machine())
        path = sudo.effective_path(stack.machine("other"))
        assert path is not None
        assert BIN not in path

    def test_a_second_user_is_added_and_the_first_stays(self, stack: SudoRoot) -> None:
        stack.add_user("other")
        stack.drop_in("51_other", "other ALL=(ALL) NOPASSWD: ALL\n")
        assert isinstance(SudoersDropIn(VENV).apply(stack.machine()), Done)
        assert isinstance(SudoersDropIn("/opt/v").apply(stack.machine("other")), Done)
        for user, folder in (("stack", BIN), ("other", "/opt/v/bin")):
            path = sudo.effective_path(stack.machine(user))
            assert path is not None
            assert path[-1] == folder

    def test_it_wins_over_devstacks_own_files(self, stack: SudoRoot) -> None:
        stack.drop_in("50_stack_sh", DEVSTACK_RULE)
        stack.drop_in("zz-secure-path", "Defaults:stack secure_path=/sbin:/usr/bin:/n/bin\n", 0o400)
        assert isinstance(SudoersDropIn(VENV).apply(stack.machine()), Done)
        assert sudo.effective_path(stack.machine()) == ("/sbin", "/usr/bin", "/n/bin", BIN)

    def test_devstacks_file_that_already_has_the_venv_is_enough(self, stack: SudoRoot) -> None:
        stack.drop_in("zz-secure-path", f"Defaults:stack secure_path=/usr/bin:{BIN}\n", 0o400)
        assert isinstance(SudoersDropIn(VENV).state(stack.machine()), Satisfied)

    def test_a_folder_that_only_begins_alike_is_not_enough(self, stack: SudoRoot) -> None:
        stack.drop_in("zz-secure-path", f"Defaults:stack secure_path=/usr/bin:{VENV}2/bin\n")
        assert isinstance(SudoersDropIn(VENV).state(stack.machine()), Pending)

    def test_without_any_secure_path_the_users_own_path_is_extended(self, stack: SudoRoot) -> None:
        stack.drop_in("10-none", "Defaults !secure_path\n")
        assert isinstance(SudoersDropIn(VENV).apply(stack.machine()), Done)
        assert stack.as_stack("sudo", "-n", "nova-rootwrap").stdout == "rootwrap as root\n"

    def test_a_later_file_wins_and_is_named_and_ours_is_taken_away(self, stack: SudoRoot) -> None:
        stack.drop_in("zzzz-mine", "# mine\nDefaults secure_path=/usr/sbin:/usr/bin\n")
        before = stack.sudoers()
        problem = SudoersDropIn(VENV).apply(stack.machine())
        assert isinstance(problem, Problem)
        assert "/etc/sudoers.d/zzzz-mine:2" in problem.cure
        assert stack.sudoers() == before

    def test_an_earlier_venv_that_is_gone_leaves_the_path(self, stack: SudoRoot) -> None:
        SudoersDropIn("/opt/earlier").apply(stack.machine())
        SudoersDropIn(VENV).apply(stack.machine())
        path = sudo.effective_path(stack.machine())
        assert path is not None
        assert path[-1] == BIN
        assert "/opt/earlier/bin" not in path

    def test_an_earlier_venv_that_is_there_is_searched_after_it(self, stack: SudoRoot) -> None:
        stack.add_venv("/opt/earlier")
        SudoersDropIn("/opt/earlier").apply(stack.machine())
        SudoersDropIn(VENV).apply(stack.machine())
        path = sudo.effective_path(stack.machine())
        assert path is not None
        assert path[-2:] == (BIN, "/opt/earlier/bin")

    @pytest.mark.parametrize(("mode", "owner"), [(0o666, 0), (0o440, 1000)])
    def test_our_file_with_wrong_rights_is_made_anew(
        self, stack: SudoRoot, mode: int, owner: int
    ) -> None:
        SudoersDropIn(VENV).apply(stack.machine())
        stack.root.run(["chown", str(owner), DROP_IN])
        stack.root.run(["chmod", f"{mode:o}", DROP_IN])
        assert isinstance(SudoersDropIn(VENV).state(stack.machine()), Pending)
        assert isinstance(SudoersDropIn(VENV).apply(stack.machine()), Done)
        assert stack.root.run(["stat", "-c", "%u %a", DROP_IN]).stdout == "0 440\n"

    @pytest.mark.parametrize("make", ["echo mine >", "mkdir", "ln -s /etc/passwd"])
    def test_what_others_put_in_its_place_is_left_alone(self, stack: SudoRoot, make: str) -> None:
        stack.root.run(["sh", "-c", f"{make} {DROP_IN}"])
        problem = SudoersDropIn(VENV).apply(stack.machine())
        assert isinstance(problem, Problem)
        assert problem.status is ExitStatus.NEEDS_PERSON
        assert problem.where == DROP_IN
        assert stack.root.path("/etc/passwd").read_text().startswith("root:")

    def test_a_broken_sudoers_is_left_alone(self, stack: SudoRoot) -> None:
        main = stack.root.path("/etc/sudoers")
        main.chmod(0o640)
        main.write_text(main.read_text() + "this is bad\n")
        main.chmod(0o440)
        before = stack.sudoers()
        for outcome in (
            SudoersDropIn(VENV).state(stack.machine()),
            SudoersDropIn(VENV).apply(stack.machine()),
        ):
            assert isinstance(outcome, Problem)
            assert outcome.status is ExitStatus.NEEDS_PERSON
            assert "/etc/sudoers:" in outcome.what
        assert stack.sudoers() == before

    def test_a_broken_file_of_others_is_no_obstacle(self, stack: SudoRoot) -> None:
        stack.drop_in("20-broken", "this is bad\n")
        assert isinstance(SudoersDropIn(VENV).apply(stack.machine()), Done)

    def test_without_an_includedir_the_line_to_add_is_named(self, stack: SudoRoot) -> None:
        main = stack.root.path("/etc/sudoers")
        main.chmod(0o640)
        main.write_text(main.read_text() + RULE)
        without_includedir(stack)
        problem = SudoersDropIn(VENV).state(stack.machine())
        assert isinstance(problem, Problem)
        assert problem.cure.endswith("@includedir /etc/sudoers.d")

    def test_a_second_includedir_as_devstack_appends_it_is_harmless(self, stack: SudoRoot) -> None:
        main = stack.root.path("/etc/sudoers")
        main.chmod(0o640)
        main.write_text(main.read_text() + "#includedir /etc/sudoers.d\n")
        main.chmod(0o440)
        assert isinstance(SudoersDropIn(VENV).apply(stack.machine()), Done)

    def test_a_venv_path_that_slipped_through_writes_nothing(self, stack: SudoRoot) -> None:
        before = stack.sudoers()
        hostile = "/opt/v\nmallory ALL=(ALL) NOPASSWD:ALL\n#"
        assert isinstance(SudoersDropIn(hostile).apply(stack.machine()), Problem)
        assert stack.sudoers() == before

    def test_it_is_pending_while_user_and_rule_are_missing(self, bare: SudoRoot) -> None:
        host = bare.machine()
        assert isinstance(SudoersDropIn(VENV).state(host), Pending)
        (shown,) = SudoersDropIn(VENV).preview(host)
        assert isinstance(shown, WouldWrite)
        assert f':{BIN}"' in shown.diff


def judged(system: SudoRoot) -> Result:
    result = SudoPath(VENV).run(system.machine())
    assert isinstance(result, Result)
    return result


class TestSudoPath:
    def test_it_fails_before_and_succeeds_after(self, stack: SudoRoot) -> None:
        before = judged(stack)
        assert before.code is Code.FAILURE
        assert any("PATH" in line for line in before.evidence)
        assert before.cure
        SudoersDropIn(VENV).apply(stack.machine())
        after = judged(stack)
        assert after.code is Code.SUCCESS
        assert f"sudo -n -l nova-rootwrap: {BIN}/nova-rootwrap" in after.evidence

    def test_it_says_which_line_decides(self, stack: SudoRoot) -> None:
        stack.drop_in("zz-secure-path", "\n\nDefaults:stack secure_path=/usr/bin\n")
        evidence = judged(stack).evidence
        assert "/etc/sudoers.d/zz-secure-path:3 sets secure_path" in evidence

    def test_it_fails_where_sudo_asks_for_a_password(self, bare: SudoRoot) -> None:
        bare.add_user()
        result = judged(bare)
        assert result.code is Code.FAILURE
        assert "password" in result.details

    def test_a_folder_that_only_begins_alike_does_not_count(self, stack: SudoRoot) -> None:
        stack.drop_in("zz-secure-path", f"Defaults:stack secure_path=/usr/bin:{VENV}2/bin\n")
        assert judged(stack).code is Code.FAILURE

    def test_a_rule_for_single_commands_is_seen(self, stack: SudoRoot) -> None:
        SudoersDropIn(VENV).apply(stack.machine())
        allowed = "/usr/bin/printenv, /usr/bin/true"
        stack.drop_in("50_stack_sh", f"stack ALL=(ALL) NOPASSWD: {allowed}\n")
        result = judged(stack)
        assert result.code is Code.FAILURE
        assert "nova-rootwrap" in result.details


def test_the_last_line_that_concerns_the_user_is_named(stack: SudoRoot) -> None:
    lines = {
        "10-all": "Defaults secure_path=/a\n",
        "20-user": "# secure_path here\nDefaults:stack secure_path=/b\n",
        "30-other": "Defaults:other secure_path=/c\n",
        "40-command": "Defaults!/bin/ls secure_path=/d\n",
        "50-dot.conf": "Defaults secure_path=/e\n",
        "60-tilde~": "Defaults secure_path=/f\n",
    }
    for name, text in lines.items():
        stack.drop_in(name, text)
    assert last_secure_path(stack.machine(), "stack") == "/etc/sudoers.d/20-user:2"
    assert last_secure_path(stack.machine(), "other") == "/etc/sudoers.d/30-other:1"


def test_visudos_complaints_about_what_is_there_are_known(stack: SudoRoot) -> None:
    assert sudo.complaints(stack.machine()) == frozenset()
    stack.drop_in("20-broken", "this is bad\n")
    (line,) = sudo.complaints(stack.machine())
    assert line.startswith("/etc/sudoers.d/20-broken:1:")


def test_a_candidate_is_judged_before_it_is_installed(stack: SudoRoot) -> None:
    validate = sudo.validator(stack.machine())
    good, bad = "/root/good", "/root/bad"
    stack.root.path(good).write_text(RULE)
    stack.root.path(bad).write_text("this is bad\n")
    assert validate(good) is None
    problem = validate(bad)
    assert isinstance(problem, Problem)
    assert "/root/bad:1" in problem.what


class TestChecks:
    def test_rootwrap_is_found_where_sudo_looks_in_the_venv(self, stack: SudoRoot) -> None:
        check = RootwrapPath(VENV)
        assert code_of(check, stack) is Code.FAILURE
        SudoersDropIn(VENV).apply(stack.machine())
        assert code_of(check, stack) is Code.SUCCESS

    def test_what_devstack_leaves_is_healthy(self, stack: SudoRoot) -> None:
        stack.drop_in("zz-secure-path", f"Defaults:stack secure_path={BIN}\n", mode=0o400)
        assert code_of(SudoersHealthy(), stack) is Code.SUCCESS

    def test_a_file_that_is_left_out_is_a_failure(self, stack: SudoRoot) -> None:
        stack.drop_in("20-broken", "this is bad\n")
        assert code_of(SudoersHealthy(), stack) is Code.FAILURE

    def test_a_sudo_that_asks_for_a_password_fails_both_at_once(self, stack: SudoRoot) -> None:
        stack.drop_in("50_stack_sh", "stack ALL=(ALL) ALL\n")
        for check in (RootwrapPath(VENV), SudoersHealthy()):
            result = check.run(stack.machine(is_root=False))
            assert isinstance(result, Result)
            assert result.code is Code.FAILURE
            assert "NOPASSWD" in result.cure


def code_of(check: Check, stack: SudoRoot) -> Code:
    result = check.run(stack.machine())
    assert isinstance(result, Result), result
    return result.code
