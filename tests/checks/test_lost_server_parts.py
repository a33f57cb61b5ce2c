"""A server that lost its Python, or refuses its configuration: the place is named, and a way on."""

from pathlib import Path
from typing import ClassVar

import pytest

from tests.images import STACK, ImageReader, image, said
from wizard.checks.apache_refusal import beside, refused, without_mod_wsgi
from wizard.checks.server_python import cure_of
from wizard.checks.wsgi_uwsgi import WsgiUwsgi
from wizard.model.check import Code, NotYet, Result, Verdict
from wizard.model.distribution import Family
from wizard.model.machine import Completed
from wizard.model.step import Pending, Satisfied, WouldRun
from wizard.steps.uwsgi_plugin import UwsgiPlugin

VENV = "/opt/v"
UNIT = "/etc/systemd/system/devstack@keystone.service"
FOLDER = "/usr/lib/uwsgi/plugins"
STARTS = f"[Service]\nExecStart = /usr/bin/uwsgi --venv {VENV} --module keystone.wsgi.api\n"
MODULE = "/usr/lib/apache2/modules/mod_wsgi.so"
LOST = (
    "apache2: Syntax error on line 146 of /etc/apache2/apache2.conf: Syntax error on line 1 of "
    f"/etc/apache2/mods-enabled/wsgi.load: Cannot load {MODULE} into server: {MODULE}: "
    "cannot open shared object file: No such file or directory"
)
TYPO = (
    "AH00526: Syntax error on line 2 of /etc/apache2/sites-enabled/acme.conf: "
    "Invalid command 'DocumentRot', perhaps misspelled"
)


def host(
    folder: Path, files: dict[str, str], answers: dict[str, Completed] | None = None
) -> ImageReader:
    texts = {
        "/etc/passwd": STACK,
        f"{VENV}/pyvenv.cfg": "",
        f"{VENV}/lib/python3.11/x": "",
        "/usr/bin/dpkg": "",
        **files,
    }
    root = image(folder, texts)
    for program in root.glob("usr/*bin/*"):
        program.chmod(0o755)
    return ImageReader(root, answers or {})


def uwsgi(
    folder: Path, more: dict[str, str], answers: dict[str, Completed] | None = None
) -> ImageReader:
    """A distribution's uWSGI, whose plugins are files, with a service or without."""
    files = {"/usr/bin/uwsgi": "", f"{FOLDER}/http_plugin.so": ""} | more
    return host(folder, files, answers)


def failed(verdict: Verdict) -> Result:
    assert isinstance(verdict, Result)
    assert verdict.code is Code.FAILURE
    return verdict


class TestUwsgi:
    check = WsgiUwsgi(VENV)

    def test_a_plugin_that_was_removed_is_named_and_offered(self, tmp_path: Path) -> None:
        found = failed(self.check.run(uwsgi(tmp_path, {UNIT: STARTS})))
        assert "no plugin for Python: /usr/lib/uwsgi/plugins/python3_plugin.so" in found.details
        assert "install uwsgi-plugin-python3: devstack-venv --check --fix" in found.cure

    def test_one_whose_package_is_there_is_to_be_installed_again(self, tmp_path: Path) -> None:
        owner = {f"dpkg -S -- {FOLDER}/python3_plugin.so": said("uwsgi-plugin-python3: x\n")}
        found = failed(self.check.run(uwsgi(tmp_path, {UNIT: STARTS}, owner)))
        assert found.cure.endswith("apt-get install --reinstall uwsgi-plugin-python3")

    def test_before_anything_is_deployed_stack_sh_installs_it(self, tmp_path: Path) -> None:
        assert isinstance(self.check.run(uwsgi(tmp_path, {})), NotYet)

    def test_the_step_installs_the_package(self, tmp_path: Path) -> None:
        reader = uwsgi(tmp_path, {UNIT: STARTS}, {"dpkg-query": said("")})
        step = UwsgiPlugin(Family.DEB)
        assert isinstance(step.state(reader), Pending)
        shown = step.preview(reader)
        assert isinstance(shown[-1], WouldRun)
        assert shown[-1].command.endswith("uwsgi-plugin-python3")

    @pytest.mark.parametrize(
        "more",
        [
            {},
            {UNIT: STARTS, f"{FOLDER}/python3_plugin.so": ""},
            {UNIT: STARTS.replace("/usr/bin", f"{VENV}/bin")},
        ],
        ids=["no service", "a plugin", "one that has Python in it"],
    )
    def test_where_none_is_missing_the_step_is_done(
        self, tmp_path: Path, more: dict[str, str]
    ) -> None:
        assert isinstance(UwsgiPlugin(Family.DEB).state(uwsgi(tmp_path, more)), Satisfied)

    def test_a_module_that_the_venv_lacks_is_not_mended_by_naming_the_venv(self) -> None:
        assert "stack.sh" in cure_of(f"keystone is not installed in {VENV}", "name the venv")
        assert cure_of("it runs in /usr and not in /opt/v", "name the venv") == "name the venv"


class TestApache:
    owner: ClassVar = {f"dpkg -S -- {MODULE}": said(f"libapache2-mod-wsgi-py3: {MODULE}\n")}

    def apache(self, folder: Path, complaint: str) -> ImageReader:
        lists = "/usr/lib/apache2/modules/mod_info.so"
        answer = Completed(1, b"", complaint.encode())
        asked = {"sh -c": answer} if complaint else {"sh -c": said("")}
        return host(folder, {"/usr/sbin/apache2": "", lists: ""}, self.owner | asked)

    def test_a_module_that_was_deleted_is_named_with_the_line_that_loads_it(
        self, tmp_path: Path
    ) -> None:
        found = failed(without_mod_wsgi(self.apache(tmp_path, LOST)))
        assert found.details.startswith("/etc/apache2/mods-enabled/wsgi.load:1: ")
        assert found.details.endswith(f"{MODULE} is not there")
        assert found.cure == "As root: apt-get install --reinstall libapache2-mod-wsgi-py3"

    def test_one_that_is_not_installed_yet_is_waited_for(self, tmp_path: Path) -> None:
        assert isinstance(without_mod_wsgi(self.apache(tmp_path, "")), NotYet)

    def test_a_module_that_is_there_and_cannot_be_loaded_is_told_in_its_words(
        self, tmp_path: Path
    ) -> None:
        reader = host(tmp_path, {MODULE: ""})
        assert "cannot open shared object" in refused(reader, LOST).what

    def test_a_site_of_somebody_else_is_a_warning_with_its_line(self, tmp_path: Path) -> None:
        good = Result(Code.SUCCESS, "its Python 3.11 runs")
        found = beside(good, host(tmp_path, {}), TYPO)
        assert found.code is Code.WARNING
        assert found.details.startswith("/etc/apache2/sites-enabled/acme.conf:2: ")
        assert "Invalid command 'DocumentRot'" in found.details
        assert found.evidence == (good.details,)
