"""SQL, 2: WHERE."""

from __future__ import annotations

from resources.make_sample.grid import Grid, sql
from resources.make_sample.motifs import opening
from resources.make_sample.page import AMBER, CENTRE, GREEN, INK, RED, SERIF, SHEET, SOFT, Page
from resources.make_sample.rain import ask
from resources.make_sample.script import Lecture, Line, Slide

RAIN = "SELECT * FROM rain"
WIDTHS = (106, 70, 74)


def _kept(condition: str) -> dict[int, float]:
    """The rows of ``rain``, counted from 0, that a condition keeps."""
    return {int(row[0]) - 1: 1.0 for row in ask(f"SELECT rowid FROM rain WHERE {condition}")[1]}  # noqa: S608


def _rain(page: Page, x: float, y: float, lit: dict[int, float], faded: dict[int, float]) -> Grid:
    grid = Grid(x, y, *ask(RAIN), WIDTHS, "rain", 28, 17)
    grid.draw(page, lit=lit, faded=faded)
    return grid


def _filtered(page: Page, condition: str, amount: float, x: float = 350, y: float = 104) -> Grid:
    kept = _kept(condition)
    return _rain(page, x, y, dict.fromkeys(kept, amount), {row: amount for row in range(6) if row not in kept})


def _opening(page: Page) -> None:
    opening(page, "Choosing rows", "Only the rows\nyou want", size=40)
    _rain(page, 360, 86, {}, {})
    with page.shown(1):
        page.text("six, or six million", 44, 222, 20, GREEN, bold=True)


def _scan(page: Page) -> None:
    page.title("WHERE keeps what is true")
    page.card(40, 100, 274, 116, SHEET)
    sql(page, "SELECT *\nFROM rain\nWHERE mm > 5", 58, 112, 20, (1, 1, page.grown(0)))
    kept = _kept("mm > 5")
    seen = [page.grown(1, 350, 900 + 430 * row) for row in range(6)]
    grid = _rain(page, 350, 104, {r: seen[r] for r in kept}, {r: seen[r] for r in range(6) if r not in kept})
    for row, (_, _, mm) in enumerate(ask(RAIN)[1]):
        with page.shown(1, delay_ms=900 + 430 * row, rise=0):
            middle = grid.row_y(row) + 14
            if row in kept:
                page.tick(618, middle, size=6)
            elif mm == "NULL":
                page.text("?", 618, middle - 12, 18, SOFT, align=CENTRE, width=20, bold=True)
            else:
                page.cross(618, middle, size=5)
    with page.shown(2):
        page.text("3 rows stay", 58, 232, 22, GREEN, bold=True)
        page.text("the table keeps all six", 58, 262, 17, SOFT)


def _compare(page: Page) -> None:
    page.title("Comparing")
    signs = (
        ("=", "equal"),
        ("<>", "not equal"),
        (">", "greater"),
        ("<", "less"),
        (">=", "at least"),
        ("<=", "at most"),
    )
    for number, (sign, meaning) in enumerate(signs):
        x, y = 40 + (number % 3) * 190.0, 94 + (number // 3) * 52.0
        with page.shown(0, delay_ms=250 * number):
            page.card(x, y, 178, 44, SHEET)
            page.label(sign, x, y, 62, 44, GREEN, size=21, bold=True, family="DejaVu Sans Mono")
            page.text(meaning, x + 66, y + 10, 18, INK)
    with page.shown(1):
        page.card(40, 206, 270, 84, SHEET, GREEN)
        sql(page, "WHERE day = 'Tue'", 56, 214, 20)
        page.text("text, in single quotes", 56, 252, 17, GREEN, bold=True)
    with page.shown(2):
        page.card(330, 206, 270, 84, SHEET, RED)
        sql(page, "WHERE day = Tue", 346, 214, 20)
        page.text("a column called Tue?", 346, 252, 17, RED, bold=True)


def _and_or(page: Page) -> None:
    page.title("Two conditions")
    is_or = page.grown(2)
    page.card(40, 100, 274, 116, SHEET)
    sql(page, "SELECT * FROM rain\nWHERE day = 'Tue'", 58, 112, 18)
    with page.shown(0, until=2):
        sql(page, "  AND mm > 5", 58, 166, 18)
    with page.shown(2):
        sql(page, "   OR mm > 5", 58, 166, 18)
    both, either = "day = 'Tue' AND mm > 5", "day = 'Tue' OR mm > 5"
    if is_or < 0.5:
        _filtered(page, both, page.grown(1, 700, 500) * (1 - 2 * is_or))
    else:
        _filtered(page, either, 2 * is_or - 1)
    with page.shown(1, until=2):
        page.text(f"{len(_kept(both))} row", 58, 230, 24, GREEN, bold=True)
    with page.shown(2):
        page.text(f"{len(_kept(either))} rows", 58, 230, 24, GREEN, bold=True)
    with page.shown(3):
        page.text("a AND (b OR c)", 58, 266, 20, AMBER, family="DejaVu Sans Mono", bold=True)


def _clauses(page: Page) -> None:
    page.title("Always in this order")
    rows = (
        ("SELECT", "which columns"),
        ("FROM", "the table"),
        ("WHERE", "which rows"),
        ("ORDER BY", "sorted how"),
        ("LIMIT", "how many"),
    )
    for number, (word, meaning) in enumerate(rows):
        y = 92 + number * 41.0
        with page.shown(0, delay_ms=1700 + 550 * number):
            page.card(40, y, 320, 35, SHEET)
            sql(page, word, 56, y + 4, 18)
            page.text(meaning, 180, y + 6, 18, SOFT)
    with page.shown(1):
        page.text("almost\na sentence", 400, 104, 30, INK, family=SERIF, italic=True)
    with page.shown(2):
        page.card(400, 206, 200, 84, SHEET, AMBER)
        page.text("guess first", 500, 216, 22, AMBER, align=CENTRE, width=190, bold=True)
        page.text("then look", 500, 248, 19, INK, align=CENTRE, width=190)


LECTURE = Lecture(
    course="sql-questions",
    name="where",
    title="Only the rows you want",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "Here is the second table: how much rain fell, where, and on which day.",
                    "Hier ist die zweite Tabelle: wie viel Regen fiel, wo und an welchem Tag.",
                ),
                Line(
                    "Six rows are easy to read. Six million are not.",
                    "Sechs Zeilen liest man leicht. Sechs Millionen nicht.",
                ),
            ),
        ),
        Slide(
            _scan,
            (
                Line(
                    "WHERE keeps the rows for which a condition is true.",
                    "WHERE behält die Zeilen, für die eine Bedingung wahr ist.",
                    say="Where keeps the rows for which a condition is true.",
                ),
                Line(
                    "More than five millimetres: the question is put to one row after the other.",
                    "Mehr als fünf Millimeter: Die Frage geht an eine Zeile nach der anderen.",
                ),
                Line(
                    "Three rows stay. The others are left out, and not deleted.",
                    "Drei Zeilen bleiben. Die anderen fallen weg, gelöscht werden sie nicht.",
                ),
                Line(
                    "For the row with NULL, nobody can say. We shall come back to that one.",
                    "Bei der Zeile mit NULL weiß es niemand. Auf sie kommen wir zurück.",
                    say="For the row with null, nobody can say. We shall come back to that one.",
                ),
            ),
        ),
        Slide(
            _compare,
            (
                Line(
                    "Numbers can be compared: equal, not equal, greater, less.",
                    "Zahlen lassen sich vergleichen: gleich, ungleich, größer, kleiner.",
                ),
                Line(
                    "And so can text, but text stands between single quotes.",
                    "Text ebenso, aber er steht zwischen einfachen Anführungszeichen.",
                ),
                Line(
                    "Without the quotes, Tue would be taken for the name of a column.",
                    "Ohne sie hielte man Tue für den Namen einer Spalte.",
                    say="Without the quotes, Tuesday would be taken for the name of a column.",
                ),
            ),
        ),
        Slide(
            _and_or,
            (
                Line(
                    "Two conditions can be joined by AND: then both must be true.",
                    "Zwei Bedingungen verbindet AND: Dann müssen beide wahr sein.",
                    say="Two conditions can be joined by and: then both must be true.",
                ),
                Line(
                    "On Tuesday, and more than five: a single row.",
                    "Am Dienstag, und mehr als fünf: eine einzige Zeile.",
                ),
                Line(
                    "With OR, one of the two is enough: now there are five.",
                    "Mit OR genügt eine von beiden: Jetzt sind es fünf.",
                    say="With or, one of the two is enough: now there are five.",
                ),
                Line(
                    "If you need both words, use brackets: AND binds more tightly than OR.",
                    "Wer beide braucht, setzt Klammern: AND bindet stärker als OR.",
                    say="If you need both words, use brackets: and, binds more tightly than or.",
                ),
            ),
        ),
        Slide(
            _clauses,
            (
                Line(
                    "The clauses keep their order: SELECT, FROM, WHERE, ORDER BY, LIMIT.",
                    "Die Reihenfolge steht fest: SELECT, FROM, WHERE, ORDER BY, LIMIT.",
                    say="The clauses keep their order: select, from, where, order by, limit.",
                ),
                Line("Read one aloud: it is almost a sentence.", "Lesen Sie eine Frage laut: Sie ist fast ein Satz."),
                Line(
                    "And before you run it, guess how many rows will come. Then look.",
                    "Und raten Sie vorher, wie viele Zeilen kommen. Dann sehen Sie nach.",
                ),
            ),
        ),
    ),
)
