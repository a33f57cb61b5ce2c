"""Where an earlier venv of ours is still named, the present one comes before it."""

from pathlib import Path

import pytest

from tests.images import STACK, ImageReader, image, said
from wizard.model.step import Pending, Satisfied, Step, WouldWrite
from wizard.steps.openrc_path import OpenrcPath
from wizard.steps.rootwrap_exec_dirs import RootwrapExecDirs
from wizard.steps.sudoers_drop_in import SudoersDropIn

EARLIER, VENV, CHECKOUT = "/opt/earlier", "/opt/v", "/opt/stack/devstack"
BOTH = f"/usr/bin:{EARLIER}/bin:{VENV}/bin"
CONF = "/etc/nova/rootwrap.conf"
STACKENV = f"{CHECKOUT}/.stackenv"
HOST = {
    "/etc/passwd": STACK,
    "/etc/sudoers": "@includedir /etc/sudoers.d\n",
    "/etc/sudoers.d/README": "",
    "/usr/bin/sudo": "",
    f"{EARLIER}/.devstack-venv/complete.json": "{}",
    f"{EARLIER}/bin/privsep-helper": "",
    f"{VENV}/.devstack-venv/complete.json": "{}",
    f"{VENV}/bin/privsep-helper": "",
}


def host(folder: Path, files: dict[str, str], path: str = "") -> ImageReader:
    root = image(folder, HOST | files)
    (root / "usr/bin/sudo").chmod(0o755)
    answers = {f"cat -- {name}": said(text) for name, text in files.items()}
    answers["sudo -n /usr/bin/printenv PATH"] = said(f"{path}\n")
    answers["visudo -c"] = said("/etc/sudoers: parsed OK\n")
    return ImageReader(root, answers)


def shown(step: Step, reader: ImageReader) -> str:
    assert isinstance(step.state(reader), Pending)
    (preview,) = step.preview(reader)
    assert isinstance(preview, WouldWrite)
    return preview.diff


@pytest.mark.parametrize("path", [BOTH, f"/usr/bin:{EARLIER}/bin"])
def test_sudo_takes_the_present_one_first_and_still_finds_the_earlier(
    tmp_path: Path, path: str
) -> None:
    diff = shown(SudoersDropIn(VENV), host(tmp_path, {}, path))
    assert f'secure_path="/usr/bin:{VENV}/bin:{EARLIER}/bin"' in diff


def test_sudo_that_takes_the_present_one_first_is_left_alone(tmp_path: Path) -> None:
    reader = host(tmp_path, {}, f"/usr/bin:{VENV}/bin:{EARLIER}/bin")
    assert isinstance(SudoersDropIn(VENV).state(reader), Satisfied)


def test_a_folder_of_somebody_else_keeps_its_place(tmp_path: Path) -> None:
    reader = host(tmp_path, {"/opt/acme/bin/acme": ""}, f"/usr/bin:/opt/acme/bin:{VENV}/bin")
    assert isinstance(SudoersDropIn(VENV).state(reader), Satisfied)


@pytest.mark.parametrize("own", [f",{VENV}/bin", ""])
def test_rootwrap_takes_the_present_one_first(tmp_path: Path, own: str) -> None:
    text = f"[DEFAULT]\nexec_dirs=/sbin,{EARLIER}/bin{own}\n"
    diff = shown(RootwrapExecDirs(VENV), host(tmp_path, {CONF: text}))
    assert f"+exec_dirs=/sbin,{VENV}/bin,{EARLIER}/bin\n" in diff


def test_openrc_goes_by_the_last_word(tmp_path: Path) -> None:
    text = "".join(
        f"# devstack-venv: until stack.sh writes this file anew; by then local.conf says the same\n"
        f'VENV_PATH={venv}\nPATH=$VENV_PATH/bin:${{PATH//"$VENV_PATH/bin:"/}}\n'
        for venv in (VENV, EARLIER)
    )
    reader = host(tmp_path, {STACKENV: text})
    assert isinstance(OpenrcPath(EARLIER, CHECKOUT).state(reader), Satisfied)
    assert f"+VENV_PATH={VENV}" in shown(OpenrcPath(VENV, CHECKOUT), reader)
