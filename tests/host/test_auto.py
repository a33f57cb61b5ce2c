"""--auto on machines that have just been installed: build, again, check, undo."""

import json
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from tests.host.bare_root import CLONE, BareRoot

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

VENV = "/opt/stack/global-venv"
# what a run may leave or touch: its own state, caches, the environment of the clone
ELSEWHERE = (
    *("/proc", "/dev", "/sys", "/tmp", "/run", "/var/lib/devstack-venv", f"{CLONE}/.venv"),
    f"{CLONE}/*/__pycache__",
)


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def fresh(request: pytest.FixtureRequest) -> Iterator[BareRoot]:
    """A bare system with nothing but Python."""
    with BareRoot(request.param) as root:
        root.run(["apt-get", "update"])
        done = root.run(["apt-get", "install", "-y", "--no-install-recommends", "python3"])
        assert done.returncode == 0, done.stderr
        wizard(root, "--version")  # makes its environment
        yield root


@pytest.fixture(scope="module")
def before(fresh: BareRoot) -> dict[str, str]:
    return snapshot(fresh)


@pytest.fixture(scope="module")
def built(fresh: BareRoot, before: dict[str, str]) -> CompletedProcess[str]:
    """The first run; everything below looks at what it did."""
    assert before
    return wizard(fresh, "--auto")


def wizard(root: BareRoot, *arguments: str, user: str = "root") -> CompletedProcess[str]:
    return root.run(["./wizard.sh", *arguments], user=user, cwd=CLONE)


def shell(root: BareRoot, script: str, user: str = "root") -> CompletedProcess[str]:
    return root.run(["sh", "-c", script], user=user, cwd=CLONE)


def snapshot(root: BareRoot) -> dict[str, str]:
    """Every path of the system with what is known of it, but for what a run may touch."""
    places = " -o ".join(f"-path '{place}'" for place in ELSEWHERE)
    kinds = "-type d -printf '%p\\t%m %U\\n' -o -printf '%p\\t%y %m %U %s %T@ %l\\n'"
    found = shell(root, f"find / -xdev \\( {places} \\) -prune -o {kinds}")
    return dict(line.split("\t") for line in found.stdout.splitlines())


def test_one_command_builds_everything(built: CompletedProcess[str]) -> None:
    assert built.returncode == 0, built.stdout + built.stderr
    assert "Done in" in built.stdout


def test_the_venv_is_the_stack_users_and_runs_the_distributions_python(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    script = f"{VENV}/bin/python -c 'import sys, lxml.etree, ldap; print(sys.base_prefix)'"
    assert shell(fresh, script, user="stack").stdout == "/usr\n"
    assert shell(fresh, f"find {VENV} -not -user stack -print -quit").stdout == ""
    assert fresh.path(f"{VENV}/bin/activate_this.py").exists()


def test_bytecode_is_there_before_the_first_import(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    compiled = shell(fresh, f"find {VENV}/lib -name '*.pyc' | wc -l")
    sources = shell(fresh, f"find {VENV}/lib -name '*.py' | wc -l")
    assert int(compiled.stdout) >= 0.95 * int(sources.stdout)


def test_sudo_finds_what_is_only_in_the_venv(fresh: BareRoot, built: CompletedProcess[str]) -> None:
    assert built.returncode == 0
    found = shell(fresh, "sudo -n which privsep-helper", user="stack")
    assert found.stdout == f"{VENV}/bin/privsep-helper\n"
    assert shell(fresh, "visudo -c").returncode == 0


def test_local_conf_holds_what_devstack_reads(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    path = fresh.path(f"{CLONE}/local.conf")
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert f"USE_VENV=True\nVENV_PATH={VENV}\n" in text
    assert text.count("_PASSWORD=") == 4


def test_no_password_is_anywhere_but_in_local_conf(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    text = fresh.path(f"{CLONE}/local.conf").read_text()
    passwords = [line.split("=")[1] for line in text.splitlines() if "_PASSWORD=" in line]
    for password in passwords:
        found = shell(fresh, f"grep -rlF {password} /var/lib/devstack-venv /opt /etc /tmp /srv")
        assert found.stdout.split() == [f"{CLONE}/local.conf"]
        assert password not in built.stdout


def test_a_second_run_changes_nothing_and_says_so(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    after_first = snapshot(fresh)
    second = wizard(fresh, "--auto")
    assert second.returncode == 0, second.stdout
    assert "Nothing to do" in second.stdout
    assert snapshot(fresh) == after_first


def test_the_checks_pass_and_change_nothing(fresh: BareRoot, built: CompletedProcess[str]) -> None:
    assert built.returncode == 0
    earlier = snapshot(fresh)
    checked = wizard(fresh, "--check")
    assert checked.returncode == 0, checked.stdout
    assert snapshot(fresh) == earlier


def test_json_output_is_events_and_nothing_else(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    said = wizard(fresh, "--auto", "--output", "json")
    events = [json.loads(line) for line in said.stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["event"], events[-1]["event"]) == ("run_started", "run_finished")
    assert events[-1]["status"] == said.returncode == 0


def test_attach_replays_a_run_that_is_over(fresh: BareRoot, built: CompletedProcess[str]) -> None:
    name = shell(fresh, "ls /var/lib/devstack-venv/runs | head -n 1").stdout.strip()
    replayed = wizard(fresh, "--attach", name)
    assert replayed.returncode == 0
    assert replayed.stdout.splitlines()[-4:] == built.stdout.splitlines()[-4:]


def test_another_set_of_packages_is_built_beside_the_old_venv(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    grown = wizard(fresh, "--auto", "iniparse")
    assert grown.returncode == 0, grown.stdout
    assert shell(fresh, f"{VENV}/bin/python -c 'import iniparse'", user="stack").returncode == 0
    assert "build again" in grown.stdout


def test_a_build_that_fails_puts_the_old_venv_back(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    marker = fresh.path(f"{VENV}/.devstack-venv/complete.json").read_bytes()
    failed = wizard(fresh, "--auto", "no-such-package-as-this-one")
    assert failed.returncode == 5
    assert "no-such-package-as-this-one" in failed.stdout
    assert fresh.path(f"{VENV}/.devstack-venv/complete.json").read_bytes() == marker
    assert not fresh.path("/opt/stack/.global-venv.before").exists()
    assert wizard(fresh, "--auto", "iniparse").stdout.count("Nothing to do") == 1


def test_a_file_that_is_in_the_way_is_not_touched(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    assert built.returncode == 0
    shell(fresh, "mkdir -p /opt/stack/precious && echo mine > /opt/stack/precious/notes.txt")
    refused = wizard(fresh, "--auto", "--venv-path", "/opt/stack/precious")
    assert refused.returncode == 8
    assert fresh.path("/opt/stack/precious/notes.txt").read_text() == "mine\n"
    shell(fresh, "rm -r /opt/stack/precious")


def test_undo_refuses_what_somebody_changed_since(
    fresh: BareRoot, built: CompletedProcess[str]
) -> None:
    """And puts the rest back; the last runs first, then the first one."""
    assert built.returncode == 0
    shell(fresh, "echo '# mine' >> local.conf")
    status = 0
    while "There is nothing to undo" not in (undone := wizard(fresh, "--undo")).stdout:
        status = max(status, undone.returncode)
        if undone.returncode == 8:
            assert "local.conf" in undone.stdout
            shell(fresh, "sed -i '$d' local.conf")
    assert status == 8


def test_undo_leaves_the_host_as_it_was_but_for_what_it_names(
    fresh: BareRoot, before: dict[str, str], built: CompletedProcess[str]
) -> None:
    assert "undo" in built.stdout
    assert not fresh.path(VENV).exists()
    assert not fresh.path(f"{CLONE}/local.conf").exists()
    places = ("/opt/stack", "/etc/sudoers.d", "/usr", "/var", "/etc")
    changed = snapshot(fresh).keys() - before.keys()
    # the packages, the user and the user's cache are named by undo as what stays
    left = [path for path in changed if not path.startswith(places)]
    assert left == []
    ours = [path for path in changed if "devstack" in path.removeprefix(CLONE)]
    assert ours == []
