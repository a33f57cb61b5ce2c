"""--stack: the checkout's stack.sh after the build, in real bash with real sudo.

One system, one test after the other: each finds what the ones before it left.
"""

import json
import threading
from collections.abc import Iterator
from subprocess import CompletedProcess

import pytest

from tests.host.stacked import CHECKOUT, VENV, Stacked, stacked, wait_for

pytestmark = [pytest.mark.host, pytest.mark.timeout(600)]

PHASES = ["pre-install", "install", "post-config", "extra", "test-config"]
SERVICE = "tools/keystone.py"
# what follows in stack.sh waits until the check has seen the service
_UNTIL_JUDGED = """
for attempt in $(seq 600); do
    sudo grep -qrF '"check_finished","check":"keystone-answers"' /var/lib/devstack-venv && exit
    sleep 0.1
done
"""


@pytest.fixture(scope="module")
def host() -> Iterator[Stacked]:
    with stacked() as made:
        yield made


@pytest.fixture(scope="module")
def first(host: Stacked) -> CompletedProcess[str]:
    """From nothing to services that answer."""
    host.local_conf("PREREQUISITES=hello\n")
    host.local_sh(_UNTIL_JUDGED)
    return host.wizard("--auto", "--stack", "--output", "json")


def events(ended: CompletedProcess[str], kind: str) -> list[dict[str, object]]:
    said = [json.loads(line) for line in ended.stdout.splitlines()]
    return [event for event in said if event["event"] == kind]


def is_up(host: Stacked) -> bool:
    return any(SERVICE in line for line in host.processes())


def test_the_plan_shows_the_command_and_who_runs_it(host: Stacked) -> None:
    planned = host.wizard("--plan", "--stack")
    assert planned.returncode == 0, planned.stdout
    assert f"$ cd {CHECKOUT} && ./stack.sh </dev/null" in planned.stdout
    assert "stack.sh pre-install as stack" in planned.stdout


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (("--auto", "--stack", "--answers", "/alone.toml"), 4, "no DevStack checkout"),
        (("--auto", "--stack", "--root", "/image"), 2, "no image"),
        (("--check", "--stack"), 2, "--stack goes with"),
    ],
)
def test_where_there_is_nothing_to_stack_it_is_said_before_anything_is_done(
    host: Stacked, options: tuple[str, ...], status: int, words: str
) -> None:
    host.shell("""printf '[devstack]\\ndirectory = ""\\n' >/alone.toml""")
    host.shell("mkdir -p /image/etc /image/opt/stack; cp /etc/os-release /etc/passwd /image/etc")
    host.shell(f"cp -a {CHECKOUT} /image/opt/stack")
    refused = host.wizard(*options)
    assert refused.returncode == status, refused.stdout + refused.stderr
    assert words in refused.stdout + refused.stderr


def test_all_phases_are_steps_that_end_well(first: CompletedProcess[str]) -> None:
    assert first.returncode == 0, first.stdout[-4000:]
    ended = {str(e["step"]): e["state"] for e in events(first, "step_finished")}
    assert [ended[f"stack-{phase}"] for phase in PHASES] == ["done"] * 5


def test_what_stack_sh_announces_is_told_as_progress(first: CompletedProcess[str]) -> None:
    told = [(e["step"], e["text"]) for e in events(first, "progress")]
    assert ("stack-pre-install", "Installing package prerequisites") in told
    assert ("stack-post-config", "Starting Keystone") in told


def test_each_line_of_output_belongs_to_its_phase(first: CompletedProcess[str]) -> None:
    lines = [(e["step"], line) for e in events(first, "output") for line in e["lines"]]  # type: ignore[attr-defined]
    for phase in PHASES:
        called = f"run_phase stack {phase}"
        assert {step for step, line in lines if called in line} == {f"stack-{phase}"}


def test_a_check_turns_over_when_its_service_has_appeared(first: CompletedProcess[str]) -> None:
    order = [json.loads(line) for line in first.stdout.splitlines()]
    told = [(event["event"], event.get("step", event.get("check"))) for event in order]
    deferred = told.index(("check_deferred", "keystone-answers"))
    appeared = told.index(("check_finished", "keystone-answers"))
    assert deferred < told.index(("step_finished", "stack-post-config")) < appeared
    assert appeared < told.index(("step_finished", "stack-test-config"))
    last = [event for event in order if event.get("check") == "keystone-answers"][-1]
    assert (last["event"], last["code"]) == ("check_finished", 0)


def test_the_services_run_in_the_venv_as_the_stack_user(
    host: Stacked, first: CompletedProcess[str]
) -> None:
    assert first.returncode == 0
    said = host.shell("ps axo user:20=,args= --no-headers").stdout
    assert f"stack                {VENV}/bin/python3 {CHECKOUT}/{SERVICE}" in said
    assert host.shell("dpkg -s hello").returncode == 0


def test_stack_sh_keeps_its_own_log_and_ours_has_it_all(
    host: Stacked, first: CompletedProcess[str]
) -> None:
    assert first.returncode == 0
    own = host.root.path("/opt/stack/logs").glob("stack.sh.log.*-*")
    (text,) = (path.read_text() for path in own if "summary" not in path.name)
    ours = host.shell("cat /var/lib/devstack-venv/runs/*/build.log").stdout
    traced = {line for line in text.splitlines() if "| + ./stack.sh:main" in line}
    assert len(traced) > 40
    assert traced <= set(ours.splitlines())


def test_nothing_of_our_environment_reaches_it(host: Stacked) -> None:
    host.local_sh("env >/tmp/environment; tty >>/tmp/environment || true")
    dirty = "PYTHONPATH=/x PIP_TARGET=/x VIRTUAL_ENV=/x UV_OFFLINE=1 LOGFILE=/x"
    script = f"cd {CHECKOUT} && {dirty} /srv/devstack-venv/wizard.sh --auto --stack"
    ended = host.shell(script)
    assert ended.returncode == 0, ended.stdout
    said = dict(
        line.split("=", 1) for line in host.shell("grep = /tmp/environment").stdout.splitlines()
    )
    assert {
        "HOME": "/opt/stack",
        "USER": "stack",
        "LOGNAME": "stack",
        "TERM": "dumb",
    }.items() <= said.items()
    assert not {"PIP_TARGET", "VIRTUAL_ENV", "UV_OFFLINE", "PYTHONPATH"} & set(said)
    assert "devstack-venv/.venv" not in said["PATH"]
    assert "not a tty" in host.shell("cat /tmp/environment").stdout


def test_a_second_run_has_nothing_to_build_and_stacks_again_after_unstack_sh(
    host: Stacked, first: CompletedProcess[str]
) -> None:
    assert first.returncode == 0
    before = host.shell(f"pgrep -f {SERVICE}").stdout
    again = host.wizard("--auto", "--stack", "--output", "json")
    assert again.returncode == 0, again.stdout[-3000:]
    changed = [str(e["step"]) for e in events(again, "step_finished") if e["state"] == "done"]
    assert changed == [f"stack-{phase}" for phase in PHASES]
    assert "$ ./unstack.sh" in again.stdout
    assert host.shell(f"pgrep -f {SERVICE}").stdout not in ("", before)


@pytest.mark.parametrize(
    ("stops", "phase", "words"),
    [
        ("install", "install", "keystone did not come out of git"),
        ("post-config", "post-config", "/etc/glance/no-such.conf: No such file"),
    ],
)
def test_a_phase_that_fails_is_a_failed_step_and_says_what_stack_sh_said(
    host: Stacked, stops: str, phase: str, words: str
) -> None:
    host.local_conf(f"STOPS={stops}\n")
    failed = host.wizard("--auto", "--stack", "--output", "json")
    assert failed.returncode == 5
    ended = {str(e["step"]): e for e in events(failed, "step_finished")}
    assert ended[f"stack-{phase}"]["state"] == "failed"
    assert words in str(ended[f"stack-{phase}"]["details"])
    assert ended["stack-test-config"]["state"] == "cancelled"


def test_a_known_cause_is_told_as_a_finding_while_it_runs(host: Stacked) -> None:
    host.local_conf("KEYSTONE_REQUIRES=no-such-package-anywhere-1\n")
    failed = host.wizard("--auto", "--stack", "--output", "json")
    assert failed.returncode == 5
    (finding, *_) = events(failed, "finding")
    assert finding["step"] == "stack-install"
    assert "no-such-package-anywhere-1" in str(finding["what"])


def test_a_password_that_would_be_asked_for_is_refused_before_stack_sh_begins(
    host: Stacked,
) -> None:
    host.local_conf("ENABLED_SERVICES=key,mysql,ldap\n")
    refused = host.wizard("--auto", "--stack")
    assert refused.returncode == 3, refused.stdout
    assert "stack.sh would ask for LDAP_PASSWORD" in refused.stdout
    assert "$ ./stack.sh" not in refused.stdout


def test_a_question_that_nobody_foresaw_ends_it_and_is_quoted(host: Stacked) -> None:
    host.local_conf("SWIFT_ENABLE_TEMPURLS=True\n")
    refused = host.wizard("--auto", "--stack")
    assert refused.returncode == 3, refused.stdout
    assert "ENTER A KEY FOR SWIFT TEMPURLS." in refused.stdout


def test_what_stack_sh_says_in_its_own_log_only_is_told_when_it_fails(host: Stacked) -> None:
    host.local_conf("VERBOSE=False\nSTOPS=post-config\n")
    failed = host.wizard("--auto", "--stack", "--output", "json")
    ended = {str(e["step"]): e for e in events(failed, "step_finished")}
    assert "/etc/glance/no-such.conf" in str(ended["stack-post-config"]["details"])


def test_a_log_file_and_silence_of_the_users_win(host: Stacked) -> None:
    host.local_conf("LOGFILE=/opt/stack/mine/own.log\nVERBOSE=False\n")
    ended = host.wizard("--auto", "--stack", "--output", "json")
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert host.shell("test -s /opt/stack/mine/own.log").returncode == 0
    assert ("stack-post-config", "Starting Keystone") in [
        (e["step"], e["text"]) for e in events(ended, "progress")
    ]


@pytest.mark.parametrize(
    ("signal", "status", "user"),
    [("TERM", 143, "root"), ("INT", 130, "root"), ("TERM", 143, "stack")],
)
def test_a_signal_ends_stack_sh_and_all_that_it_started(
    host: Stacked, signal: str, status: int, user: str
) -> None:
    host.local_conf("STOPS=never\n")
    ended: list[CompletedProcess[str]] = []

    def run() -> None:
        ended.append(host.wizard("--auto", "--stack", user=user))

    running = threading.Thread(target=run)
    running.start()
    wait_for(lambda: any(line == "sleep 1000" for line in host.processes()))
    host.shell(f"pkill --signal {signal} --oldest -f 'wizard.*--auto --stack'")
    running.join(60)
    assert ended[0].returncode == status, ended[0].stdout
    left = [line for line in host.processes() if "sleep" in line or "stack.sh" in line]
    assert left == []


def test_undo_stops_the_services_and_names_what_stays(host: Stacked) -> None:
    host.local_conf("")
    assert host.wizard("--auto", "--stack").returncode == 0
    assert is_up(host)
    undone = host.wizard("--undo")
    assert f"stopped what stack.sh had started, with {CHECKOUT}/unstack.sh" in undone.stdout
    assert f"cd {CHECKOUT} && ./clean.sh" in undone.stdout
    assert not is_up(host)


def test_a_stack_that_cannot_be_stopped_keeps_undo_from_taking_the_venv_away(
    host: Stacked,
) -> None:
    host.local_conf("UNSTACK_STOPS=True\n")
    host.shell(f"pkill -f {SERVICE}")
    assert host.wizard("--auto", "--stack").returncode == 0
    refused = host.wizard("--undo")
    assert refused.returncode == 8, refused.stdout
    assert "Stop it first" in refused.stdout
    assert is_up(host)
