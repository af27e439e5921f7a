"""Who is signed in and which programs they belong to: between wire, table and view."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from desktop.models.blobs import blob_path
from desktop.models.people import learner, programs
from desktop.models.state import ready_blobs
from desktop.models.views import LearnerView, ProgramView
from protocol.accounts import Account, Membership, Program


def program_view(program: Program, state: str = "active", logo: Path | None = None) -> ProgramView:
    """A program as the screen knows it."""
    return ProgramView(
        id=program.id,
        name=program.name,
        organization=program.organization,
        accent=program.brand.accent,
        logo=logo,
        welcome=program.welcome,
        support_email=program.support_email,
        admin_email=program.admin_email,
        state=state,
    )


def learner_view(account: Account, server: str) -> LearnerView:
    """A learner as the screen knows them."""
    found = tuple(program_view(membership.program, membership.state) for membership in account.memberships)
    return LearnerView(account.id, account.name, account.email, server, found)


def keep_learner(connection: Connection, view: LearnerView) -> None:
    """Remember whose database this is; programs are only made known, not taken away."""
    connection.execute(delete(learner))
    connection.execute(
        insert(learner).values(account_id=view.account_id, email=view.email, name=view.name, server=view.server)
    )
    for position, program in enumerate(view.programs):
        values = {
            "id": program.id,
            "name": program.name,
            "organization": program.organization,
            "accent": program.accent,
            "welcome": program.welcome,
            "support_email": program.support_email,
            "admin_email": program.admin_email,
            "state": program.state,
            "position": position,
        }
        connection.execute(upsert(programs).values(**values).on_conflict_do_nothing())


def keep_memberships(connection: Connection, memberships: tuple[Membership, ...]) -> bool:
    """Replace the programs by what the server says. Returns whether anything is different."""
    before = connection.execute(select(programs).order_by(programs.c.position)).all()
    logos = {(row.id, row.logo_url): row.logo for row in before}
    connection.execute(delete(programs))
    for position, membership in enumerate(memberships):
        program = membership.program
        connection.execute(
            insert(programs).values(
                id=program.id,
                name=program.name,
                organization=program.organization,
                accent=program.brand.accent,
                logo_url=program.brand.logo_url,
                logo=logos.get((program.id, program.brand.logo_url)),
                welcome=program.welcome,
                support_email=program.support_email,
                admin_email=program.admin_email,
                state=membership.state,
                joined_at=membership.joined_at,
                ends_at=membership.ends_at,
                position=position,
            )
        )
    return before != connection.execute(select(programs).order_by(programs.c.position)).all()


def keep_logo(connection: Connection, program_id: str, logo_url: str, sha256: str) -> None:
    """Remember which blob is the logo at ``logo_url``."""
    connection.execute(
        update(programs).where(programs.c.id == program_id, programs.c.logo_url == logo_url).values(logo=sha256)
    )


def read_learner(connection: Connection, assets: Path) -> LearnerView:
    """Who this database belongs to."""
    rows = connection.execute(select(programs).order_by(programs.c.position)).all()
    ready = ready_blobs(connection, (row.logo for row in rows))
    found = tuple(
        ProgramView(
            id=row.id,
            name=row.name,
            organization=row.organization,
            accent=row.accent,
            logo=blob_path(assets, row.logo) if row.logo in ready else None,
            welcome=row.welcome,
            support_email=row.support_email,
            admin_email=row.admin_email,
            state=row.state,
        )
        for row in rows
    )
    who = connection.execute(select(learner)).first()
    if who is None:
        return LearnerView("", "", "", "", found)
    return LearnerView(who.account_id, who.name, who.email, who.server, found)
