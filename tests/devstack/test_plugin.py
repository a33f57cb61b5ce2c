"""The repository as a DevStack plugin: what stack.sh sources of it, and when."""

from pathlib import Path

import pytest

from tests import trees
from tests.devstack.small_trees import make
from tests.old_devstack import SOURCES, OldDevstack
from wizard.model.devstack import Kind

REPOSITORY = Path(__file__).parent.parent.parent
PHASES = """\
enable_plugin() { GITDIR=$DEST/$1; }
run_plugins() { source "$GITDIR/devstack/plugin.sh" "$@"; }
override_defaults() { source "$GITDIR/devstack/override-defaults"; }
"""
BEFORE_LIB = "override_defaults\nfor file in"


def plugged(folder: Path, kind: Kind) -> OldDevstack:
    tree = folder / "devstack"
    if kind is Kind.GLOBAL:
        trees.global_(tree)
    else:
        make(tree, kind)
    functions = tree / "functions"
    functions.write_text(functions.read_text() + PHASES)
    devstack = OldDevstack(tree, folder, kind)
    clone = folder / "devstack-venv"
    clone.mkdir()
    for name in ("devstack", "files"):
        clone.joinpath(name).symlink_to(REPOSITORY / name)
    devstack.write_stand_ins()
    devstack.build()
    devstack.venv.rename(folder / "built")
    build = f"case $1 in --auto) cp -r {folder}/built {devstack.venv} ;; *) exit 6 ;; esac"
    program = '#!/bin/sh\necho "{name} $*" >>{calls}\n{then}\n'
    devstack._program(clone / "wizard.sh", program, "wizard.sh", build)
    devstack.write_local_conf(
        f"DEST={folder}\nVENV_PATH={devstack.venv}\nenable_plugin devstack-venv https://x.invalid\n"
    )
    return devstack


def run(devstack: OldDevstack, script: str) -> str:
    head, _, tail = SOURCES.rpartition("for file in")
    return devstack.said(script, sources=f"{head}{BEFORE_LIB}{tail}")


@pytest.mark.parametrize("kind", [Kind.PER_PROJECT, Kind.GLOBAL], ids=str)
def test_programs_are_the_environments(tmp_path: Path, kind: Kind) -> None:
    devstack = plugged(tmp_path, kind)
    said = run(devstack, "echo $(get_python_exec_prefix) $USE_VENV")
    assert said == f"{devstack.venv}/bin False"


def test_the_run_builds_what_is_missing_and_a_second_one_does_not(tmp_path: Path) -> None:
    devstack = plugged(tmp_path, Kind.PER_PROJECT)
    for _ in range(2):
        run(devstack, "pip_install x")
    assert devstack.calls == [
        f"wizard.sh --auto --devstack {devstack.tree} --venv-path {devstack.venv}",
        *("venv/bin/pip install x", "venv/bin/pip install x"),
    ]


def test_what_lib_defines_is_hooked(tmp_path: Path) -> None:
    devstack = plugged(tmp_path, Kind.PER_PROJECT)
    ini = tmp_path / "x.ini"
    run(devstack, f"pip_install x; write_uwsgi_config {ini} /x")
    assert f"venv = {devstack.venv}" in ini.read_text().splitlines()


def test_a_global_devstack_finds_the_environment_when_it_would_make_its_own(
    tmp_path: Path,
) -> None:
    devstack = plugged(tmp_path, Kind.GLOBAL)
    script = "PYTHON=false; setup_devstack_virtualenv; echo ${PATH%%:*}"
    assert run(devstack, script) == f"{devstack.venv}/bin"
    (build,) = devstack.calls
    assert build == f"wizard.sh --auto --devstack {devstack.tree} --venv-path {devstack.venv}"
    run(devstack, script)
    assert devstack.calls == [build]


def test_when_everything_runs_the_checks_are_told_and_stop_nothing(tmp_path: Path) -> None:
    devstack = plugged(tmp_path, Kind.GLOBAL)
    phases = ("stack pre-install", "stack test-config", "unstack", "clean")
    script = "; ".join(f"run_plugins {phase}" for phase in phases)
    assert run(devstack, f"{script}; echo end") == "end"
    (check,) = devstack.calls
    assert check == f"wizard.sh --check --devstack {devstack.tree} --venv-path {devstack.venv}"
