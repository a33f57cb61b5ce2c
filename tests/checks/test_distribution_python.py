"""The Python under the venv: absent is no obstacle, broken is one, with its cure."""

from pathlib import Path

from tests.images import Answers, ImageReader, image, said
from wizard.checks.preconditions.distribution_python import DistributionPython
from wizard.model.check import Code, Result
from wizard.model.machine import Completed

DEBIAN = {"/etc/os-release": "ID=debian\nVERSION_ID=12\nVERSION_CODENAME=bookworm\n"}
DEFAULTS = {"/usr/share/python3/debian_defaults": "[DEFAULT]\ndefault-version = python3.11\n"}
PYTHON = "/usr/bin/python3"


def judged(root: Path, files: dict[str, str], answers: Answers | None = None) -> Result:
    return DistributionPython().run(ImageReader(image(root, {**DEBIAN, **files}), answers or {}))


def test_one_that_starts(tmp_path: Path) -> None:
    answers = {f"{PYTHON} -I -S": said("3.11.2\n"), f"{PYTHON} -I -c": said("")}
    assert judged(tmp_path, {PYTHON: ""}, answers) == Result(
        Code.SUCCESS, "/usr/bin/python3 is 3.11.2"
    )


def test_one_that_is_to_come_is_no_obstacle(tmp_path: Path) -> None:
    assert judged(tmp_path, {}) == Result(Code.SUCCESS, "not yet; it comes with python3")


def test_a_link_to_nothing_is_led_back_to_what_is_there(tmp_path: Path) -> None:
    image(tmp_path, {"/usr/bin/python3.11": ""})
    (tmp_path / "usr/bin/python3").symlink_to("python3.9")
    answers = {f"readlink -- {PYTHON}": said("python3.9\n")}
    assert judged(tmp_path, DEFAULTS, answers) == Result(
        Code.FAILURE,
        "/usr/bin/python3 leads to python3.9, which is not there",
        "As root: ln -sfn python3.11 /usr/bin/python3",
    )


def test_where_the_right_one_is_gone_too_it_is_installed_again(tmp_path: Path) -> None:
    image(tmp_path, {"/usr/bin/other": ""})
    (tmp_path / "usr/bin/python3").symlink_to("python3.9")
    answers = {f"readlink -- {PYTHON}": said("python3.9\n")}
    assert judged(tmp_path, DEFAULTS, answers).cure == (
        "As root: apt-get install --reinstall python3-minimal"
    )


def test_one_that_does_not_run(tmp_path: Path) -> None:
    result = judged(tmp_path, {PYTHON: ""}, {PYTHON: Completed(1)})
    assert result.code is Code.FAILURE
    assert result.details == "/usr/bin/python3 is there, but does not run"


def test_a_file_that_ends_it_at_its_start_is_named(tmp_path: Path) -> None:
    words = b'  File "/usr/lib/python3.11/sitecustomize.py", line 3, in <module>\nSystemExit: 3\n'
    answers = {f"{PYTHON} -I -S": said("3.11.2\n"), f"{PYTHON} -I -c": Completed(1, b"", words)}
    result = judged(tmp_path, {PYTHON: ""}, answers)
    assert result.code is Code.FAILURE
    assert result.details.endswith("starts at /usr/lib/python3.11/sitecustomize.py, line 3")
