"""A DevStack before 2023.2 stacks into one environment, which its own stack.sh has built.

Real bash, pip, sudo, rootwrap; one system for each kind, and one test after the other.
"""

from collections.abc import Iterator

import pytest

from tests.host.stacked import CHECKOUT, VENV, Stacked, stacked
from wizard.model.devstack import Kind

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

# what its Nova and Keystone write: each of these is put right by our functions
LIB = r"""
function configure_nova_rootwrap {
    sudo mkdir -p /etc/nova/rootwrap.d
    printf '[DEFAULT]\nfilters_path=/etc/nova/rootwrap.d\nexec_dirs=/sbin,/usr/bin\n' |
        sudo tee /etc/nova/rootwrap.conf
    printf '[Filters]\npbr: CommandFilter, pbr, root\n' | sudo tee /etc/nova/rootwrap.d/x.filters
}
function _config_keystone_apache_wsgi {
    sudo mkdir -p /var/www/keystone
    printf '"Keystone"\nimport sys\nimport pbr\nprint(sys.prefix)\n' >/tmp/keystone.py
    sudo cp /tmp/keystone.py /var/www/keystone/main
}
function iniset {
    [[ -s $1 ]] || echo "[$2]" >"$1"
    sed -i "/^\[$2\]/ a $3 = $4" "$1"
}
function write_uwsgi_config {
    rm -f "$1"
    iniset "$1" uwsgi wsgi-file "$2"
    iniset "$1" uwsgi plugins python3
}
function install_keystone {
    pip_install markupsafe oslo.rootwrap
    configure_nova_rootwrap
    _config_keystone_apache_wsgi
    write_uwsgi_config "$DEST/keystone.ini" "$DEST/show.py"
}
"""
SNAPSHOT = f"""
cat /etc/nova/rootwrap.conf /var/www/keystone/* /opt/stack/keystone.ini {CHECKOUT}/local.conf
cat {VENV}.devstack.sh /etc/sudoers.d/*
{VENV}/bin/pip freeze
stat -c '%i %n' {VENV} {VENV}/.devstack-venv/complete.json
ls /var/lib/devstack-venv/runs ~stack/.local/state/devstack-venv/runs
"""


@pytest.fixture(scope="module", params=[Kind.NONE, Kind.PER_PROJECT], ids=str)
def host(request: pytest.FixtureRequest) -> Iterator[Stacked]:
    with stacked(request.param) as made:
        made.local_conf("ADMIN_PASSWORD=a\nDATABASE_PASSWORD=a\nSERVICE_PASSWORD=a\n")
        with made.root.path(f"{CHECKOUT}/local.conf").open("a") as conf:
            conf.write("SERVICE_TOKEN=a\nLOGFILE=/opt/stack/logs/stack.sh.log\n")
        with made.root.path(f"{CHECKOUT}/lib/keystone").open("a") as lib:
            lib.write(LIB)
        yield made


def stack(host: Stacked) -> None:
    ended = host.shell(f"cd {CHECKOUT} && ./stack.sh </dev/null", user="stack")
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]


@pytest.fixture(scope="module")
def tree(host: Stacked) -> str:
    """What is in the checkout before anything was done."""
    return contents(host)


def contents(host: Stacked) -> str:
    left_out = " ".join(f"! -name {name}" for name in (".localrc.auto", ".stackenv", "local.conf"))
    find = f"find . -type f {left_out} -exec md5sum {{}} + | sort"
    return host.shell(f"cd {CHECKOUT} && {find}").stdout


def test_the_build_makes_devstack_use_the_environment(host: Stacked, tree: str) -> None:
    assert tree
    built = host.wizard("--auto")
    assert built.returncode == 0, built.stdout
    for check in ("local.conf", "exec prefix", "pip as user"):
        assert f"✓ {check}" in built.stdout


def test_where_it_is_missing_stack_sh_builds_it(host: Stacked) -> None:
    host.shell(f"rm -rf {VENV}")
    stack(host)
    assert host.root.path(f"{VENV}/.devstack-venv/complete.json").exists()
    assert host.root.path(f"{VENV}/bin/oslo-rootwrap").exists()


def test_services_run_in_it(host: Stacked) -> None:
    (service,) = [line for line in host.processes() if "tools/keystone.py" in line]
    assert service.startswith(f"{VENV}/bin/python3 ")


def test_sudo_and_rootwrap_find_its_programs_by_name(host: Stacked) -> None:
    script = "sudo -n oslo-rootwrap /etc/nova/rootwrap.conf pbr --version"
    ended = host.shell(script, user="stack")
    assert ended.returncode == 0, ended.stderr


def test_the_systems_python_runs_keystones_script_in_it(host: Stacked) -> None:
    ended = host.shell("/usr/bin/python3 /var/www/keystone/main", user="stack")
    assert ended.stdout == f"{VENV}\n", ended.stderr


def test_uwsgi_is_told_of_it(host: Stacked) -> None:
    said = host.root.path("/opt/stack/keystone.ini").read_text()
    assert said.count(f"venv = {VENV}\n") == 1


def test_a_shell_that_sources_openrc_finds_its_programs(host: Stacked) -> None:
    script = f"cd {CHECKOUT}; source ./openrc >/dev/null && type -P python3"
    assert host.shell(script, user="stack").stdout == f"{VENV}/bin/python3\n"
    assert f"VENV_PATH={VENV}\n" in host.root.path(f"{CHECKOUT}/.stackenv").read_text()


def test_a_second_run_changes_nothing(host: Stacked) -> None:
    before = host.shell(SNAPSHOT).stdout
    stack(host)
    assert host.shell(SNAPSHOT).stdout == before


def test_started_by_the_build_it_comes_to_its_end_too(host: Stacked) -> None:
    ended = host.wizard("--auto", "--stack")
    assert ended.returncode == 0, ended.stdout[-3000:]


def test_the_checkout_is_as_it_was(host: Stacked, tree: str) -> None:
    assert contents(host) == tree
