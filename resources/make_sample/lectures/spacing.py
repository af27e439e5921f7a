"""Study well, 2: spacing, and a calendar of returns."""

from __future__ import annotations

from resources.make_sample.motifs import opening
from resources.make_sample.page import (
    AMBER,
    AMBER_WASH,
    BLUE,
    CENTRE,
    GREEN,
    GREEN_WASH,
    INK,
    RIGHT,
    RULE,
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.script import Lecture, Line, Slide

RETURNS = (1, 3, 7, 14, 28)


def _opening(page: Page) -> None:
    opening(page, "Spacing", "Four hours:\nwhen?")
    for number in range(4):
        page.card(372, 104 + number * 22, 54, 19, AMBER, AMBER, 4)
        with page.shown(1, delay_ms=1200 + 250 * number):
            page.card(460 + number * 36, 104 + number * 22, 30, 19, GREEN, GREEN, 4)
    page.text("one evening", 399, 200, 16, AMBER, align=CENTRE, width=110, bold=True)
    with page.shown(1, delay_ms=1200):
        page.text("four days", 529, 200, 16, GREEN, align=CENTRE, width=110, bold=True)


def _compared(page: Page) -> None:
    page.title("Easy now, or known later")
    rows = (("in one evening", AMBER, "feels easy", 0), ("over four days", GREEN, "feels harder", 1))
    for number, (name, colour, feeling, step) in enumerate(rows):
        y = 100 + number * 62.0
        with page.shown(step):
            page.card(40, y, 250, 50, SHEET)
            page.text(name, 54, y + 5, 17, colour, bold=True)
            page.text(feeling, 54, y + 25, 16, SOFT)
            for block in range(4):
                gap = 17.0 if number == 0 else 27.0
                page.card(178 + block * gap, y + 15, 15, 20, colour, colour, 3)
    for number, (when, heights, step) in enumerate((("next day", (86, 82), 2), ("a month later", (40, 66), 3))):
        x = 336 + number * 138.0
        with page.shown(step):
            for side, colour in enumerate((AMBER, GREEN)):
                height = heights[side] * 1.7 * page.grown(step, 1200, 200)
                page.card(x + side * 54, 262 - height, 46, height, colour, colour, 3)
            page.line(x - 8, 262, x + 108, 262, SOFT, 1.6)
            page.text(when, x + 50, 268, 17, INK, align=CENTRE, width=130)
    with page.shown(3):
        page.text("a sketch: the sizes differ from study to study", 40, 270, 14, SOFT, width=260)


def _gaps(page: Page) -> None:
    page.title("How far apart?")
    page.text("to know it for", 60, 92, 16, SOFT)
    page.text("come back after about", 260, 92, 16, SOFT)
    rows = (
        ("a week", "1-2 days", 1, 14.0, 0),
        ("a month", "a week", 2, 60.0, 0),
        ("a year", "three weeks or more", 2, 130.0, 1900),
    )
    for number, (want, gap, step, length, delay) in enumerate(rows):
        y = 120 + number * 50.0
        with page.shown(step, delay_ms=delay):
            page.card(40, y, 560, 42, SHEET)
            page.text(want, 60, y + 9, 20, INK, bold=True)
            page.card(260, y + 16, length * page.grown(step, 900, delay + 200), 10, GREEN, GREEN, 5)
            page.text(gap, 274 + length, y + 9, 19, GREEN, bold=True)
    with page.shown(3):
        page.text("In doubt: start soon, let the gaps grow.", 40, 282, 20, AMBER, bold=True)


def _calendar(page: Page) -> None:
    page.title("A calendar of returns")
    left, top, wide, high = 40.0, 98.0, 56.0, 40.0
    for day in range(29):
        x, y = left + (day % 7) * wide, top + (day // 7) * high
        if day == 28:
            x, y = left, top + 4 * high
        page.card(x, y, wide - 4, high - 4, SHEET, RULE, 5)
        page.text(str(day), x + wide - 10, y + 2, 13, SOFT, align=RIGHT, width=40)
    page.card(left, top, wide - 4, high - 4, AMBER_WASH, AMBER, 5)
    page.text("learn", left + 26, top + 9, 15, AMBER, align=CENTRE, width=56, bold=True)
    for number, day in enumerate(RETURNS):
        x, y = left + (day % 7) * wide, top + (day // 7) * high
        with page.shown(1, delay_ms=500 + 750 * number, rise=0):
            page.card(x, y, wide - 4, high - 4, GREEN_WASH, GREEN, 5)
            page.tick(x + 19, y + 22)
            page.text(str(day), x + wide - 10, y + 2, 13, GREEN, align=RIGHT, width=40, bold=True)
    with page.shown(2):
        page.text("missed one?", 456, 104, 19, AMBER, bold=True)
        page.text("Go on from there.", 456, 130, 18, INK, width=160)
    with page.shown(3):
        page.text("10 min", 456, 196, 34, GREEN, bold=True)
        page.text("of recalling", 456, 238, 18, INK)


def _paper(page: Page) -> None:
    page.title("Five dates on paper")
    page.card(70, 100, 170, 190, SHEET)
    page.text("Chapter 4", 92, 110, 20, INK, bold=True)
    for number, day in enumerate(RETURNS):
        y = 150 + number * 26.0
        with page.shown(0, delay_ms=700 + number * 350):
            page.card(92, y, 15, 15, SHEET, GREEN, 3)
            page.text(f"day {day}", 118, y - 4, 18, INK)
    with page.shown(1):
        page.text("needs no battery", 300, 150, 25, GREEN, bold=True)
        page.text("needs no network", 300, 190, 25, BLUE, bold=True)


LECTURE = Lecture(
    course="study-well",
    name="spacing",
    title="Spacing: a calendar of returns",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "Suppose you have four hours for a chapter. When should they be?",
                    "Sie haben vier Stunden für ein Kapitel. Wann sollten sie liegen?",
                ),
                Line(
                    "All four in one evening, or one hour on each of four days?",
                    "Alle vier an einem Abend oder je eine an vier Tagen?",
                ),
            ),
        ),
        Slide(
            _compared,
            (
                Line(
                    "In one evening it feels easy: the text is fresh, and you read ever faster.",
                    "An einem Abend fällt es leicht: Der Text ist frisch, man liest immer schneller.",
                ),
                Line(
                    "Spread out it feels harder, because each time you have lost a little.",
                    "Verteilt fällt es schwerer, denn jedes Mal ist etwas verloren gegangen.",
                ),
                Line(
                    "On a test the next day, the two are often close.",
                    "In einem Test am nächsten Tag liegen beide oft nah beieinander.",
                ),
                Line(
                    "A month later, the four separate hours win, in nearly every experiment.",
                    "Einen Monat später gewinnen die verteilten Stunden, in fast jedem Versuch.",
                ),
            ),
        ),
        Slide(
            _gaps,
            (
                Line(
                    "How far apart? That depends on how long you want to know it.",
                    "Wie weit auseinander? Das hängt davon ab, wie lange Sie es wissen wollen.",
                ),
                Line(
                    "For a test in a week, come back after a day or two.",
                    "Für einen Test in einer Woche: nach ein bis zwei Tagen wiederkommen.",
                ),
                Line(
                    "For a month, after about a week; for a year, after three weeks or more.",
                    "Für einen Monat nach etwa einer Woche, für ein Jahr nach drei Wochen oder mehr.",
                ),
                Line(
                    "If in doubt, start soon, and let the gaps grow.",
                    "Im Zweifel: bald anfangen und die Abstände wachsen lassen.",
                ),
            ),
        ),
        Slide(
            _calendar,
            (
                Line(
                    "Here is a calendar that anybody can keep. Today, you learn.",
                    "Hier ist ein Kalender, den jeder einhalten kann. Heute lernen Sie.",
                ),
                Line(
                    "Return on day one, day three, day seven, and after two and four weeks.",
                    "Kommen Sie an Tag 1, 3 und 7 wieder, dann nach zwei und nach vier Wochen.",
                ),
                Line(
                    "If you miss a day, just go on: late is far better than never.",
                    "Ist ein Tag ausgefallen, machen Sie weiter: Spät ist viel besser als nie.",
                ),
                Line(
                    "Ten minutes are enough, if you spend them recalling.",
                    "Zehn Minuten genügen, wenn Sie sich darin erinnern.",
                ),
            ),
        ),
        Slide(
            _paper,
            (
                Line(
                    "So choose one chapter now, and write its five dates on paper.",
                    "Wählen Sie nun ein Kapitel und schreiben Sie seine fünf Termine auf Papier.",
                ),
                Line("Paper needs no battery, and no network.", "Papier braucht keinen Akku und kein Netz."),
            ),
        ),
    ),
)
