"""A bare system with a stack user and a checkout whose lists ask for next to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.host.bare_root import CLONE, BareRoot

CHECKOUT = "/srv/devstack"

_PREPARE = f"""
mkdir -p {CHECKOUT}/files/debs && cd {CHECKOUT}
touch stack.sh functions stackrc
echo pbr > files/venv-requirements.txt
echo 'sudo # pbr' > files/debs/venv
useradd -m -d /opt/stack -s /bin/bash stack && chmod 755 /opt/stack
echo 'stack ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/50_stack_sh
"""


@contextmanager
def small_root(suite: str = "bookworm") -> Iterator[BareRoot]:
    """Yield the system; the program has made its environment in it."""
    with BareRoot(suite) as root:
        root.run(["apt-get", "update"])
        done = root.run(["apt-get", "install", "-y", "--no-install-recommends", "python3", "sudo"])
        assert done.returncode == 0, done.stderr
        assert root.run(["sh", "-c", _PREPARE]).returncode == 0
        assert root.run([f"{CLONE}/wizard.sh", "--version"]).returncode == 0
        yield root
