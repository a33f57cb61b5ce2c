"""Users and groups of the host, as its own name service knows them."""

from wizard.model.machine import Account, Command, Reader

_FIELDS = 7  # of a line of passwd(5)
_NOT_THERE = 127


def by_name(host: Reader, name: str) -> Account | None:
    """Find a user by name."""
    return next((a for a in parse_passwd(_entry(host, "passwd", name)) if a.name == name), None)


def parse_passwd(text: str) -> tuple[Account, ...]:
    """Read passwd(5); lines that are not as they should be are left out."""
    fields = [line.split(":") for line in text.splitlines()]
    return tuple(
        Account(name=f[0], uid=int(f[2]), gid=int(f[3]), home=f[5])
        for f in fields
        if len(f) == _FIELDS and f[2].isdecimal() and f[3].isdecimal()
    )


def has_group(host: Reader, name: str) -> bool:
    """Whether there is a group of this name."""
    return any(line.split(":")[0] == name for line in _entry(host, "group", name).splitlines())


def has_private_group(host: Reader, user: Account) -> bool:
    """Whether the user's own group is really that user's alone, as most distributions make it."""
    for line in _entry(host, "group", str(user.gid)).splitlines():
        name, _, gid, members = (line.split(":") + [""] * 4)[:4]
        if gid == str(user.gid):
            return name == user.name and members in ("", user.name)
    return False


def _entry(host: Reader, database: str, key: str) -> str:
    """Ask getent, which also sees LDAP and SSSD; a system without it has only the file."""
    answer = host.run(Command(("getent", database, key), timeout=20))
    if answer.returncode != _NOT_THERE:
        return answer.text
    try:
        return host.read(f"/etc/{database}").decode(errors="replace")
    except OSError:
        return ""
