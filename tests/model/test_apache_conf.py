"""What Apache's configuration says about WSGI."""

import pytest

from wizard.model.servers.apache_conf import applications, server_homes, with_argument, with_option

SITE = """\
# WSGIScriptAlias / /nowhere
Listen 5000
<VirtualHost *:5000>
    WSGIDaemonProcess keystone-public processes=5 threads=1 \\
        user=stack python-home=/opt/old
    WSGIProcessGroup keystone-public
    WSGIScriptAlias / "/var/www/keystone/main"
</VirtualHost>
<VirtualHost *:35357>
    WSGIDaemonProcess keystone-admin user=stack
    WSGIScriptAlias / /var/www/keystone/admin process-group=keystone-admin
</VirtualHost>
WSGIScriptAlias /alone /srv/alone.wsgi
"""


def test_each_script_has_the_options_of_its_own_process_group() -> None:
    main, admin, alone = applications({"site": SITE})
    assert (main.script, main.python_home, main.option("user")) == (
        "/var/www/keystone/main",
        "/opt/old",
        "stack",
    )
    assert main.group
    assert main.group.where == "site:4"
    assert (admin.script, admin.python_home) == ("/var/www/keystone/admin", "")
    assert admin.group
    assert alone.group is None


def test_the_servers_home_counts_where_the_group_names_none() -> None:
    main, admin, _ = applications({"site": SITE, "horizon": "WSGIPythonHome /opt/v\n"})
    assert main.python_home == "/opt/old"
    assert admin.python_home == "/opt/v"
    assert [home.where for home in server_homes({"h": "\nWSGIPythonHome /opt/v\n"})] == ["h:2"]


def test_an_option_is_replaced_also_on_a_continued_line() -> None:
    new = with_option(SITE, 4, "python-home", "/opt/v")
    assert new == SITE.replace("/opt/old", "/opt/v")


def test_an_option_that_is_missing_is_added_at_the_end() -> None:
    new = with_option(SITE, 10, "python-home", "/opt/v")
    assert "    WSGIDaemonProcess keystone-admin user=stack python-home=/opt/v\n" in new
    assert applications({"site": new})[1].python_home == "/opt/v"


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_an_argument_is_replaced_and_the_line_end_stays(end: str) -> None:
    assert with_argument(f"  WSGIPythonHome  /opt/old{end}", 1, "/opt/v") == (
        f"  WSGIPythonHome  /opt/v{end}"
    )


@pytest.mark.parametrize("text", ['WSGIScriptAlias "', "WSGIDaemonProcess", "\\\n", "", "<"])
def test_what_is_broken_is_no_application(text: str) -> None:
    assert applications({"site": text}) == ()
