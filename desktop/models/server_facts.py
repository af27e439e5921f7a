"""What the server said of itself: kept in one row, read before the next thing is said to it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.files import server_facts
from desktop.models.outbox import send_again
from protocol.deliveries import CheckedIn


@dataclass(frozen=True)
class ServerFacts:
    """See the table. All empty while there was no check-in."""

    server_id: str = ""
    life: str = ""
    place: str = ""
    mark: str = ""
    key_id: str = ""
    key_public: bytes = b""


def read_facts(connection: Connection) -> ServerFacts:
    """What is known."""
    row = connection.execute(select(server_facts)).first()
    if row is None:
        return ServerFacts()
    return ServerFacts(row.server_id, row.life, row.place, row.mark, row.key_id, bytes(row.key_public))


def keep_mark(connection: Connection, mark: str) -> None:
    """The server's newest mark."""
    if mark and not connection.execute(update(server_facts).values(mark=mark)).rowcount:
        unknown = {"server_id": "", "life": "", "place": "", "key_id": "", "key_public": b""}
        connection.execute(insert(server_facts).values(id=1, mark=mark, **unknown))


def keep_facts(connection: Connection, said: CheckedIn, *, restored: bool = False) -> int:
    """What a check-in answered. When the server is in another life than before, or has said that it was ``restored``,
    what it has had is to be sent again: returns how many actions that are."""
    before = read_facts(connection)
    another = restored or before.life not in ("", said.life)
    values = {
        "server_id": said.server_id,
        "life": said.life,
        "place": said.place,
        "mark": "" if another else before.mark,
        "key_id": said.sealing_key.id,
        "key_public": said.sealing_key.public,
    }
    statement = upsert(server_facts).values(id=1, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
    return send_again(connection) if another else 0


def forget_place(connection: Connection) -> None:
    """This device has another id now: it has been nowhere yet."""
    connection.execute(update(server_facts).values(place=""))
