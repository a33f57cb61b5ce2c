from pathlib import Path

from tests.images import ImageReader, image
from wizard.facts.own_secrets import own_secrets

TEXT = """[[local|localrc]]
ADMIN_PASSWORD=stack
DATABASE_PASSWORD='four words and 1 number'
RABBIT_PASSWORD=$ADMIN_PASSWORD
[[post-config|$NOVA_CONF]]
[placement]
password = s3cr3t-of-oslo
"""


def test_what_is_no_word_is_a_secret_wherever_it_is_said(tmp_path: Path) -> None:
    host = ImageReader(image(tmp_path, {"/opt/local.conf": TEXT}), {})
    found = {secret.reveal() for secret in own_secrets(host, "/opt/local.conf")}

    assert found == {"four words and 1 number", "s3cr3t-of-oslo"}


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert own_secrets(ImageReader(image(tmp_path, {}), {}), "/opt/local.conf") == ()
