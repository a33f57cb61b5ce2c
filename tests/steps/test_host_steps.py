"""Steps that make a precondition hold."""

from pathlib import Path

from tests.images import ImageReader, image
from wizard.checks.preconditions.traversable import Traversable
from wizard.model.machine import Command, Identity
from wizard.model.step import Pending, Satisfied, WouldRun, WouldWrite
from wizard.steps.host_cure import HostCure
from wizard.steps.hosts_entry import HostsEntry

CHMOD = Command(("chmod", "o+x", "--", "/srv/x"), identity=Identity.ROOT)


def closed(folder: Path, mode: int) -> tuple[ImageReader, HostCure]:
    root = image(folder, {"/srv/x/.keep": ""})
    (root / "srv/x").chmod(mode)
    return ImageReader(root), HostCure(Traversable(("/srv/x",)), (CHMOD,))


def test_there_is_something_to_do_until_the_precondition_holds(tmp_path: Path) -> None:
    host, step = closed(tmp_path / "a", 0o750)
    assert isinstance(step.state(host), Pending)
    host, step = closed(tmp_path / "b", 0o755)
    assert isinstance(step.state(host), Satisfied)


def test_the_commands_are_shown_as_they_would_run(tmp_path: Path) -> None:
    host, step = closed(tmp_path, 0o750)
    assert step.preview(host) == (WouldRun("chmod o+x -- /srv/x", Identity.ROOT),)


def test_a_name_that_is_in_hosts_stays_there(tmp_path: Path) -> None:
    host = ImageReader(image(tmp_path, {"/etc/hosts": "127.0.1.1 devstack.example devstack\n"}))
    assert isinstance(HostsEntry("devstack").state(host), Satisfied)
    assert isinstance(HostsEntry("stack").state(host), Pending)


def test_a_name_in_a_comment_is_not_in_hosts(tmp_path: Path) -> None:
    host = ImageReader(image(tmp_path, {"/etc/hosts": "127.0.0.1 localhost # devstack\n"}))
    assert isinstance(HostsEntry("devstack").state(host), Pending)


def test_the_name_comes_after_all_that_is_there(tmp_path: Path) -> None:
    host = ImageReader(image(tmp_path, {"/etc/hosts": "127.0.0.1 localhost"}))
    shown = HostsEntry("devstack").preview(host)[0]
    assert isinstance(shown, WouldWrite)
    assert "+127.0.0.1 devstack" in shown.diff
    assert "localhost127" not in shown.diff
