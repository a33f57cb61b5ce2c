"""The functions that make an older DevStack use one environment, in small trees of our own."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.devstack.small_trees import make
from tests.old_devstack import OldDevstack
from wizard.model import shipped
from wizard.model.devstack import Kind
from wizard.model.servers.wsgi_script import activated, by_file

FILE = shipped.folder() / "devstack/one_venv.sh"
KEYSTONE_PY = b"""\
# Licence
from __future__ import print_function
import os
from keystone import wsgi
"""


def made(folder: Path, kind: Kind, *, builder: str = "") -> OldDevstack:
    devstack = OldDevstack(make(folder / "devstack", kind), folder, kind)
    devstack.furnish(builder=builder)
    return devstack


@pytest.fixture(params=[Kind.NONE, Kind.PER_PROJECT], ids=str)
def devstack(request: pytest.FixtureRequest, tmp_path: Path) -> OldDevstack:
    return made(tmp_path, request.param)


@pytest.fixture
def old(tmp_path: Path) -> OldDevstack:
    return made(tmp_path, Kind.NONE)


@pytest.fixture
def newer(tmp_path: Path) -> OldDevstack:
    return made(tmp_path, Kind.PER_PROJECT)


def test_programs_are_the_environments(devstack: OldDevstack) -> None:
    said = devstack.said("echo $(get_python_exec_prefix) $NOVA_BIN_DIR $CINDER_BIN_DIR")
    assert said == " ".join([f"{devstack.venv}/bin"] * 3)


def test_pip_is_the_environments_and_needs_no_sudo(devstack: OldDevstack) -> None:
    devstack.said("pip_install 'x>1' y")
    assert devstack.calls == ["venv/bin/pip install x>1 y"]


def test_the_release_decides_whether_there_are_constraints(newer: OldDevstack) -> None:
    newer.folder.joinpath("upper-constraints.txt").touch()
    newer.said(f"REQUIREMENTS_DIR={newer.folder} PIP_UPGRADE=True; pip_install x")
    (call,) = newer.calls
    assert call == f"venv/bin/pip install --upgrade -c {newer.folder}/upper-constraints.txt x"


def test_offline_installs_nothing(devstack: OldDevstack) -> None:
    devstack.said("OFFLINE=True; pip_install x")
    assert devstack.calls == []


def test_a_caller_with_an_environment_for_itself_keeps_it(newer: OldDevstack) -> None:
    own = newer.folder / "requirements/.venv"
    newer._program(own / "bin/pip", "#!/bin/sh\necho own >>{calls}\n", "own")
    newer.said(f"PIP_VIRTUAL_ENV={own} pip_install pbr; pip_install x")
    assert newer.calls == ["own", "venv/bin/pip install x"]


def test_a_failing_pip_stops_the_run(devstack: OldDevstack) -> None:
    devstack.venv.joinpath("bin/pip").write_text("#!/bin/sh\nexit 3\n")
    ended = devstack.bash("pip_install x; echo went on")
    assert (ended.returncode, ended.stdout) == (3, "")


def test_from_the_first_package_on_the_run_finds_its_programs_first(devstack: OldDevstack) -> None:
    script = "PYTHON=/usr/bin/python3; pip_install x; pip_install y"
    path, python, active = devstack.said(
        f'{script}; echo "$PATH $PYTHON ${{VIRTUAL_ENV-unset}}"'
    ).split()
    assert path.startswith(f"{devstack.venv}/bin:")
    assert path.count(f"{devstack.venv}/bin") == 1
    assert python == f"{devstack.venv}/bin/python3"
    assert active == "unset"  # stack.sh refuses to start where it is set


class TestBuilding:
    @pytest.fixture
    def bare(self, tmp_path: Path) -> OldDevstack:
        """There is no environment, and a program that makes one."""
        builder = tmp_path / "wizard.sh"
        devstack = made(tmp_path, Kind.PER_PROJECT, builder=str(builder))
        devstack.venv.rename(tmp_path / "built")
        devstack._program(
            builder,
            '#!/bin/sh\nread -r line && exit 9\necho "{name} $*" >>{calls}\n{then}\n',
            "wizard.sh",
            f"cp -r {tmp_path}/built {devstack.venv}",
        )
        return devstack

    def test_stack_sh_builds_what_is_missing_before_the_first_package(
        self, bare: OldDevstack
    ) -> None:
        bare.said("pip_install x; pip_install y")
        assert bare.calls == [
            f"wizard.sh --auto --devstack {bare.tree} --venv-path {bare.venv}",
            "venv/bin/pip install x",
            "venv/bin/pip install y",
        ]

    def test_what_a_build_left_behind_is_built_again(self, bare: OldDevstack) -> None:
        bare.folder.joinpath("built").rename(bare.venv)
        bare.venv.joinpath(".devstack-venv").mkdir()
        bare.bash("pip_install x")
        assert bare.calls[0].startswith("wizard.sh --auto")

    def test_a_build_that_fails_stops_the_run(self, bare: OldDevstack) -> None:
        bare.folder.joinpath("wizard.sh").write_text("#!/bin/sh\nexit 7\n")
        ended = bare.bash("pip_install x; echo went on")
        assert (ended.returncode, ended.stdout, bare.calls) == (7, "", [])

    @pytest.mark.parametrize("name", ["install_prereqs.sh", "shell"])
    def test_no_other_script_builds(self, bare: OldDevstack, name: str) -> None:
        ended = bare.bash("pip_install x", name=name)
        assert (ended.returncode, bare.calls) == (1, [])
        assert "build it with: devstack-venv --auto" in ended.stderr

    def test_where_the_program_is_gone_the_run_says_what_to_do(self, bare: OldDevstack) -> None:
        bare.folder.joinpath("wizard.sh").unlink()
        ended = bare.bash("pip_install x")
        assert ended.returncode == 1
        assert f"{bare.venv} is missing or incomplete" in ended.stderr


def test_keystones_scripts_are_activated_after_each_copy(old: OldDevstack) -> None:
    source = old.folder / "keystone/httpd/keystone.py"
    source.parent.mkdir(parents=True)
    source.write_bytes(KEYSTONE_PY)
    where = f"KEYSTONE_DIR={old.folder}/keystone KEYSTONE_WSGI_DIR={old.folder}/www"
    wanted = activated(KEYSTONE_PY, by_file(f"{old.venv}/bin/activate_this.py"))
    for script in ("_config_keystone_apache_wsgi", "_config_keystone_apache_wsgi; " * 2):
        old.said(f"{where}\n{script}")
        assert old.folder.joinpath("www/main").read_bytes() == wanted
        assert old.folder.joinpath("www/admin").read_bytes() == wanted


def test_apache_is_told_where_keystones_packages_are(newer: OldDevstack) -> None:
    conf = newer.folder / "keystone.conf"
    script = f"KEYSTONE_CONF={conf}; _config_keystone_apache_wsgi"
    said = newer.said(f'{script}; echo "$USE_VENV[${{PROJECT_VENV[*]}}]"')
    assert conf.read_text() == f"WSGIDaemonProcess keystone python-path={newer.venv}/lib\n"
    assert said == "False[]"


def test_uwsgi_runs_in_it_each_time_its_file_is_written(newer: OldDevstack) -> None:
    ini = newer.folder / "keystone-uwsgi-public.ini"
    newer.said(f"write_uwsgi_config {ini} /x; write_uwsgi_config {ini} /x")
    assert ini.read_text().splitlines().count(f"venv = {newer.venv}") == 1


def test_where_it_is_can_be_read_from_stackenv(devstack: OldDevstack) -> None:
    stackenv = devstack.tree / ".stackenv"
    stackenv.write_text("HOST_IP=192.0.2.2\n")
    save = "save_stackenv; " if devstack.kind is Kind.PER_PROJECT else ""
    devstack.said(f"{save}service_check; service_check")
    assert stackenv.read_text().splitlines().count(f"VENV_PATH={devstack.venv}") == 1


def test_a_devstack_function_that_fails_still_stops_the_run(newer: OldDevstack) -> None:
    ended = newer.bash("sudo() { return 4; }\nconfigure_rootwrap nova; echo went on")
    assert (ended.returncode, ended.stdout) == (4, "")


def test_what_is_sourced_again_is_hooked_again_and_once(newer: OldDevstack) -> None:
    source = f"source {newer.venv}.devstack.sh\nsource $TREE/lib/apache\n"
    ini = newer.folder / "x.ini"
    newer.said(f"{source * 3} write_uwsgi_config {ini} /x")
    assert ini.read_text().splitlines().count(f"venv = {newer.venv}") == 1


@pytest.mark.parametrize("options", ["set -o nounset", "set -o xtrace", "set -o errexit"])
def test_it_works_under_bashs_strict_options(devstack: OldDevstack, options: str) -> None:
    said = devstack.said(f"{options}; pip_install x; service_check; get_python_exec_prefix")
    assert said == f"{devstack.venv}/bin"


@pytest.mark.parametrize("shell", [["bash", "--noprofile", "--norc"], ["sh"]])
@pytest.mark.parametrize("venv", ["", "/opt/v"])
def test_sourcing_it_is_silent_and_no_failure_in_any_shell(shell: list[str], venv: str) -> None:
    ended = subprocess.run(
        [*shell, "-euc", f'. "{FILE}"; . "{FILE}"; echo end'],
        env={"PATH": "/usr/bin:/bin", **({"VENV_PATH": venv} if venv else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == ("end\n", "")


def test_a_shell_that_sources_openrc_gets_no_trap(devstack: OldDevstack) -> None:
    devstack.said(":")  # leaves .localrc.auto
    ended = devstack.bash("trap -p", name="shell", sources='source "$TREE/openrc"')
    assert (ended.returncode, ended.stdout) == (0, "")


def test_an_environment_of_somebody_elses_is_taken_as_it_is(devstack: OldDevstack) -> None:
    assert not os.path.lexists(devstack.venv / ".devstack-venv")
    assert devstack.bash("one_venv_complete").returncode == 0
