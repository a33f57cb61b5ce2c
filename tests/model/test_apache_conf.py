"""What Apache's configuration says about WSGI."""

import pytest

from wizard.model.servers import apache_conf
from wizard.model.servers.apache_conf import Application, with_argument, with_option

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


def applications(files: dict[str, str]) -> tuple[Application, ...]:
    return apache_conf.applications(
        [one for path, text in files.items() for one in apache_conf.directives(path, text)]
    )


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
    found = tuple(apache_conf.directives("h", "\nWSGIPythonHome /opt/v\n"))
    assert [home.where for home in apache_conf.server_homes(found)] == ["h:2"]


LISTING = """\
# In file: /etc/apache2/apache2.conf
#   12:
WSGIProcessGroup all
# In file: /etc/apache2/sites-enabled/keystone.conf
#   2:
<VirtualHost *:5000>
  #   4:
  WSGIDaemonProcess all user=stack python-home=/opt/old
  <Directory />
    #   5:
    Require all granted
  </Directory>
  #   6:
  WSGIScriptAlias / /var/www/keystone/main
</VirtualHost>
"""


def test_apaches_own_listing_names_the_file_and_the_line_of_each() -> None:
    (main,) = apache_conf.applications(tuple(apache_conf.listed(LISTING)))
    assert main.alias.where == "/etc/apache2/sites-enabled/keystone.conf:6"
    assert main.alias.addresses == "*:5000"
    assert main.python_home == "/opt/old"


def test_a_group_that_nobody_defines_is_still_named() -> None:
    (main,) = applications({"s": "WSGIProcessGroup k\nWSGIScriptAlias / /x process-group=q\n"})
    assert (main.group_name, main.group) == ("q", None)


def test_apaches_own_processes_have_no_name() -> None:
    (main,) = applications({"s": "WSGIProcessGroup %{GLOBAL}\nWSGIScriptAlias / /x\n"})
    assert main.group_name == ""


@pytest.mark.parametrize("line", [4, 5])
def test_a_continued_line_may_be_named_by_any_of_its_lines(line: int) -> None:
    new = with_option(SITE, line, "processes", "1")
    assert new == SITE.replace("processes=5", "processes=1")


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
