"""``python -m benchmarks.change_rows NUMBER COURSES``: puts so many notes into the only learner's feed, spread over the
texts of the courses of ``benchmarks.courses``, in the database of the settings, as another device would have made them.
Says ``ready``, does it after a line on standard input, and says ``done``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from protocol.ids import CourseId, ItemId, NoteId, new_uuid7
from protocol.learning import NOTE, Note

TEXT = "What was said here, in my own words. " * 4


def notes(number: int, courses: int) -> Iterator[Note]:
    """So many."""
    now = datetime.now(UTC)
    for index in range(number):
        course = f"c{index % courses:02}"
        item = f"{course}/r{index // courses % 5 + 1}-{index // courses // 5 % 4}"
        yield Note(
            id=NoteId(new_uuid7()),
            course_id=CourseId(course),
            item_id=ItemId(item),
            at_ms=None,
            text=TEXT,
            created_at=now - timedelta(days=index % 300),
            edited_at=now,
        )


def main(number: int, courses: int) -> None:
    """Everything but one transaction is done before."""
    import django

    django.setup()
    from server.accounts.models import User
    from server.feeds.writing import learner_feed_name, open_feed

    user, made = User.objects.get(), list(notes(number, courses))
    print("ready", flush=True)
    sys.stdin.readline()
    with open_feed(learner_feed_name(user.pk)) as feed:
        for note in made:
            feed.put(NOTE, note.id, note)
    print("done", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
