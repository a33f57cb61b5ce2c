import pytest

from wizard.model.disk_words import disk_words


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["error: Failed", "cause: x: No space left on device (os error 28)"], "No space left"),
        (["OSError: [Errno 122] Disk quota exceeded: '/x'"], "Disk quota exceeded"),
        (["Read-only file system (os error 30) at path"], "Read-only file system"),
        (["cp: error reading x: Input/output error"], "Input/output error"),
        (["no space in the name", ""], ""),
        ([], ""),
    ],
)
def test_the_kernels_words_are_found_in_anybodys(lines: list[str], words: str) -> None:
    found = disk_words(lines)

    assert found.startswith(words)
    assert bool(found) == bool(words)
