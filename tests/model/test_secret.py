"""What the one place that masks secrets takes for one."""

import time

import pytest

from wizard.model.secret import Mask

CANARY = "canary7canary"
HELD = {
    "plain": "ADMIN_PASSWORD={}",
    "exported": "export ADMIN_PASSWORD={}",
    "appended": "ADMIN_PASSWORD+={}",
    "an element": "PASSWORDS[0]={}",
    "a default": ": ${{ADMIN_PASSWORD:={}}}",
    "a fallback": "A=${{ADMIN_PASSWORD:-{}}}",
    "in pieces": 'ADMIN_PASSWORD=a"{}"b',
    "behind a quote in quotes": "ADMIN_PASSWORD='it'\\''s {}'",
    "behind an escaped quote": 'ADMIN_PASSWORD="a\\"{}"',
    "behind an escaped blank": "ADMIN_PASSWORD=a\\ {}",
    "ANSI quotes": "ADMIN_PASSWORD=$'\\'{}'",
    "a quote that stays open": "ADMIN_PASSWORD='a {}",
    "on the second line": 'ADMIN_PASSWORD="a\n{}\n"\nHOST_IP=192.0.2.1',
    "behind a backslash": "ADMIN_PASSWORD=\\\n{}\nHOST_IP=192.0.2.1",
    "answered": "ADMIN_PASSWORD=$(echo {})",
    "answered the old way": "ADMIN_PASSWORD=`echo {}`",
    "oslo.config": "admin_password = {}",
    "oslo.config, blanks and all": "password = a {} b",
    "oslo.config's shared secret": "metadata_proxy_shared_secret={}",
    "a short name": "DB_PASS={}",
    "a key": "SWIFT_TEMPURL_KEY={}",
    "a token": "SERVICE_TOKEN={}",
    "JSON": '{{"auth": {{"password": "{}"}}}}',
    "Python": "{{'admin_password': '{}'}}",
    "an address": "mysql+pymysql://root:{}@127.0.0.1/nova",
    "an address without a name": "redis://:{}@127.0.0.1",
    "an address, an at sign in it": "http://user:a@{}@127.0.0.1/",
}
KEPT = (
    "HOST_IP=192.0.2.1",
    "PASSWORD=\nHOST_IP=1",
    "a password is missing",
    "token ring",
    "x://a/b@c",
)


@pytest.mark.parametrize("text", HELD.values(), ids=HELD)
def test_a_secret_is_masked_however_it_is_written(text: str) -> None:
    text = text.format(CANARY)
    masked = Mask()(text)

    assert CANARY not in masked
    assert "********" in masked
    assert masked.count("\n") == text.count("\n")
    assert ("HOST_IP=192.0.2.1" in masked) == ("HOST_IP" in text)


@pytest.mark.parametrize("text", KEPT)
def test_what_holds_no_secret_stays(text: str) -> None:
    assert Mask()(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "password" * 20_000,
        "A_TOKEN[" * 20_000,
        "password=" + "'" * 100_001,
        'A_TOKEN="' + "\\" * 100_001,
        "A_TOKEN=$(\n" * 10_000,
        "token" + " " * 100_000,
        "://" * 50_000,
    ],
    ids=range(7),
)
def test_no_text_takes_long(text: str) -> None:
    began = time.monotonic()
    Mask()(text)

    assert time.monotonic() - began < 10
