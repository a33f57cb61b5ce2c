"""Rows V: where the venv is to be, from the option to every file that holds the path."""

import configparser
import json
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pytest

from tests import trees
from wizard import cli
from wizard.model import venv_path
from wizard.model.exit_status import ExitStatus
from wizard.model.local_conf.managed_block import managed_block
from wizard.model.problem import Problem
from wizard.model.servers import apache_conf, systemd_unit, uwsgi_options, wsgi_script
from wizard.model.sudoers import extended, render

REFUSED = {
    "V02 space": ("/opt/my venv", "a space"),
    "V03 double quote": ('/opt/a"b', "'\"'"),
    "V04 single quote": ("/opt/a'b", "'''"),
    "V05 substitution": ("/opt/a$(touch PWN)b", "'$'"),
    "V06 backquotes": ("/opt/a`id`b", "'`'"),
    "V07 line break": ("/opt/a\nb", "a line break"),
    "V07 carriage return": ("/opt/a\rb", "a carriage return"),
    "V07 tab": ("/opt/a\tb", "a tab"),
    "V07 escape": ("/opt/a\x1b[31m", "U+001B"),
    "V07 NUL": ("/opt/a\0b", "U+0000"),
    "V08 accent": ("/opt/v\xe9nv", "U+00E9"),
    "V08 Chinese": ("/opt/\u73af\u5883", "U+73AF"),
    "V08 right-to-left override": ("/opt/a\u202eb", "U+202E"),
    "V08 byte that is not UTF-8": ("/opt/a\udcffb", "U+DCFF"),
    # differs: it is not expanded in the wizard either, for DevStack would not
    "V09 home": ("~/v", "only a shell replaces"),
    "V09 home of a user": ("~user/v", "only a shell replaces"),
    "V10 a name": ("v", "not an absolute path"),
    "V10 below here": ("./v", "not an absolute path"),
    "V10 above here": ("../v", "not an absolute path"),
    "V10 nothing": ("", "is empty"),
    "V10 blanks": ("  ", "is empty"),
    "V11 two dots": ("/opt/x/../y", "part '..'"),
    # differs: who writes a dot may have meant two
    "V11 a dot": ("/opt/./x", "part '.'"),
    **{
        f"V12 {place}": (place, "not a place for a venv")
        for place in (
            *("/", "/usr", "/usr/local", "/etc", "/opt", "/opt/stack", "/home", "/home/u", "/root"),
            *("/tmp", "/var", "/boot", "/dev/shm", "/proc", "/sys", "/run"),
        )
    },
    "V23 a first line of 128 bytes": ("/opt/" + "a" * 109, "128 bytes"),
    "V23 a name of 256 bytes": ("/opt/" + "a" * 256, "bytes long"),
    "V24 colon": ("/opt/a:b", "':'"),
    "V25 comma": ("/opt/a,b", "','"),
    "V26 equals sign": ("/opt/a=b", "'='"),
    "V27 hash": ("/opt/a#b", "'#'"),
    "V28 percent": ("/opt/a%b", "'%'"),
    "V28 at": ("/opt/a@b", "'@'"),
    **{f"V29 {sign}": (f"/opt/a{sign}b", f"'{sign}'") for sign in "+*()[]{}|^?"},
    **{f"V30 {sign}": (f"/opt/a{sign}b", f"'{sign}'") for sign in "\\!&;<>"},
    "V31 leading dash": ("/opt/-a", "dash"),
}


@pytest.mark.parametrize(("path", "why"), REFUSED.values(), ids=REFUSED)
def test_a_path_that_something_would_misread_is_an_answer_to_correct(
    path: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli.main(["--plan", f"--venv-path={path}"])

    said = capsys.readouterr().out
    assert status == ExitStatus.ANSWERS
    assert why in said or (not path and "the value is empty" in said)
    assert "Nothing was changed" in said
    assert not set(said) & {"\x1b", "\r", "\t", "\0", "\u202e", "\udcff"}


@pytest.mark.parametrize("path", [path for path, _ in REFUSED.values()], ids=REFUSED)
def test_such_a_path_reaches_no_sudoers_whoever_lets_it_through(path: str) -> None:
    assert isinstance(extended(("/usr/bin",), path), Problem)


@pytest.mark.parametrize("row", ["V02 space", "V07 line break", "V12 /usr", "V27 hash"])
def test_from_a_file_or_the_environment_it_is_refused_alike(
    row: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, why = REFUSED[row]
    answers = tmp_path / "answers.toml"
    answers.write_text(f"[venv]\npath = {json.dumps(path)}\n")

    assert cli.main(["--plan", "--answers", str(answers)]) == ExitStatus.ANSWERS
    assert f"{answers}:2:8" in (said := capsys.readouterr().out)
    assert why in said

    monkeypatch.setenv("DEVSTACK_VENV_VENV_PATH", path)
    assert cli.main(["--plan"]) == ExitStatus.ANSWERS
    assert why in capsys.readouterr().out


@pytest.mark.parametrize("around", [False, True], ids=["V12 the checkout", "V13 around it"])
def test_the_place_of_the_checkout_is_no_place(
    around: bool,  # noqa: FBT001 -- a parameter of the row
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    checkout = Path(trees.global_(tmp_path / "deep" / "devstack"))
    place = checkout.parent if around else checkout

    status = cli.main(["--plan", f"--devstack={checkout}", f"--venv-path={place}"])

    assert status == ExitStatus.ANSWERS
    assert f"not a place for a venv, {checkout} is there" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "path"),
    [("/opt//x", "/opt/x"), ("/opt/x/", "/opt/x"), ("//opt/x", "/opt/x")],
    ids=["V11 doubled", "V11 trailing", "V11 leading"],
)
def test_slashes_that_mean_nothing_go(text: str, path: str) -> None:
    assert venv_path.check(text) == path


def test_v08_of_all_characters_only_those_of_the_rule_are_taken() -> None:
    taken = {
        chr(n) for n in range(0x3000) if venv_path.check(f"/opt/a{chr(n)}b") == f"/opt/a{chr(n)}b"
    }

    assert taken == {*string.ascii_letters, *string.digits, *"._-/"}


LONGEST = "/opt/" + "Ab0._-" * 18
ACCEPTED = {
    "V01 the default": "/opt/stack/global-venv",
    "V01 hidden": "/home/stack/.venv",
    "V01 every character": "/opt/ABCXYZabcxyz0189._-/.hidden_-.",
    "V23 a first line of 127 bytes": LONGEST,
}


@pytest.fixture(params=ACCEPTED.values(), ids=list(ACCEPTED))
def venv(request: pytest.FixtureRequest) -> str:
    path: str = request.param
    assert venv_path.check(path) == path
    return path


def test_bash_reads_it_as_it_stands(venv: str) -> None:
    body = managed_block(None, use=True, venv_path=venv).body.decode()
    script = f'{body}[[ "x $VENV_PATH y" =~ $VENV_PATH ]] && echo $VENV_PATH {venv}'

    said = subprocess.run(["bash", "-uc", script], capture_output=True, text=True, check=True)

    assert said.stdout.split() == [venv, venv]


@pytest.mark.skipif(shutil.which("visudo") is None, reason="no visudo here")
def test_sudoers_reads_it_as_it_stands(venv: str, tmp_path: Path) -> None:
    path = extended(("/usr/bin",), venv)
    assert not isinstance(path, Problem)
    text = render({"stack": path})
    assert isinstance(text, str)
    (tmp_path / "candidate").write_text(text)
    (tmp_path / "candidate").chmod(0o440)

    judged = subprocess.run(
        ["visudo", "-cf", tmp_path / "candidate"], capture_output=True, text=True, check=False
    )

    assert judged.returncode == 0, judged.stderr
    assert f'secure_path="/usr/bin:{venv}/bin"' in text


def test_ini_files_and_units_read_it_as_it_stands(venv: str) -> None:
    text = uwsgi_options.with_home_in_ini("[uwsgi]\nmodule = k\n", venv)
    assert text is not None
    read = configparser.ConfigParser()  # which replaces what stands behind a percent sign
    read.read_string(text)
    assert read["uwsgi"]["venv"] == venv
    text = uwsgi_options.with_home_in_unit("[Service]\nExecStart=uwsgi --x\n", 2, venv)
    start = systemd_unit.start("u", [("u.service", text)])
    assert start
    home = uwsgi_options.service("u", start).last("home")
    assert home
    assert (home.value, home.is_plain) == (venv, True)


def test_apache_reads_it_as_it_stands(venv: str) -> None:
    text = apache_conf.with_option("WSGIDaemonProcess k user=stack\n", 1, "python-home", venv)
    (group,) = apache_conf.directives("site", text)
    assert group.options()["python-home"] == venv


def test_python_reads_it_as_it_stands(venv: str) -> None:
    code = wsgi_script.by_folder(venv, f"{venv}/lib/python3.11/site-packages")
    new = wsgi_script.activated(b"print(sys.prefix)\n", code)
    assert isinstance(new, bytes)
    assert subprocess.check_output([sys.executable, "-c", new], text=True) == f"{venv}\n"


def test_v23_the_kernel_reads_a_first_line_of_that_length(tmp_path: Path) -> None:
    room = venv_path.MAX_SHEBANG - len(f"#!{tmp_path}//bin/python3")
    folder = tmp_path / ("a" * max(room, 1)) / "bin"
    folder.mkdir(parents=True)
    (folder / "python3").symlink_to("/bin/sh")
    script = tmp_path / "script"
    script.write_text(f"#!{folder}/python3\necho ran by $0\n")
    script.chmod(0o755)

    assert subprocess.check_output([script], text=True) == f"ran by {script}\n"
