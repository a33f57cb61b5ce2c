"""How grave a line is."""

import pytest

from wizard.model.log_level import Level, level

GRAVE = (
    "E: Unable to locate package libfoo-dev",
    "Modules/LDAPObject.c:16:10: fatal error: sasl/sasl.h: No such file or directory",
    "error: command '/usr/bin/gcc' failed with exit code 1",
    "ERROR: Could not find a version that satisfies the requirement nosuch",
    "dpkg: error processing package linux-headers (--configure):",
    "  × No solution found when resolving dependencies:",  # noqa: RUF001 -- as uv writes it
    "make: *** [Makefile:10: all] Error 2",
    "Traceback (most recent call last):",
    "ModuleNotFoundError: No module named 'yaml'",
    "sudo: nova-rootwrap: command not found",
)
DOUBTFUL = (
    "W: Some index files failed to download",
    "WARNING: Running pip as the 'root' user can result in broken permissions",
    "warning: `VIRTUAL_ENV` does not match",
    "foo.c:3:1: warning: unused variable",
    "/lib/setuptools/dist.py:333: SetuptoolsDeprecationWarning: License classifiers",
)
HARMLESS = (
    "Unpacking libgpg-error0:amd64 (1.46-1) ...",
    "Get:3 somewhere/main amd64 liberror-perl all 0.17029-2 [29.0 kB]",
    "Setting up fail2ban (1.0.2-2) ...",
    "gcc -Wall -Werror=format-security -c x.c",
    "0 upgraded, 55 newly installed, 0 to remove",
    " + errorhandler==1.0",
    "copying build/lib/warnings_filter.py",
)


@pytest.mark.parametrize("line", GRAVE)
def test_an_error_is_seen(line: str) -> None:
    assert level(line) is Level.ERROR


@pytest.mark.parametrize("line", DOUBTFUL)
def test_a_warning_is_seen(line: str) -> None:
    assert level(line) is Level.WARNING


@pytest.mark.parametrize("line", HARMLESS)
def test_a_name_that_sounds_grave_is_not(line: str) -> None:
    assert level(line) < Level.WARNING


def test_what_the_engine_runs_stands_out() -> None:
    assert level("$ apt-get install -y gcc") is Level.COMMAND


def test_what_came_to_its_end_stands_out() -> None:
    assert level("Installed 68 packages in 412ms") is Level.GOOD
    assert level("Successfully installed pip-25") is Level.GOOD
