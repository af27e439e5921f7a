"""Work carried by file, as the screen and the command line see it. Imports no SQLAlchemy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

WORK, RECEIPT = "work", "receipt"


class CarriedView(msgspec.Struct, frozen=True):
    """Where work by file stands. ``waiting``: entries that have yet to reach the program; ``filed_at``: since when some
    of them are on their way by file; ``files`` without a receipt; ``answered_at``: of the newest receipt."""

    waiting: int
    filed_at: datetime | None = None
    files: int = 0
    answered_at: datetime | None = None


class SavedWork(msgspec.Struct, frozen=True):
    """A file that was written: ``actions`` in it, ``left`` for the next one."""

    file: Path
    actions: int
    left: int = 0


class FoundFile(msgspec.Struct, frozen=True):
    """What a file is. ``kind``: work, receipt; ``server``: where work is to be delivered; ``mine``: made here by the
    learner who is signed in."""

    file: Path
    kind: str
    reference: str
    server: str = ""
    mine: bool = False


class DeliveredWork(msgspec.Struct, frozen=True):
    """What the server did with a file. ``receipt`` is the file that was written, None when there it could not be
    written: then ``receipt_data`` is to be put elsewhere."""

    server: str
    reference: str
    actions: int
    duplicates: int
    refused: int
    receipt: Path | None
    receipt_data: bytes


class TakenReceipt(msgspec.Struct, frozen=True):
    """What a receipt said of the work that waited here: ``sent``, ``refused``; ``known`` were settled before."""

    delivered_at: datetime
    sent: int
    refused: int
    known: int
