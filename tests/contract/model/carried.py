"""Work that is saved to files in the middle of a story, and delivered at any time, once, often or never."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from desktop.errors import Problem
from desktop.models.outbox import UNSENT
from desktop.models.work import outbox
from desktop.sync.push import action_of
from protocol.deliveries import DeliveryAnswer
from protocol.wire import decode
from tests.contract.model.devices import Device
from tests.contract.model.network import Network
from tests.server.api import Api, body_of, error_of


class Carried:
    """What the stories have to say about files."""

    folder: Path
    network: Network
    files: list[tuple[Device, Path]]

    def device(self, index: int) -> Device:
        """One of them."""
        raise NotImplementedError

    def work_is_saved(self, index: int, _two: Any) -> None:
        """Whatever waits at a device."""
        device = self.device(index)
        file = self.folder / f"{len(self.files)}.haversack-work"
        with device.services.store.read() as connection:
            rows = connection.execute(select(outbox).where(outbox.c.state.in_(UNSENT))).all()
        try:
            device.gateway.save_work(file)
        except Problem as problem:
            if problem.code == "nothing_waits" or (problem.code == "not_prepared" and device.is_new):
                return
            raise
        self.network.actions |= {row.id: action_of(row, device.gateway.device.id) for row in rows}
        self.files.append((device, file))

    def work_is_delivered(self, which: int, comes_back: bool) -> None:
        """Any of the files, by somebody who has no account; its receipt comes back, or never does."""
        if not self.files:
            return
        device, file = self.files[which % len(self.files)]
        response = Api().send("POST", "/v1/deliveries", file.read_bytes())
        if response.status_code != 200:
            assert error_of(response).code == "device_signed_out", "after more than a year it may"
            return
        if comes_back:
            receipt = file.with_suffix(".haversack-receipt")
            receipt.write_bytes(decode(body_of(response), DeliveryAnswer).receipt)
            device.gateway.take_receipt(receipt)
