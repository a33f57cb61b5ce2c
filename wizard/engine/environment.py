"""The environment of every process we start: made from scratch, never inherited."""

from collections.abc import Mapping

from wizard.model.machine import Account

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# how this host reaches the network: proxies and certificate stores, nothing else
_NETWORK = (
    "http_proxy",
    "https_proxy",
    "ftp_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
)


def network(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of ``environ`` that say how to reach the network."""
    return {name: environ[name] for name in _NETWORK if environ.get(name)}


def scrubbed(account: Account, environ: Mapping[str, str]) -> dict[str, str]:
    """Return a fresh environment for ``account``.

    English messages in UTF-8, because the diagnosis reads them; no VIRTUAL_ENV, PYTHON*, PIP_*,
    UV_*, LD_*, BASH_ENV or anything else that could change what a command does.
    """
    return network(environ) | {
        "PATH": SYSTEM_PATH,
        "HOME": account.home,
        "USER": account.name,
        "LOGNAME": account.name,
        "SHELL": "/bin/sh",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }
