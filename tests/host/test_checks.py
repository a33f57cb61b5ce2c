"""Each check on a good host and on broken ones: real sudo, rootwrap, Apache, uWSGI and Keystone."""

from collections.abc import Iterator

import pytest

from tests import trees
from tests.host.bare_root import CLONE
from tests.host.deployment import (
    INI,
    SCRIPT,
    SCRIPTS,
    SITE,
    SITE_PACKAGES,
    UNIT,
    VENV,
    Deployment,
    failure,
    success,
)
from tests.host.sudo_roots import RULE
from wizard.checks.command_links import CommandLinks
from wizard.checks.keystone_answers import KeystoneAnswers
from wizard.checks.rootwrap_path import RootwrapPath
from wizard.checks.sudoers_healthy import SudoersHealthy
from wizard.checks.wsgi_mod_wsgi import WsgiModWsgi
from wizard.checks.wsgi_uwsgi import WsgiUwsgi
from wizard.model.check import Code, NotYet, Result

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

DROP_IN = "/etc/sudoers.d/zzz-devstack-venv"
SECURE_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
WITH_VENV = f'Defaults:stack secure_path="{SECURE_PATH}:{VENV}/bin"\n'
ACTIVATED = (
    f'_file = "{VENV}/bin/activate_this.py"\nexec(open(_file).read(), {{"__file__": _file}})\n'
)
OTHER = "/opt/stack/other"


def other_venv(host: Deployment, minor: str) -> None:
    """A venv for a Python that no server here embeds."""
    host.must(f"mkdir -p {OTHER}/bin {OTHER}/lib/python{minor}/site-packages")
    host.write(f"{OTHER}/pyvenv.cfg", f"home = /usr/bin\nversion = {minor}.1\n")


class TestRootwrapPath:
    check = RootwrapPath(VENV)

    def good(self, host: Deployment) -> None:
        host.write(DROP_IN, WITH_VENV)
        host.root.path(DROP_IN).chmod(0o440)

    def test_a_venv_on_the_search_path_is_found(self, host: Deployment) -> None:
        self.good(host)
        assert "privsep-helper" in success(host, self.check)

    def test_devstacks_own_rule_alone_is_not_enough(self, host: Deployment) -> None:
        assert "nova-rootwrap: sudo says command not found" in failure(host, self.check)

    def test_a_later_file_wins(self, host: Deployment) -> None:
        self.good(host)
        host.write("/etc/sudoers.d/zzzz-other", f'Defaults secure_path="{SECURE_PATH}"\n')
        assert "command not found" in failure(host, self.check)

    def test_another_program_of_that_name_in_front_is_seen(self, host: Deployment) -> None:
        text = WITH_VENV.replace('="', '="/usr/local/bin:')
        host.write(DROP_IN, text)
        host.must("printf '#!/bin/sh\\n' >/usr/local/bin/nova-rootwrap")
        host.must("chmod 755 /usr/local/bin/nova-rootwrap")
        said = failure(host, self.check)
        assert "nova-rootwrap: sudo takes /usr/local/bin/nova-rootwrap" in said

    def test_devstacks_link_to_the_venv_is_as_good(self, host: Deployment) -> None:
        host.write(DROP_IN, WITH_VENV.replace('="', '="/usr/local/bin:'))
        host.must(f"ln -s {VENV}/bin/privsep-helper /usr/local/bin/privsep-helper")
        success(host, self.check)

    def test_a_script_whose_python_is_gone_is_no_program(self, host: Deployment) -> None:
        self.good(host)
        script = f"{VENV}/bin/nova-rootwrap"
        host.must(f"cp -p {script} /tmp/kept && sed -i '1s|.*|#!/opt/gone/bin/python|' {script}")
        try:
            assert "/opt/gone/bin/python, which is not there" in failure(host, self.check)
        finally:
            host.must(f"cp -p /tmp/kept {script}")

    def test_a_sudo_that_asks_for_a_password_is_told(self, host: Deployment) -> None:
        host.write("/etc/sudoers.d/50_stack_sh", "stack ALL=(ALL) ALL\n")
        assert "asks stack for a password" in failure(host, self.check)

    def test_a_venv_without_such_programs_waits(self, host: Deployment) -> None:
        assert isinstance(RootwrapPath("/opt/empty").run(host.machine()), NotYet)


class TestSudoers:
    check = SudoersHealthy()

    def test_what_devstack_leaves_behind_is_healthy(self, host: Deployment) -> None:
        host.write("/etc/sudoers.d/zz-secure-path", WITH_VENV)
        host.root.path("/etc/sudoers.d/zz-secure-path").chmod(0o400)
        assert "/etc/sudoers.d/zz-secure-path:1 sets secure_path" in success(host, self.check)

    @pytest.mark.parametrize(
        ("text", "mode"),
        [("stack ALL=(ALL\n", 0o440), (WITH_VENV, 0o666), ("Defaults:stack secure_pth=x\n", 0o440)],
        ids=["syntax", "world-writable", "unknown setting"],
    )
    def test_what_sudo_leaves_out_is_a_failure(
        self, host: Deployment, text: str, mode: int
    ) -> None:
        host.write("/etc/sudoers.d/zz-other", text)
        host.root.path("/etc/sudoers.d/zz-other").chmod(mode)
        assert "/etc/sudoers.d/zz-other" in failure(host, self.check)

    def test_a_mode_that_sudo_only_frowns_at_is_a_warning(self, host: Deployment) -> None:
        host.write("/etc/sudoers.d/zz-other", WITH_VENV)
        host.root.path("/etc/sudoers.d/zz-other").chmod(0o644)
        result = self.check.run(host.machine())
        assert isinstance(result, Result)
        assert result.code is Code.WARNING


class TestModWsgi:
    check = WsgiModWsgi(VENV)

    def test_before_anything_is_deployed_the_mechanism_is_shown(self, host: Deployment) -> None:
        assert "Python 3.11 runs in" in success(host, self.check)

    @pytest.mark.parametrize(
        ("options", "beside", "text"),
        [
            ("", "", ACTIVATED + SCRIPT),
            (f"python-home={VENV}", "", SCRIPT),
            (f"python-path={SITE_PACKAGES}", "", SCRIPT),
            ("", f"WSGIPythonHome {VENV}", SCRIPT),
        ],
        ids=["activated", "python-home", "python-path", "WSGIPythonHome"],
    )
    def test_each_way_into_the_venv_is_good(
        self, host: Deployment, options: str, beside: str, text: str
    ) -> None:
        host.script(text)
        host.site(options, beside=beside)
        success(host, self.check)

    def test_a_script_that_activates_nothing_fails(self, host: Deployment) -> None:
        host.script()
        host.site()
        assert "keystone is not found" in failure(host, self.check)

    def test_activation_below_the_import_fails(self, host: Deployment) -> None:
        host.script(SCRIPT + ACTIVATED)
        assert "keystone is not found" in failure(host, self.check)

    @pytest.mark.parametrize(
        ("options", "beside"), [("python-home=/opt/gone", ""), ("", "WSGIPythonHome /opt/gone")]
    )
    def test_a_home_that_is_not_there_fails_at_once(
        self, host: Deployment, options: str, beside: str
    ) -> None:
        host.script()
        host.site(options, beside=beside)
        assert "/opt/gone" in failure(host, self.check)

    def test_a_home_of_another_python_fails(self, host: Deployment) -> None:
        host.script()
        other_venv(host, "3.12")
        host.site(f"python-home={OTHER}")
        assert "mod_wsgi embeds Python 3.11 and /opt/stack/other is for Python 3.12" in failure(
            host, self.check
        )

    def test_a_venv_of_another_python_fails_before_it_is_used(self, host: Deployment) -> None:
        other_venv(host, "3.12")
        assert "Python 3.12" in failure(host, WsgiModWsgi(OTHER))

    @pytest.mark.parametrize("user", ["user=www-data", ""], ids=["named", "its own"])
    def test_a_folder_that_the_server_may_not_enter_fails(
        self, host: Deployment, user: str
    ) -> None:
        host.script(ACTIVATED + SCRIPT)
        host.site()
        host.must(f"sed -i 's/user=stack/{user}/' {SITE}")
        host.must("chmod 0700 /opt/stack")
        assert "www-data, as whom Apache runs it, may not enter or read /opt/stack" in failure(
            host, self.check
        )

    def test_a_script_that_breaks_off_fails_with_its_error(self, host: Deployment) -> None:
        host.script('open("/opt/gone/bin/activate_this.py")\n' + SCRIPT)
        assert "FileNotFoundError" in failure(host, self.check)

    def test_without_a_venv_it_waits(self, host: Deployment) -> None:
        assert isinstance(WsgiModWsgi("/opt/none").run(host.machine()), NotYet)


class TestUwsgi:
    check = WsgiUwsgi(VENV)

    def test_before_anything_is_deployed_the_mechanism_is_shown(self, host: Deployment) -> None:
        assert "Python 3.11 runs in" in success(host, self.check)

    @pytest.mark.parametrize("options", [f"--venv {VENV}", f"-H {VENV}", f"--home={VENV}"])
    def test_a_unit_with_the_venv_is_good(self, host: Deployment, options: str) -> None:
        host.unit(options)
        success(host, self.check)

    def test_an_ini_with_the_venv_is_good(self, host: Deployment) -> None:
        host.unit()
        host.must(f"echo 'virtualenv = {VENV}' >>{INI}")
        success(host, self.check)

    def test_a_unit_without_one_fails(self, host: Deployment) -> None:
        host.unit()
        assert "keystone is not found" in failure(host, self.check)

    def test_the_last_of_two_decides(self, host: Deployment) -> None:
        host.unit(f"--venv {VENV} --venv /opt/gone")
        assert "names /opt/gone" in failure(host, self.check)

    def test_one_of_another_python_fails(self, host: Deployment) -> None:
        other_venv(host, "3.12")
        host.unit(f"--venv {OTHER}")
        assert "keystone is not found" in failure(host, self.check)
        assert "Python 3.12" in failure(host, WsgiUwsgi(OTHER))

    def test_a_module_that_is_not_installed_fails(self, host: Deployment) -> None:
        host.unit(f"--venv {VENV}")
        host.must(f"sed -i 's/keystone.wsgi/placement.wsgi/' {INI}")
        assert f"placement is not installed in {VENV}" in failure(host, self.check)

    def test_a_plugin_for_python_that_was_removed_is_named(self, host: Deployment) -> None:
        host.unit(f"--venv {VENV}")
        host.must("mkdir /tmp/plugins; mv /usr/lib/uwsgi/plugins/python3*_plugin.so /tmp/plugins/")
        try:
            assert "plugins/python3_plugin.so is missing" in failure(host, self.check)
        finally:
            host.must("mv /tmp/plugins/* /usr/lib/uwsgi/plugins/")

    def test_a_server_that_is_up_without_its_application_fails(self, host: Deployment) -> None:
        host.unit()
        host.start_uwsgi()
        host.unit(f"--venv {VENV}")  # mended, but not started again
        assert "answers 500" in failure(host, self.check)

    def test_a_unit_without_path_is_no_failure(self, host: Deployment) -> None:
        host.unit(f"--venv {VENV}")
        program = f"{VENV}/bin/nova-compute"
        host.write(
            "/etc/systemd/system/devstack@c-vol.service",
            f'[Service]\nExecStart = {program}\nEnvironment = "MALLOC_ARENA_MAX=1"\n',
        )
        success(host, self.check)

    def test_a_unit_that_starts_a_program_from_elsewhere_fails(self, host: Deployment) -> None:
        path = "/etc/systemd/system/devstack@n-cpu.service"
        host.write(path, "[Service]\nExecStart = /usr/local/bin/nova-compute\n")
        assert "starts /usr/local/bin/nova-compute" in failure(host, self.check)


class TestKeystoneAnswers:
    check = KeystoneAnswers(VENV, "")

    def test_uwsgi_in_the_venv_answers(self, host: Deployment) -> None:
        host.unit(f"--venv {VENV}")
        host.start_uwsgi()
        assert f"300, from {VENV}" in success(host, self.check)

    def test_uwsgi_without_an_application_fails(self, host: Deployment) -> None:
        host.unit()
        host.start_uwsgi()
        assert "answers 500" in failure(host, self.check)

    def test_a_server_that_is_down_fails(self, host: Deployment) -> None:
        host.unit(f"--venv {VENV}")
        assert "does not answer" in failure(host, self.check)

    def test_apache_in_the_venv_answers(self, host: Deployment) -> None:
        host.script(ACTIVATED + SCRIPT)
        port = host.site()
        host.start_apache()
        assert f"http://127.0.0.1:{port}/ 300, from {VENV}" in success(host, self.check)

    def test_a_proxy_in_front_is_asked_and_not_looked_into(self, host: Deployment) -> None:
        host.unit(f"--venv {VENV}")
        host.start_uwsgi()
        port = host.proxy()
        host.start_apache()
        url = f"http://127.0.0.1:{port}/identity"
        host.write("/opt/stack/other/.stackenv", f"KEYSTONE_SERVICE_URI={url}\n")
        said = success(host, KeystoneAnswers(VENV, OTHER))
        assert f"{url}/ 300" in said
        host.must("apache2ctl stop")
        assert f"{url}/ does not answer" in failure(host, KeystoneAnswers(VENV, OTHER))

    def test_apache_without_the_venv_fails(self, host: Deployment) -> None:
        host.script()
        host.site()
        host.start_apache()
        assert "answers 500" in failure(host, self.check)

    def test_a_keystone_from_elsewhere_fails(self, host: Deployment) -> None:
        host.unit(f"--venv {VENV}")
        host.start_uwsgi()
        assert "is not that of /opt/another" in failure(host, KeystoneAnswers("/opt/another", ""))

    def test_where_it_is_not_deployed_it_waits(self, host: Deployment) -> None:
        assert isinstance(self.check.run(host.machine()), NotYet)


class TestFix:
    """--check --fix turns every verdict over, and --undo brings every byte back."""

    def broken(self, host: Deployment) -> int:
        host.rootwrap()
        host.must("sed -i 's/^#exec_dirs/exec_dirs/' /etc/nova/rootwrap.conf")
        host.script()
        host.unit()
        return host.site()

    def test_everything_that_is_broken_is_mended(self, host: Deployment) -> None:
        port = self.broken(host)
        host.start_apache()
        before = host.fingerprint()
        checked = host.wizard("--check")
        assert checked.returncode == 6, checked.stdout
        assert host.fingerprint() == before
        first = host.wizard("--check", "--fix")
        assert first.returncode == 6, first.stdout  # systemd would start uWSGI again
        host.start_uwsgi()
        second = host.wizard("--check", "--fix")
        assert second.returncode == 0, second.stdout
        rootwrap = host.sh("sudo -n nova-rootwrap /etc/nova/rootwrap.conf id", user="stack")
        assert rootwrap.returncode == 99, rootwrap.stderr
        answer = host.must(f"python3 -c '{_ASK}' http://127.0.0.1:{port}/")
        assert answer.strip() == "300"
        undone = host.wizard("--undo")
        assert undone.returncode == 0, undone.stdout
        assert host.fingerprint() == before

    def test_activation_is_added_once(self, host: Deployment) -> None:
        self.broken(host)
        host.wizard("--check", "--fix")
        once = host.root.path(f"{SCRIPTS}/main").read_bytes()
        host.wizard("--check", "--fix")
        assert host.root.path(f"{SCRIPTS}/main").read_bytes() == once
        assert once.count(b"activate_this.py") == 1

    def test_a_script_that_belongs_to_a_package_is_left_alone(self, host: Deployment) -> None:
        host.must(f"mkdir -p {SCRIPTS} && ln -s /usr/lib/python3.11/this.py {SCRIPTS}/main")
        before = host.fingerprint()
        fixed = host.wizard("--check", "--fix")
        assert "a link to /usr/lib/python3.11/this.py" in " ".join(fixed.stdout.split())
        assert "this.py" in before
        assert host.root.path("/usr/lib/python3.11/this.py").read_text().startswith("s =")

    def test_a_wrong_environment_in_a_unit_is_replaced(self, host: Deployment) -> None:
        host.unit("--venv /opt/gone --need-app")
        host.wizard("--check", "--fix")
        assert f"--venv {VENV} --need-app" in host.root.path(UNIT).read_text()


class TestWithDevstack:
    """Links, openrc and local.conf beside a checkout, as the user that stack.sh runs as."""

    @pytest.fixture
    def deployed(self, host: Deployment) -> Iterator[Deployment]:
        """What stack.sh leaves: its links to a fixed path, .stackenv and .localrc.auto."""
        folder = host.root.path("/opt/stack/devstack")
        trees.global_(folder)
        (folder / "openrc").write_text(_OPENRC)
        (folder / ".stackenv").write_text("HOST_IP=127.0.0.1\n")
        (folder / ".localrc.auto").write_text("HOST_IP=127.0.0.1\n")
        (folder / "local.conf").write_text("[[local|localrc]]\nHOST_IP=127.0.0.1\n")
        names = "openstack nova-manage privsep-helper rally"
        to = "/opt/stack/data/venv/bin"
        host.must(f"for n in {names}; do ln -sfn {to}/$n /usr/local/bin/$n; done")
        host.must(f"chown -R stack: /opt/stack/devstack; chmod -R a+rX {CLONE}")
        host.write("/etc/sudoers.d/50_stack_sh", RULE)
        yield host
        host.must("rm -rf /opt/stack/devstack /opt/stack/data; find /usr/local/bin -type l -delete")

    def test_links_to_devstacks_fixed_path_dangle(self, deployed: Deployment) -> None:
        said = failure(deployed, CommandLinks(VENV))
        assert "openstack -> /opt/stack/data/venv/bin/openstack, which is not there" in said
        assert "rally" not in said  # the venv has none

    def test_links_by_way_of_a_link_to_the_venv_are_good(self, deployed: Deployment) -> None:
        deployed.must(f"mkdir /opt/stack/data && ln -s {VENV} /opt/stack/data/venv")
        success(deployed, CommandLinks(VENV))

    def test_links_into_another_environment_are_seen(self, deployed: Deployment) -> None:
        deployed.must(
            "mkdir -p /opt/stack/data/venv/bin; cp /bin/true /opt/stack/data/venv/bin/openstack"
        )
        assert "/usr/local/bin/openstack" in failure(deployed, CommandLinks(VENV))

    def test_a_user_mends_it_all_by_sudo_and_undoes_it(self, deployed: Deployment) -> None:
        before = deployed.fingerprint()
        fixed = deployed.wizard("--check", "--fix", user="stack")
        assert fixed.returncode == 0, fixed.stdout + fixed.stderr
        openstack = deployed.must("readlink -f /usr/local/bin/openstack").strip()
        assert openstack == f"{VENV}/bin/openstack"
        shell = "cd /opt/stack/devstack && . ./openrc && command -v python3 openstack"
        sourced = deployed.root.run(["bash", "-c", shell], user="stack")
        assert sourced.stdout == f"{VENV}/bin/python3\n{VENV}/bin/openstack\n"
        undone = deployed.wizard("--undo", user="stack")
        assert undone.returncode == 0, undone.stdout + undone.stderr
        assert without_state(deployed.fingerprint()) == without_state(before)


def without_state(fingerprint: str) -> list[str]:
    """Leave out where runs are kept: the user's own home is below /opt/stack."""
    lines = fingerprint.splitlines()
    return [line for line in lines if "/opt/stack/." not in line]


_OPENRC = """
RC_DIR=$(cd "$(dirname "${BASH_SOURCE:-$0}")" && pwd)
source "$RC_DIR/stackrc"
source "$RC_DIR/.stackenv"
"""
_ASK = """
import sys, urllib.error, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1]).status)
except urllib.error.HTTPError as error:
    print(error.code)
""".replace("'", '"')
