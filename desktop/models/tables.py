"""Every table, imported so that ``METADATA`` is whole."""

from __future__ import annotations

from desktop.models import catalog, columns, courses, files, learning, people, trips, work

METADATA = columns.METADATA
SUBJECTS = (people, catalog, courses, learning, work, files, trips)
