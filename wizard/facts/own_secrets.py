"""The secrets that the user's local.conf holds, so that no log that quotes them shows them."""

from wizard.model.known_secrets import known_secrets
from wizard.model.machine import Reader
from wizard.model.secret import Secret

_SHORTEST = 8  # a password such as "stack" would mask half of every path


def own_secrets(host: Reader, path: str) -> tuple[Secret, ...]:
    """Return those that are no word: of a word nobody could tell where it is the password."""
    try:
        text = host.read(path).decode(errors="replace")
    except OSError:
        return ()
    found = (secret.reveal() for secret in known_secrets(text))
    return tuple(Secret(v) for v in sorted(found) if len(v) >= _SHORTEST and not v.isalpha())
