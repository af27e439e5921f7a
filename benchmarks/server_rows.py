"""``python -m benchmarks.server_rows LEARNERS BYTES``: fills the database of the settings with learners whose feeds
hold changes of about so many bytes; prints one JSON object: ``{"tokens": [access token, …]}``.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

NOTE_BYTES = 480
"""Roughly what a note of two sentences takes in a feed."""


def main(learners: int, size: int) -> None:
    """Migrate, make the rows, print the tokens."""
    import django

    django.setup()
    from django.core.management import call_command

    from protocol.accounts import Device
    from protocol.ids import CourseId, DeviceId, ItemId, NoteId, new_uuid7
    from protocol.learning import NOTE, Note
    from server.accounts.models import User
    from server.accounts.tokens import start_session
    from server.feeds.writing import learner_feed_name, open_feed

    call_command("migrate", verbosity=0, interactive=False)
    tokens = []
    now = datetime.now(UTC)
    for number in range(learners):
        user = User.objects.create(email=f"learner-{number}@example.org", name="Learner")
        with open_feed(learner_feed_name(user.pk)) as feed:
            for index in range(size // NOTE_BYTES):
                note = Note(
                    id=NoteId(new_uuid7()),
                    course_id=CourseId("basics"),
                    item_id=ItemId(f"basics/item-{index % 40}"),
                    at_ms=index * 1000,
                    text="What was said here, in my own words. " * 4,
                    created_at=now - timedelta(days=index),
                    edited_at=now,
                )
                feed.put(NOTE, note.id, note)
        device = Device(id=DeviceId(new_uuid7()), name="benchmark")
        tokens.append(start_session(user, device).access_token)
    print(json.dumps({"tokens": tokens}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
