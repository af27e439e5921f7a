"""SQL, 1: a table, its columns, SELECT and ORDER BY."""

from __future__ import annotations

from resources.make_sample.grid import Grid, sql
from resources.make_sample.motifs import opening
from resources.make_sample.page import AMBER, BLUE, CENTRE, GREEN, INK, RIGHT, SERIF, SHEET, SOFT, Page
from resources.make_sample.rain import answer, ask
from resources.make_sample.script import Lecture, Line, Slide

STATION = "SELECT * FROM station"
WIDTHS = (56, 120, 110)


def _opening(page: Page) -> None:
    opening(page, "SQL: asking tables questions", "A table\nanswers", "since 1974", 1)
    columns, rows = ask("SELECT name, height_m FROM station")
    Grid(330, 104, columns, rows, (140, 120), row_height=32, size=18).draw(page, lit={2: page.grown(1)})


def _station(page: Page) -> None:
    page.title("One row, one station")
    grid = Grid(56, 122, *ask(STATION), WIDTHS, "station", 34, 19)
    grid.draw(
        page,
        lit={1: page.grown(1) * (1 - page.grown(2))},
        lit_columns={1: page.grown(2), 2: page.grown(2, delay_ms=1500), 0: page.grown(3)},
    )
    with page.shown(1, until=2):
        page.arrow(410, grid.row_y(1) + 17, 352, grid.row_y(1) + 17, AMBER)
        page.text("a row: one station", 420, grid.row_y(1) + 5, 19, AMBER, bold=True, width=190)
    with page.shown(2, until=3):
        page.arrow(410, 140, 352, 140, GREEN)
        page.text("a column:\none kind of fact", 420, 128, 19, GREEN, bold=True, width=190)
    with page.shown(3):
        page.text("id", 420, 128, 22, GREEN, bold=True, width=190)
        page.text("never twice the same:\nit says which row is meant", 420, 156, 18, INK, width=200)


QUESTION = "SELECT name, height_m\nFROM station"


def _select(page: Page) -> None:
    page.title("The simplest question")
    with page.shown(0):
        page.card(40, 96, 270, 88, SHEET)
        sql(page, QUESTION, 58, 112, 19)
    with page.shown(1, until=3):
        page.text("which columns?", 58, 200, 19, GREEN, bold=True)
    with page.shown(2, until=3):
        page.text("in which table?", 58, 228, 19, AMBER, bold=True)
    source = Grid(352, 112, *ask(STATION), (46, 104, 98), "station", 26)
    with page.shown(0, until=3):
        source.draw(page, lit_columns={1: page.grown(1), 2: page.grown(1)}, lit=dict.fromkeys(range(4), page.grown(2)))
    with page.shown(3):
        page.arrow(318, 140, 344, 140, GREEN)
        answer(QUESTION, 364, 112, (122, 110), "the answer", 30).draw(page)
        page.text("two columns, four rows", 364, 276, 16, SOFT)


ORDERED = "SELECT name, height_m\nFROM station\nORDER BY height_m DESC\nLIMIT 1"


def _order(page: Page) -> None:
    page.title("In which order?")
    limited = page.grown(2, 900)
    page.card(40, 96, 290, 140, SHEET)
    sql(page, ORDERED, 58, 110, 19, (1, 1, page.grown(1), page.grown(2)))
    columns, rows = ask("SELECT name, height_m FROM station")
    target = list(ask("SELECT name, height_m FROM station ORDER BY height_m DESC")[1])
    moved = page.grown(1, 1500)
    frame = Grid(370, 96, columns, (), (122, 110), row_height=32, numeric=(1,))
    page.card(370, 96, 232, 32 * (5 - 3 * limited), SHEET)
    frame.draw(page)
    for number, row in enumerate(rows):
        place = number + (target.index(row) - number) * moved
        page.painter.save()
        if target.index(row) > 0:
            page.painter.setOpacity(page.painter.opacity() * (1 - limited))
        page.text(row[0], 380, frame.row_y(place) + 6, 17, INK)
        page.text(row[1], 592, frame.row_y(place) + 6, 17, INK, align=RIGHT, width=90)
        page.painter.restore()
    with page.shown(0, until=1):
        page.text("as it comes", 486, 270, 16, SOFT, align=CENTRE, width=200)
    with page.shown(1, delay_ms=450, until=2):
        page.text("highest first", 486, 270, 17, GREEN, align=CENTRE, width=200, bold=True)
    with page.shown(2, delay_ms=900):
        page.text("one row", 486, 176, 17, GREEN, align=CENTRE, width=200, bold=True)


def _describe(page: Page) -> None:
    page.title("You say what, not how")
    with page.shown(0):
        for number, text in enumerate(("how to search", "where to look", "when to stop")):
            page.cross(62, 122 + number * 38)
            page.text(text, 84, 108 + number * 38, 21, SOFT)
    with page.shown(1):
        page.card(300, 98, 300, 116, SHEET)
        page.text("You describe the answer.", 450, 116, 22, INK, align=CENTRE, width=280, family=SERIF, bold=True)
        page.text("The database\nfinds the way.", 450, 150, 22, GREEN, align=CENTRE, width=280, family=SERIF, bold=True)
    with page.shown(2):
        page.card(40, 240, 560, 52, SHEET)
        sql(page, "sqlite3 rain.db", 60, 252, 19)
        page.text("try it: no network needed", 582, 253, 18, BLUE, align=RIGHT, width=300, bold=True)


LECTURE = Lecture(
    course="sql-questions",
    name="tables",
    title="A table answers questions",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "Welcome. SQL is the language in which people ask tables questions.",
                    "Willkommen. SQL ist die Sprache, in der man Tabellen Fragen stellt.",
                ),
                Line(
                    "It dates from 1974, and today it even runs on your phone.",
                    "Sie stammt von 1974 und läuft heute sogar auf Ihrem Telefon.",
                    say="It dates from nineteen seventy-four, and today it even runs on your phone.",
                ),
            ),
        ),
        Slide(
            _station,
            (
                Line(
                    "We are going to ask about rain. Here is a table of weather stations.",
                    "Wir werden nach Regen fragen. Hier ist eine Tabelle von Wetterstationen.",
                ),
                Line("Each row is one station.", "Jede Zeile ist eine Station."),
                Line(
                    "Each column holds one kind of fact: here the name, and the height in metres.",
                    "Jede Spalte enthält eine Art von Angabe: hier den Namen und die Höhe in Metern.",
                ),
                Line(
                    "The id is a number that no other row has: it says which station is meant.",
                    "Die id ist eine Zahl, die keine andere Zeile hat: Sie sagt, welche gemeint ist.",
                    say="The eye dee is a number that no other row has: it says which station is meant.",
                ),
            ),
        ),
        Slide(
            _select,
            (
                Line(
                    "The simplest question names columns and a table.",
                    "Die einfachste Frage nennt Spalten und eine Tabelle.",
                ),
                Line("SELECT says which columns you want to see.", "SELECT sagt, welche Spalten Sie sehen wollen."),
                Line(
                    "FROM says in which table they are.",
                    "FROM sagt, in welcher Tabelle sie stehen.",
                    say="From says in which table they are.",
                ),
                Line(
                    "The answer is again a table: two columns, and four rows.",
                    "Die Antwort ist wieder eine Tabelle: zwei Spalten und vier Zeilen.",
                ),
            ),
        ),
        Slide(
            _order,
            (
                Line(
                    "The rows of a table have no order of their own. If you want one, ask for it.",
                    "Die Zeilen haben von sich aus keine Ordnung. Wer eine will, fragt danach.",
                ),
                Line(
                    "ORDER BY height, descending, puts the highest station on top.",
                    "ORDER BY height_m DESC, also absteigend, stellt die höchste nach oben.",
                    say="Order by height, descending, puts the highest station on top.",
                ),
                Line(
                    "And LIMIT one keeps only the first row: the highest of all.",
                    "Und LIMIT 1 behält nur die erste Zeile: die höchste von allen.",
                    say="And limit one keeps only the first row: the highest of all.",
                ),
            ),
        ),
        Slide(
            _describe,
            (
                Line(
                    "Notice what you did not write: how to search, where to look, when to stop.",
                    "Was Sie nicht schreiben mussten: wie man sucht, wo, und wann man aufhört.",
                ),
                Line(
                    "You describe the answer, and the database finds the way.",
                    "Sie beschreiben die Antwort, und die Datenbank findet den Weg.",
                ),
                Line(
                    "The next reading shows how to try this on your own computer, without a network.",
                    "Wie Sie das ohne Netz selbst ausprobieren, zeigt der nächste Lesetext.",
                ),
            ),
        ),
    ),
)
