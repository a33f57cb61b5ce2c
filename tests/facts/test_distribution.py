"""Which distribution it is, by samples of what about thirty distributions say of themselves."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.images import ImageReader, image
from wizard.facts.distribution import detect, known_to_devstack, supported
from wizard.model.devstack_name import KNOWN
from wizard.model.distribution import Distribution, Family
from wizard.model.exit_status import ExitStatus
from wizard.model.problem import Problem

SAMPLES = Path(__file__).parents[1] / "data" / "os-release"

EXPECTED = {
    "almalinux-10": (Family.RPM, "rhel10"),
    "centos-9": (Family.RPM, "rhel9"),
    "cloudlinux-9": (Family.RPM, "rhel9"),
    "debian-12": (Family.DEB, "bookworm"),
    "debian-13": (Family.DEB, "trixie"),
    "debian-testing": (Family.DEB, "forky"),
    "fedora-41": (Family.RPM, "f41"),
    "linuxmint-22": (Family.DEB, "noble"),
    "lmde-6": (Family.DEB, "bookworm"),
    "nobara-41": (Family.RPM, "f41"),
    "openeuler-24.03": (Family.RPM, "openEuler-24.03"),
    "opensuse-leap-15.6": (Family.SUSE, "opensuse-15.6"),
    "opensuse-tumbleweed": (Family.SUSE, "opensuse-tumbleweed"),
    "oracle-9": (Family.RPM, "rhel9"),
    "pop-22.04": (Family.DEB, "jammy"),
    "rhel-10": (Family.RPM, "rhel10"),
    "rhel-9": (Family.RPM, "rhel9"),
    "rocky-9": (Family.RPM, "rhel9"),
    "sles-15": (Family.SUSE, "sle15"),
    "ubuntu-22.04": (Family.DEB, "jammy"),
    "ubuntu-24.04": (Family.DEB, "noble"),
    "ubuntu-26.04": (Family.DEB, "resolute"),
}
ONLY_BY_DEBIAN_VERSION = {"devuan-5": "12.11\n", "raspbian-12": "12.11\n"}
UNKNOWN = ["alpine-3.20", "amazon-2023", "arch", "kali"]


def host(folder: Path, sample: str, **files: str) -> ImageReader:
    text = (SAMPLES / sample).read_text()
    named = {f"/etc/{name}": content for name, content in files.items()}
    return ImageReader(image(folder, {"/etc/os-release": text, **named}))


def test_every_sample_is_used() -> None:
    used = {*EXPECTED, *ONLY_BY_DEBIAN_VERSION, *UNKNOWN}
    assert used == {path.name for path in SAMPLES.iterdir()}


@pytest.mark.parametrize("sample", EXPECTED)
def test_family_and_devstack_name(tmp_path: Path, sample: str) -> None:
    found = detect(host(tmp_path, sample))
    assert isinstance(found, Distribution), found
    assert (found.family, found.devstack_name) == EXPECTED[sample]


@pytest.mark.parametrize("sample", ONLY_BY_DEBIAN_VERSION)
def test_a_derivative_of_debian_is_named_by_its_base_system(tmp_path: Path, sample: str) -> None:
    found = detect(host(tmp_path, sample, debian_version=ONLY_BY_DEBIAN_VERSION[sample]))
    assert isinstance(found, Distribution), found
    assert (found.family, found.devstack_name) == (Family.DEB, "bookworm")
    assert not known_to_devstack(found)


@pytest.mark.parametrize("sample", UNKNOWN)
def test_an_unknown_one_is_a_problem_that_says_what_was_found(tmp_path: Path, sample: str) -> None:
    problem = detect(host(tmp_path, sample))
    assert isinstance(problem, Problem)
    assert problem.status is ExitStatus.HOST
    assert f"ID={sample.partition('-')[0]}".replace("amazon", "amzn") in problem.what
    assert 'like = "debian"' in problem.cure
    assert 'devstack_name = "bookworm"' in problem.cure


def test_a_person_can_say_what_an_unknown_one_is_like(tmp_path: Path) -> None:
    found = detect(host(tmp_path, "kali"), like="debian", devstack_name="trixie")
    assert isinstance(found, Distribution), found
    assert (found.id, found.family, found.devstack_name) == ("kali", Family.DEB, "trixie")


def test_saying_only_the_name_is_enough_where_the_family_is_known(tmp_path: Path) -> None:
    found = detect(host(tmp_path, "amazon-2023"), devstack_name="rhel9")
    assert isinstance(found, Distribution), found
    assert (found.family, found.devstack_name) == (Family.RPM, "rhel9")


def test_saying_only_the_family_is_not_enough_where_the_name_is_unknown(tmp_path: Path) -> None:
    assert isinstance(detect(host(tmp_path, "arch"), like="debian"), Problem)


def test_words_that_mean_nothing_are_refused(tmp_path: Path) -> None:
    for words in ({"like": "gentoo"}, {"devstack_name": "rhel9; reboot"}):
        problem = detect(host(tmp_path, "arch"), **words)
        assert isinstance(problem, Problem)
        assert problem.status is ExitStatus.ANSWERS
        assert next(iter(words.values())) in problem.what


def test_title_is_for_a_person_and_has_the_codename(tmp_path: Path) -> None:
    titles = [
        detect(host(tmp_path / sample, sample))
        for sample in ("debian-12", "ubuntu-24.04", "fedora-41")
    ]
    assert [t.title for t in titles if isinstance(t, Distribution)] == [
        "Debian GNU/Linux 12 (bookworm)",
        "Ubuntu 24.04.3 LTS (noble)",
        "Fedora Linux 41 (Server Edition)",
    ]


def test_the_file_of_the_vendor_counts_where_etc_has_none(tmp_path: Path) -> None:
    text = (SAMPLES / "debian-13").read_text()
    found = detect(ImageReader(image(tmp_path, {"/usr/lib/os-release": text})))
    assert isinstance(found, Distribution), found
    assert found.devstack_name == "trixie"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('NAME="Debian\n', "cannot be read as os-release"),
        ("", "not a distribution that this program knows"),
        ("ID=debian\n", "not a distribution that this program knows"),
        ("\0\xff=\n", "not a distribution that this program knows"),
    ],
)
def test_a_broken_file_is_a_problem(tmp_path: Path, text: str, words: str) -> None:
    problem = detect(ImageReader(image(tmp_path, {"/etc/os-release": text})))
    assert isinstance(problem, Problem)
    assert words in problem.what


def test_no_file_at_all_is_a_problem(tmp_path: Path) -> None:
    problem = detect(ImageReader(tmp_path))
    assert isinstance(problem, Problem)
    assert problem.where == "/etc/os-release"


def test_nothing_of_this_host_leaks_into_what_an_image_says(tmp_path: Path) -> None:
    found = detect(host(tmp_path, "rocky-9"))
    assert isinstance(found, Distribution), found
    assert (found.id, found.version) == ("rocky", "9.4")
    assert "Debian" not in found.title


def test_derivatives_are_not_known_to_devstack(tmp_path: Path) -> None:
    samples = ("linuxmint-22", "cloudlinux-9", "rocky-9", "debian-12")
    found = [detect(host(tmp_path / sample, sample)) for sample in samples]
    known = [known_to_devstack(f) for f in found if isinstance(f, Distribution)]
    assert known == [False, False, True, True]


def test_a_checkout_supports_what_its_list_names() -> None:
    names = ("trixie", "bookworm", "noble", "rhel9")
    assert supported("bookworm", names)
    assert not supported("jammy", names)
    assert not supported("rhel10", names)
    assert not supported("bookworm", ())


@pytest.mark.upstream
@pytest.mark.parametrize("sample", EXPECTED)
def test_devstack_itself_gives_the_same_name(tmp_path: Path, sample: str) -> None:
    """Its own GetDistro, on the sample; lsb_release stands in with what the sample says."""
    found = detect(host(tmp_path, sample))
    assert isinstance(found, Distribution)
    clone = os.environ["DEVSTACK_CLONE"]
    functions = Path(clone, "functions-common").read_text()
    script = functions.replace("/etc/os-release", str(SAMPLES / sample)) + _lsb_release(found)
    answer = subprocess.run(
        ["bash", "-c", f"{script}\nGetDistro >&2; echo $DISTRO"],
        capture_output=True,
        check=False,
        text=True,
    )
    said = answer.stdout.strip().splitlines()[-1:]
    if found.family is Family.SUSE or found.id.lower() not in KNOWN:
        assert said != [found.devstack_name]  # it gives up on these
    else:
        assert said == [found.devstack_name], answer.stderr


def _lsb_release(found: Distribution) -> str:
    vendor = {"ol": "OracleServer", "openEuler": "openEuler"}.get(found.id, found.id.title())
    answers = {"-i": vendor, "-r": found.version, "-c": found.devstack_name}
    cases = " ".join(f"{k}) echo {shlex.quote(v)};;" for k, v in answers.items())
    return f"\nlsb_release() {{ case $1 in {cases} esac; }}\n_ensure_lsb_release() {{ :; }}"
