"""Rows P and D: names of packages, from the command line and the answers to the installers."""

import json
from pathlib import Path

import pytest

from wizard import cli
from wizard.model.distribution import Family
from wizard.model.exit_status import ExitStatus
from wizard.model.packages.distro_name import why_refused
from wizard.model.packages.requirement import Requirement, from_argument

REFUSED = {
    "P05 file URL": ("x @ file:///etc/passwd", "not with file"),
    "P05 plain http": ("x @ http://h/x.whl", "not with http"),
    "P06 git URL": ("git+https://h/x", "NAME @ URL"),
    "P06 wheel URL": ("https://x/y.whl", "NAME @ URL"),
    "P06 file URL": ("file:///x", "NAME @ URL"),
    "P06 folder": ("./local", "path"),
    "P06 absolute": ("/opt/x", "path"),
    "P06 above": ("../x", "path"),
    "P07 -e": ("-e .", "option"),
    "P07 -e git": ("-e git+https://h/x", "option"),
    "P07 --editable": ("--editable=.", "option"),
    "P08 -r": ("-r x", "option"),
    "P08 -c": ("-c x", "option"),
    "P08 --index-url": ("--index-url=https://h", "option"),
    "P08 --extra-index-url": ("--extra-index-url https://h", "option"),
    "P08 -i": ("-i", "option"),
    "P08 --trusted-host": ("--trusted-host x", "option"),
    "P08 --pre": ("--pre", "option"),
    "P08 --no-deps": ("--no-deps", "option"),
    "P08 a dash": ("-", "option"),
    "P09 hash": ("x --hash=sha256:00", "options of a requirement"),
    "P09 global option": ("x --global-option=y", "options of a requirement"),
    "P10 semicolon": ("x; rm -rf /", "marker"),
    "P10 and": ("x && id", "'x && id'"),
    "P10 backquotes": ("x`id`", "backquote"),
    "P10 substitution": ("$(id)", "variables"),
    "P10 pipe": ("x|y", "'x|y'"),
    "P11 line break": ("x\ny", "U+000A"),
    "P11 NUL": ("x\0", "U+0000"),
    "P11 carriage return": ("x\ry", "U+000D"),
    "P11 escape": ("x\x1b[2J", "U+001B"),
    "P12 nothing": ("", "empty"),
    "P12 blanks": ("  ", "empty"),
    "P12 comment": ("# c", "'# c'"),
    "P12 comment behind": ("x # c", "'x # c'"),
    "P13 Cyrillic": ("\u0440ymysql", "CYRILLIC SMALL LETTER ER"),
    "P13 Roman numeral": ("pymysq\u217c", "SMALL ROMAN NUMERAL FIFTY"),
    "P13 full width": ("\uff50ymysql", "FULLWIDTH"),
    "P13 zero width": ("py\u200bmysql", "U+200B"),
    "P13 right-to-left override": ("\u202epymysql", "U+202E"),
    "P14 nothing between": ("requests>2,<1", "no version can ever match"),
    "P14 too short for ~=": ("requests~=2", "'requests~=2'"),
    "P14 no comma": ("x>=1 <2", "comma"),
    "P14 no name": ("!=*", "'!=*'"),
    "P15 300 letters": ("a" * 300, "longer than 100"),
    "P15 leading underscore": ("_x", "'_x'"),
    "P15 trailing dash": ("x-", "'x-'"),
    "P15 leading dash": ("-x", "option"),
    "P19 variable": ("${PKG}", "variables"),
    "P19 percent": ("%s", "'%s'"),
    "P19 braces": ("{{x}}", "'{{x}}'"),
    "P19 markup": ("[bold]x", "'[bold]x'"),
}


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_requirement_is_refused_before_anything_is_asked(
    text: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--plan", "--", text]) == ExitStatus.USAGE

    said = capsys.readouterr().out
    assert why in said
    assert "is not a requirement" in said
    assert "Nothing was changed" in said
    assert not set(said) & {*"\x1b\r\0\u200b\u202e\u0440\u217c"}


ANSWERED = {
    "P08 two dashes": ("--", "option"),  # on a command line they end the options
    **{row: REFUSED[row] for row in ("P08 --pre", "P10 semicolon", "P11 line break")},
}


@pytest.mark.parametrize(("text", "why"), ANSWERED.values(), ids=ANSWERED)
def test_from_the_answers_it_is_refused_with_its_place(
    text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text(f"[packages.pypi]\nadd = [{json.dumps(text)}]\n")

    assert cli.main(["--plan", "--answers", str(answers)]) == ExitStatus.ANSWERS

    said = capsys.readouterr().out
    assert f"{answers}:2:" in said
    assert why in said


ACCEPTED = {
    "P01 a name": ("pymysql", "pymysql", "pymysql"),
    "P01 capitals": ("PyMySQL", "pymysql", "PyMySQL"),
    "P01 dots and underscores": ("Py_My.SQL", "py-my-sql", "Py_My.SQL"),
    "P02 exact": ("pymysql==1.1.0", "pymysql", "pymysql==1.1.0"),
    "P02 range": ("x>=1,<2", "x", "x<2,>=1"),
    "P02 compatible": ("x~=1.1", "x", "x~=1.1"),
    "P02 arbitrary": ("x===2", "x", "x===2"),
    "P02 not those": ("x!=1.0.*", "x", "x!=1.0.*"),
    "P03 extra": ("pymysql[rsa]", "pymysql", "pymysql[rsa]"),
    "P03 blanks in extras": ("x[ rsa , ed25519 ]", "x", "x[ed25519,rsa]"),
    # differs: what does not apply here is left to the installer, which says so in the log
    "P04 marker": ("x; python_version<'3'", "x", 'x; python_version < "3"'),
    # differs: with a name before it, a URL of https was surely meant
    "P05 wheel with a name": ("x @ https://h/x.whl", "x", "x @ https://h/x.whl"),
    "P05 git with a name": ("x@git+https://h/x", "x", "x @ git+https://h/x"),
    "P14 a version that is not there": ("requests==9999", "requests", "requests==9999"),
    "P15 a digit": ("1", "1", "1"),
    "P15 two dots": ("x..y", "x-y", "x..y"),
    # differs: pip in the venv is a package like others; uv installs, and the marker judges
    "P16 pip": ("pip==0.1", "pip", "pip==0.1"),
    "P16 setuptools": ("setuptools", "setuptools", "setuptools"),
    # differs: whoever means a package of that name gets it
    "P20 a name like a known one": ("requets", "requets", "requets"),
}


@pytest.mark.parametrize(("text", "name", "rendered"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_the_installer_gets_is_rendered_and_not_what_was_written(
    text: str, name: str, rendered: str
) -> None:
    found = from_argument(f" {text} ", "command line")

    assert isinstance(found, Requirement)
    assert (found.name, found.text) == (name, rendered)


DISTRO = {
    "D01 a dash": ("python3-", "apt-get would remove python3"),
    "D01 sudo": ("sudo-", "apt-get would remove sudo"),
    "D02 plus sign": ("foo+", "plus sign"),
    "D02 release": ("foo/stable", "not a package name"),
    "D02 version": ("foo=1", "not a package name"),
    "D02 architecture": ("foo:i386", "not a package name"),
    "D02 expression": ("sud.*o$", "not a package name"),
    "D03 group": ("@core", "not a package name"),
    "D03 URL": ("http://h/x.rpm", "not a package name"),
    "D03 file": ("/usr/bin/x", "not a package name"),
    "D03 star": ("*", "not a package name"),
    "D03 not that one": ("!x", "not a package name"),
    "D03 without that one": ("~x", "not a package name"),
    "D04 option": ("-oAPT::Update::Pre-Invoke::=id", "option"),
}


@pytest.mark.parametrize(("name", "why"), DISTRO.values(), ids=DISTRO)
def test_what_a_package_manager_reads_as_more_than_a_name_is_refused(
    name: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text(f"[packages.distro]\nadd = [{json.dumps(name)}]\n")

    status = cli.main(["--plan", "--answers", str(answers)])

    said = capsys.readouterr().out
    assert status == ExitStatus.ANSWERS
    assert f"{answers}:2:" in said
    assert "not a package name" in said
    assert why_refused(name, Family.DEB)
    assert why in (why_refused(name, Family.DEB) or "")


@pytest.mark.parametrize("name", [name for name, _ in DISTRO.values()], ids=DISTRO)
def test_dnf_and_zypper_are_told_names_alone(name: str) -> None:
    """D01 differs: a dash at the end means nothing to them, and no package ends in one."""
    assert why_refused(name, Family.RPM)


@pytest.mark.parametrize("name", ["g++", "libstdc++-12-dev", "python3.11-dev"])
def test_d03_names_of_debian_with_odd_signs_are_names(name: str) -> None:
    assert why_refused(name, Family.DEB) is None
