"""Telling the server which device this is, and hearing what it says of itself."""

from __future__ import annotations

import contextlib
import json
import logging
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.errors import Problem
from desktop.models.server_facts import forget_place, keep_facts, read_facts
from desktop.models.session_file import write_atomically
from desktop.models.store import Store
from desktop.sync import problems
from desktop.sync.api import Api
from desktop.sync.secrets import Secrets
from protocol import errors
from protocol.accounts import Device
from protocol.deliveries import CheckedIn, CheckIn
from protocol.ids import DeviceId, new_uuid7

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

log = logging.getLogger(__name__)
TRIES = 3
DEVICE_FILE = "device.json"


def read_device(home: Path, version: str = "") -> Device:
    """This installation; its id is made once per data folder."""
    file = home / DEVICE_FILE
    device_id = ""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        device_id = str(json.loads(file.read_bytes()).get("id", ""))
    return _device(device_id or _new_id(home), version)


def _new_id(home: Path) -> str:
    made = new_uuid7()
    write_atomically(home / DEVICE_FILE, json.dumps({"id": made}).encode())
    return made


def _device(device_id: str, version: str) -> Device:
    return Device(id=DeviceId(device_id), name=platform.node()[:100] or platform.system(), app_version=version)


class Installation:
    """This installation as a learner's device: its id, and the key that signs what it saves to files.

    The key lies where the sign-in lies, and goes with it.
    """

    def __init__(self, home: Path, secrets: Secrets, user: str, version: str) -> None:
        """``user`` as for ``tokens``."""
        self._home = home
        self._secrets = secrets
        self._user = key_name(user)
        self._version = version
        self.device = read_device(home, version)

    def signing_key(self, *, make: bool) -> Ed25519PrivateKey | None:
        """The key; None when there is none yet and none is to be made."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        kept = self._secrets.read(self._user)
        with contextlib.suppress(ValueError):
            if kept:
                return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept))
        if not make:
            return None
        key = Ed25519PrivateKey.generate()
        self._secrets.write(self._user, key.private_bytes_raw().hex())
        return key

    def look(self) -> Device:
        """The device, read anew: another learner's sync may have found out that the id was taken."""
        self.device = read_device(self._home, self._version)
        return self.device

    def take_new_id(self) -> None:
        """Another installation goes by the same id. What waits here stays and is sent under the new one."""
        log.warning("another installation goes by the same id: this one takes a new one")
        self._secrets.forget(self._user)
        self.device = _device(_new_id(self._home), self._version)


def key_name(user: str) -> str:
    """Under which name the device's key of a user is kept."""
    return f"device key {user}"


def check_in(store: Store, api: Api, installation: Installation, *, restored: bool = False) -> None:
    """Say who this is, and keep what the server says of itself. A server of before there was such a thing is no matter.
    ``restored``: it has just said that it was.

    Raises:
        Problem: the way to the server.
    """
    for _ in range(TRIES):
        said = _ask(store, api, installation)
        if said is None:
            return
        if said.device_taken:
            installation.take_new_id()
            with store.write(set(), durable=True) as connection:
                forget_place(connection)
            continue
        kinds: set[str] = set()
        with store.write(kinds, durable=True) as connection:
            again = keep_facts(connection, said, restored=restored)
            kinds |= {"outbox"} if again else set()
        if again:
            log.info("the server was restored: %d actions are sent once more", again)
        return
    raise problems.not_ours("every id is taken")


def _ask(store: Store, api: Api, installation: Installation) -> CheckedIn | None:
    device = installation.look()
    try:
        key = installation.signing_key(make=True)
    except (OSError, Problem) as error:
        log.warning("no check-in: the device's key could not be kept: %s", error)
        return None
    assert key is not None
    with store.read() as connection:
        facts = read_facts(connection)
    said = CheckIn(
        device=device,
        signing_key=key.public_key().public_bytes_raw(),
        place=facts.place,
        life=facts.life,
        mark=facts.mark,
    )
    try:
        return api.post("/v1/devices/current", said, CheckedIn)
    except problems.Refusal as refusal:
        if refusal.code == errors.NOT_FOUND:
            return None
        raise
