"""SQL, 6: LEFT JOIN."""

from __future__ import annotations

from resources.make_sample.grid import Grid, sql
from resources.make_sample.motifs import opening
from resources.make_sample.page import AMBER, CENTRE, GREEN, INK, RED, RULE, SERIF, SHEET, SOFT, Page
from resources.make_sample.rain import answer
from resources.make_sample.script import Lecture, Line, Slide

JOINED = "SELECT s.name, SUM(r.mm) AS total FROM station AS s JOIN rain AS r ON r.station_id = s.id GROUP BY s.id"
LEFT = "SELECT s.name, r.day, r.mm\nFROM station AS s\nLEFT JOIN rain AS r\n  ON r.station_id = s.id"
COUNTED = (
    "SELECT s.name, COUNT(*), COUNT(r.mm)\nFROM station AS s LEFT JOIN rain AS r\n"
    "  ON r.station_id = s.id\nGROUP BY s.id"
)
SILENT = "SELECT s.name\nFROM station AS s\nLEFT JOIN rain AS r\n  ON r.station_id = s.id\nWHERE r.station_id IS NULL"


def _opening(page: Page) -> None:
    opening(page, "Left join", "Where is\nOrchard?")
    answer(JOINED, 390, 96, (120, 90), "the last answer", 34).draw(page)
    with page.shown(0, delay_ms=2200):
        page.painter.setPen(SOFT)
        page.card(390, 240, 210, 34, SHEET, AMBER, 5)
        page.text("Orchard", 400, 246, 17, AMBER, bold=True)
        page.text("?", 574, 242, 22, AMBER, bold=True)
    with page.shown(1):
        page.text("no pair, so it fell out", 44, 240, 20, AMBER, bold=True)


def _left(page: Page) -> None:
    page.title("LEFT JOIN keeps the left")
    page.card(40, 96, 290, 118, SHEET)
    sql(page, LEFT, 52, 102, 17)
    grid = answer(LEFT, 346, 84, (106, 72, 76), "", 27)
    with page.shown(0):
        grid.draw(page, lit={6: page.grown(2)}, lit_columns={0: page.grown(0, 600, 1200) * (1 - page.grown(1))})
        cover = 1 - page.grown(1, 700, 900)
        page.painter.save()
        page.painter.setOpacity(page.painter.opacity() * cover)
        page.card(grid.column_x(1) + 2, grid.row_y(6) + 2, 144, 23, SHEET, SHEET, 2)
        page.painter.restore()
    with page.shown(1):
        page.text("no match: NULL", 54, 232, 21, AMBER, bold=True)
    with page.shown(2):
        page.text("Orchard is back", 54, 262, 21, GREEN, bold=True)


def _count(page: Page) -> None:
    page.title("Count what is there")
    page.card(40, 94, 560, 118, SHEET)
    sql(page, COUNTED, 56, 99, 17)
    grid = answer(COUNTED, 40, 0, (120, 110, 130))
    wide = Grid(
        40,
        222,
        [row[0] for row in grid.rows],
        (tuple(row[1] for row in grid.rows), tuple(row[2] for row in grid.rows)),
        (110,) * 4,
        "",
        26,
        17,
        numeric=(0, 1, 2, 3),
    )
    with page.shown(0):
        wide.draw(page, lit_columns={3: page.grown(1)})
    with page.shown(1):
        page.text("COUNT(*)", 492, 249, 16, RED, family="DejaVu Sans Mono", bold=True, width=120)
    with page.shown(2):
        page.text("COUNT(r.mm)", 492, 275, 16, GREEN, family="DejaVu Sans Mono", bold=True, width=120)


def _silent(page: Page) -> None:
    page.title("Finding what is missing")
    with page.shown(0):
        page.card(40, 96, 310, 142, SHEET)
        sql(page, SILENT, 54, 102, 17, (1, 1, 1, 1, page.grown(1)))
    with page.shown(1, delay_ms=1300):
        page.arrow(358, 166, 384, 166, GREEN)
        answer(SILENT, 398, 132, (130,), "", 32).draw(page, lit={0: 1})
    for number, text in enumerate(("customers without orders", "books never lent", "silent stations")):
        with page.shown(2, delay_ms=1100 * number):
            page.card(40 + number * 190, 254, 180, 38, SHEET, RULE, 19)
            page.label(text, 40 + number * 190, 254, 180, 38, INK, size=15)


def _end(page: Page) -> None:
    page.title("Ask your own")
    words = ("SELECT", "WHERE", "GROUP BY", "JOIN")
    for number, word in enumerate(words):
        with page.shown(0, delay_ms=500 * number):
            page.card(40 + number * 144, 98, 128, 48, SHEET, GREEN)
            page.label(word, 40 + number * 144, 98, 128, 48, GREEN, size=18, bold=True, family="DejaVu Sans Mono")
    with page.shown(1):
        page.text("a table of your own,", 320, 176, 30, INK, align=CENTRE, family=SERIF, italic=True)
        page.text("a question you really have", 320, 214, 30, INK, align=CENTRE, family=SERIF, italic=True)
    with page.shown(2):
        page.text("The table will answer.", 320, 266, 21, GREEN, align=CENTRE, bold=True)


LECTURE = Lecture(
    course="sql-questions",
    name="left-joins",
    title="Keeping what has no match",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "There are four stations, but the last answer named three. Where is Orchard?",
                    "Es gibt vier Stationen, die letzte Antwort nannte drei. Wo ist Orchard?",
                ),
                Line(
                    "It has no rows in rain. No pair was found, and so it fell out.",
                    "Sie hat keine Zeilen in rain. Ohne Gegenstück fiel sie heraus.",
                ),
                Line(
                    "For a total that may be fine. For a report on all stations it is not.",
                    "Für eine Summe mag das gehen. Für einen Bericht über alle Stationen nicht.",
                ),
            ),
        ),
        Slide(
            _left,
            (
                Line(
                    "LEFT JOIN keeps every row of the table on the left.",
                    "LEFT JOIN behält jede Zeile der linken Tabelle.",
                    say="Left join keeps every row of the table on the left.",
                ),
                Line(
                    "Where nothing matches, the columns of the right one are filled with NULL.",
                    "Wo nichts passt, stehen in den Spalten der rechten NULLs.",
                    say="Where nothing matches, the columns of the right one are filled with null.",
                ),
                Line(
                    "There it is: Orchard, where nobody has measured anything yet.",
                    "Da ist sie: Orchard, wo noch niemand etwas gemessen hat.",
                ),
                Line(
                    "The order matters now: the table that must be complete stands on the left.",
                    "Nun zählt die Reihenfolge: Was vollständig sein soll, steht links.",
                ),
            ),
        ),
        Slide(
            _count,
            (
                Line(
                    "Now count the measurements of each station, in two ways.",
                    "Zählen wir nun die Messungen jeder Station, auf zwei Arten.",
                ),
                Line(
                    "COUNT(*) says one for Orchard: it counts the row that was filled with NULL.",
                    "COUNT(*) sagt bei Orchard 1: Es zählt die Zeile, die mit NULL gefüllt wurde.",
                    say="Count star says one for Orchard: it counts the row that was filled with null.",
                ),
                Line(
                    "COUNT of the column says zero: it counts what was really measured.",
                    "COUNT der Spalte sagt 0: Es zählt, was wirklich gemessen wurde.",
                    say="Count of the column says zero: it counts what was really measured.",
                ),
                Line(
                    "And Mill: two, or one? The broken gauge again.",
                    "Und Mill: zwei oder eine? Wieder der kaputte Regenmesser.",
                ),
            ),
        ),
        Slide(
            _silent,
            (
                Line("The same idea finds what is missing.", "Dieselbe Idee findet, was fehlt."),
                Line(
                    "LEFT JOIN, and then keep the rows in which the right side is NULL.",
                    "LEFT JOIN, und dann nur die Zeilen, in denen die rechte Seite NULL ist.",
                    say="Left join, and then keep the rows in which the right side is null.",
                ),
                Line(
                    "Customers without orders, books never lent, stations that are silent.",
                    "Kunden ohne Bestellung, nie verliehene Bücher, Stationen, die schweigen.",
                ),
            ),
        ),
        Slide(
            _end,
            (
                Line(
                    "SELECT, WHERE, GROUP BY, JOIN: they answer most of what people ask of tables.",
                    "SELECT, WHERE, GROUP BY, JOIN: Damit ist das meiste beantwortet.",
                    say="Select, where, group by, join: they answer most of what people ask of tables.",
                ),
                Line(
                    "The best next step is a table of your own, and a question you really have.",
                    "Der beste nächste Schritt: eine eigene Tabelle und eine Frage, die Sie haben.",
                ),
                Line("Ask it. The table will answer.", "Stellen Sie sie. Die Tabelle wird antworten."),
            ),
        ),
    ),
)
