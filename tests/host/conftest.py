"""One deployment for all tests of checks: to make it takes a minute and a half."""

from collections.abc import Iterator

import pytest

from tests.host.deployment import Deployment, deployment


@pytest.fixture(scope="session")
def built() -> Iterator[Deployment]:
    with deployment() as system:
        yield system


@pytest.fixture
def host(built: Deployment) -> Deployment:
    """The deployment with nothing deployed."""
    built.clean()
    return built
