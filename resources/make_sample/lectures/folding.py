"""SQL, 3: aggregates and GROUP BY."""

from __future__ import annotations

from resources.make_sample.grid import Grid, sql
from resources.make_sample.motifs import opening
from resources.make_sample.page import (
    AMBER,
    AMBER_WASH,
    BLUE,
    BLUE_WASH,
    CENTRE,
    GREEN,
    GREEN_WASH,
    INK,
    RED,
    RIGHT,
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.rain import answer, ask
from resources.make_sample.script import Lecture, Line, Slide

RAIN = ask("SELECT * FROM rain")[1]
WASHES = {"1": GREEN_WASH, "2": AMBER_WASH, "3": BLUE_WASH}
TOTALS = "SELECT station_id, SUM(mm)\nFROM rain\nGROUP BY station_id"


def _row(page: Page, x: float, y: float, cells: tuple[str, str, str], *, height: float = 25) -> None:
    wash = WASHES[cells[0]]
    page.card(x, y, 230, height, wash, wash, 4)
    page.text(cells[0], x + 40, y + 2, 16, INK, align=RIGHT, width=30)
    page.text(cells[1], x + 84, y + 2, 16, INK)
    page.text(cells[2], x + 214, y + 2, 16, SOFT if cells[2] == "NULL" else INK, align=RIGHT, width=80)


def _opening(page: Page) -> None:
    opening(page, "Group by", "Folding rows")
    for number, cells in enumerate(RAIN):
        way = page.grown(1, 1500, 400)
        y = 92 + number * 30 + (int(cells[0]) * 60 - 45 - number * 30) * way
        _row(page, 360, y, (cells[0], cells[1], cells[2]))


def _whole(page: Page) -> None:
    page.title("The whole table in one row")
    Grid(40, 112, *ask("SELECT * FROM rain"), (100, 64, 70), "rain", 25, 16).draw(page, lit_columns={2: page.grown(2)})
    facts = (("COUNT(*)", "6", 1), ("SUM(mm)", "31", 2), ("MAX(mm)", "12", 3))
    with page.shown(0):
        page.arrow(284, 190, 322, 190, GREEN)
    for number, (name, value, step) in enumerate(facts):
        y = 112 + number * 60.0
        with page.shown(step):
            page.card(336, y, 264, 50, SHEET)
            sql(page, name, 354, y + 10, 19)
            page.text(value, 582, y + 6, 28, GREEN, align=RIGHT, width=90, bold=True)


def _grouped(page: Page) -> None:
    page.title("One row for each station")
    page.card(40, 96, 300, 102, SHEET)
    sql(page, TOTALS, 54, 106, 18, (1, page.grown(0), page.grown(0)))
    apart, folded = page.grown(0, 1400, 900), page.grown(1, 1300, 300)
    sums = {row[0]: row[1] for row in ask("SELECT station_id, SUM(mm) FROM rain GROUP BY station_id")[1]}
    for number, cells in enumerate(RAIN):
        group = int(cells[0]) - 1
        spread = 92 + number * 27 + group * 16 * apart
        y = spread + (112 + group * 60 - spread) * folded
        page.painter.save()
        if number % 2:
            page.painter.setOpacity(page.painter.opacity() * (1 - folded))
        _row(page, 360, y, (cells[0], cells[1] if folded < 0.6 else "", cells[2] if folded < 0.6 else ""))
        page.painter.restore()
    for group in range(3):
        with page.shown(2, delay_ms=500 + 700 * group, rise=0):
            page.text(sums[str(group + 1)], 574, 110 + group * 60, 20, GREEN, align=RIGHT, width=60, bold=True)
    with page.shown(2):
        page.text("SUM(mm)", 574, 86, 14, SOFT, align=RIGHT, width=90)
    with page.shown(3):
        page.painter.setOpacity(page.painter.opacity() * 0.9)
        page.text("4  Orchard: no rows, no group", 42, 226, 18, AMBER, bold=True)


def _rule(page: Page) -> None:
    page.title("What may be selected")
    page.card(40, 158, 560, 96, SHEET)
    sql(page, "SELECT station_id, day, SUM(mm)\nFROM rain\nGROUP BY station_id", 58, 166, 18)
    advance = 10.84
    boxes = ((7, 10, GREEN, "grouped by", 1, 0), (24, 7, BLUE, "folded", 1, 1400), (19, 3, RED, "neither", 2, 0))
    for start, length, colour, name, step, delay in boxes:
        x, wide = 58 + start * advance, length * advance
        with page.shown(step, delay_ms=delay, rise=0):
            page.line(x, 192, x + wide, 192, colour, 3)
            page.arrow(x + wide / 2, 128, x + wide / 2, 160, colour)
            page.text(name, x + wide / 2, 100, 19, colour, align=CENTRE, width=120, bold=True)
    with page.shown(2, delay_ms=900):
        page.text("Mon or Tue?", 420, 100, 19, RED, width=180)
    with page.shown(3):
        page.text("Most databases refuse. SQLite picks one and says nothing.", 40, 270, 19, INK)


def _having(page: Page) -> None:
    page.title("Before and after the fold")
    boxes = (("rows", "WHERE", GREEN, 0), ("groups", "GROUP BY", SOFT, 0), ("fewer groups", "HAVING", AMBER, 1))
    for number, (name, word, colour, step) in enumerate(boxes):
        x = 40 + number * 196.0
        with page.shown(step, delay_ms=700 * (number if step == 0 else 0)):
            page.card(x, 94, 168, 66, SHEET, colour)
            sql(page, word, x + 84 - len(word) * 5.5, 100, 18)
            page.text(name, x + 84, 130, 17, colour, align=CENTRE, width=160, bold=True)
            if number:
                page.arrow(x - 24, 127, x - 6, 127)
    question = "SELECT station_id, SUM(mm)\nFROM rain\nGROUP BY station_id\nHAVING SUM(mm) > 5"
    with page.shown(1, delay_ms=500):
        page.card(40, 176, 300, 118, SHEET)
        sql(page, question, 56, 182, 17)
        page.arrow(350, 234, 378, 234, GREEN)
    with page.shown(1, delay_ms=1600):
        answer(question, 396, 190, (112, 92), "", 30).draw(page)


LECTURE = Lecture(
    course="sql-questions",
    name="folding",
    title="Folding rows: GROUP BY",
    slides=(
        Slide(
            _opening,
            (
                Line("How much did it rain at each station?", "Wie viel hat es an jeder Station geregnet?"),
                Line(
                    "The table has several rows for each. We want one: rows must be folded.",
                    "Die Tabelle hat mehrere Zeilen für jede. Wir wollen eine: Wir müssen falten.",
                ),
            ),
        ),
        Slide(
            _whole,
            (
                Line(
                    "Let us first fold the whole table into a single row.",
                    "Falten wir zuerst die ganze Tabelle zu einer einzigen Zeile.",
                ),
                Line("COUNT(*) counts the rows: six.", "COUNT(*) zählt die Zeilen: sechs."),
                Line(
                    "SUM adds a column up: thirty-one millimetres.",
                    "SUM zählt eine Spalte zusammen: 31 Millimeter.",
                    say="Sum adds a column up: thirty-one millimetres.",
                ),
                Line(
                    "And MAX gives the largest value: twelve.",
                    "Und MAX liefert den größten Wert: zwölf.",
                    say="And max gives the largest value: twelve.",
                ),
                Line("Six rows went in, and one comes out.", "Sechs Zeilen gingen hinein, eine kommt heraus."),
            ),
        ),
        Slide(
            _grouped,
            (
                Line(
                    "Now GROUP BY station: rows with the same number belong together.",
                    "Nun GROUP BY nach Station: Zeilen mit derselben Nummer gehören zusammen.",
                    say="Now, group by station: rows with the same number belong together.",
                ),
                Line("Each group is folded into one row.", "Jede Gruppe wird zu einer Zeile gefaltet."),
                Line(
                    "And each has its sum: three, seven, twenty-one.",
                    "Und jede hat ihre Summe: drei, sieben, einundzwanzig.",
                ),
                Line(
                    "Orchard is missing: it has no rows, and nothing makes no group.",
                    "Orchard fehlt: Wo keine Zeilen sind, entsteht auch keine Gruppe.",
                ),
            ),
        ),
        Slide(
            _rule,
            (
                Line("One rule goes with it.", "Eine Regel gehört dazu."),
                Line(
                    "What you select is either grouped by, or folded.",
                    "Was Sie auswählen, ist entweder gruppiert oder gefaltet.",
                ),
                Line(
                    "The day is neither: which of the two should it show?",
                    "Der Tag ist weder noch: Welchen der beiden sollte er zeigen?",
                ),
                Line(
                    "Most databases refuse. SQLite picks one, and says nothing.",
                    "Die meisten Datenbanken lehnen ab. SQLite nimmt einen und sagt nichts.",
                ),
            ),
        ),
        Slide(
            _having,
            (
                Line(
                    "WHERE chooses rows, before they are folded.",
                    "WHERE wählt Zeilen aus, bevor gefaltet wird.",
                    say="Where chooses rows, before they are folded.",
                ),
                Line(
                    "HAVING chooses groups, afterwards: here those with more than five millimetres.",
                    "HAVING wählt danach Gruppen aus: hier die mit mehr als fünf Millimetern.",
                    say="Having chooses groups, afterwards: here those with more than five millimetres.",
                ),
                Line(
                    "WHERE could not do that: it sees one row at a time, and knows no sums.",
                    "WHERE könnte das nicht: Es sieht nur eine Zeile und kennt keine Summen.",
                    say="Where could not do that: it sees one row at a time, and knows no sums.",
                ),
                Line(
                    "Before, and after: that is the whole difference.",
                    "Vorher und nachher: Das ist der ganze Unterschied.",
                ),
            ),
        ),
    ),
)
