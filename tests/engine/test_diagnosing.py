"""Reading logs of any size and kind."""

import gzip
import io
import tracemalloc
from pathlib import Path

import pytest

from tests.images import ImageReader, image
from tests.support import local_reader
from wizard.engine.curing_use import CureUse
from wizard.engine.diagnosing import Explanation, read
from wizard.facts.distribution import detect
from wizard.facts.providers import likely, provider
from wizard.model.diagnosis import rule_book
from wizard.model.diagnosis.clue import Clues
from wizard.model.diagnosis.diagnosis import Scan
from wizard.model.diagnosis.rule import Kind, Missing
from wizard.model.distribution import Distribution, Family
from wizard.model.packages.package_index import effective

CLUES = Clues(rule_book.shipped())
HEADER = b"a.c:1:10: fatal error: lber.h: No such file or directory\n"


class Endless:
    """A log of many lines that is nowhere in memory."""

    def __init__(self, line: bytes, megabytes: int) -> None:
        self._piece = line * ((1 << 20) // len(line))
        self._left = megabytes

    def read(self, size: int = -1) -> bytes:
        self._left -= 1
        return self._piece if self._left >= 0 else b""


def identities(scan: Scan) -> list[tuple[str, int]]:
    return [(found.rule.id, found.line) for found in scan.findings()]


def test_a_log_is_read_to_its_end() -> None:
    assert identities(read(io.BytesIO(b"x\n" * 999 + HEADER), CLUES)) == [("header-missing", 1000)]


def test_the_last_line_counts_without_a_line_feed() -> None:
    assert identities(read(io.BytesIO(b"x\n" + HEADER.rstrip()), CLUES)) == [("header-missing", 2)]


def test_a_packed_log_is_unpacked_even_when_it_is_cut_off() -> None:
    packed = gzip.compress(b"x\n" + HEADER + bytes(range(256)) * 5000)
    assert identities(read(io.BufferedReader(io.BytesIO(packed[:-200])), CLUES))[0][1] == 2


def test_an_empty_log_says_nothing() -> None:
    assert read(io.BytesIO(b""), CLUES).findings() == ()


@pytest.mark.parametrize("line", [b"x" * 63 + b"\n", b"no end of line "], ids=["lines", "one line"])
def test_a_huge_log_needs_little_memory(line: bytes) -> None:
    tracemalloc.start()
    try:
        read(Endless(line, 64), CLUES)  # type: ignore[arg-type]
        assert tracemalloc.get_traced_memory()[1] < 24 << 20
    finally:
        tracemalloc.stop()


def deb() -> Distribution:
    return Distribution("debian", "12", "Debian 12", Family.DEB, "bookworm")


def test_a_missing_header_ends_in_a_package_and_a_command() -> None:
    found = read(io.BytesIO(HEADER), CLUES).findings()[0]
    finding = Explanation(None, deb()).finding(found)
    assert finding.package == "libldap-dev"
    assert finding.commands == ("sudo apt-get install libldap-dev",)
    assert finding.cure == "Install libldap-dev, then run the same again."
    assert finding.evidence == ("1: a.c:1:10: fatal error: lber.h: No such file or directory",)


REFUSED = b"  cause: HTTP status client error (418 I'm a teapot) for url (http://m/simple/six/)\n"


@pytest.mark.parametrize(
    ("environ", "name", "command"),
    [
        ({}, "index-url in /etc/pip.conf", "grep -n index-url /etc/pip.conf"),
        ({"PIP_INDEX_URL": "http://m/simple"}, "PIP_INDEX_URL", "echo $PIP_INDEX_URL"),
    ],
)
def test_the_index_is_named_by_the_place_that_sets_it(
    environ: dict[str, str], name: str, command: str
) -> None:
    index = effective(environ, {"/etc/pip.conf": "[global]\nindex-url = http://m/simple/\n"})
    found = read(io.BytesIO(REFUSED), CLUES).findings()[0]
    finding = Explanation(None, deb(), index=index).finding(found)
    assert finding.cause.endswith(f"That index is set by {name}.")
    assert finding.cure.startswith(f"Correct the index ({name})")
    assert finding.commands[-1] == command


def test_an_index_that_nobody_set_keeps_the_rules_own_words() -> None:
    found = read(io.BytesIO(REFUSED), CLUES).findings()[0]
    told = [Explanation(None, deb(), index=one).finding(found) for one in (None, effective({}, {}))]
    assert told[0] == told[1]
    assert "(UV_DEFAULT_INDEX)" in told[0].cure


def test_no_card_s_first_line_ends_where_its_words_have_only_begun() -> None:
    """As "There is no file of six for this Python and machine:" did."""
    told = (
        Explanation(None, deb()).finding(found).what
        for rule in rule_book.shipped().rules
        for example in rule.examples
        for found in read(io.BytesIO(example.encode() + b"\n"), CLUES).findings()
    )
    assert [what for what in told if what.endswith((":", ",", "(", "{", ": .", "()"))] == []


def test_a_file_system_that_is_read_only_is_named_by_its_mount(tmp_path: Path) -> None:
    table = "30 22 8:1 /usr/include /usr/include ro,relatime - ext4 /dev/sda1 rw\n"
    host = ImageReader(image(tmp_path, {"/proc/self/mountinfo": table}))
    text = b" unable to clean up mess surrounding './usr/include/x': Read-only file system\n"
    found = read(io.BytesIO(text), CLUES).findings()[0]
    finding = Explanation(host, deb(), use=CureUse(host, Family.DEB)).finding(found)
    assert "It is what is mounted at /usr/include, with ro,relatime" in finding.cause
    assert finding.commands[0] == "findmnt -T /usr/include/x"


def test_on_a_host_that_nobody_knows_every_family_is_named() -> None:
    found = read(io.BytesIO(HEADER), CLUES).findings()[0]
    finding = Explanation().finding(found)
    assert "libldap-dev or openldap-devel or openldap2-devel" in finding.cure
    assert finding.commands == ()


def test_what_nobody_knows_is_not_guessed() -> None:
    text = b"a.c:1:10: fatal error: frobnicate.h: No such file or directory\n"
    finding = Explanation(None, deb()).finding(read(io.BytesIO(text), CLUES).findings()[0])
    assert finding.package == ""
    assert "the distro package that has frobnicate.h" in finding.cure
    assert finding.commands == ("apt-file search frobnicate.h",)
    assert finding.automatic == ()


@pytest.mark.parametrize("family", Family)
def test_the_usual_ones_are_known_in_every_family(family: Family) -> None:
    for kind, name in [
        (Kind.HEADER, "Python.h"),
        (Kind.HEADER, "libxml/xmlversion.h"),
        (Kind.HEADER, "sasl/sasl.h"),
        (Kind.COMMAND, "pg_config"),
        (Kind.COMMAND, "x86_64-linux-gnu-gcc"),
        (Kind.MODULE, "libsystemd"),
        (Kind.LIBRARY, "ldap_r"),
    ]:
        assert likely(family, Missing(kind, name)), (family, kind, name)


def test_the_package_is_one_that_the_hosts_own_index_has() -> None:
    host = local_reader()
    distribution = detect(host)
    if not isinstance(distribution, Distribution) or distribution.family is not Family.DEB:
        pytest.skip("asks apt")
    assert provider(host, Family.DEB, Missing(Kind.HEADER, "lber.h")) in {
        "libldap-dev",
        "libldap2-dev",
    }
