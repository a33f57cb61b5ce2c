"""Real things broken around a build: the linker, memory, packages, and the web server."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.bare_root import CLONE, BareRoot
from tests.host.small_checkout import CHECKOUT
from tests.host.test_troubleshooting import auto, cured, shell, wanting
from wizard.model.exit_status import ExitStatus

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

FROB = """\
#include <Python.h>
static struct PyModuleDef frob = {PyModuleDef_HEAD_INIT, "frob"};
PyMODINIT_FUNC PyInit_frob(void) { return PyModule_Create(&frob); }
"""


@pytest.fixture
def root(with_compiler: Path) -> Iterator[BareRoot]:
    with BareRoot("bookworm", over=with_compiler) as made:
        yield made


def own_package(root: BareRoot, *, library: str = "", more: str = "") -> None:
    """Let the checkout ask for a package with a module in C, linked against a library."""
    folder = root.path("/srv/frob")
    folder.mkdir()
    libraries = [library] if library else []
    folder.joinpath("setup.py").write_text(
        "from setuptools import Extension, setup\n"
        f"modules = [Extension('frob', ['frob.c'], libraries={libraries})]\n"
        "setup(name='frob', version='1', ext_modules=modules)\n"
    )
    folder.joinpath("frob.c").write_text(f"{FROB}{more}\n")
    shell(root, "chown -R stack: /srv/frob")
    root.path(f"{CHECKOUT}/files/venv-requirements.txt").write_text(
        "pbr\nfrob @ file:///srv/frob\n"
    )


def test_a_library_that_the_linker_lacks_is_installed_and_the_build_ends(root: BareRoot) -> None:
    own_package(root, library="xml2")
    failed = auto(root)
    assert failed.first == "library-missing", failed.said
    told = cured(root, failed)
    assert told.built, told.said
    assert shell(root, "dpkg-query -W -f '${Status}' libxml2-dev").stdout.endswith("installed")


def test_a_compiler_that_runs_out_of_memory_is_named(root: BareRoot) -> None:
    own_package(root, more=f"int many[] = {{{'1,' * 3_000_000}}};")
    gcc = root.path("/usr/local/bin/x86_64-linux-gnu-gcc")
    gcc.write_text('#!/bin/sh\nexec prlimit --as=150000000 /usr/bin/x86_64-linux-gnu-gcc "$@"\n')
    gcc.chmod(0o755)
    failed = auto(root)
    assert failed.first == "compiler-memory", failed.said
    assert failed.findings[0]["manual"]
    gcc.unlink()
    assert auto(root).built


def test_a_package_that_was_installed_without_what_it_needs_gets_it(root: BareRoot) -> None:
    wanting(root, "tree")
    control = root.path("/tmp/frob/DEBIAN/control")
    control.parent.mkdir(parents=True)
    control.write_text(
        "Package: frob\nVersion: 1\nArchitecture: all\nDepends: hello\n"
        "Maintainer: nobody <nobody@example.org>\nDescription: frob\n"
    )
    shell(root, "dpkg-deb -b /tmp/frob /tmp/frob.deb && ! dpkg -i /tmp/frob.deb")
    assert auto(root).status == ExitStatus.HOST
    failed = auto(root, "--cure dpkg-interrupted")  # dpkg alone cannot: hello is not there
    assert failed.first == "apt-unmet-dependencies", failed.said
    told = cured(root, failed)
    assert told.built, told.said
    status = "dpkg-query -W -f '${Status}' "
    assert shell(root, f"{status} frob").stdout == "install ok installed"
    assert shell(root, f"{status} hello").stdout == "install ok installed"


def test_a_pin_is_named_and_nothing_is_offered_that_would_not_help(root: BareRoot) -> None:
    wanting(root, "libpq-dev")
    pin = root.path("/etc/apt/preferences.d/acme")
    pin.write_text("Package: libpq5\nPin: release *\nPin-Priority: -1\n")
    failed = auto(root)
    assert failed.first == "apt-dependency-not-installable", failed.said
    assert not failed.findings[0]["automatic"]
    pin.unlink()
    assert auto(root).built


def test_a_damaged_list_of_files_is_mended_by_what_the_card_says(root: BareRoot) -> None:
    wanting(root, "tree")
    shell(root, "printf '/.\\n/us' > /var/lib/dpkg/info/sed.list")
    failed = auto(root)
    assert failed.first == "dpkg-file-list", failed.said
    for command in failed.findings[0]["commands"]:
        shell(root, command.replace("reinstall", "reinstall -y"))
    assert auto(root).built


WEB = """
sed -i '/^Listen/d' /etc/apache2/ports.conf
cat > /etc/apache2/sites-enabled/keystone.conf <<END
Listen 127.0.0.1:%(port)d
<VirtualHost *:%(port)d>
    WSGIDaemonProcess keystone-public processes=1 threads=1 user=stack
    WSGIProcessGroup keystone-public
    WSGIScriptAlias / /var/www/keystone/main
    <Directory />
        Require all granted
    </Directory>
</VirtualHost>
END
mkdir -p /var/www/keystone
cat > /var/www/keystone/main <<END
import pbr.version

def application(environ, start_response):
    start_response("200 OK", [])
    return [b"it works"]
END
"""
ASK = "python3 -c 'import urllib.request as u; print(u.urlopen(\"http://127.0.0.1:%d/\").read())'"


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@pytest.fixture
def web(root: BareRoot) -> Iterator[int]:
    """The port of an Apache that serves a script which needs the venv and does not activate it."""
    port = free_port()
    shell(root, "apt-get install -y --no-install-recommends apache2 libapache2-mod-wsgi-py3")
    shell(root, WEB % {"port": port})
    yield port
    root.run(["apache2ctl", "stop"])


def diagnosed(root: BareRoot, log: str) -> str:
    """Return the first finding in a log."""
    done = root.run([f"{CLONE}/wizard.sh", "--output", "json", "--diagnose", log])
    assert done.returncode == ExitStatus.CHECK_FAILED, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return next(str(event["id"]) for event in events if event["event"] == "finding")


def test_a_script_that_does_not_see_the_venv_activates_it(root: BareRoot, web: int) -> None:
    assert auto(root).built
    shell(root, "apache2ctl start")
    assert root.run(["sh", "-c", ASK % web]).returncode
    finding = diagnosed(root, "/var/log/apache2/error.log")
    assert finding == "wsgi-script-failed"
    assert auto(root, f"--cure {finding}").built
    shell(root, "apache2ctl graceful")
    assert "it works" in shell(root, ASK % web).stdout


def test_a_port_that_somebody_else_has_is_named(root: BareRoot, web: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", web))
        taken.listen()
        shell(root, "! apache2ctl start 2>/tmp/said")
    assert diagnosed(root, "/tmp/said") == "apache-port-taken"
    shell(root, "apache2ctl start")
