"""Where the sign-in is kept, and which links are invitations."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from desktop.errors import Problem
from desktop.sync.checking_in import read_device
from desktop.sync.links import InvitationLink, read_link, server_address
from desktop.sync.secrets import FileSecrets, make_secrets


def test_without_a_keyring_the_file_is_used_and_that_is_said(tmp_path: Path) -> None:
    secrets = make_secrets(tmp_path)
    secrets.write("https://x.test a1", "s3cret-token")
    secrets.write("https://x.test a2", "other")
    note = secrets.note()
    assert note is not None
    assert note.code == "no_keyring"
    assert make_secrets(tmp_path).read("https://x.test a1") == "s3cret-token"
    for name in ("secrets.bin", "secrets.key"):
        file = tmp_path / name
        assert b"s3cret" not in file.read_bytes()
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secrets.forget("https://x.test a1")
    assert make_secrets(tmp_path).read("https://x.test a1") is None
    assert make_secrets(tmp_path).read("https://x.test a2") == "other"


@pytest.mark.expected_log("could not be read")
def test_a_broken_file_of_secrets_means_signing_in_again(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path)
    secrets.write("a", "b")
    (tmp_path / "secrets.bin").write_bytes(b"rubbish")
    assert secrets.read("a") is None
    secrets.write("a", "c")
    assert secrets.read("a") == "c"


@pytest.mark.parametrize(
    ("link", "server", "token"),
    [
        ("haversack://join?server=https%3A%2F%2Flearn.test&invitation=abc-1", "https://learn.test", "abc-1"),
        (" haversack://join/?server=http://127.0.0.1:8000/&invitation=w ", "http://127.0.0.1:8000", "w"),
        ("haversack:join?server=sample&invitation=w", "sample", "w"),
        ("https://learn.test/join/abc", "https://learn.test", "abc"),
        ("<https://learn.test/school/join/abc/>", "https://learn.test/school", "abc"),
    ],
)
def test_invitations(link: str, server: str, token: str) -> None:
    assert read_link(link) == InvitationLink(server, token)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "hello",
        "https://learn.test/courses/1",
        "https://learn.test/join/",
        "https://learn.test/join/a b",
        "http://learn.test/join/abc",
        "haversack://join?server=https://learn.test",
        "haversack://join?invitation=abc",
        "haversack://join?server=ftp://learn.test&invitation=abc",
        "haversack://open?server=https://learn.test&invitation=abc",
        "https://user:pass@learn.test/join/abc@evil",
        "https://[broken/join/abc",
    ],
)
def test_what_is_no_invitation(link: str) -> None:
    with pytest.raises(Problem) as found:
        read_link(link)
    assert found.value.code in ("bad_link", "bad_address")
    assert found.value.way_out


def test_addresses_as_people_type_them() -> None:
    assert server_address(" learn.test/ ") == "https://learn.test"
    assert server_address("localhost:8000") == "https://localhost:8000"
    assert server_address("http://localhost:8000") == "http://localhost:8000"


def test_the_device_stays_the_same_and_a_broken_file_makes_a_new_one(tmp_path: Path) -> None:
    first = read_device(tmp_path)
    assert read_device(tmp_path).id == first.id
    (tmp_path / "device.json").write_text("[]")
    assert read_device(tmp_path).id != first.id
