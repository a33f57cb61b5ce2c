"""What must be so before anything is changed; each case is a host that somebody has."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from tests.images import STACK, Answers, ImageReader, image, said
from tests.support import local_reader
from wizard.checks.preconditions import all_preconditions
from wizard.checks.preconditions.disk import Disk
from wizard.checks.preconditions.environment import Environment
from wizard.checks.preconditions.home import Home
from wizard.checks.preconditions.hostname import Hostname
from wizard.checks.preconditions.kernel_folders import KernelFolders
from wizard.checks.preconditions.known_distribution import KnownDistribution
from wizard.checks.preconditions.locale import Locale
from wizard.checks.preconditions.memory import Memory
from wizard.checks.preconditions.no_devstack import NoDevstackMark
from wizard.checks.preconditions.package_manager import PackageManager
from wizard.checks.preconditions.root import Root
from wizard.checks.preconditions.sudo_installed import SudoInstalled
from wizard.checks.preconditions.systemd import Systemd
from wizard.checks.preconditions.traversable import Traversable
from wizard.checks.preconditions.venv_content import VenvContent
from wizard.checks.preconditions.venv_place import VenvPlace
from wizard.model.check import Code, Result
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Completed
from wizard.model.problem import Problem
from wizard.model.recipe import BEGUN
from wizard.steps.sudo_rule import SudoRule

SAMPLES = Path(__file__).parents[1] / "data" / "os-release"
VENV = "/opt/stack/global-venv"
GIB = 1 << 30


def sample(name: str) -> dict[str, str]:
    return {"/etc/os-release": (SAMPLES / name).read_text()}


def host(
    folder: Path,
    files: Mapping[str, str] | None = None,
    answers: Answers | None = None,
    *,
    is_root: bool = True,
    user: str = "stack",
) -> ImageReader:
    """An image with a stack user whose programs, where it has any, can be run."""
    root = image(folder, {"/etc/passwd": STACK, **(files or {})})
    for program in root.glob("usr/*bin/*"):
        program.chmod(0o755)
    return ImageReader(root, answers or {}, user=user, is_root=is_root)


def test_ids_are_unique_and_each_has_words_for_a_person() -> None:
    checks = all_preconditions(venv=VENV, environ={})
    assert len({check.id for check in checks}) == len(checks)
    assert all(check.title for check in checks)


def test_every_verdict_on_this_host_that_is_not_success_has_a_cure() -> None:
    results = [c.run(local_reader()) for c in all_preconditions(venv=VENV, environ={})]
    assert all(result.details for result in results)
    assert all(result.cure for result in results if result.code is not Code.SUCCESS)


def test_only_foreign_content_needs_a_person() -> None:
    checks = all_preconditions(venv=VENV, environ={})
    person = [check.id for check in checks if check.status is ExitStatus.NEEDS_PERSON]
    assert person == ["venv-content"]
    assert {check.status for check in checks} == {ExitStatus.HOST, ExitStatus.NEEDS_PERSON}


class TestKnownDistribution:
    def test_known_and_tested(self, tmp_path: Path) -> None:
        check = KnownDistribution(supported=("bookworm", "noble"))
        result = check.run(host(tmp_path, sample("debian-12")))
        assert result.code is Code.SUCCESS
        assert "bookworm" in result.details

    def test_without_a_checkout_there_is_no_list_to_be_on(self, tmp_path: Path) -> None:
        result = KnownDistribution().run(host(tmp_path, sample("ubuntu-22.04")))
        assert result.code is Code.SUCCESS

    def test_known_but_not_tested_stops_only_stack_sh(self, tmp_path: Path) -> None:
        check = KnownDistribution(supported=("bookworm", "noble"))
        result = check.run(host(tmp_path, sample("ubuntu-22.04")))
        assert result.code is Code.WARNING
        assert "FORCE=yes" in result.cure
        assert "bookworm, noble" in result.evidence[0]

    def test_a_derivative_is_a_warning(self, tmp_path: Path) -> None:
        result = KnownDistribution().run(host(tmp_path, sample("linuxmint-22")))
        assert result.code is Code.WARNING
        assert "noble" in result.details

    def test_unknown_stops_the_build(self, tmp_path: Path) -> None:
        result = KnownDistribution().run(host(tmp_path, sample("arch")))
        assert result.code is Code.FAILURE
        assert "ID=arch" in result.details
        assert "like" in result.cure


class TestRoot:
    def test_root_may_everything(self, tmp_path: Path) -> None:
        result = Root().run(host(tmp_path))
        assert result == Result(Code.SUCCESS, "root; the work happens as stack")

    def test_a_user_whom_sudo_asks_nothing(self, tmp_path: Path) -> None:
        answers = {"sudo -n true": said("")}
        assert Root().run(host(tmp_path, {}, answers, is_root=False)).code is Code.SUCCESS

    def test_a_user_whom_sudo_asks_for_a_password_gets_the_rule_to_add(
        self, tmp_path: Path
    ) -> None:
        files = {"/usr/bin/sudo": ""}
        answers = {"sudo": Completed(1, b"", b"sudo: a password is required")}
        result = Root().run(host(tmp_path, files, answers, is_root=False))
        assert result.code is Code.FAILURE
        assert "stack ALL=(ALL) NOPASSWD: ALL" in result.cure

    def test_a_user_without_sudo(self, tmp_path: Path) -> None:
        result = Root().run(host(tmp_path, is_root=False))
        assert result.code is Code.FAILURE
        assert "not installed" in result.details
        assert "NOPASSWD" in result.cure

    @pytest.mark.parametrize(
        ("words", "cure"),
        [
            (
                "sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set",
                "chown root: /usr/bin/sudo && chmod 4755 /usr/bin/sudo",
            ),
            (
                "sudo-rs: sudo must be owned by uid 0 and have the setuid bit set",
                "chown root: /usr/bin/sudo && chmod 4755 /usr/bin/sudo",
            ),
            (
                "sudo: /etc/sudoers is world writable\nsudo: no valid sudoers sources found",
                "chown root:root /etc/sudoers && chmod 0440 /etc/sudoers",
            ),
            (
                "sudo-rs: invalid configuration: /etc/sudoers cannot be world-writable",
                "chown root:root /etc/sudoers && chmod 0440 /etc/sudoers",
            ),
            (
                "sudo: /etc/sudoers.d is owned by uid 1000, should be 0",
                "chown root:root /etc/sudoers.d && chmod 0755 /etc/sudoers.d",
            ),
            ("sudo: sorry, you must have a tty to run sudo", "Defaults:stack !requiretty"),
        ],
    )
    def test_a_sudo_that_does_nothing_is_mended_not_given_a_rule(
        self, tmp_path: Path, words: str, cure: str
    ) -> None:
        answers = {"sudo": Completed(1, b"", words.encode())}
        asked = host(tmp_path, {"/usr/bin/sudo": ""}, answers, is_root=False)
        result, state = Root().run(asked), SudoRule().state(asked)
        assert isinstance(state, Problem)
        assert cure in result.cure
        assert (state.what, state.cure) == (result.details, result.cure)

    def test_a_name_that_does_not_resolve_is_not_what_sudo_stops_at(self, tmp_path: Path) -> None:
        words = b"sudo: unable to resolve host a: Name or service not known\n"
        answers = {"sudo": Completed(1, b"", words + b"sudo: a password is required")}
        result = Root().run(host(tmp_path, {"/usr/bin/sudo": ""}, answers, is_root=False))
        assert "NOPASSWD" in result.cure

    def test_the_work_is_never_roots(self, tmp_path: Path) -> None:
        files = {"/etc/passwd": "root:x:0:0::/root:/bin/bash\n"}
        result = Root().run(host(tmp_path, files, user="root"))
        assert result.code is Code.FAILURE
        assert "cannot be root" in result.details

    def test_a_name_that_sudoers_cannot_hold(self, tmp_path: Path) -> None:
        assert Root().run(host(tmp_path, user="a,b")).code is Code.FAILURE


class TestSudoInstalled:
    def test_its_version_is_shown(self, tmp_path: Path) -> None:
        answers = {"sudo --version": said("sudo-rs 0.2.5\n")}
        result = SudoInstalled().run(host(tmp_path, {"/usr/bin/sudo": ""}, answers))
        assert result == Result(Code.SUCCESS, "sudo-rs 0.2.5")

    def test_for_root_it_may_still_come(self, tmp_path: Path) -> None:
        assert SudoInstalled().run(host(tmp_path)).code is Code.SUCCESS

    def test_for_others_it_must_be_there(self, tmp_path: Path) -> None:
        assert SudoInstalled().run(host(tmp_path, is_root=False)).code is Code.FAILURE


class TestEnvironment:
    def test_an_active_venv_is_a_warning_with_the_word_that_ends_it(self, tmp_path: Path) -> None:
        result = Environment({"VIRTUAL_ENV": "/opt/v"}).run(host(tmp_path))
        assert result.code is Code.WARNING
        assert result.cure.endswith("deactivate")

    def test_all_variables_in_the_way_are_named_at_once(self, tmp_path: Path) -> None:
        environ = {"GREP_OPTIONS": "-i", "POSIXLY_CORRECT": "y", "HOME": "/root"}
        result = Environment(environ).run(host(tmp_path))
        assert result.cure.endswith("unset POSIXLY_CORRECT GREP_OPTIONS")
        assert len(result.evidence) == 2

    def test_an_ordinary_shell_is_fine(self, tmp_path: Path) -> None:
        environ = {"HOME": "/root", "VIRTUAL_ENV": ""}
        assert Environment(environ).run(host(tmp_path)).code is Code.SUCCESS


class TestNoDevstackMark:
    def test_a_mark_will_stop_stack_sh(self, tmp_path: Path) -> None:
        result = NoDevstackMark().run(host(tmp_path, {"/opt/stack/.no-devstack": ""}))
        assert result.code is Code.WARNING
        assert result.cure.endswith("rm /opt/stack/.no-devstack")

    def test_no_mark(self, tmp_path: Path) -> None:
        assert NoDevstackMark().run(host(tmp_path)).code is Code.SUCCESS


class TestHome:
    def own(self, folder: Path, home: str) -> dict[str, str]:
        status = folder.stat()
        return {"/etc/passwd": f"stack:x:{status.st_uid}:{status.st_gid}::{home}:/bin/bash\n"}

    def test_a_home_of_ones_own(self, tmp_path: Path) -> None:
        (tmp_path / "home").mkdir()
        assert Home().run(host(tmp_path, self.own(tmp_path, "/home"))).code is Code.SUCCESS

    def test_a_missing_home_stops_the_build(self, tmp_path: Path) -> None:
        result = Home().run(host(tmp_path))
        assert result.code is Code.FAILURE
        assert result.cure == "As root: install -d -o stack -m 0755 /opt/stack"

    def test_a_home_that_is_a_file_stops_the_build(self, tmp_path: Path) -> None:
        files = self.own(tmp_path, "/etc/passwd")
        assert Home().run(host(tmp_path, files)).code is Code.FAILURE

    def test_a_home_of_another_is_a_warning(self, tmp_path: Path) -> None:
        (tmp_path / "opt/stack").mkdir(parents=True)
        passwd = {"/etc/passwd": STACK.replace("1000:1000", "54321:54321")}
        assert Home().run(host(tmp_path, passwd)).code is Code.WARNING

    def test_a_user_that_is_yet_to_be_made_gets_one(self, tmp_path: Path) -> None:
        assert Home().run(host(tmp_path, user="other")).code is Code.SUCCESS


class TestTraversable:
    @pytest.fixture(autouse=True)
    def folders(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        (tmp_path / "home/me/stack").mkdir(parents=True)

    @pytest.mark.parametrize("mode", [0o700, 0o750])
    def test_a_closed_folder_on_the_way_is_named(self, tmp_path: Path, mode: int) -> None:
        (tmp_path / "home/me").chmod(mode)
        result = Traversable(("/home/me/stack", "/home/me/venv")).run(host(tmp_path))
        assert result.code is Code.WARNING
        assert result.cure == "chmod o+x /home/me"
        assert result.evidence == (f"/home/me has mode {mode:04o}",)

    def test_what_is_not_there_yet_is_no_obstacle(self, tmp_path: Path) -> None:
        assert Traversable(("/home/me/x/y",)).run(host(tmp_path)).code is Code.SUCCESS

    def test_links_are_followed(self, tmp_path: Path) -> None:
        (tmp_path / "home/me").chmod(0o700)
        answers = {"realpath": said("/home/me/stack\n")}
        result = Traversable(("/opt/stack",)).run(host(tmp_path, {}, answers))
        assert result.cure == "chmod o+x /home/me"


class TestVenvPlace:
    @pytest.fixture(autouse=True)
    def folders(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        (tmp_path / "opt/stack").mkdir(parents=True, mode=0o755)

    def user(self, folder: Path) -> dict[str, str]:
        """The stack user owns the image, as root does when tests run as root."""
        status = folder.stat()
        account = f"stack:x:{status.st_uid}:{status.st_gid}::/opt/stack:/bin/bash\n"
        return {"/etc/passwd": account, "/etc/group": f"stack:x:{status.st_gid}:\n"}

    def test_a_place_below_folders_of_root_or_the_user(self, tmp_path: Path) -> None:
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path)))
        assert result.code is Code.SUCCESS, result

    @pytest.mark.parametrize("mode", [0o777, 0o1777])
    def test_a_folder_that_everybody_may_write(self, tmp_path: Path, mode: int) -> None:
        (tmp_path / "opt/stack").chmod(mode)
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path)))
        assert result.code is Code.FAILURE
        assert "/opt/stack is writable by everybody" in result.details
        assert "chmod go-w /opt/stack" in result.cure

    def test_a_folder_of_another_user(self, tmp_path: Path) -> None:
        if os.getuid() != 0:
            pytest.skip("only root can give a folder away")
        os.chown(tmp_path / "opt/stack", 54321, 0)
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path)))
        assert result.code is Code.FAILURE
        assert "54321" in result.details

    @pytest.mark.parametrize("theirs", ["", "/bin"])
    def test_a_venv_of_another_user_is_given_back_with_all_that_is_in_it(
        self, tmp_path: Path, theirs: str
    ) -> None:
        if os.getuid() != 0:
            pytest.skip("only root can give a folder away")
        (tmp_path / f"{VENV}/bin".lstrip("/")).mkdir(parents=True)
        os.chown(tmp_path / f"{VENV}{theirs}".lstrip("/"), 54321, 0)
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path)))
        assert result.code is Code.FAILURE
        assert f"chown -R stack: {VENV}; chmod -R go-w {VENV}" in result.cure

    def test_an_immutable_folder_is_named_itself(self, tmp_path: Path) -> None:
        answers = {"lsattr -d -- /opt/stack": said("----i---------e------- /opt/stack\n")}
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path), answers))
        assert (result.code, result.details) == (Code.FAILURE, "/opt/stack is immutable")
        assert "chattr -i /opt/stack" in result.cure

    @pytest.mark.parametrize(
        ("group", "code"),
        [
            ("stack:x:4321:", Code.SUCCESS),
            ("stack:x:4321:mallory", Code.FAILURE),
            ("users:x:4321:", Code.FAILURE),
        ],
    )
    def test_a_group_may_write_only_if_it_is_the_users_alone(
        self, tmp_path: Path, group: str, code: Code
    ) -> None:
        if os.getuid() != 0:
            pytest.skip("only root can give a folder away")
        os.chown(tmp_path / "opt/stack", 0, 4321)
        (tmp_path / "opt/stack").chmod(0o775)
        files = {
            "/etc/passwd": "stack:x:4321:4321::/opt/stack:/bin/bash\n",
            "/etc/group": f"{group}\n",
        }
        assert VenvPlace(VENV).run(host(tmp_path, files)).code is code

    @pytest.mark.parametrize(
        ("options", "words"),
        [("ro,relatime", "is read-only"), ("rw,nosuid,noexec", "lets no program run")],
    )
    def test_a_file_system_that_cannot_hold_a_venv(
        self, tmp_path: Path, options: str, words: str
    ) -> None:
        answers = {"findmnt": said(f"{options}\n")}
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path), answers))
        assert result.code is Code.FAILURE
        assert f"/opt/stack {words}" in result.details

    def test_all_that_is_in_the_way_is_told_at_once(self, tmp_path: Path) -> None:
        (tmp_path / "opt").chmod(0o777)
        (tmp_path / "opt/stack").chmod(0o1777)
        answers = {
            "findmnt": said("rw,nosuid,noexec\n"),
            "lsattr -d -- /opt/stack": said("----i---- /opt/stack\n"),
        }
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path), answers))
        assert [part.split(",")[0] for part in result.details.split("; ")] == [
            "the file system of /opt/stack lets no program run",
            "/opt/stack is immutable",
            "/opt is writable by everybody",
            "/opt/stack is writable by everybody",
        ]
        ways = ("mount it with exec", "chattr -i /opt/stack", "chmod go-w /opt;", "go-w /opt/stack")
        assert all(way in result.cure for way in ways)
        assert len(result.evidence) == 4

    def test_a_file_system_of_its_own(self, tmp_path: Path) -> None:
        answers = {f"mountpoint -q -- {VENV}": Completed(0)}
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path), answers))
        assert result.code is Code.FAILURE
        assert f"{VENV} is a mount point" in result.details
        assert f"{VENV}/venv" in result.cure

    def test_errors_is_not_ro(self, tmp_path: Path) -> None:
        answers = {"findmnt": said("rw,relatime,errors=remount-ro\n")}
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path), answers))
        assert result.code is Code.SUCCESS

    def test_a_file_on_the_way(self, tmp_path: Path) -> None:
        files = self.user(tmp_path) | {"/opt/stack/file": ""}
        result = VenvPlace("/opt/stack/file/venv").run(host(tmp_path, files))
        assert result.code is Code.FAILURE
        assert "/opt/stack/file, on the way to it, is not a folder" in result.details

    def test_a_folder_that_the_user_may_not_enter(self, tmp_path: Path) -> None:
        answers = {"test -x /opt/stack": Completed(1)}
        result = VenvPlace(VENV).run(host(tmp_path, self.user(tmp_path), answers))
        assert result.code is Code.FAILURE
        assert "stack may not enter /opt/stack" in result.details

    def test_this_hosts_tmp_is_never_safe(self) -> None:
        assert VenvPlace("/tmp/venv").run(local_reader()).code is Code.FAILURE


class TestVenvContent:
    def test_one_whose_build_was_killed_as_it_began_is_ours(self, tmp_path: Path) -> None:
        files = {f"{VENV}/{BEGUN}/x": ""}
        assert VenvContent(VENV).run(host(tmp_path, files)).code is Code.SUCCESS

    def test_nothing_there(self, tmp_path: Path) -> None:
        assert VenvContent(VENV).run(host(tmp_path)).code is Code.SUCCESS

    def test_an_empty_folder_of_the_users(self, tmp_path: Path) -> None:
        (tmp_path / VENV[1:]).mkdir(parents=True)
        user = f"stack:x:{os.getuid()}:{os.getgid()}::/opt/stack:/bin/bash\n"
        result = VenvContent(VENV).run(host(tmp_path, {"/etc/passwd": user}))
        assert result.code is Code.SUCCESS

    def test_an_empty_folder_of_somebody_else(self, tmp_path: Path) -> None:
        (tmp_path / VENV[1:]).mkdir(parents=True)
        user = f"stack:x:{os.getuid() + 1}:100::/opt/stack:/bin/bash\n"
        result = VenvContent(VENV).run(host(tmp_path, {"/etc/passwd": user}))
        assert result.code is Code.FAILURE
        assert result.cure == f"Remove it: rmdir {VENV}"

    def test_a_venv(self, tmp_path: Path) -> None:
        files = {f"{VENV}/pyvenv.cfg": "", f"{VENV}/bin/python": ""}
        assert VenvContent(VENV).run(host(tmp_path, files)).code is Code.SUCCESS

    def test_what_a_build_leaves_that_was_killed_before_there_was_a_venv(
        self, tmp_path: Path
    ) -> None:
        files = {f"{VENV}/.devstack-venv/requirements.txt": ""}
        assert VenvContent(VENV).run(host(tmp_path, files)).code is Code.SUCCESS

    def test_files_that_are_not_a_venv(self, tmp_path: Path) -> None:
        files = {f"{VENV}/{name}": "" for name in "abcdefg"}
        result = VenvContent(VENV).run(host(tmp_path, files))
        assert result.code is Code.FAILURE
        assert "7 files or folders that are not a venv" in result.details
        assert result.evidence == (f"{VENV} holds a, b, c, d, e, ...",)

    def test_a_file(self, tmp_path: Path) -> None:
        result = VenvContent(VENV).run(host(tmp_path, {VENV: ""}))
        assert result.code is Code.FAILURE
        assert "not a folder" in result.details

    @pytest.mark.parametrize("target", ["/opt", "nowhere", "global-venv"])
    def test_a_link_wherever_it_leads(self, tmp_path: Path, target: str) -> None:
        link = tmp_path / VENV[1:]
        link.parent.mkdir(parents=True)
        link.symlink_to(target)
        result = VenvContent(VENV).run(host(tmp_path))
        assert result.code is Code.FAILURE
        assert "is a link" in result.details

    def test_a_fifo_is_looked_at_without_waiting(self, tmp_path: Path) -> None:
        fifo = tmp_path / VENV[1:]
        fifo.parent.mkdir(parents=True)
        os.mkfifo(fifo)
        assert VenvContent(VENV).run(host(tmp_path)).code is Code.FAILURE


class TestDisk:
    def free(self, folder: Path, **gib: float) -> ImageReader:
        (folder / "opt").mkdir(exist_ok=True)
        heading = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
        rows = {name: f"/dev/sda 1 1 {int(size * GIB / 1024)} 1% /\n" for name, size in gib.items()}
        answers = {f"df -P -k -- /{name}": said(heading + row) for name, row in rows.items()}
        return host(folder, {}, answers)

    def test_room_for_all(self, tmp_path: Path) -> None:
        result = Disk(VENV).run(self.free(tmp_path, opt=60, var=60, tmp=60))
        assert result.code is Code.SUCCESS
        assert result.details == "60 GiB free under /opt"

    def test_every_place_that_is_too_small_is_named(self, tmp_path: Path) -> None:
        result = Disk(VENV).run(self.free(tmp_path, opt=0.5, var=0.1, tmp=1))
        assert result.code is Code.FAILURE
        assert "1.0 GiB in /opt" in result.details
        assert "512 MiB in /var, where 102 MiB are free" in result.details
        assert "/tmp" not in result.details

    @pytest.mark.parametrize(
        ("requirements", "code"), [(4, Code.WARNING), (40, Code.FAILURE), (None, Code.FAILURE)]
    )
    def test_a_short_list_needs_less_room(
        self, tmp_path: Path, requirements: int | None, code: Code
    ) -> None:
        room = self.free(tmp_path, opt=0.3, var=8, tmp=8)
        assert Disk(VENV, requirements).run(room).code is code

    @pytest.mark.parametrize(
        ("mib", "requirements", "code"),
        [(200, 60, Code.WARNING), (100, 60, Code.FAILURE), (200, None, Code.FAILURE)],
    )
    def test_without_devstack_less_room_in_tmp_is_enough(
        self, tmp_path: Path, mib: int, requirements: int | None, code: Code
    ) -> None:
        room = self.free(tmp_path, opt=8, var=8, tmp=mib / 1024)
        assert Disk(VENV, requirements).run(room).code is code

    def test_room_for_the_venv_but_not_for_devstack(self, tmp_path: Path) -> None:
        result = Disk(VENV).run(self.free(tmp_path, opt=8, var=8, tmp=8))
        assert result.code is Code.WARNING

    def test_where_df_says_nothing_nothing_is_claimed(self, tmp_path: Path) -> None:
        result = Disk(VENV).run(host(tmp_path))
        assert result.code is Code.SUCCESS
        assert "GiB" not in result.details

    def test_this_host_has_an_answer(self) -> None:
        result = Disk("/opt/stack/global-venv").run(local_reader())
        assert len(result.evidence) == 3


class TestMemory:
    @pytest.mark.parametrize(
        ("kib", "code"), [(2_000_000, Code.WARNING), (4_005_000, Code.SUCCESS)]
    )
    def test_less_than_four_gigabytes_is_a_warning(
        self, tmp_path: Path, kib: int, code: Code
    ) -> None:
        files = {"/proc/meminfo": f"MemTotal:       {kib} kB\nMemFree: 1 kB\n"}
        assert Memory().run(host(tmp_path, files)).code is code

    def test_an_image_without_proc_says_nothing(self, tmp_path: Path) -> None:
        assert Memory().run(host(tmp_path)).code is Code.SUCCESS

    def test_this_host_has_some(self) -> None:
        assert "GiB" in Memory().run(local_reader()).details


class TestPackageManager:
    DEBIAN: ClassVar[Mapping[str, str]] = {**sample("debian-12"), "/usr/bin/apt-get": ""}
    WORKS: ClassVar[Answers] = {"dpkg-query": said("")}

    def test_free(self, tmp_path: Path) -> None:
        result = PackageManager().run(host(tmp_path, self.DEBIAN, self.WORKS))
        assert result == Result(Code.SUCCESS, "apt-get is free")

    def test_an_interrupted_dpkg_stops_the_build(self, tmp_path: Path) -> None:
        files = {**self.DEBIAN, "/var/lib/dpkg/updates/0001": "x"}
        result = PackageManager().run(host(tmp_path, files, self.WORKS))
        assert result.code is Code.FAILURE
        assert "dpkg --configure -a" in result.cure

    def test_no_package_manager(self, tmp_path: Path) -> None:
        result = PackageManager().run(host(tmp_path, sample("rocky-9")))
        assert result.code is Code.FAILURE
        assert "dnf" in result.details

    def test_a_database_that_does_not_answer_stops_the_build(self, tmp_path: Path) -> None:
        files = {**sample("rocky-9"), "/usr/bin/dnf": ""}
        answers = {"rpm": Completed(1, b"", b"error: rpmdb: BDB0113\n")}
        assert PackageManager().run(host(tmp_path, files, answers)).code is Code.FAILURE

    @pytest.fixture
    def held(self, tmp_path: Path) -> Iterator[Path]:
        """apt's lock, held by this process as apt itself holds it."""
        lock = image(tmp_path, {"/var/lib/dpkg/lock-frontend": ""}) / "var/lib/dpkg/lock-frontend"
        with lock.open("w") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            yield lock

    def test_a_lock_is_a_warning_that_names_its_holder(self, tmp_path: Path, held: Path) -> None:
        name = Path("/proc/self/comm").read_text()
        kernel = {"/proc/locks": _locks(), f"/proc/{os.getpid()}/comm": name}
        result = PackageManager().run(host(tmp_path, {**self.DEBIAN, **kernel}))
        assert held.exists()
        assert result.code is Code.WARNING
        assert f"{name.strip()} (process {os.getpid()})" in result.details
        assert "lock-frontend" in result.evidence[0]
        assert f"if it lasts, see what it does: ps -fp {os.getpid()}" in result.cure

    def test_the_lock_file_alone_is_not_a_lock(self, tmp_path: Path) -> None:
        files = {**self.DEBIAN, "/var/lib/dpkg/lock-frontend": "", "/proc/locks": _locks()}
        assert PackageManager().run(host(tmp_path, files, self.WORKS)).code is Code.SUCCESS


def _locks() -> str:
    return Path("/proc/locks").read_text()


class TestWarningsForStackSh:
    def test_systemd(self, tmp_path: Path) -> None:
        assert Systemd().run(host(tmp_path)).code is Code.WARNING
        (tmp_path / "run/systemd/system").mkdir(parents=True)
        assert Systemd().run(host(tmp_path)).code is Code.SUCCESS

    def test_an_image_without_proc_or_dev_stops_the_build(self, tmp_path: Path) -> None:
        bare = KernelFolders().run(host(tmp_path))
        assert bare.code is Code.FAILURE
        assert "/proc and /dev" in bare.details
        mounted = host(tmp_path, {"/proc/version": "", "/dev/null": ""})
        assert KernelFolders().run(mounted).code is Code.SUCCESS

    def test_locale(self, tmp_path: Path) -> None:
        there = {"locale -a": said("C\nC.utf8\nen_US.utf8\nPOSIX\n")}
        assert Locale().run(host(tmp_path, {}, there)).code is Code.SUCCESS
        missing = Locale().run(host(tmp_path, {"/usr/bin/apt-get": ""}))
        assert missing.code is Code.WARNING
        assert "apt-get install locales" in missing.cure

    @pytest.mark.parametrize(
        ("hosts", "code"),
        [
            ("127.0.0.1 localhost box\n", Code.SUCCESS),
            ("127.0.1.1\tbox.example.org\n", Code.SUCCESS),
            ("127.0.0.1 localhost boxes\n", Code.WARNING),
            ("127.0.0.1 localhost # box\n", Code.WARNING),
            ("", Code.WARNING),
        ],
    )
    def test_hostname(self, tmp_path: Path, hosts: str, code: Code) -> None:
        files = {"/proc/sys/kernel/hostname": "box.example.org\n", "/etc/hosts": hosts}
        result = Hostname().run(host(tmp_path, files))
        assert result.code is code
        assert ("box" in result.cure) == (code is Code.WARNING)
