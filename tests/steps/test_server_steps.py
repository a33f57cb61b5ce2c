"""What the steps that give servers the venv would write, and what they leave to a person."""

from pathlib import Path

import pytest

from tests.images import STACK, ImageReader, image, said
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Completed
from wizard.model.problem import Problem
from wizard.model.step import Pending, Satisfied, State, WouldWrite
from wizard.steps.apache_python_home import ApachePythonHome
from wizard.steps.rootwrap_exec_dirs import RootwrapExecDirs
from wizard.steps.uwsgi_home import UwsgiHome
from wizard.steps.wsgi_activation import WsgiActivation

VENV = "/opt/v"
MAIN = "/var/www/keystone/main"
SITE = "/etc/apache2/sites-enabled/keystone.conf"
UNIT = "/etc/systemd/system/devstack@keystone.service"
INI = "/etc/keystone/keystone-uwsgi-public.ini"
HOST = {
    "/etc/passwd": STACK,
    f"{VENV}/pyvenv.cfg": "",
    f"{VENV}/bin/activate_this.py": "",
    f"{VENV}/lib/python3.11/site-packages/x.py": "",
}


def host(
    folder: Path, files: dict[str, str], answers: dict[str, Completed] | None = None
) -> ImageReader:
    texts = {**HOST, **files}
    known = {f"cat -- {path}": said(text) for path, text in texts.items()}
    known |= {f"realpath -e -- {path}": said(path) for path in texts}
    return ImageReader(image(folder, texts), known | (answers or {}))


def diff_of(
    step: WsgiActivation | ApachePythonHome | UwsgiHome | RootwrapExecDirs, reader: ImageReader
) -> str:
    assert isinstance(step.state(reader), Pending)
    previews = step.preview(reader)
    assert all(isinstance(one, WouldWrite) for one in previews)
    return "".join(one.diff for one in previews if isinstance(one, WouldWrite))


def person_needed(state: State) -> Problem:
    assert isinstance(state, Problem), state
    assert state.status is ExitStatus.NEEDS_PERSON
    assert state.cure
    return state


class TestActivation:
    step = WsgiActivation(VENV)

    def test_virtualenvs_own_file_is_used_where_there_is_one(self, tmp_path: Path) -> None:
        shown = diff_of(self.step, host(tmp_path, {MAIN: "import os\n"}))
        assert f'+_activate = "{VENV}/bin/activate_this.py"' in shown

    def test_an_environment_without_it_is_activated_by_its_folder(self, tmp_path: Path) -> None:
        reader = host(tmp_path, {MAIN: "import os\n"})
        (tmp_path / "opt/v/bin/activate_this.py").unlink()
        shown = diff_of(self.step, reader)
        assert f'+site.addsitedir("{VENV}/lib/python3.11/site-packages")' in shown

    def test_two_names_of_one_file_are_edited_once(self, tmp_path: Path) -> None:
        reader = host(tmp_path, {MAIN: "import os\n"})
        (tmp_path / "var/www/keystone/admin").hardlink_to(tmp_path / MAIN[1:])
        reader.answers["realpath -e -- /var/www/keystone/admin"] = said(MAIN)
        assert len(self.step.preview(reader)) == 1

    def test_a_link_out_of_the_folder_is_left_alone(self, tmp_path: Path) -> None:
        real = f"{VENV}/lib/python3.11/site-packages/x.py"
        answers = {f"realpath -e -- {MAIN}": said(real)}
        reader = host(tmp_path, {MAIN: "import os\n"}, answers)
        assert real in person_needed(self.step.state(reader)).what

    def test_a_file_of_a_package_is_left_alone(self, tmp_path: Path) -> None:
        reader = host(tmp_path, {MAIN: "import os\n", "/usr/bin/dpkg": ""})
        (tmp_path / "usr/bin/dpkg").chmod(0o755)
        reader.answers[f"dpkg -S {MAIN}"] = said("keystone: x")
        assert "package" in person_needed(self.step.state(reader)).what

    def test_activation_by_hand_is_enough_when_it_is_of_this_venv(self, tmp_path: Path) -> None:
        by_hand = f"exec(open('{VENV}/bin/activate_this.py').read())\n"
        assert isinstance(self.step.state(host(tmp_path, {MAIN: by_hand})), Satisfied)

    def test_activation_that_python_3_has_no_word_for_is_for_a_person(self, tmp_path: Path) -> None:
        by_hand = f"import os\nexecfile('{VENV}/bin/activate_this.py')\n"
        problem = person_needed(self.step.state(host(tmp_path, {MAIN: by_hand})))
        assert problem.what.startswith("line 2 activates by execfile")

    def test_activation_of_another_is_for_a_person(self, tmp_path: Path) -> None:
        by_hand = "import os\nexec(open('/opt/w/bin/activate_this.py').read())\n"
        problem = person_needed(self.step.state(host(tmp_path, {MAIN: by_hand})))
        assert problem.what.startswith("line 2 ")

    def test_what_python_does_not_understand_is_for_a_person(self, tmp_path: Path) -> None:
        person_needed(self.step.state(host(tmp_path, {MAIN: "print 'old'\n"})))

    def test_a_venv_for_another_python_is_of_no_use(self, tmp_path: Path) -> None:
        files = {
            MAIN: "import os\n",
            "/usr/sbin/apache2": "",
            "/usr/lib/apache2/modules/mod_wsgi.so": "..libpython3.13.so..",
        }
        reader = host(tmp_path, files)
        (tmp_path / "usr/sbin/apache2").chmod(0o755)
        assert "3.13" in person_needed(self.step.state(reader)).what

    def test_nothing_deployed_is_nothing_to_do(self, tmp_path: Path) -> None:
        assert isinstance(self.step.state(host(tmp_path, {})), Satisfied)


class TestApache:
    step = ApachePythonHome(VENV)
    group = "WSGIDaemonProcess k user=stack%s\nWSGIProcessGroup k\nWSGIScriptAlias / %s\n"

    def test_another_home_is_replaced(self, tmp_path: Path) -> None:
        text = self.group % (" python-home=/opt/w", MAIN)
        assert f"+WSGIDaemonProcess k user=stack python-home={VENV}" in diff_of(
            self.step, host(tmp_path, {SITE: text})
        )

    def test_a_script_that_is_not_ours_to_edit_gets_a_home(self, tmp_path: Path) -> None:
        text = self.group % ("", f"{VENV}/bin/keystone-wsgi-public")
        assert f"+WSGIDaemonProcess k user=stack python-home={VENV}" in diff_of(
            self.step, host(tmp_path, {SITE: text})
        )

    def test_a_script_that_can_be_activated_needs_none(self, tmp_path: Path) -> None:
        state = self.step.state(host(tmp_path, {SITE: self.group % ("", MAIN)}))
        assert isinstance(state, Satisfied)

    def test_the_servers_home_is_replaced(self, tmp_path: Path) -> None:
        shown = diff_of(self.step, host(tmp_path, {SITE: "WSGIPythonHome /opt/w\n"}))
        assert f"+WSGIPythonHome {VENV}\n" in shown

    def test_a_configuration_that_apache_refuses_is_for_a_person(self, tmp_path: Path) -> None:
        reader = host(tmp_path, {SITE: "WSGIPythonHome /opt/w\n", "/usr/sbin/apache2ctl": ""})
        (tmp_path / "usr/sbin/apache2ctl").chmod(0o755)
        reader.answers["/usr/sbin/apache2ctl configtest"] = Completed(1, b"", b"AH: line 3\n")
        assert "AH: line 3" in person_needed(self.step.state(reader)).what

    def test_other_peoples_applications_are_none_of_ours(self, tmp_path: Path) -> None:
        text = self.group % (" python-home=/opt/w", "/srv/blog.wsgi")
        assert isinstance(self.step.state(host(tmp_path, {SITE: text})), Satisfied)


class TestUwsgi:
    step = UwsgiHome(VENV)
    unit = f"[Service]\nExecStart = /usr/bin/uwsgi --ini {INI}%s\n"

    def test_a_unit_gets_the_option_that_devstack_would_write(self, tmp_path: Path) -> None:
        shown = diff_of(self.step, host(tmp_path, {UNIT: self.unit % "", INI: "[uwsgi]\n"}))
        assert f"+ExecStart = /usr/bin/uwsgi --ini {INI} --venv {VENV}\n" in shown

    def test_an_ini_that_names_another_is_edited_there(self, tmp_path: Path) -> None:
        files = {UNIT: self.unit % "", INI: "[uwsgi]\nhome = /opt/w\n"}
        shown = diff_of(self.step, host(tmp_path, files))
        assert f"+home = {VENV}\n" in shown
        assert UNIT not in shown

    @pytest.mark.parametrize("text", ["home = %(x)\n", "home = /a\nvenv = /b\n"])
    def test_an_ini_that_cannot_be_judged_is_for_a_person(self, tmp_path: Path, text: str) -> None:
        files = {UNIT: self.unit % "", INI: f"[uwsgi]\n{text}"}
        person_needed(self.step.state(host(tmp_path, files)))

    def test_units_of_other_programs_stay(self, tmp_path: Path) -> None:
        path = "/etc/systemd/system/devstack@c-vol.service"
        files = {path: f"[Service]\nExecStart = {VENV}/bin/cinder-volume\n"}
        assert isinstance(self.step.state(host(tmp_path, files)), Satisfied)


class TestRootwrap:
    step = RootwrapExecDirs(VENV)

    def test_the_venv_comes_last(self, tmp_path: Path) -> None:
        text = "[DEFAULT]\nexec_dirs=/sbin,/bin\nx=1\n"
        shown = diff_of(self.step, host(tmp_path, {"/etc/nova/rootwrap.conf": text}))
        assert f"+exec_dirs=/sbin,/bin,{VENV}/bin\n" in shown

    @pytest.mark.parametrize("line", ["#exec_dirs=/sbin\n", f"exec_dirs=/sbin,{VENV}/bin\n", ""])
    def test_where_path_counts_or_it_is_there_nothing_is_to_be_done(
        self, tmp_path: Path, line: str
    ) -> None:
        files = {"/etc/cinder/rootwrap.conf": f"[DEFAULT]\n{line}"}
        assert isinstance(self.step.state(host(tmp_path, files)), Satisfied)
