"""The kernel's table says which file system a path is on."""

from pathlib import Path

import pytest

from tests.images import ImageReader, image
from tests.support import local_reader
from wizard.facts.mounts import Mount, mount_of

TABLE = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
30 22 8:1 /usr/include /usr/include ro,relatime - ext4 /dev/sda1 rw
31 22 0:40 / /srv/two\\040words rw - tmpfs tmpfs rw
32 22 0:41 / /srv rw - tmpfs tmpfs rw
33 22 0:42 / /srv rw - tmpfs tmpfs ro
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/usr/include/postgresql", Mount("/usr/include", ("ro", "relatime", "rw"))),
        ("/usr/include2", Mount("/", ("rw", "relatime", "rw", "errors=remount-ro"))),
        ("/srv/two words/x", Mount("/srv/two words", ("rw", "rw"))),
        ("/srv", Mount("/srv", ("rw", "ro"))),
    ],
)
def test_the_deepest_and_last_mount_counts(tmp_path: Path, path: str, expected: Mount) -> None:
    host = ImageReader(image(tmp_path, {"/proc/self/mountinfo": TABLE}))
    assert mount_of(host, path) == expected


def test_where_there_is_no_table_nothing_is_claimed(tmp_path: Path) -> None:
    assert mount_of(ImageReader(tmp_path), "/") is None


def test_this_host_s_table_is_understood() -> None:
    found = mount_of(local_reader(), "/proc/self/mountinfo")
    assert found is not None
    assert found.point == "/proc"
