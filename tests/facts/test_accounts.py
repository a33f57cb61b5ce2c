"""Users and groups, as the host's name service knows them."""

import pwd
from pathlib import Path

from tests.images import STACK, ImageReader, image
from tests.support import local_reader
from wizard.facts.accounts import by_name, has_group, has_private_group, parse_passwd
from wizard.model.machine import Account

USER = Account("stack", 1000, 1000, "/opt/stack")


def test_a_user_of_this_host_is_found_by_name() -> None:
    entry = pwd.getpwnam("daemon")
    assert by_name(local_reader(), "daemon") == Account(
        "daemon", entry.pw_uid, entry.pw_gid, entry.pw_dir
    )


def test_a_user_that_is_not_there_is_none() -> None:
    assert by_name(local_reader(), "nobody-has-this-name") is None


def test_without_getent_the_file_answers(tmp_path: Path) -> None:
    host = ImageReader(image(tmp_path, {"/etc/passwd": f"root:x:0:0::/root:/bin/sh\n{STACK}"}))
    assert by_name(host, "stack") == USER


def test_an_image_without_accounts_has_no_users(tmp_path: Path) -> None:
    assert by_name(ImageReader(tmp_path), "stack") is None


def test_lines_that_are_not_accounts_are_left_out() -> None:
    text = "+::::::\nbroken\nx:x:one:1::/:/bin/sh\n\n" + STACK
    assert parse_passwd(text) == (USER,)


def test_groups_are_found_by_name(tmp_path: Path) -> None:
    host = ImageReader(image(tmp_path, {"/etc/group": "stack:x:1000:\n"}))
    assert has_group(host, "stack")
    assert not has_group(host, "stac")


def test_a_private_group_has_the_users_name_and_nobody_else(tmp_path: Path) -> None:
    verdicts = {
        "stack:x:1000:\n": True,
        "stack:x:1000:stack\n": True,
        "stack:x:1000:mallory\n": False,
        "users:x:1000:\n": False,
        "": False,
    }
    for line, private in verdicts.items():
        host = ImageReader(image(tmp_path, {"/etc/group": line}))
        assert has_private_group(host, USER) == private, line
