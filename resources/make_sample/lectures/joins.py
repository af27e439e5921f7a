"""SQL, 5: JOIN."""

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
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.rain import answer, ask
from resources.make_sample.script import Lecture, Line, Slide

RAIN = ask("SELECT * FROM rain")
STATION = ask("SELECT id, name FROM station")


def _opening(page: Page) -> None:
    opening(page, "Join", "Rows that\nbelong together", size=36)
    rain = Grid(380, 84, RAIN[0], RAIN[1][3:], (96, 56, 64), "rain", 27)
    station = Grid(444, 228, STATION[0], STATION[1][1:3], (44, 108), "station", 27)
    rain.draw(page, lit={1: page.grown(0)})
    with page.shown(1):
        station.draw(page, lit={1: page.grown(1)})
        page.curve([(380, 151), (366, 151), (366, 296), (438, 296)], AMBER, page.grown(1, 1200, 300), 2.5)


def _one_place(page: Page) -> None:
    page.title("Every fact in one place")
    with page.shown(0):
        wide = Grid(
            40,
            116,
            ("station", "day", "mm"),
            tuple(
                (name, day, mm)
                for name, day, mm in ask("SELECT s.name, day, mm FROM rain JOIN station AS s ON s.id = station_id")[1]
            ),
            (110, 62, 70),
            "the name in every row",
            25,
        )
        wide.draw(page, lit={2: page.grown(1), 3: page.grown(1)})
        page.cross(160, 306)
    with page.shown(0, delay_ms=2200):
        Grid(352, 116, STATION[0], STATION[1], (46, 118), "the name once", 25).draw(page, lit={1: page.grown(1)})
        page.tick(430, 262)
    with page.shown(1, delay_ms=600):
        page.text("new name:", 532, 118, 16, SOFT)
        page.text("one row", 532, 138, 21, GREEN, bold=True)
        page.text("not a million", 532, 166, 16, SOFT)


def _matching(page: Page) -> None:
    page.title("Side by side")
    left = Grid(36, 110, RAIN[0], RAIN[1], (98, 56, 66), "rain", 25, 15)
    right = Grid(306, 110, STATION[0], STATION[1], (38, 88), "station", 25, 15)
    lit = {0: page.grown(2)}
    lit.update({row: page.grown(3, 400, 500 * row) for row in range(1, 6)})
    left.draw(page, lit=lit, lit_columns={0: page.grown(1)})
    right.draw(
        page,
        lit={0: page.grown(2)} | {int(RAIN[1][row][0]) - 1: lit[row] for row in range(1, 6) if RAIN[1][row][0] != "1"},
        lit_columns={0: page.grown(1)},
    )
    joined = ask("SELECT r.day, r.mm, s.name FROM rain AS r JOIN station AS s ON r.station_id = s.id ORDER BY r.rowid")
    result = Grid(456, 110, ("name", "mm"), (), (86, 66), "joined", 25, 15, numeric=(1,))
    with page.shown(2):
        page.card(456, 110, 152, 25 * 7, SHEET)
        result.draw(page)
    for row, (_, mm, name) in enumerate(joined[1]):
        step, delay = (2, 900) if row == 0 else (3, 500 * row)
        target = int(RAIN[1][row][0]) - 1
        page.curve(
            [(256, left.row_y(row) + 12), (306, right.row_y(target) + 12)], AMBER, page.grown(step, 500, delay), 2
        )
        with page.shown(step, delay_ms=delay + 300, rise=4):
            page.text(name, 466, result.row_y(row) + 3, 15, INK)
            page.text(mm, 598, result.row_y(row) + 3, 15, SOFT if mm == "NULL" else INK, align=RIGHT, width=60)
    with page.shown(1):
        sql(page, "ON rain.station_id = station.id", 36, 290, 16)


QUESTION = (
    "SELECT s.name, SUM(r.mm) AS total\nFROM rain AS r\nJOIN station AS s\n  ON r.station_id = s.id\nGROUP BY s.name"
)


def _question(page: Page) -> None:
    page.title("Everything still works")
    page.card(40, 96, 358, 142, SHEET)
    later = page.grown(2)
    sql(page, QUESTION, 54, 102, 17, (1, 1, 1, 1, later))
    with page.shown(0):
        page.text("table . column", 54, 250, 18, GREEN, bold=True, family="DejaVu Sans Mono")
    with page.shown(1):
        page.text("r = rain,  s = station", 54, 276, 18, AMBER, bold=True)
    with page.shown(2, delay_ms=800):
        page.arrow(406, 166, 428, 166, GREEN)
        answer(QUESTION, 440, 106, (96, 70), "", 30).draw(page)


def _without_on(page: Page) -> None:
    page.title("Without ON: all with all")
    for row in range(6):
        for column in range(4):
            with page.shown(0, delay_ms=400 + 90 * (row * 4 + column), rise=0):
                right = column == int(RAIN[1][row][0]) - 1
                wash, edge = (GREEN_WASH, GREEN) if right else (RED_WASH, RED_WASH)
                page.card(150 + column * 62, 118 + row * 29, 56, 24, wash, edge, 4)
                if right:
                    page.tick(178 + column * 62, 130 + row * 29, size=5)
    for column, (_, name) in enumerate(STATION[1]):
        page.text(name, 178 + column * 62, 94, 14, SOFT, align=CENTRE, width=70)
    for row, cells in enumerate(RAIN[1]):
        page.text(f"{cells[0]}  {cells[1]}  {cells[2]}", 140, 119 + row * 29, 14, SOFT, align=RIGHT, width=110)
    with page.shown(0, delay_ms=2600):
        page.text("6 × 4 = 24", 426, 130, 30, RED, bold=True, width=190)
        page.text("only six of them\nbelong together", 426, 172, 18, INK, width=190)
    with page.shown(1):
        page.card(420, 236, 180, 54, AMBER_WASH, AMBER_WASH)
        page.text("too long?\nLook at the ON.", 510, 241, 17, AMBER, align=CENTRE, width=170, bold=True)


LECTURE = Lecture(
    course="sql-questions",
    name="joins",
    title="JOIN: rows that belong together",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "The rain table says: station three. Which one is that?",
                    "In der Tabelle rain steht: Station 3. Welche ist das?",
                ),
                Line(
                    "The name is in the other table. We have to bring the two together.",
                    "Der Name steht in der anderen Tabelle. Wir müssen beide zusammenbringen.",
                ),
            ),
        ),
        Slide(
            _one_place,
            (
                Line(
                    "Why not write the name in every row? Because a fact should stand in one place.",
                    "Warum nicht der Name in jeder Zeile? Weil jede Angabe nur einmal dastehen soll.",
                ),
                Line(
                    "If the mill gets a new name, one row changes, and not a million.",
                    "Heißt die Mühle einmal anders, ändert sich eine Zeile und nicht eine Million.",
                ),
                Line(
                    "So there are two tables, and they meet when you ask.",
                    "Darum gibt es zwei Tabellen, die sich erst bei der Frage treffen.",
                ),
            ),
        ),
        Slide(
            _matching,
            (
                Line(
                    "JOIN puts rows side by side, and ON says which belong together.",
                    "JOIN stellt Zeilen nebeneinander, und ON sagt, welche zusammengehören.",
                    say="Join puts rows side by side, and on says which belong together.",
                ),
                Line(
                    "The station id in rain must equal the id in station.",
                    "Die station_id in rain muss gleich der id in station sein.",
                    say="The station eye dee in rain, must equal the eye dee in station.",
                ),
                Line("The first row says one. That is Harbour.", "In der ersten Zeile steht 1. Das ist Harbour."),
                Line(
                    "And so on, row after row: six rows, now with their names.",
                    "Und so weiter, Zeile für Zeile: sechs Zeilen, nun mit Namen.",
                ),
                Line(
                    "The number was only the thread. What you wanted was the name.",
                    "Die Nummer war nur der Faden. Gesucht war der Name.",
                ),
            ),
        ),
        Slide(
            _question,
            (
                Line(
                    "Both tables could have a column of that name, so the table stands before it.",
                    "Beide könnten so eine Spalte haben, darum steht die Tabelle davor.",
                ),
                Line(
                    "Short names save typing: r for rain, s for station.",
                    "Kurze Namen sparen Arbeit: r für rain, s für station.",
                    say="Short names save typing: are for rain, ess for station.",
                ),
                Line(
                    "And everything you know works on the joined rows: here GROUP BY.",
                    "Und alles Bekannte geht auch mit den verbundenen Zeilen: hier GROUP BY.",
                    say="And everything you know works on the joined rows: here, group by.",
                ),
                Line(
                    "Read it from FROM downwards: rain, joined with station, folded by name.",
                    "Lesen Sie ab FROM abwärts: rain, verbunden mit station, gefaltet nach Namen.",
                    say="Read it from the second line downwards: rain, joined with station, folded by name.",
                ),
            ),
        ),
        Slide(
            _without_on,
            (
                Line(
                    "Without ON, every row meets every row: six times four is twenty-four.",
                    "Ohne ON trifft jede Zeile jede: sechs mal vier ist vierundzwanzig.",
                    say="Without on, every row meets every row: six times four is twenty-four.",
                ),
                Line(
                    "So if an answer is suspiciously long, look at the ON first.",
                    "Ist eine Antwort verdächtig lang, sehen Sie zuerst nach dem ON.",
                    say="So if an answer is suspiciously long, look at the on, first.",
                ),
                Line(
                    "Every table that you add wants an ON of its own: what belongs to what?",
                    "Jede weitere Tabelle will ihr eigenes ON: Was gehört wozu?",
                    say="Every table that you add wants an on of its own: what belongs to what?",
                ),
            ),
        ),
    ),
)
