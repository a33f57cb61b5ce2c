"""What others have installed into a venv of ours is told apart from what we did."""

from pathlib import Path

from tests.support import local_reader
from wizard.facts.venv_folder import Complete, added_since

HOST = local_reader()


def test_only_what_came_later_is_named(tmp_path: Path) -> None:
    packages = tmp_path / "lib/python3.11/site-packages"
    for name in ("pbr-7.0.3", "oslo_config-10.7.0", "keystone-30.0.0", "Flask_RESTful-0.3"):
        (packages / f"{name}.dist-info").mkdir(parents=True)
    (packages / "keystone").mkdir()
    then = Complete("", {"pbr": "7.0.3", "oslo.config": "10.3.0"}, "3.11.2")
    assert added_since(HOST, str(tmp_path), then) == {"keystone", "flask-restful"}


def test_nothing_came_into_one_that_is_as_it_was(tmp_path: Path) -> None:
    assert added_since(HOST, str(tmp_path), Complete("", {}, "3.11.2")) == frozenset()
