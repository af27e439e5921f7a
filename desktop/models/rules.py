"""The learner's rules for downloads, kept with their database."""

from __future__ import annotations

from msgspec import structs
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.files import download_rules
from desktop.models.views import DownloadRules


def read_rules(connection: Connection) -> DownloadRules:
    """As they were set; the defaults where they never were."""
    names = [field.name for field in structs.fields(DownloadRules)]
    row = connection.execute(select(*(download_rules.c[name] for name in names))).first()
    return DownloadRules(**row._asdict()) if row is not None else DownloadRules()


def keep_rules(connection: Connection, rules: DownloadRules) -> None:
    """Set them."""
    values = structs.asdict(rules)
    statement = upsert(download_rules).values(id=1, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
