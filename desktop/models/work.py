"""Tables of what exists only on this computer: drafts, practice results, and the outbox."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from desktop.models.columns import METADATA, Moment, WireJson
from protocol.quizzes import Answer, QuizResult

drafts = Table(
    "drafts",
    METADATA,
    Column("item_id", Text, primary_key=True),
    Column("answers", WireJson(tuple[Answer, ...]), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

note_drafts = Table(
    "note_drafts",
    METADATA,
    Column("item_id", Text, primary_key=True),
    Column("note_id", Text, primary_key=True, server_default=""),
    Column("at_ms", BigInteger),
    Column("text", Text, nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    Column("quote", Text, nullable=False, server_default=""),
    Column("saved_at", Moment, nullable=False),
)
"""What is being typed, by note. ``note_id`` names the note that is edited; empty for a new one."""

practice_results = Table(
    "practice_results",
    METADATA,
    Column("attempt_id", Text, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("result", WireJson(QuizResult), nullable=False),
)
"""What this computer judged, until the server's own judgement arrives."""

outbox = Table(
    "outbox",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("course_id", Text, nullable=False, server_default=""),
    Column("item_id", Text, nullable=False, server_default=""),
    Column("body", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("zone", Text, nullable=False),
    Column("contact_at", Moment),
    Column("since_contact_ms", BigInteger),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("faults", Integer, nullable=False, server_default="0"),
    Column("sent_at", Moment),
    Column("filed_at", Moment),
    Column("error_code", Text, nullable=False, server_default=""),
    Column("error_text", Text, nullable=False, server_default=""),
    Column("error_way_out", Text, nullable=False, server_default=""),
    Column("refused_by", Text, nullable=False, server_default=""),
    Index("ix_outbox_state", "state", "sequence"),
    Index("ix_outbox_subject", "subject", "state"),
    sqlite_autoincrement=True,
)
"""Every action, in the order in which it was made.

``state``: waiting; sending (handed to the network, the answer unknown); applied (the server has it, but the pull that
brings its effect has not come: the overlay still shows it); settled; refused; set_aside (a refused one that the
learner has seen to); ahead (the server is too old to know it, and gets it again when it is another version than
``refused_by``, which is empty where nobody heard what version that was); again (settled once, to be sent again to a
server that may have lost it). ``filed_at``: when it was last saved to a file that somebody carries. ``faults``: how
often the server could not judge it for a mistake of its own. Numbers are never used again, so that the order of a
device stands.
"""

work_files = Table(
    "work_files",
    METADATA,
    Column("reference", Text, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("actions", Integer, nullable=False),
    Column("receipt_key", LargeBinary, nullable=False),
    Column("answered_at", Moment),
)
"""Files of work that were saved here, with the key of the receipt that each one will bring back."""
