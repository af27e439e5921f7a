"""SQL, 4: NULL."""

from __future__ import annotations

from resources.make_sample.grid import Grid, sql
from resources.make_sample.motifs import opening
from resources.make_sample.page import (
    AMBER,
    AMBER_WASH,
    CENTRE,
    GREEN,
    GREEN_WASH,
    INK,
    RED,
    RED_WASH,
    RIGHT,
    SERIF,
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.rain import answer, ask
from resources.make_sample.script import Lecture, Line, Slide

WIDTHS = (106, 70, 74)


def _opening(page: Page) -> None:
    opening(page, "NULL", "Nobody\nknows")
    grid = Grid(350, 88, *ask("SELECT * FROM rain"), WIDTHS, "rain", 30, 18)
    grid.draw(page, lit={3: page.grown(1)})
    with page.shown(1):
        page.card(grid.column_x(2) - 2, grid.row_y(3) - 3, 78, 36, AMBER_WASH, AMBER, 6)
        page.label(
            "NULL", grid.column_x(2), grid.row_y(3), 74, 30, AMBER, size=17, bold=True, family="DejaVu Sans Mono"
        )
        page.text("not zero: unknown", 44, 240, 20, AMBER, bold=True)


def _unknown(page: Page) -> None:
    page.title("True, false, unknown")
    names = (("true", GREEN, GREEN_WASH), ("false", RED, RED_WASH), ("unknown", AMBER, AMBER_WASH))
    for number, (name, colour, wash) in enumerate(names):
        with page.shown(0, delay_ms=1500 + 300 * number):
            page.card(40 + number * 192, 94, 176, 42, wash, wash)
            page.label(name, 40 + number * 192, 94, 176, 42, colour, size=20, bold=True)
    for number, condition in enumerate(("NULL = 0", "NULL > 5", "NULL = NULL")):
        y = 150 + number * 42.0
        with page.shown(1, delay_ms=(200, 2000, 4000)[number]):
            page.card(40, y, 368, 36, SHEET)
            sql(page, condition, 58, y + 4, 18)
        with page.shown(1, delay_ms=(1200, 3200, 5200)[number]):
            page.text("unknown", 512, y + 6, 19, AMBER, align=CENTRE, width=170, bold=True)
            page.arrow(416, y + 18, 450, y + 18, AMBER)
    with page.shown(2):
        page.text("WHERE keeps only what is", 40, 280, 19, INK)
        page.pill("true", 254, 278, GREEN, GREEN_WASH, 18)


def _is_null(page: Page) -> None:
    page.title("Asking for the gap")
    rows = (
        ("WHERE mm = NULL", "0 rows", RED, 0, "finds nothing"),
        ("WHERE mm IS NULL", "1 row", GREEN, 1, "Mill, Tuesday"),
        ("WHERE mm <> 0", "4 rows", AMBER, 2, "the gap is out, too"),
    )
    for number, (condition, count, colour, step, text) in enumerate(rows):
        y = 98 + number * 64.0
        found = len(ask(f"SELECT * FROM rain {condition}")[1])  # noqa: S608
        if count.split()[0] != str(found):
            raise ValueError(f"{condition} finds {found} rows")
        with page.shown(step):
            page.card(40, y, 300, 52, SHEET, colour)
            sql(page, condition, 58, y + 10, 20)
        with page.shown(step, delay_ms=1100):
            page.text(count, 360, y + 2, 24, colour, bold=True)
            page.text(text, 360, y + 30, 16, SOFT)


def _folded(page: Page) -> None:
    page.title("Folding leaves gaps out")
    Grid(40, 104, *ask("SELECT mm FROM rain"), (84,), "", 28, 17).draw(
        page, lit={3: page.grown(0)}, faded={3: page.grown(1, 600, 2400)}
    )
    with page.shown(1):
        page.card(152, 104, 214, 52, SHEET)
        sql(page, "COUNT(*)", 168, 114, 19)
        page.text("6", 350, 110, 28, INK, align=RIGHT, width=60, bold=True)
    with page.shown(1, delay_ms=2400):
        page.card(386, 104, 214, 52, SHEET)
        sql(page, "COUNT(mm)", 402, 114, 19)
        page.text("5", 584, 110, 28, GREEN, align=RIGHT, width=60, bold=True)
    with page.shown(2):
        page.card(152, 172, 448, 52, GREEN_WASH, GREEN_WASH)
        sql(page, "AVG(mm)", 168, 182, 19)
        page.text("31 / 5 = 6.2", 584, 180, 24, GREEN, align=RIGHT, width=300, bold=True)
    with page.shown(3):
        page.card(152, 240, 448, 52, RED_WASH, RED_WASH)
        page.text("as if it had been dry", 168, 253, 18, RED)
        page.text("31 / 6 = 5.2", 584, 248, 24, RED, align=RIGHT, width=300, bold=True)


def _coalesce(page: Page) -> None:
    page.title("Filling the gap, or not")
    question = "SELECT day, COALESCE(mm, 0) AS mm\nFROM rain\nWHERE station_id = 2"
    with page.shown(0):
        page.card(40, 94, 372, 92, SHEET)
        sql(page, question, 54, 101, 17)
        answer(question, 440, 94, (80, 80), "", 30).draw(page, lit={1: page.grown(0, 600, 1200)})
    with page.shown(1):
        page.tick(56, 216)
        page.text("not paid yet: 0 may be right", 80, 203, 20, GREEN, bold=True)
    with page.shown(1, delay_ms=3000):
        page.cross(56, 250)
        page.text("not measured: 0 is made up", 80, 237, 20, RED, bold=True)
    with page.shown(2):
        page.text("What does the gap mean?", 40, 270, 22, INK, family=SERIF, italic=True)


LECTURE = Lecture(
    course="sql-questions",
    name="nulls",
    title="NULL: nobody knows",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "On Tuesday, the gauge at the mill was broken. How much rain fell there?",
                    "Am Dienstag war der Regenmesser an der Mühle kaputt. Wie viel regnete es dort?",
                ),
                Line(
                    "Not zero: nobody knows. SQL writes NULL.",
                    "Nicht null Millimeter: Niemand weiß es. SQL schreibt NULL.",
                    say="Not zero: nobody knows. SQL writes null.",
                ),
                Line(
                    "It is a small word that has misled many careful people.",
                    "Ein kleines Wort, das schon viele sorgfältige Menschen getäuscht hat.",
                ),
            ),
        ),
        Slide(
            _unknown,
            (
                Line(
                    "A comparison with NULL is neither true nor false. It is unknown.",
                    "Ein Vergleich mit NULL ist weder wahr noch falsch. Er ist unbekannt.",
                    say="A comparison with null is neither true nor false. It is unknown.",
                ),
                Line(
                    "Is it zero? Unknown. More than five? Unknown. Equal to NULL? Still unknown.",
                    "Ist es 0? Unbekannt. Mehr als 5? Unbekannt. Gleich NULL? Immer noch unbekannt.",
                    say="Is it zero? Unknown. More than five? Unknown. Equal to null? Still unknown.",
                ),
                Line(
                    "And WHERE keeps only what is true.",
                    "Und WHERE behält nur, was wahr ist.",
                    say="And where, keeps only what is true.",
                ),
            ),
        ),
        Slide(
            _is_null,
            (
                Line(
                    "So this question finds nothing: mm equals NULL.",
                    "Darum findet diese Frage nichts: mm = NULL.",
                    say="So this question finds nothing: millimetres, equals null.",
                ),
                Line(
                    "Write IS NULL instead, and there it is.",
                    "Schreiben Sie stattdessen IS NULL, und da ist sie.",
                    say="Write: is null, instead, and there it is.",
                ),
                Line(
                    "And beware of not equal: it leaves the unknown out as well.",
                    "Und Vorsicht bei ungleich: Auch das lässt das Unbekannte weg.",
                ),
                Line(
                    "If you want that row too, say so: OR mm IS NULL.",
                    "Wer auch diese Zeile will, sagt es dazu: OR mm IS NULL.",
                    say="If you want that row too, say so: or, millimetres is null.",
                ),
            ),
        ),
        Slide(
            _folded,
            (
                Line(
                    "When rows are folded, NULLs are left out.",
                    "Beim Falten werden NULLs ausgelassen.",
                    say="When rows are folded, nulls are left out.",
                ),
                Line(
                    "COUNT(*) counts rows: six. COUNT(mm) counts what is known: five.",
                    "COUNT(*) zählt Zeilen: sechs. COUNT(mm) zählt, was bekannt ist: fünf.",
                ),
                Line(
                    "The average is 31 divided by 5: that is 6.2.",
                    "Der Durchschnitt ist 31 durch 5, also 6,2.",
                    say="The average is thirty-one divided by five: that is six point two.",
                ),
                Line(
                    "Divided by six, it would be 5.2: as if it had been dry at the mill.",
                    "Durch sechs wären es 5,2: als wäre es an der Mühle trocken geblieben.",
                    say="Divided by six, it would be five point two: as if it had been dry at the mill.",
                ),
            ),
        ),
        Slide(
            _coalesce,
            (
                Line(
                    "COALESCE puts something in the place of NULL, if you really mean it.",
                    "COALESCE setzt etwas an die Stelle von NULL, wenn Sie das wirklich wollen.",
                    say="Coalesce puts something in the place of null, if you really mean it.",
                ),
                Line(
                    "Zero for money not yet paid may be right. Zero for rain not measured is made up.",
                    "0 für noch nicht Bezahltes mag stimmen. 0 für nicht Gemessenes ist erfunden.",
                ),
                Line(
                    "So ask first what the gap means, and only then what belongs there.",
                    "Fragen Sie erst, was die Lücke bedeutet, und dann, was dorthin gehört.",
                ),
            ),
        ),
    ),
)
