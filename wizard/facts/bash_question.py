"""Questions asked in bash of shell code that is not ours: its own functions answer."""

from wizard.model import shipped
from wizard.model.exit_status import ExitStatus
from wizard.model.machine import Command, Completed, Identity, Reader
from wizard.model.problem import Problem


def script(*names: str) -> str:
    """Return the shipped scripts of these names as one text."""
    return "\n".join(shipped.read(f"questions/{name}.sh").decode() for name in names)


def ask(
    host: Reader,
    text: str,
    *arguments: str,
    identity: Identity = Identity.STACK,
    stdin: bytes = b"",
    timeout: float,
) -> Completed:
    """Run bash on ``text`` with nothing of the user's in it, and without a way to more rights.

    Whatever the shell code tries, sudo gives nothing to a process that may gain no privileges.
    """
    harmless = ("setpriv", "--no-new-privs") if host.which("setpriv") else ()
    argv = (*harmless, "bash", "--noprofile", "--norc", "-c", text, "devstack-venv", *arguments)
    env = {"LC_ALL": "C"}
    return host.run(Command(argv, identity, env=env, input=stdin, timeout=timeout))


def answers(completed: Completed) -> dict[str, str]:
    """Return what the scripts said: NAME=VALUE, each ended by a NUL."""
    pairs = (item.partition("=") for item in completed.text.split("\0"))
    return {name: value for name, separator, value in pairs if separator}


def stranger(host: Reader, *paths: str) -> Problem | None:
    """Refuse shell code that belongs neither to root nor to the user it would run as."""
    for path in paths:
        try:
            owner = host.stat(path).st_uid
        except OSError as error:
            return Problem(f"cannot be read: {error.strerror}", path, status=ExitStatus.HOST)
        if owner not in (0, host.user.uid):
            return Problem(
                f"belongs to user id {owner}, and would run as {host.user.name}",
                where=path,
                cure=f"sudo chown -R {host.user.name} {paths[0]}",
                status=ExitStatus.HOST,
            )
    return None
