"""What a host's Apache may be configured to do: each verdict is what a client would find."""

import pytest

from tests.host.deployment import (
    SCRIPT,
    SCRIPTS,
    SITE,
    SITE_PACKAGES,
    VENV,
    Deployment,
    failure,
    success,
)
from wizard.checks.wsgi_mod_wsgi import WsgiModWsgi
from wizard.model.check import Code, Result

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

CHECK = WsgiModWsgi(VENV)
ACTIVATION = f"""_file = "{VENV}/bin/activate_this.py"
exec(open(_file).read(), {{"__file__": _file}})
"""
ACTIVATED = ACTIVATION + SCRIPT
HOME = f"python-home={VENV}"


def edit(host: Deployment, expression: str) -> None:
    host.must(f"sed -i '{expression}' {SITE}")


@pytest.fixture
def activated(host: Deployment) -> Deployment:
    """A script that activates the venv, and a site that serves it."""
    host.script(ACTIVATED)
    host.site()
    return host


class TestWhatApacheGoesBy:
    @pytest.mark.parametrize(
        "beside",
        [
            "<IfDefine NOBODY_DEFINES>\nWSGIPythonHome /opt/gone\n</IfDefine>",
            "<IfModule !mod_wsgi.c>\nWSGIPythonHome /opt/gone\n</IfModule>",
            "#WSGIPythonHome /opt/gone",
        ],
    )
    def test_what_it_leaves_out_does_not_count(self, host: Deployment, beside: str) -> None:
        host.script(ACTIVATED)
        host.site(beside=beside)
        success(host, CHECK)

    def test_a_site_that_is_not_enabled_does_not_count(self, activated: Deployment) -> None:
        activated.must(f"cp {SITE} {SITE}.old; sed -i s,main,gone, {SITE}.old")
        success(activated, CHECK)

    @pytest.mark.parametrize("home", [VENV, "/opt/gone"])
    def test_a_file_that_it_includes_from_elsewhere_counts(
        self, host: Deployment, home: str
    ) -> None:
        host.script()
        host.site(beside="IncludeOptional /opt/stack/other/*.inc")
        host.write("/opt/stack/other/1.inc", f"WSGIPythonHome {home}\n")
        if home == VENV:
            success(host, CHECK)
        else:
            said = failure(host, CHECK)
            assert said.startswith("/opt/stack/other/1.inc:1: WSGIPythonHome is /opt/gone")

    def test_a_variable_of_its_own_is_replaced(self, host: Deployment) -> None:
        host.script()
        host.site("python-home=${HERE}")
        edit(host, f"1i Define HERE {VENV}")
        success(host, CHECK)

    def test_a_file_that_only_root_may_read_is_read(self, host: Deployment) -> None:
        host.script()
        host.site()
        host.root.path(SITE).chmod(0o600)
        assert "keystone is not found" in failure(host, CHECK)

    @pytest.mark.parametrize(
        "break_it", [f"echo Lisn 80 >>{SITE}", "a2dismod -q -f wsgi"], ids=["typo", "no module"]
    )
    def test_what_it_refuses_is_told_in_its_words(
        self, activated: Deployment, break_it: str
    ) -> None:
        activated.must(break_it)
        try:
            assert "Invalid command" in failure(activated, CHECK)
        finally:
            activated.must("a2enmod -q wsgi")

    def test_a_module_that_was_deleted_is_to_be_installed_again(
        self, activated: Deployment
    ) -> None:
        module = "/usr/lib/apache2/modules/mod_wsgi.so"
        activated.must(f"mv {module} /tmp/kept.so")
        try:
            said = failure(activated, CHECK)
            assert said.startswith("/etc/apache2/mods-enabled/wsgi.load:1: ")
            assert f"{module} is not there" in said
            cure = "As root: apt-get install --reinstall libapache2-mod-wsgi-py3"
            assert cure in str(CHECK.run(activated.machine()))
        finally:
            activated.must(f"mv /tmp/kept.so {module}")

    def test_a_site_of_somebody_else_that_it_refuses_is_a_warning(self, host: Deployment) -> None:
        host.write(SITE, "<VirtualHost *:8081>\n  DocumentRot /srv/acme\n</VirtualHost>\n")
        found = CHECK.run(host.machine())
        assert isinstance(found, Result)
        assert found.code is Code.WARNING
        assert found.details.startswith(f"{SITE}:2: ")


class TestProcessGroups:
    def test_a_group_that_nobody_makes_fails(self, activated: Deployment) -> None:
        edit(activated, "s/WSGIProcessGroup .*/WSGIProcessGroup keystone/")
        assert "no WSGIDaemonProcess makes the process group keystone" in failure(activated, CHECK)

    @pytest.mark.parametrize(
        "expression", ["/WSGIProcessGroup/d", "s/WSGIProcessGroup .*/WSGIProcessGroup %{GLOBAL}/"]
    )
    def test_a_home_of_a_group_that_runs_nothing_is_no_help(
        self, host: Deployment, expression: str
    ) -> None:
        host.script()
        host.site(HOME)
        edit(host, expression)
        assert "keystone is not found, for it runs in /usr" in failure(host, CHECK)

    def test_a_group_named_outside_of_virtual_hosts_is_inherited(self, host: Deployment) -> None:
        host.script()
        host.site(HOME, beside="WSGIProcessGroup keystone-public")
        edit(host, "0,/WSGIProcessGroup/{/WSGIProcessGroup/d}")
        success(host, CHECK)

    def test_each_virtual_host_is_judged(self, host: Deployment) -> None:
        host.script()
        host.script(name="admin")
        host.site(
            HOME,
            beside="<VirtualHost *:1>\nWSGIDaemonProcess admin user=stack python-home=/opt/gone\n"
            "WSGIProcessGroup admin\nWSGIScriptAlias / /var/www/keystone/admin\n</VirtualHost>",
        )
        assert "/opt/gone is no virtual environment" in failure(host, CHECK)

    def test_an_option_on_a_continued_line_counts(self, host: Deployment) -> None:
        host.script()
        host.site("\\\n        python-home=/opt/gone")
        assert "/opt/gone is no virtual environment" in failure(host, CHECK)


class TestScripts:
    def test_one_that_is_not_there_fails(self, host: Deployment) -> None:
        host.site(HOME)
        assert f"{SCRIPTS}/main is not there" in failure(host, CHECK)

    @pytest.mark.parametrize(
        "text",
        [
            ACTIVATED.replace("\n", "\r\n"),
            "\ufeff" + ACTIVATED,
            f"# coding: latin-1\n{ACTIVATED}",
            f"import sys\nsys.path.insert(0, '{SITE_PACKAGES}')\n{SCRIPT}",
        ],
        ids=["DOS line ends", "byte order mark", "encoding", "sys.path"],
    )
    def test_what_python_understands_is_good(self, host: Deployment, text: str) -> None:
        host.root.path(SCRIPTS).mkdir(parents=True)
        host.root.path(f"{SCRIPTS}/main").write_bytes(text.encode())
        host.site()
        success(host, CHECK)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (f"import keystone; {ACTIVATED}", "keystone is not found"),
            (f"try:\n    import keystone\nexcept ImportError:\n    pass\n{SCRIPT}", "not found"),
            (
                f"execfile('{VENV}/bin/activate_this.py')\n{SCRIPT}",
                "name 'execfile' is not defined",
            ),
            (f"{ACTIVATED}print 'old'\n", "SyntaxError"),
        ],
        ids=["before it", "tried before", "Python 2's word", "Python 2"],
    )
    def test_what_would_end_before_keystone_fails(
        self, host: Deployment, text: str, words: str
    ) -> None:
        host.script(text)
        host.site()
        assert words in failure(host, CHECK)


class TestRights:
    """Apache runs the script as www-data, as some who write the site by hand have it."""

    @pytest.fixture(autouse=True)
    def as_www_data(self, activated: Deployment) -> None:
        edit(activated, "s/user=stack/user=www-data/")

    @pytest.mark.parametrize(
        ("path", "mode"), [(f"{SCRIPTS}/main", "0600"), (SITE_PACKAGES, "0700")]
    )
    def test_what_it_may_not_read_fails(self, host: Deployment, path: str, mode: str) -> None:
        before = host.must(f"stat -c %a {path}")
        host.must(f"chmod {mode} {path}")
        try:
            assert f"www-data, as whom Apache runs it, may not enter or read {path}" in failure(
                host, CHECK
            )
        finally:
            host.must(f"chmod {before.strip()} {path}")

    def test_a_folder_that_roots_group_may_enter_is_closed_to_it(self, host: Deployment) -> None:
        host.must("chgrp root /opt/stack; chmod 0750 /opt/stack")
        try:
            assert "may not enter or read /opt/stack" in failure(host, CHECK)
        finally:
            host.must("chgrp stack /opt/stack; chmod 0755 /opt/stack")

    def test_a_folder_that_a_group_of_its_may_enter_is_open_to_it(self, host: Deployment) -> None:
        host.must("usermod -aG stack www-data; chmod 0750 /opt/stack")
        try:
            success(host, CHECK)
        finally:
            host.must("gpasswd -d www-data stack; chmod 0755 /opt/stack")


def test_a_site_that_is_enabled_by_a_link_is_mended_and_undone(host: Deployment) -> None:
    available = "/etc/apache2/sites-available/keystone.conf"
    host.script()
    host.site("python-home=/opt/gone")
    host.must(f"mv {SITE} {available} && ln -s ../sites-available/keystone.conf {SITE}")
    before = host.fingerprint()
    try:
        assert "/opt/gone is no virtual environment" in failure(host, CHECK)
        fixed = host.wizard("--check", "--fix")
        assert f"python-home={VENV}" in host.root.path(available).read_text(), fixed.stdout
        assert host.root.path(SITE).is_symlink()
        success(host, CHECK)
        assert host.wizard("--undo").returncode == 0
        assert host.fingerprint() == before
    finally:
        host.must(f"rm {available}")
