"""How long a venv takes: devstack-venv against ``python3 -m venv`` and ``pip install``.

The peer does what DevStack's tools/build_venv.sh did. Both work as the stack user on one bare
Debian system that has the distro packages already, with the same lists, in turn. Cold: no cache;
warm: the cache that the same program left behind. Run as root: python -m benchmarks.build [ROUNDS]
"""

import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.host.bare_root import CLONE, BareRoot

VENV, PEER = "/opt/stack/global-venv", "/opt/stack/peer-venv"
SERVICES = ("keystone", "nova")
Figures = dict[str, float]  # seconds by what was measured


def main() -> None:
    """Measure both lists and print a table for each."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with BareRoot("bookworm") as root:
        prepare(root)
        default = names(Path("files/venv-requirements.txt").read_text())
        report("the default list", measure(root, default, default, rounds))
        report("keystone and nova", measure(root, SERVICES, default, rounds))


def prepare(root: BareRoot) -> None:
    """Install what both need, and make the user."""
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "python3", "python3-venv"],
        ["./wizard.sh", "--auto"],
    ):
        root.run(command, cwd=CLONE, timeout=1200).check_returncode()


def names(text: str) -> tuple[str, ...]:
    """Return the requirements of a list without its comments."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def measure(
    root: BareRoot, wanted: tuple[str, ...], default: tuple[str, ...], rounds: int
) -> dict[str, list[Figures]]:
    """Time both programs in turn, cold and warm."""
    answers(root, wanted, default)
    taken: dict[str, list[Figures]] = {}
    for _ in range(rounds):
        for cache in ("cold", "warm"):
            for program, build in (("pip", peer), ("ours", ours)):
                if cache == "cold":
                    root.run(["rm", "-rf", "/opt/stack/.cache"])
                taken.setdefault(f"{program} {cache}", []).append(build(root, wanted))
    return taken


def answers(root: BareRoot, wanted: tuple[str, ...], default: tuple[str, ...]) -> None:
    """Ask for just these packages."""
    removed = [name for name in default if name not in wanted]
    added = [name for name in wanted if name not in default]
    text = f"[packages.pypi]\nadd = {json.dumps(added)}\nremove = {json.dumps(removed)}\n"
    root.path("/srv/answers.toml").write_text(text)


def peer(root: BareRoot, wanted: tuple[str, ...]) -> Figures:
    """Build with venv and pip."""
    root.run(["rm", "-rf", PEER])
    started = time.monotonic()
    root.run(["python3", "-m", "venv", PEER], user="stack").check_returncode()
    pip = [f"{PEER}/bin/pip", "install", "--quiet", *wanted]
    root.run(pip, user="stack", timeout=1800).check_returncode()
    seconds = time.monotonic() - started
    return {"usable": seconds, "with bytecode": seconds}


def ours(root: BareRoot, wanted: tuple[str, ...]) -> Figures:
    """Build with devstack-venv; its own events say when the venv can be used."""
    del wanted
    root.run(["rm", "-rf", VENV])
    command = ["./wizard.sh", "--auto", "--answers", "/srv/answers.toml", "--output", "json"]
    said = root.run(command, cwd=CLONE, timeout=1800)
    said.check_returncode()
    at = dict(moments(said.stdout))
    return {
        "usable": at["pypi-packages"] - at["begin"],
        "with bytecode": at["bytecode"] - at["begin"],
        "verified": at["completion"] - at["begin"],
    }


def moments(output: str) -> Iterator[tuple[str, float]]:
    """Yield when each step was over, and when the venv was begun."""
    for event in map(json.loads, output.splitlines()):
        if event["event"] == "step_finished":
            yield event["step"], event["time"]
        elif event["event"] == "step_started" and event["step"] == "venv":
            yield "begin", event["time"]


def report(title: str, taken: dict[str, list[Figures]]) -> None:
    """Print medians, and the ratios pair by pair."""
    print(f"\n{title} (seconds, median of {len(next(iter(taken.values())))})")
    for name, runs in taken.items():
        shown = "  ".join(
            f"{what} {statistics.median(median(runs, what)):6.1f}" for what in runs[0]
        )
        print(f"  {name:<10} {shown}")
    for cache in ("cold", "warm"):
        for what in ("usable", "with bytecode"):
            pairs = zip(taken[f"pip {cache}"], taken[f"ours {cache}"], strict=True)
            ratio = statistics.median(one[what] / other[what] for one, other in pairs)
            print(f"  pip / ours, {cache}, {what}: {ratio:.1f} times faster")


def median(runs: list[Figures], what: str) -> list[float]:
    """Return one figure of all runs."""
    return [run[what] for run in runs]


if __name__ == "__main__":
    main()
