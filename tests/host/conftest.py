"""Systems that many tests share, because it takes a while to make them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.deployment import Deployment, deployment
from tests.host.small_checkout import small_root
from tests.host.sudo_roots import FLAVOURS, RULE, SudoRoot, as_new, with_sudo


@pytest.fixture(scope="session")
def built() -> Iterator[Deployment]:
    with deployment() as system:
        yield system


@pytest.fixture
def host(built: Deployment) -> Deployment:
    """The deployment with nothing deployed."""
    built.clean()
    return built


@pytest.fixture(scope="session")
def with_compiler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layer with a small checkout, a compiler, and nothing to compile with."""
    layer = tmp_path_factory.mktemp("compiler") / "layer"
    packages = ("gcc", "python3-dev")
    with small_root() as root:
        done = root.run(["apt-get", "install", "-y", "--no-install-recommends", *packages])
        assert done.returncode == 0, done.stdout + done.stderr
        root.freeze(layer)
    return layer


@pytest.fixture(scope="session", params=FLAVOURS, ids="-".join)
def installed(request: pytest.FixtureRequest) -> Iterator[SudoRoot]:
    with with_sudo(*request.param) as system:
        yield system


@pytest.fixture
def bare(installed: SudoRoot) -> SudoRoot:
    """Sudo, and no stack user."""
    as_new(installed)
    return installed


@pytest.fixture
def stack(bare: SudoRoot) -> SudoRoot:
    """A stack user that may run everything, and a venv."""
    bare.add_user()
    bare.drop_in("50_stack_sh", RULE)
    bare.add_venv()
    return bare
