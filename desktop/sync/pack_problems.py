"""What can be wrong with a course pack, each in its own words."""

from __future__ import annotations

from desktop.errors import Problem, mark
from protocol import course_packs

COPY_AGAIN = mark("Copy the file again from where it came from, and import that copy.")


def of_file(error: course_packs.CoursePackError) -> Problem:
    """The file is not what it should be."""
    detail = str(error)
    if error.code == course_packs.NOT_A_PACK:
        return Problem(
            "pack_not_one",
            mark("This file is not a course pack."),
            mark("A course pack ends in .haversack. If this file does, copy it again from where it came from."),
            detail=detail,
        )
    if error.code == course_packs.NEWER:
        return Problem(
            "pack_newer",
            mark("This course pack is of a newer kind than this Haversack knows."),
            mark("Install the newest version, then import it again."),
            detail=detail,
        )
    if error.code == course_packs.TRUNCATED:
        return Problem("pack_truncated", mark("The end of this file is missing."), COPY_AGAIN, detail=detail)
    if error.code == course_packs.FOREIGN:
        return Problem(
            "pack_foreign",
            mark("Something is in this file that its maker did not put there. Nothing was taken from it."),
            mark("Ask whoever gave it to you for the file as it was made."),
            detail=detail,
        )
    return Problem("pack_damaged", mark("This file is damaged. Nothing was taken from it."), COPY_AGAIN, detail=detail)


def unknown_key(key_id: str) -> Problem:
    """Signed by somebody whom this computer has not heard of."""
    return Problem(
        "pack_unknown_key",
        mark("Haversack cannot tell who made this course pack."),
        mark(
            "If it is of your program: connect to the internet once, so that Haversack can learn the program's "
            "signature, then import it again. If it is of another program, join that first."
        ),
        detail=f"key {key_id[:32]!r}",
    )


def revoked_key(key_id: str) -> Problem:
    """The program has said that this key is no longer to be trusted."""
    return Problem(
        "pack_revoked_key",
        mark("Your program has withdrawn the signature of this course pack."),
        mark("Ask your program for a newer one."),
        detail=f"key {key_id}",
    )


def bad_signature() -> Problem:
    """Not what was signed."""
    return Problem(
        "pack_signature",
        mark("This file was changed after your program made it. Nothing was taken from it."),
        COPY_AGAIN,
    )


def other_program(program_id: str) -> Problem:
    """Signed by one program in the name of another."""
    return Problem(
        "pack_other_program",
        mark("This course pack says it is of one program and is signed by another. Nothing was taken from it."),
        mark("Ask whoever gave it to you where it comes from."),
        detail=f"program {program_id[:80]!r}",
    )


def not_a_member(program: str) -> Problem:
    """Of a program that the learner has left."""
    return Problem(
        "pack_not_a_member",
        mark("This course pack is of a program that you are no longer in."),
        mark("Ask the program's administrator to let you in again, then import it again."),
        detail=program[:80],
    )


def unreadable(detail: str) -> Problem:
    """The file is gone, or its disk does not read."""
    return Problem(
        "pack_unreadable",
        mark("The file can no longer be read. What was already checked is kept."),
        mark(
            "Put the stick or disk in again, or copy the file to this computer; then import it again. "
            "It goes on from there."
        ),
        detail=detail,
    )


def cannot_open(detail: str) -> Problem:
    """There is no such file, or it cannot be opened."""
    return Problem(
        "pack_unreadable",
        mark("This file cannot be opened."),
        mark("Check that it is still there and that you may read it."),
        detail=detail,
    )


def moving() -> Problem:
    """The folder of courses is being carried elsewhere."""
    return Problem(
        "pack_moving",
        mark("Your courses are being moved to another folder right now."),
        mark("When that is done, go on with the import. What came is kept."),
    )
