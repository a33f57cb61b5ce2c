"""What a build of ours leaves half installed it ends itself; a compiler that was moved is named."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.bare_root import BareRoot
from tests.host.test_broken_hosts import own_package
from tests.host.test_troubleshooting import auto, shell, wanting
from wizard.model.exit_status import ExitStatus

pytestmark = [pytest.mark.host, pytest.mark.timeout(900)]

CONTROL = """\
Package: {name}
Version: 1
Architecture: all
Maintainer: nobody <nobody@example.org>
Description: {name}
"""
ONLY_OURS = "-o Dir::Etc::sourcelist=sources.list.d/acme.list -o Dir::Etc::sourceparts=-"
COMPILER = "/usr/bin/x86_64-linux-gnu-gcc-12"


@pytest.fixture
def root(with_compiler: Path) -> Iterator[BareRoot]:
    with BareRoot("bookworm", over=with_compiler) as made:
        yield made


def made(root: BareRoot, name: str, files: dict[str, str]) -> Path:
    """Build a distro package of these files, scripts of its own among them."""
    for path, text in {"DEBIAN/control": CONTROL.format(name=name), **files}.items():
        file = root.path(f"/srv/{name}/{path}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
    shell(root, f"dpkg-deb --root-owner-group -b /srv/{name} /srv/{name}.deb")
    return root.path(f"/srv/{name}.deb")


def offered(root: BareRoot, deb: Path) -> None:
    """Let apt know a package as one of a repository."""
    control = CONTROL.format(name=deb.stem)
    digest = hashlib.sha256(deb.read_bytes()).hexdigest()
    entry = f"{control}Filename: ./{deb.name}\nSize: {deb.stat().st_size}\nSHA256: {digest}\n"
    root.path("/srv/Packages").write_text(entry)
    root.path("/etc/apt/sources.list.d/acme.list").write_text("deb [trusted=yes] file:/srv ./\n")
    shell(root, f"apt-get update {ONLY_OURS} -o APT::Get::List-Cleanup=0")


def status(root: BareRoot, package: str) -> str:
    return shell(root, f"dpkg-query -W -f '${{db:Status-Abbrev}}' {package}").stdout.strip()


def test_what_was_only_unpacked_when_another_package_failed_is_ended_by_the_next_build(
    root: BareRoot,
) -> None:
    made(root, "acme-tree", {"usr/bin/tree": "theirs"})
    shell(root, "dpkg -i /srv/acme-tree.deb")
    wanting(root, "hello", "tree")
    failed = auto(root)
    assert failed.status == ExitStatus.STEP_FAILED, failed.said
    assert status(root, "hello") == "iU"
    shell(root, "dpkg --purge acme-tree")
    told = auto(root)
    assert told.built, told.said
    assert [status(root, name) for name in ("hello", "tree")] == ["ii", "ii"]


def test_what_failed_in_a_script_of_its_own_is_ended_by_the_next_build(root: BareRoot) -> None:
    script = "#!/bin/sh\necho 'acme-agent: no licence' >&2\ntest -e /srv/licence\n"
    offered(root, made(root, "acme-agent", {"DEBIAN/postinst": script}))
    wanting(root, "acme-agent")
    failed = auto(root)
    assert failed.status == ExitStatus.STEP_FAILED, failed.said
    assert "acme-agent: no licence" in failed.said
    assert status(root, "acme-agent") == "iF"
    root.path("/srv/licence").touch()
    told = auto(root)
    assert told.built, told.said
    assert status(root, "acme-agent") == "ii"


def test_a_compiler_that_was_diverted_is_named_and_nothing_is_offered(root: BareRoot) -> None:
    own_package(root)
    away = f"dpkg-divert --local --rename --divert {COMPILER}.acme"
    shell(root, f"{away} --add {COMPILER}")
    failed = auto(root)
    assert failed.first == "compiler-missing", failed.said
    (card, *_) = failed.findings
    assert f"a link to {COMPILER}, which is not there" in card["cure"]
    assert f"dpkg-divert --list {COMPILER}" in card["commands"]
    assert not card["automatic"]
    refused = auto(root, f"--cure {failed.run}:compiler-missing")
    assert refused.status == ExitStatus.USAGE, refused.said
    shell(root, f"{away} --remove {COMPILER}")
    assert auto(root).built
