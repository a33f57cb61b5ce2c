"""Real DevStack from 2014 to 2023.1 behaves, by its own functions, as with one environment."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.old_devstack import OldDevstack
from tests.upstream.test_devstack_releases import commit, git
from wizard.model.devstack import Kind
from wizard.model.local_conf.managed_block import managed_block
from wizard.model.servers.wsgi_script import activated, by_file

pytestmark = pytest.mark.upstream

RELEASES = {
    "738b92a8": Kind.NONE,
    "juno-eol": Kind.NONE,
    "liberty-eol": Kind.PER_PROJECT,
    "train-eol": Kind.PER_PROJECT,
    "yoga-eom": Kind.PER_PROJECT,
    "2023.1-eom": Kind.PER_PROJECT,
}
KEYSTONE_PY = b"# Licence\nimport os\n\nfrom keystone import wsgi\n"


@pytest.fixture(scope="module", params=RELEASES)
def checkout(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Kind]:
    clone = os.environ.get("DEVSTACK_CLONE")
    if not clone:
        pytest.skip("DEVSTACK_CLONE names no clone of DevStack")
    tree = tmp_path_factory.mktemp("devstack")
    subprocess.run(["git", "clone", "--quiet", "--shared", clone, str(tree)], check=True)
    git(tree, "checkout", "--quiet", commit(clone, request.param))
    return tree, RELEASES[request.param]


@pytest.fixture
def devstack(checkout: tuple[Path, Kind], tmp_path: Path) -> OldDevstack:
    git(checkout[0], "clean", "-dfxq")
    made = OldDevstack(checkout[0], tmp_path, checkout[1])
    made.furnish()
    return made


def has(devstack: OldDevstack, function: str) -> bool:
    return devstack.said(f"type -t {function} || echo none") == "function"


def needs(devstack: OldDevstack, function: str) -> None:
    if not has(devstack, function):
        pytest.skip(f"this release has no {function}")


def test_programs_are_the_environments(devstack: OldDevstack) -> None:
    said = devstack.said("echo $(get_python_exec_prefix) $NOVA_BIN_DIR $CINDER_BIN_DIR")
    assert said == " ".join([f"{devstack.venv}/bin"] * 3)


def test_the_effective_variables(devstack: OldDevstack) -> None:
    said = devstack.said('echo "$USE_VENV $VENV_PATH ${VIRTUAL_ENV-unset} ${PROJECT_VENV[*]}"')
    use = "True" if devstack.kind is Kind.NONE else "False"  # there it means one per project
    assert said.split() == [use, str(devstack.venv), "unset"]


@pytest.mark.parametrize("way", ["pip_install 'x>1' y", "setup_develop .", "pip_install_gr x"])
def test_pip_is_the_environments_and_needs_no_sudo(devstack: OldDevstack, way: str) -> None:
    needs(devstack, way.partition(" ")[0])
    project, constraints = devstack.folder / "x", devstack.folder / ".venv/bin/edit-constraints"
    project.mkdir()
    project.joinpath("setup.cfg").write_text("[metadata]\nname = x\n")
    constraints.parent.mkdir(parents=True)
    constraints.symlink_to("/bin/true")
    devstack.said(
        f"REQUIREMENTS_DIR={devstack.folder}\nget_from_global_requirements() {{ echo x; }}\n"
        f"safe_chown() {{ :; }}\npip_install pbr\ncd {project}\n{way}"
    )
    pips = [call for call in devstack.calls if "pip" in call.partition(" ")[0]]
    assert pips
    assert all(call.startswith("venv/bin/pip install ") for call in pips)
    assert not [call for call in devstack.calls if call.startswith("sudo") and "pip" in call]


def test_the_environment_is_first_on_the_path_from_the_first_package_on(
    devstack: OldDevstack,
) -> None:
    assert devstack.said("pip_install x; type -P python3") == f"{devstack.venv}/bin/python3"


def test_keystones_scripts_are_activated_after_each_copy(devstack: OldDevstack) -> None:
    if devstack.kind is not Kind.NONE:
        pytest.skip("its scripts are the environment's own programs")
    source = devstack.folder / "keystone/httpd/keystone.py"
    source.parent.mkdir(parents=True)
    source.write_bytes(KEYSTONE_PY)
    devstack.said(
        f"KEYSTONE_DIR={devstack.folder}/keystone KEYSTONE_WSGI_DIR={devstack.folder}/www\n"
        f"apache_site_config_for() {{ echo {devstack.folder}/keystone.conf; }}\n"
        "_config_keystone_apache_wsgi; _config_keystone_apache_wsgi"
    )
    wanted = activated(KEYSTONE_PY, by_file(f"{devstack.venv}/bin/activate_this.py"))
    for name in ("main", "admin"):
        assert devstack.folder.joinpath("www", name).read_bytes() == wanted


def test_apache_is_told_where_keystones_packages_are(devstack: OldDevstack) -> None:
    if devstack.kind is Kind.NONE:
        pytest.skip("its scripts activate the environment themselves")
    conf = devstack.folder / "keystone.conf"
    devstack.said(
        f"apache_site_config_for() {{ echo {conf}; }}\npython_version() {{ echo python3.9; }}\n"
        "_config_keystone_apache_wsgi; echo $USE_VENV ${PROJECT_VENV[*]}"
    )
    assert f"python-path={devstack.venv}/lib/python3.9/site-packages" in conf.read_text()
    assert f"{devstack.venv}/bin/keystone-wsgi-public" in conf.read_text()


@pytest.mark.parametrize("function", ["write_uwsgi_config", "write_local_uwsgi_http_config"])
def test_uwsgi_runs_in_it(devstack: OldDevstack, function: str) -> None:
    needs(devstack, function)
    ini = devstack.folder / "keystone-uwsgi-public.ini"
    devstack.said(
        f"apache_site_config_for() {{ echo {devstack.folder}/site.conf; }}\n"
        "get_random_port() { echo 1; }\nrestart_apache_server() { :; }\n"
        "enable_apache_site() { :; }\nsudo() { :; }\n"
        f"{function} {ini} $KEYSTONE_BIN_DIR/keystone-wsgi-public /identity"
    )
    assert ini.read_text().splitlines().count(f"venv = {devstack.venv}") == 1


def test_where_it_is_can_be_read_from_stackenv(devstack: OldDevstack) -> None:
    stackenv = devstack.tree / ".stackenv"
    stackenv.write_text("HOST_IP=192.0.2.2\n")
    if has(devstack, "save_stackenv"):
        devstack.said("save_stackenv 1")
    else:
        devstack.said("service_check || true")
    assert stackenv.read_text().splitlines().count(f"VENV_PATH={devstack.venv}") == 1


@pytest.mark.parametrize("name", ["stackrc", "openrc"])
def test_stackrc_and_openrc_say_no_more_than_without_us(devstack: OldDevstack, name: str) -> None:
    devstack.said(":")  # leaves .localrc.auto
    auto = devstack.tree / ".localrc.auto"
    said = []
    for text in (auto.read_text(), "HOST_IP=192.0.2.2\nSTACK_USER=root\n"):
        auto.write_text(text)
        ended = devstack.bash("", name="shell", sources=f"cd $TREE; source ./{name}")
        said.append((ended.returncode, ended.stdout, ended.stderr))
    assert said[0] == said[1]


def test_git_sees_no_change(devstack: OldDevstack) -> None:
    devstack.said("pip_install x")
    assert git(devstack.tree, "status", "--porcelain") == ""


def functions(devstack: OldDevstack) -> str:
    return devstack.bash("declare -f; trap -p; echo $USE_VENV $NOVA_BIN_DIR").stdout


def test_without_the_block_there_is_no_trace(devstack: OldDevstack) -> None:
    devstack.write_local_conf("")
    before = functions(devstack)
    block = managed_block(devstack.kind, use=True, venv_path=str(devstack.venv)).body.decode()
    devstack.write_local_conf(block)
    assert functions(devstack) != before
    devstack.write_local_conf("")
    assert functions(devstack) == before
    shutil.rmtree(devstack.venv)
    assert functions(devstack) == before


@pytest.mark.parametrize("options", ["set -o nounset", "set -o xtrace"])
def test_it_works_under_nounset_and_xtrace(devstack: OldDevstack, options: str) -> None:
    assert devstack.said(f"{options}; pip_install x; get_python_exec_prefix") == (
        f"{devstack.venv}/bin"
    )
