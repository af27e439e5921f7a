"""Work that is carried by file: saved here, delivered anywhere, and what became of it brought back.

For a computer that never has a network. What waits is sealed for the program's server, so that whoever carries it can
neither read nor change it (``protocol.sealing``); it still waits here, until a receipt or a sync of our own says what
became of it: both go through ``answers.settle``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, func, select, update

from desktop.config import SAMPLE_SERVER
from desktop.errors import Problem, mark, problem_of_os
from desktop.models.carried_views import RECEIPT, WORK, DeliveredWork, FoundFile, SavedWork, TakenReceipt
from desktop.models.outbox import UNSENT
from desktop.models.server_facts import ServerFacts, read_facts
from desktop.models.session_file import write_atomically
from desktop.models.store import Store
from desktop.models.work import outbox, work_files
from desktop.sync import problems
from desktop.sync.answers import settle
from desktop.sync.api import Api
from desktop.sync.checking_in import Installation
from desktop.sync.client import Client, absolute
from desktop.sync.links import server_address
from desktop.sync.push import action_of
from protocol import PROTOCOL_VERSION, RECEIPT_SUFFIX
from protocol.actions import REFUSED, ActionResult
from protocol.deliveries import MEDIA_TYPE, MOST_ACTIONS, DeliveryAnswer, Work, WorkHeader
from protocol.errors import WORK_UNREADABLE
from protocol.ids import AccountId, new_uuid7
from protocol.sealing import (
    FILE_LIMIT,
    RECEIPT_KEY_BYTES,
    SealError,
    TooLargeError,
    open_receipt,
    read_receipt_header,
    read_work_header,
    seal_work,
)

log = logging.getLogger(__name__)
CARRIED = 0o644
"""Mode of what is carried: on another computer somebody else must be able to read it, and it is sealed."""


class Carrying:
    """Delivers. Nobody needs to be signed in, and the learner who is has nothing to do with it."""

    def __init__(self, client: Client, base_url: Callable[[str], str]) -> None:
        """``base_url`` as for ``Gateway``; ``client`` must be one of its own: when that server was heard is no evidence
        of the clock for anybody here."""
        self._client = client
        self._base_url = base_url

    def deliver(self, file: Path) -> DeliveredWork:
        """Deliver a file to the server it names, and write the receipt beside it.

        Raises:
            Problem: ``work_unreadable``, what the server refuses, and the ways of not getting there.
        """
        data = _read(file)
        try:
            header = read_work_header(data)
        except SealError as error:
            raise _unreadable(str(error)) from error
        server = _server_of(header)
        url = absolute(self._base_url(server), "/v1/deliveries")
        try:
            sent = self._client.request("POST", url, value=data, headers={"Content-Type": MEDIA_TYPE})
        finally:
            self._client.start_afresh()  # until the next delivery the network may be another
        answer = Api.read(sent, DeliveryAnswer)
        if answer.reference != header.reference:
            raise problems.not_ours("an answer to other work")
        return DeliveredWork(
            server=server,
            reference=answer.reference,
            actions=answer.actions,
            duplicates=answer.duplicates,
            refused=answer.refused,
            receipt=_keep(file.with_suffix(RECEIPT_SUFFIX), answer.receipt),
            receipt_data=answer.receipt,
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


def look_at(file: Path, store: Store | None) -> FoundFile:
    """What a file is. ``store``: of whoever is signed in.

    Raises:
        Problem: ``work_unreadable``, ``folder_unusable``.
    """
    data = _read(file)
    try:
        kind, server = WORK, ""
        try:
            header = read_work_header(data)
            reference, server = header.reference, _server_of(header)
        except SealError:
            kind, reference = RECEIPT, read_receipt_header(data).reference
    except SealError as error:
        raise _unreadable(str(error)) from error
    mine = False
    if store is not None:
        with store.read() as connection:
            known = select(work_files.c.reference).where(work_files.c.reference == reference)
            mine = connection.execute(known).first() is not None
    return FoundFile(file, kind, reference, server, mine)


def save_work(store: Store, server: str, installation: Installation, file: Path) -> SavedWork:
    """Save what waits, in its order and as far as a file holds it.

    From then on none of it can be taken back here: it may arrive. It is marked before the file is there and unmarked
    when that could not be written; a program that dies in between leaves a mark too many, which costs an Undo.

    Raises:
        Problem: see ``Gateway.save_work``.
    """
    if server == SAMPLE_SERVER:
        raise Problem(
            "sample_not_carried",
            mark("The sample program is on this computer: there is nowhere to carry it to."),
            mark("Nothing needs to be done."),
        )
    with store.read() as connection:
        facts = read_facts(connection)
    data, work, reference = _sealed(store, server, installation, facts)
    ids = [action.id for action in work.actions]
    now = store.clock.now()
    these = outbox.c.id.in_(ids)
    with store.write(set(), durable=True) as connection:
        connection.execute(update(outbox).where(these).values(tries=outbox.c.tries + 1))
        connection.execute(
            work_files.insert().values(reference=reference, made_at=now, actions=len(ids), receipt_key=work.receipt_key)
        )
    try:
        if not file.parent.is_dir():
            raise FileNotFoundError(file.parent)  # a stick that was pulled: its place must not be made
        write_atomically(file, data, mode=CARRIED)
    except OSError as error:
        with store.write(set(), durable=True) as connection:
            connection.execute(update(outbox).where(these).values(tries=outbox.c.tries - 1))
            connection.execute(delete(work_files).where(work_files.c.reference == reference))
        raise _not_written(error) from error
    with store.write({"outbox"}, durable=True) as connection:
        connection.execute(update(outbox).where(these).values(filed_at=now))
        unsent = select(func.count()).select_from(outbox).where(outbox.c.state.in_(UNSENT))
        left = connection.execute(unsent).scalar_one() - len(ids)
    return SavedWork(file, len(ids), max(0, left))


def _sealed(store: Store, server: str, installation: Installation, facts: ServerFacts) -> tuple[bytes, Work, str]:
    key = installation.signing_key(make=False)
    if key is None or not facts.key_id or not facts.place:
        raise _not_prepared()
    with store.read() as connection:
        unsent = select(outbox).where(outbox.c.state.in_(UNSENT)).order_by(outbox.c.sequence).limit(MOST_ACTIONS)
        rows = connection.execute(unsent).all()
    header = WorkHeader(server=server, server_id=facts.server_id, key=facts.key_id, reference=new_uuid7())
    device = installation.look()
    while rows:
        work = Work(
            protocol=PROTOCOL_VERSION,
            account_id=AccountId(store.account_id),
            device_id=device.id,
            made_at=store.clock.now(),
            receipt_key=os.urandom(RECEIPT_KEY_BYTES),
            actions=tuple(action_of(row, device.id) for row in rows),
        )
        try:
            return seal_work(header, work, key, facts.key_public), work, header.reference
        except TooLargeError:
            rows = rows[: len(rows) * 3 // 4]
    raise Problem(
        "nothing_waits",
        mark("Nothing waits to be sent, so there is nothing to save."),
        mark("What you do without a network can be saved here."),
    )


def take_receipt(store: Store, file: Path) -> TakenReceipt:
    """Write down what a receipt says, as if the server had said it here.

    Raises:
        Problem: ``receipt_unreadable``, ``receipt_for_another``.
    """
    data = _read(file)
    try:
        reference = read_receipt_header(data).reference
        with store.read() as connection:
            of_it = select(work_files.c.receipt_key).where(work_files.c.reference == reference)
            key = connection.execute(of_it).scalar()
        if key is None:
            raise _for_another()
        receipt = open_receipt(data, bytes(key))
    except SealError as error:
        raise _receipt_unreadable(str(error)) from error
    results: dict[str, ActionResult] = {result.id: result for result in receipt.results}
    with store.read() as connection:
        waiting = select(outbox).where(outbox.c.state.in_(UNSENT)).order_by(outbox.c.sequence)
        rows = [row for row in connection.execute(waiting) if row.id in results]
    faulty = settle(store, rows, results)
    with store.write({"outbox"}, durable=True) as connection:
        of_it_too = update(work_files).where(work_files.c.reference == reference)
        connection.execute(of_it_too.values(answered_at=store.clock.now()))
        # What the server could not judge is not on its way any more.
        connection.execute(update(outbox).where(outbox.c.id.in_(list(results))).values(filed_at=None))
    refused = sum(results[row.id].outcome == REFUSED for row in rows) - faulty
    return TakenReceipt(receipt.delivered_at, len(rows) - refused - faulty, refused, len(results) - len(rows))


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(FILE_LIMIT + 1)
    except OSError as error:
        raise Problem(
            "file_unreadable",
            mark("This file cannot be read."),
            mark("Check that the stick is in, and try again."),
            detail=str(error),
        ) from error


def _server_of(header: WorkHeader) -> str:
    try:
        return header.server if header.server == SAMPLE_SERVER else server_address(header.server)
    except Problem as problem:
        raise _unreadable(problem.text) from problem


def _keep(file: Path, data: bytes) -> Path | None:
    try:
        write_atomically(file, data, mode=CARRIED)
    except OSError as error:
        log.info("the receipt could not be written beside the work: %s", error)
        return None
    return file


def _not_written(error: OSError) -> Problem:
    found = problem_of_os(error)
    if found is not None and found.code == "disk_full":
        return Problem(
            found.code,
            mark("There is no room for the file in this place."),
            mark("Make room there, or choose another place. What waits is kept."),
            detail=str(error),
        )
    return Problem(
        "file_unwritable",
        mark("The file could not be written in this place."),
        mark("Check that the stick is in and can be written to, or choose another place. What waits is kept."),
        detail=str(error),
    )


def _unreadable(detail: str) -> Problem:
    return Problem(
        WORK_UNREADABLE,
        mark("This is not a file of work from Haversack, or it was damaged on the way."),
        mark("Copy it from the stick once more, or save the work to a new file where it was done."),
        detail=detail,
    )


def _receipt_unreadable(detail: str) -> Problem:
    return Problem(
        "receipt_unreadable",
        mark("This is not a receipt from Haversack, or it was damaged on the way."),
        mark("Copy it once more. Delivering the same work again gives a new one, and does no harm."),
        detail=detail,
    )


def _for_another() -> Problem:
    return Problem(
        "receipt_for_another",
        mark("This receipt is for work that was not saved here."),
        mark("It belongs to another computer, or to somebody else on this one."),
    )


def _not_prepared() -> Problem:
    return Problem(
        "not_prepared",
        mark("This computer does not know yet how to seal work for your program."),
        mark("Connect it to a network once; after that it can do without."),
    )
