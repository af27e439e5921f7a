"""Study well, 6: a week without network, and sleep."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath

from resources.make_sample.motifs import haversack, opening
from resources.make_sample.page import (
    AMBER,
    AMBER_WASH,
    BLUE,
    BLUE_WASH,
    CENTRE,
    GREEN,
    GREEN_WASH,
    INK,
    PAPER,
    RIGHT,
    RULE,
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.script import Lecture, Line, Slide

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _no_network(page: Page, x: float, y: float) -> None:
    painter = page.painter
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ring in range(3):
        radius = 18 + ring * 18.0
        angles = [math.radians(225 + step * 3) for step in range(31)]
        page.curve([(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles], SOFT, width=6)
    page.dot(x, y, 6, SOFT)
    page.line(x - 44, y - 56, x + 44, y + 12, AMBER, 6)


def _opening(page: Page) -> None:
    opening(page, "Planning", "A week\nwithout network", size=42)
    _no_network(page, 520, 186)
    with page.shown(1):
        page.text("prepare while online", 44, 226, 20, GREEN, bold=True)


def _before(page: Page) -> None:
    page.title("The day before")
    rows = (
        "download this week, and one more",
        "switch the network off, and try",
        "paper, pencil, charger",
        "write questions down: send later",
    )
    for number, row in enumerate(rows):
        y = 96 + number * 48.0
        with page.shown(number):
            page.card(40, y, 370, 40, SHEET)
            page.card(54, y + 11, 18, 18, GREEN_WASH, GREEN, 3)
            page.text(row, 88, y + 8, 18, INK)
        with page.shown(number, delay_ms=900, rise=0):
            page.tick(63, y + 20)
    haversack(page, 448, 98, 0.92)


def _week(page: Page) -> None:
    page.title("A rhythm, not a record")
    left, top, wide = 96.0, 100.0, 72.0
    for day, name in enumerate(DAYS):
        page.text(name, left + day * wide + 33, top - 2, 16, SOFT, align=CENTRE, width=70, bold=True)
        page.card(left + day * wide, top + 22, wide - 6, 162, SHEET, RULE, 6)
    parts = (
        ("recall", AMBER, AMBER_WASH, range(6), 128, 26, 2),
        ("new", GREEN, GREEN_WASH, (0, 2, 4), 162, 66, 1),
        ("mix", BLUE, BLUE_WASH, (5,), 162, 66, 3),
    )
    for name, colour, wash, days, y, height, step in parts:
        for number, day in enumerate(days):
            with page.shown(step, delay_ms=160 * number):
                page.card(left + day * wide + 5, y, wide - 16, height, wash, wash, 5)
                page.label(name, left + day * wide + 5, y, wide - 16, height, colour, size=16, bold=True)
    with page.shown(3, delay_ms=1500):
        page.label("free", left + 6 * wide, 128, wide - 6, 100, SOFT, size=17)
    page.text("10 min", 40, 131, 15, AMBER, bold=True)
    with page.shown(1):
        page.text("30 min", 40, 184, 15, GREEN, bold=True)


def _moon(page: Page, x: float, y: float, radius: float) -> None:
    moon = QPainterPath()
    moon.addEllipse(QPointF(x, y), radius, radius)
    shade = QPainterPath()
    shade.addEllipse(QPointF(x + radius * 0.5, y - radius * 0.25), radius * 0.9, radius * 0.9)
    page.painter.setPen(Qt.PenStyle.NoPen)
    page.painter.setBrush(AMBER)
    page.painter.drawPath(moon.subtracted(shade))


def _sleep(page: Page) -> None:
    page.title("Sleep is part of it")
    page.card(40, 98, 560, 130, BLUE_WASH, BLUE_WASH, 10)
    _moon(page, 546, 140, 24)
    stages = (0, 1, 2, 3, 3, 2, 1, 2, 3, 2, 1, 1, 2, 2, 1, 1, 2, 1, 0)
    points: list[tuple[float, float]] = []
    for number, depth in enumerate(stages):
        x = 64 + number * 23.5
        points += [(x, 118 + depth * 28), (x + 23.5, 118 + depth * 28)]
    page.curve(points, BLUE, page.grown(0, 2600), 3)
    page.text("evening", 64, 204, 15, BLUE, width=90)
    page.text("morning", 512, 204, 15, BLUE, align=CENTRE, width=90)
    for number in range(6):
        with page.shown(1, delay_ms=300 * number, rise=14):
            page.dot(130 + number * 62, 150 - (number % 2) * 16, 6, GREEN)
    with page.shown(1):
        page.text("replayed, and made firm", 40, 242, 20, GREEN, bold=True)
    with page.shown(2):
        page.text("short night: less attention tomorrow", 40, 272, 18, AMBER, bold=True)
    with page.shown(3):
        page.text("late? stop.", 600, 252, 26, INK, align=RIGHT, width=180, bold=True)


def _print(page: Page) -> None:
    page.title("Fill it in now")
    page.card(60, 94, 250, 200, SHEET)
    page.text("Weekly plan", 78, 102, 20, INK, bold=True)
    for row in range(7):
        page.text(DAYS[row], 78, 134 + row * 21, 14, SOFT)
        page.line(118, 150 + row * 21, 290, 150 + row * 21, RULE, 1.4)
        with page.shown(0, delay_ms=900 + 300 * row, rise=0):
            page.line(122, 144 + row * 21, 190 + (row * 37) % 80, 144 + row * 21, GREEN, 3)
    for number, (word, colour) in enumerate((("space", GREEN), ("recall", AMBER), ("mix", BLUE), ("sleep", SOFT))):
        with page.shown(1, delay_ms=380 * number):
            page.card(360, 104 + number * 46, 200, 38, PAPER, colour, 19)
            page.label(word, 360, 104 + number * 46, 200, 38, colour, size=21, bold=True)


LECTURE = Lecture(
    course="study-well",
    name="week",
    title="A week without network",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "Next week there is no network. Good: there will be nothing to distract you.",
                    "Nächste Woche gibt es kein Netz. Gut so: Dann lenkt Sie auch nichts ab.",
                ),
                Line(
                    "All it takes is to prepare while you are online.",
                    "Sie müssen sich nur vorbereiten, solange Sie online sind.",
                ),
            ),
        ),
        Slide(
            _before,
            (
                Line(
                    "The day before, download the weeks that you plan, and one more.",
                    "Laden Sie am Tag davor die geplanten Wochen herunter, und noch eine dazu.",
                ),
                Line(
                    "Switch the network off and open a lecture, to be sure.",
                    "Schalten Sie das Netz ab und öffnen Sie eine Vorlesung, um sicherzugehen.",
                ),
                Line("Take paper, a pencil, and the charger.", "Nehmen Sie Papier, Bleistift und das Ladegerät mit."),
                Line(
                    "Questions that come up are written down, and sent when you are back.",
                    "Fragen, die auftauchen, schreiben Sie auf und schicken sie nach der Rückkehr ab.",
                ),
            ),
        ),
        Slide(
            _week,
            (
                Line("A week wants a rhythm, and not a record.", "Eine Woche braucht einen Rhythmus, keinen Rekord."),
                Line(
                    "Something new on Monday, Wednesday and Friday, half an hour each.",
                    "Neues am Montag, Mittwoch und Freitag, je eine halbe Stunde.",
                ),
                Line(
                    "Ten minutes of recall on each working day, before anything else.",
                    "Zehn Minuten Erinnern an jedem Lerntag, vor allem anderen.",
                ),
                Line(
                    "Mixed problems on Saturday. And Sunday is free.",
                    "Gemischte Aufgaben am Samstag. Und der Sonntag ist frei.",
                ),
                Line(
                    "If a day goes wrong, do the ten minutes, and leave the rest.",
                    "Geht ein Tag schief, machen Sie nur die zehn Minuten.",
                ),
            ),
        ),
        Slide(
            _sleep,
            (
                Line(
                    "And then there is sleep. It is not time that learning loses.",
                    "Und dann ist da der Schlaf. Dem Lernen geht er nicht verloren.",
                ),
                Line(
                    "While you sleep, memories of the day are replayed and made firm.",
                    "Während Sie schlafen, wird der Tag noch einmal durchgespielt und gefestigt.",
                ),
                Line(
                    "A short night also costs attention, and so the next day's learning.",
                    "Eine kurze Nacht kostet Aufmerksamkeit und damit das Lernen von morgen.",
                ),
                Line(
                    "So if it is late, stop. The chapter will be easier tomorrow.",
                    "Wenn es spät ist, hören Sie auf. Morgen fällt das Kapitel leichter.",
                ),
            ),
        ),
        Slide(
            _print,
            (
                Line(
                    "Print the weekly plan from Resources, and fill it in now.",
                    "Drucken Sie den Wochenplan aus den Materialien und füllen Sie ihn gleich aus.",
                ),
                Line(
                    "Space, recall, mix, and sleep. And enjoy the quiet.",
                    "Verteilen, erinnern, mischen, schlafen. Und genießen Sie die Ruhe.",
                ),
            ),
        ),
    ),
)
