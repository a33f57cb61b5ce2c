"""Who knows what a local.conf means: several awks, DevStack's own parser, and real bash.

Whatever is run here runs as nobody, without network, privileges or programs, in a folder of its
own: much of it is nonsense on purpose.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data" / "local_conf"
ACCEPTED = sorted((DATA / "accepted").glob("*.conf"))
REFUSED = sorted((DATA / "refused").glob("*.conf"))

# our own words for the rule: a header's first field, freed of brackets, names group and file
_AWK = r"""
/^\[\[.+\|.*\]\]/ {
    first = $1
    gsub(/[][]/, "", first)
    parts = split(first, part, "|")
    inside = parts > 1 && part[1] == "local" && part[2] == "localrc"
    next
}
inside { print }
"""

_DUMP = r"""
exec 9>&1 </dev/null
# as DevStack does before it reads localrc (functions-common, inc/python)
declare -A GITREPO GITBRANCH GITDIR SYSTEMD_ENV_VARS PROJECT_VENV
source "$1" >/dev/null 2>&1
unset -f builtin printf compgen 2>/dev/null
for _name in $(IFS=$' \n'; builtin compgen -v); do
    builtin printf '%s=%s\0' "$_name" "${!_name}" >&9
done
builtin printf 'REACHED=yes\0' >&9
"""
_RESTLESS = {"RANDOM", "SRANDOM", "SECONDS", "BASHPID", "LINENO", "EPOCHSECONDS", "EPOCHREALTIME"}
_RESTLESS |= {"_", "PIPESTATUS", "BASH_ARGV0", "BASH_COMMAND", "FUNCNAME", "_name", "PPID", "$"}
_RESTLESS |= {
    "BASH_ARGC",
    "BASH_ARGV",
    "BASH_LINENO",
    "BASH_SOURCE",
    "DIRSTACK",
    "OLDPWD",
    "PWD",
    "COPROC",
    "COPROC_PID",
}


@dataclass(frozen=True)
class Awk:
    """One awk in one locale."""

    argv: tuple[str, ...]
    locale: str = "C"

    @property
    def installed(self) -> bool:
        return shutil.which(self.argv[0]) is not None

    @property
    def name(self) -> str:
        return " ".join(self.argv) + (" in UTF-8" if self.locale != "C" else "")

    def localrc(self, text: bytes) -> bytes:
        ran = subprocess.run(
            (*self.argv, _AWK),
            input=text,
            capture_output=True,
            check=True,
            env={**os.environ, "LC_ALL": self.locale},
        )
        return ran.stdout


AWKS = (
    Awk(("gawk",)),
    Awk(("gawk",), "C.UTF-8"),
    Awk(("mawk",)),
    Awk(("original-awk",)),
    Awk(("busybox", "awk")),
)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


def _alone() -> tuple[str, ...]:
    setpriv, unshare = shutil.which("setpriv") or "", shutil.which("unshare") or ""
    if os.getuid() != 0:
        return (setpriv, "--no-new-privs", "--")
    nobody = ("--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--")
    return (unshare, "-n", "--", setpriv, *nobody)


def sourced(shell_text: bytes) -> dict[str, str] | None:
    """Return all variables after bash has read a text; None when it never got to the end."""
    with _folder() as folder:
        (folder / "localrc").write_bytes(shell_text)
        ran = subprocess.run(
            (*_alone(), "/bin/bash", "--noprofile", "--norc", "-c", _DUMP, "bash", "./localrc"),
            capture_output=True,
            check=False,
            timeout=20,
            cwd=folder,
            env={"PATH": "/nonexistent", "HOME": "/nonexistent"},
        )
    pairs = (
        item.partition("=") for item in ran.stdout.decode(errors="surrogateescape").split("\0")
    )
    found = {name: value for name, _, value in pairs if name not in _RESTLESS}
    found.pop("", None)
    return found if found.pop("REACHED", "") else None


def devstack_localrc(meta_config: Path, text: bytes) -> bytes:
    """Ask DevStack's own function, in a file of any of its releases."""
    script = 'source "$1"; get_meta_section local.conf local localrc'
    with _folder() as folder:
        (folder / "local.conf").write_bytes(text)
        ran = subprocess.run(
            ("/bin/bash", "--noprofile", "--norc", "-c", script, "bash", str(meta_config)),
            cwd=folder,
            capture_output=True,
            check=True,
        )
        return ran.stdout
