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
            (
                "another package manager held the lock for longer than apt waits: "
                "unattended-upgr, process 138"
            ),
            "Never delete the lock",
        ),
        (
            (
                "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct "
                "the problem. "
            ),
            "an earlier installation of packages was broken off",
            "Let dpkg end what it began",
        ),
        (
            "E: You don't have enough free space in /var/cache/apt/archives/.",
            "the disk is full: apt found no room for the packages",
            "Make room",
        ),
        (
            (
                "W: Failed to fetch http://nosuch.invalid/debian/dists/bookworm/InRelease  "
                "Could not resolve 'nosuch.invalid'"
            ),
            "the name nosuch.invalid could not be resolved",
            "apt's sources",
        ),
        (
            "E: Failed to fetch http://h/pool/x_1_amd64.deb  404  Not Found [IP: 192.0.2.1 80]",
            "the mirror no longer has http://h/pool/x_1_amd64.deb",
            "Fetch the package lists",
        ),
        (
            "E: Failed to fetch http://h/x.deb  Hash Sum mismatch",
            "the mirror is being updated, or something between changes what it sends",
            "in some minutes",
        ),
        (
            "E: Release file for http://h/InRelease is not valid yet (invalid for another 5h).",
            "this host's clock is behind",
            "Set the clock",
        ),
        (
            (
                "W: GPG error: http://h bookworm InRelease: The following signatures couldn't be "
                "verified because the public key is not available: NO_PUBKEY 0E98404D386FA1D9"
            ),
            "a key of Debian itself is missing on this host",
            "key",
        ),
        (
            "E: Unable to correct problems, you have held broken packages.",
            "apt found no set of packages that fits together",
            "on hold",
        ),
        (
            "dpkg: error processing package postfix (--configure):",
            "the package postfix could not be set up",
            "let dpkg go on",
        ),
        (
            (
                "E: Could not open lock file /var/lib/dpkg/lock-frontend - open "
                "(13: Permission denied)"
            ),
            "packages were to be installed without being root",
            "sudo",
        ),
        (
            "System management is locked by the application with pid 29792 (sleep).",
            "another package manager is at work: sleep 29792",
            "Wait",
        ),
        (
            "metadata already locked by 29792",
            "another package manager is at work",
            "Wait",
        ),
        (
            "Error: Failed to download metadata for repo 'appstream': Cannot download repomd.xml",
            "the repository appstream could not be reached",
            "can be reached",
        ),
        (
            'Error: There are no enabled repositories in "/etc/yum.repos.d", "/etc/yum/repos.d".',
            "no repository is enabled",
            "Enable",
        ),
    ],
)
def test_a_known_line_is_explained(line: str, what: str, cure: str) -> None:
    problem = failure("it", 1, ["Reading package lists...", line, "anything"])
    assert problem.what == what
    assert cure in problem.cure


def test_a_cause_is_told_before_its_consequence() -> None:
    lines = [
        "E: Sub-process /usr/bin/dpkg returned an error code (1)",
        "W: No space left on device",
    ]
    assert failure("apt-get", 100, lines).what == "the disk is full"


def test_what_only_follows_from_something_explains_nothing_that_went_well() -> None:
    assert explained(["E: Sub-process /usr/bin/dpkg returned an error code (1)"]) is None


def test_the_last_complaint_is_told_where_nothing_is_known() -> None:
    lines = ["E: The moon is in the wrong quarter.", "bye"]
    assert failure("apt-get", 100, lines).what == (
        "apt-get ended with status 100: The moon is in the wrong quarter"
    )


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_silence_is_told_as_such(lines: list[str]) -> None:
    assert failure("dnf", -9, lines).what == "dnf ended with status -9: it said nothing"
