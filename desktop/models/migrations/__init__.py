"""How the database grew. Alembic is imported only when a migration is due: it costs half a second of a start."""

HISTORY = (
    "0001_spine",
    "0002_faults_and_titles",
    "0003_download_rules",
    "0004_drafts_by_note",
    "0005_trips",
    "0007_pack_keys",
    "0008_carried_work",
    "0009_ahead_of_the_server",
)
"""Every revision, oldest first. One that is not here was written by a newer version of the program."""

HEAD = HISTORY[-1]
