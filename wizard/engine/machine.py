"""The host itself, as the Machine that steps and checks talk to."""

import errno
import os
import pwd
import stat
from dataclasses import dataclass, field
from pathlib import Path

from wizard.engine import process
from wizard.engine.environment import SYSTEM_PATH
from wizard.engine.process import Launcher
from wizard.model.machine import Account, Command, Completed, Identity

NO_USER = -1
LARGEST = 16 * 1024 * 1024  # bytes of a file that may be read


@dataclass(slots=True)
class HostReader:
    """Asks this host, or the system image below ``launcher.root``."""

    launcher: Launcher
    user_name: str
    _user: Account | None = field(default=None, init=False)

    @property
    def user(self) -> Account:
        """The user the work is for; asked again until it exists."""
        if self._user is None:
            found = self._account(self.user_name)
            if found is None:
                return Account(self.user_name, NO_USER, NO_USER, "/opt/stack")
            self._user = found
        return self._user

    @property
    def is_root(self) -> bool:
        """Whether this process is root's."""
        return self.launcher.are_root

    def resolve(self, path: str) -> str:
        """Return where a path of the system acted on is for us."""
        root = self.launcher.root
        return path if root == "/" else os.path.join(root, path.lstrip("/"))  # noqa: PTH118

    def inside(self, path: str) -> str:
        """Return what a path of ours is called in the system acted on."""
        return "/" + os.path.relpath(path, self.launcher.root).removeprefix("./")

    def run(self, command: Command) -> Completed:
        """Run a question and capture the answer."""
        launch = self.launcher.launch(command, self.user)
        return process.run(launch, stdin=command.input, timeout=command.timeout)

    def read(self, path: str, identity: Identity = Identity.STACK) -> bytes:
        """Return a file's bytes, by sudo where only root may read it."""
        if identity is Identity.STACK or self.is_root:
            return _read_regular(self.resolve(path))
        said = self.run(Command(("cat", "--", path), Identity.ROOT))
        if not said.ok:
            raise OSError(said.stderr.decode(errors="replace").strip())
        return said.stdout

    def stat(self, path: str, *, follow: bool = True) -> os.stat_result:
        """Ask the kernel about a path."""
        return Path(self.resolve(path)).stat(follow_symlinks=follow)

    def exists(self, path: str) -> bool:
        """Whether something is there; what may not be looked at counts as missing."""
        try:
            self.stat(path, follow=False)
        except OSError:
            return False
        return True

    def listdir(self, path: str) -> tuple[str, ...]:
        """Return sorted names; empty when the folder is missing or unreadable."""
        try:
            return tuple(sorted(os.listdir(self.resolve(path))))  # noqa: PTH208 -- names only
        except OSError:
            return ()

    def which(self, name: str) -> str | None:
        """Return a program's absolute path on the system path."""
        for folder in SYSTEM_PATH.split(":"):
            path = f"{folder}/{name}"
            if os.access(self.resolve(path), os.X_OK):
                return path
        return None

    def owner_name(self, path: str) -> str | None:
        """Return the name of the user that owns a path, None for root or nobody known."""
        try:
            uid = self.stat(path).st_uid
        except OSError:
            return None
        said = self.run(Command(("getent", "passwd", str(uid)), timeout=20))
        return said.text.split(":")[0] if uid and said.ok else None

    def _account(self, name: str) -> Account | None:
        if self.launcher.root != "/":
            return _in_passwd(Path(self.resolve("/etc/passwd")), name)
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            return None
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir)


def _read_regular(path: str) -> bytes:
    """Read a file, but hang on no FIFO and drown in no device or giant. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not an ordinary file", path)
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(errno.EFBIG, f"larger than {LARGEST >> 20} MiB", path)
    return content


def _in_passwd(path: Path, name: str) -> Account | None:
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        fields = line.split(":")
        if len(fields) >= 6 and fields[0] == name and fields[2].isdigit() and fields[3].isdigit():  # noqa: PLR2004
            return Account(name, int(fields[2]), int(fields[3]), fields[5])
    return None
