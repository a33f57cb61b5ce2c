"""Why a package manager failed."""

import pytest

from wizard.model.packages.package_failure import explained, failure


@pytest.mark.parametrize(
    ("line", "what", "cure"),
    [
        (
            (
                "Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. "
                "It is held by process 138 (unattended-upgr)..."
            ),
            "another package manager is at work: unattended-upgr (process 138)",
            "never delete the lock",
        ),
        (
            (
                "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct "
                "the problem. "
            ),
            "dpkg was interrupted",
            "sudo dpkg --configure -a",
        ),
        (
            "E: You don't have enough free space in /var/cache/apt/archives/.",
            "the disk is full",
            "df -h",
        ),
        (
            (
                "W: Failed to fetch http://nosuch.invalid/debian/dists/bookworm/InRelease  "
                "Could not resolve 'nosuch.invalid'"
            ),
            "the name nosuch.invalid of the mirror can't be resolved",
            "/etc/resolv.conf",
        ),
        (
            "E: Failed to fetch http://h/pool/x_1_amd64.deb  404  Not Found [IP: 192.0.2.1 80]",
            "the mirror no longer has http://h/pool/x_1_amd64.deb",
            "apt-get update",
        ),
        (
            "E: Failed to fetch http://h/x.deb  Hash Sum mismatch",
            "the mirror is being updated",
            "in some minutes",
        ),
        (
            "E: Release file for http://h/InRelease is not valid yet (invalid for another 5h).",
            "the clock of this host and the mirror disagree over http://h/InRelease",
            "Set the clock",
        ),
        (
            (
                "W: GPG error: http://h bookworm InRelease: The following signatures couldn't be "
                "verified because the public key is not available: NO_PUBKEY 0E98404D386FA1D9"
            ),
            "a repository's signature is not trusted",
            "key",
        ),
        (
            "E: Unable to correct problems, you have held broken packages.",
            "the packages can't be installed together with what is there",
            "--fix-broken",
        ),
        (
            "dpkg: error processing package postfix (--configure):",
            "the package postfix could not be set up",
            "log",
        ),
        (
            (
                "E: Could not open lock file /var/lib/dpkg/lock-frontend - open "
                "(13: Permission denied)"
            ),
            "installing packages needs root",
            "sudo",
        ),
        (
            "System management is locked by the application with pid 29792 (sleep).",
            "another package manager is at work: process 29792",
            "Wait",
        ),
        (
            "metadata already locked by 29792",
            "another package manager is at work: process 29792",
            "Wait",
        ),
        (
            "Error: Failed to download metadata for repo 'appstream': Cannot download repomd.xml",
            "the repository appstream can't be reached",
            "later",
        ),
        (
            'Error: There are no enabled repositories in "/etc/yum.repos.d", "/etc/yum/repos.d".',
            "no repository is enabled",
            "Enable",
        ),
    ],
)
def test_a_known_line_is_explained(line: str, what: str, cure: str) -> None:
    problem = explained(["Reading package lists...", line, "anything"])
    assert problem is not None
    assert problem.what == what
    assert cure in problem.cure


def test_a_cause_is_told_before_its_consequence() -> None:
    lines = ["E: Failed to fetch http://h/x.deb  403", "W: No space left on device"]
    assert failure("apt-get", 100, lines).what == "the disk is full"


def test_the_last_complaint_is_told_where_nothing_is_known() -> None:
    lines = ["E: Sub-process /usr/bin/dpkg returned an error code (1)", "bye"]
    assert failure("apt-get", 100, lines).what == (
        "apt-get ended with status 100: Sub-process /usr/bin/dpkg returned an error code (1)"
    )


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_silence_is_told_as_such(lines: list[str]) -> None:
    assert failure("dnf", -9, lines).what == "dnf ended with status -9: it said nothing"
