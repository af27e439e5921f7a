"""A second process on a learner's database: ``second_writer HOME NAME THREADS TIMES``."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.clock import SystemClock
from desktop.models.content_folder import ContentFolder
from desktop.models.files import feeds
from desktop.models.store import Store
from tests.desktop.filled import ACCOUNT

ROW = "everybody"


def add(store: Store, name: str, threads: int, times: int) -> None:
    """Each thread adds its marks to one row, one at a time: what is there is read, and written with one more."""

    def run(thread: int) -> None:
        for number in range(times):
            mark = f"{name}.{thread}.{number} "
            with store.write(set(), durable=number % 2 == 0) as connection:
                there = connection.execute(select(feeds.c.cursor).where(feeds.c.feed == ROW)).scalar() or ""
                values = {"cursor": there + mark, "read_at": store.clock.now()}
                statement = upsert(feeds).values(feed=ROW, **values)
                connection.execute(statement.on_conflict_do_update(index_elements=["feed"], set_=values))

    working = [threading.Thread(target=run, args=(thread,)) for thread in range(threads)]
    for one in working:
        one.start()
    for one in working:
        one.join()


def marks(store: Store) -> list[str]:
    """What is in the row."""
    with store.read() as connection:
        return str(connection.execute(select(feeds.c.cursor).where(feeds.c.feed == ROW)).scalar_one()).split()


def main(home: Path, name: str, threads: int, times: int) -> None:
    """Wait for a line, so that both begin together."""
    store = Store(home / "learners" / ACCOUNT, SystemClock(), ContentFolder(home / "assets"))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    add(store, name, threads, times)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
