"""SIGKILL at any instant while a database of the first version becomes one of this: it opens, and nothing is lost.

``HAVERSACK_MIGRATION_KILLS`` says how often (8 in a normal run).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from desktop.models import copies, migrations
from desktop.models.store import DATABASE_NAME, MARKER_NAME
from tests.desktop.filled import ACCOUNT, open_learner
from tests.desktop.hand_clock import HandClock

ROUNDS = int(os.environ.get("HAVERSACK_MIGRATION_KILLS", "8"))
NOTES = 2000

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are killed are forked")


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A database as the first version of the program left it: notes, what waits to be sent, drafts."""
    file = tmp_path / "first.db"
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, migrations.HISTORY[0])
        note = "INSERT INTO notes VALUES (?, 'sql', 'sql/video-1', 5, ?, '', '', 1, 2, NULL, 7)"
        rows = [(f"n{number}", f"note {number} " + "x" * 200) for number in range(NOTES)]
        connection.exec_driver_sql(note, rows)
        action = (
            "INSERT INTO outbox (id, kind, subject, course_id, body, made_at, zone, state, tries)"
            " VALUES (?, 'save_course', ?, 'sql', x'7b22636f757273655f6964223a2273716c222c227361766564223a747275657d',"
            " 1, 'UTC', 'waiting', 0)"
        )
        connection.exec_driver_sql(action, [(f"a{number}", f"saved:{number}") for number in range(200)])
        draft = "INSERT INTO note_drafts VALUES (?, '', 5, ?, '', '', 1)"
        connection.exec_driver_sql(draft, [(f"sql/video-{number}", f"half {number}") for number in range(200)])
    engine.dispose()
    return file


@pytest.fixture
def openers(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """See ``migrator``."""
    words = [sys.executable, "-m", "tests.desktop.models.migrator", str(tmp_path / "home")]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.communicate("")


def contents(file: Path) -> tuple[str, list[tuple[str, str]], list[str], list[tuple[str, str]]]:
    """The revision, and what the learner did: a kill may have left a log of changes, which the next to open reads."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        notes = connection.execute("SELECT id, text FROM notes ORDER BY id").fetchall()
        actions = [row[0] for row in connection.execute("SELECT id FROM outbox ORDER BY id")]
        drafts = connection.execute("SELECT item_id, text FROM note_drafts ORDER BY item_id").fetchall()
    return revision, notes, actions, drafts


def test_at_any_instant(tmp_path: Path, first_version: Path, openers: subprocess.Popen[str]) -> None:
    chance = random.Random(7)
    folder = tmp_path / "home" / "learners" / ACCOUNT
    folder.mkdir(parents=True)
    file = folder / DATABASE_NAME
    before = contents(first_version)
    assert openers.stdin is not None
    assert openers.stdout is not None
    killed = Counter[str]()
    whole_s = 60.0
    shutil.copyfile(first_version, file)
    for number in range(ROUNDS):
        first, last = number == 0, number == ROUNDS - 1
        began = time.monotonic()
        openers.stdin.write(f"{60 if first or last else chance.uniform(0.0, whole_s)}\n")
        openers.stdin.flush()
        ended = int(openers.stdout.readline())
        if ended == 0:  # so long it takes here (the first takes longer), and within that time the others are killed
            whole_s = min(whole_s, time.monotonic() - began)
        now = contents(file)
        assert now[0] in (migrations.HISTORY[0], migrations.HEAD)  # never in between
        assert now[1:] == before[1:]
        if ended == -signal.SIGKILL:
            killed[now[0]] += 1
        assert all(copies.is_whole(copy) for copy in (folder / copies.COPIES).glob("*.db"))
        assert list(folder.glob("*-damaged-*")) == []
        if now[0] == migrations.HEAD and not last:  # once more, from the first version
            for path in folder.glob(f"{DATABASE_NAME}*"):
                path.unlink()
            (folder / MARKER_NAME).unlink(missing_ok=True)
            shutil.copyfile(first_version, file)
    print(f"{ROUNDS} rounds, killed when the revision was {dict(killed)}")  # noqa: T201
    assert ended == 0
    assert killed[migrations.HISTORY[0]] >= ROUNDS // 4
    assert len(list((folder / copies.COPIES).glob("before-*.db"))) <= copies.COPIES_KEPT
    assert list((folder / copies.COPIES).glob("*.part")) == []
    services = open_learner(tmp_path / "home", HandClock())
    assert len(services.notes.all()) == NOTES
    assert len([entry for entry in services.outbox.entries() if entry.state == "waiting"]) > 0
    services.close()
