"""``haversack deliver FILE…``: somebody's work, without a window and without an account."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.config import SAMPLE_SERVER
from desktop.errors import Problem, mark
from desktop.models.carried_views import DeliveredWork
from desktop.sync.carrying import Carrying
from desktop.sync.client import Client

GOOD, WRONG = 0, 1


def run(files: Sequence[Path], version: str) -> int:
    """Deliver each, whatever becomes of the others. Returns the exit code."""
    carrying = Carrying(Client(lambda _: None, version), _address)
    code = GOOD
    try:
        for file in files:
            try:
                print(f"{file.name}: {_said(carrying.deliver(file))}")
            except Problem as problem:
                print(f"{file.name}: {problem.text} {problem.way_out}", file=sys.stderr)
                code = WRONG
    finally:
        carrying.close()
    return code


def _address(server: str) -> str:
    if server == SAMPLE_SERVER:
        raise Problem(
            "sample_not_carried",
            mark("This is work of the sample program, which is on one computer only."),
            mark("Nothing needs to be done."),
        )
    return server


def _said(delivered: DeliveredWork) -> str:
    arrived = delivered.actions - delivered.refused
    said = f"delivered to {delivered.server}; {arrived} action{' has' if arrived == 1 else 's have'} arrived"
    if delivered.duplicates:
        said += f", {delivered.duplicates} of them before"
    if delivered.refused:
        said += f", {delivered.refused} could not be taken"
    if delivered.receipt is None:
        return (
            f"{said}. The receipt could not be written beside it: "
            "copy the file to where you may write, and deliver it once more."
        )
    return f"{said}. Take the receipt back: {delivered.receipt}"
