"""Study well, 1: forgetting, and what helps."""

from __future__ import annotations

import math

from resources.make_sample.motifs import axes, haversack, opening
from resources.make_sample.page import (
    AMBER,
    AMBER_WASH,
    BLUE,
    BLUE_WASH,
    CENTRE,
    GREEN,
    GREEN_WASH,
    INK,
    RIGHT,
    SERIF,
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.script import Lecture, Line, Slide

# Hours after learning and the share of work saved at relearning: Ebbinghaus, Über das Gedächtnis (1885), section 29.
EBBINGHAUS = ((0.33, 58.2), (1.05, 44.2), (8.8, 35.8), (24, 33.7), (48, 27.8), (144, 25.4))


def _opening(page: Page) -> None:
    opening(page, "Study well offline", "Learning\nthat lasts", "works without a network", 1)
    haversack(page, 424, 66, 1.12)


def _forgetting(page: Page) -> None:
    page.title("How we forget", "Hermann Ebbinghaus, 1885")
    left, bottom, width, height = 84.0, 292.0, 500.0, 176.0

    def place(hours: float, percent: float) -> tuple[float, float]:
        return left + width * hours / 150, bottom - height * percent / 100

    axes(page, left, bottom, width, height, "", "work saved when learning again")
    page.text("days since learning", left + width, bottom + 22, 14, SOFT, align=RIGHT)
    for mark in (0, 50, 100):
        page.text(f"{mark} %", left - 26, bottom - height * mark / 100 - 10, 14, SOFT, align=CENTRE, width=60)
    for day in range(1, 7):
        page.text(str(day), place(day * 24, 0)[0], bottom + 6, 14, SOFT, align=CENTRE, width=30)
    # His own fit: b = 100 k / (log10(t)^c + k) with t in minutes, k = 1.84, c = 1.25.
    hours = [0.05 + 0.3 * number for number in range(490)]
    fit = [(h, 184 / (max(0.0, math.log10(h * 60)) ** 1.25 + 1.84)) for h in hours]
    page.curve([place(*point) for point in fit], GREEN, page.grown(1, 2400))
    for number, (hour, percent) in enumerate(EBBINGHAUS):
        with page.shown(1, delay_ms=500 + 260 * number, rise=0):
            page.dot(*place(hour, percent), 5, AMBER)
    with page.shown(2):
        page.card(352, 104, 248, 54, AMBER_WASH, AMBER_WASH)
        page.text("one person, one kind of material:\nyour numbers will differ", 366, 111, 16, INK, width=220)
    with page.shown(3, delay_ms=300):
        page.text("steep", 122, 150, 17, GREEN, bold=True)
        page.text("then flat", 400, 212, 17, GREEN, bold=True)


def _returning(page: Page) -> None:
    page.title("Coming back in time")
    left, bottom, width, height = 60.0, 296.0, 524.0, 184.0
    axes(page, left, bottom, width, height, "time", "")
    page.text("what you can recall", left, bottom - height - 22, 14, SOFT)
    starts, stays = (0.0, 0.14, 0.40), (0.13, 0.36, 1.0)
    for number, (start, stay) in enumerate(zip(starts, stays, strict=True)):
        end = starts[number + 1] if number < 2 else 1.0
        span = [start + (1 - start) * k / 160 for k in range(161)]
        points = [(left + width * t, bottom - height * 0.93 * math.exp(-(t - start) / stay)) for t in span]
        kept = [point for point, t in zip(points, span, strict=True) if t <= end]
        lost = [point for point, t in zip(points, span, strict=True) if t >= end]
        page.painter.save()
        page.painter.setOpacity(page.painter.opacity() * 0.28)
        page.curve(lost, SOFT, page.grown(number, 1600), 2)
        page.painter.restore()
        page.curve(kept, GREEN, page.grown(number, 1600))
        if number:
            with page.shown(number, rise=0):
                x = left + width * start
                page.line(x, kept[0][1], x, bottom, AMBER, 2, dashed=True)
                page.dot(x, kept[0][1], 6, AMBER)
                page.text("review", x, bottom + 6, 15, AMBER, align=CENTRE, width=80, bold=True)


def _habits(page: Page) -> None:
    page.title("Three habits")
    habits = (
        ("Space", "a little today,\na little later", GREEN, GREEN_WASH),
        ("Recall", "answer first,\nthen look", AMBER, AMBER_WASH),
        ("Plan", "have it with you\nbefore you need it", BLUE, BLUE_WASH),
    )
    for number, (name, text, colour, wash) in enumerate(habits):
        x = 40 + number * 192.0
        with page.shown(number + 1):
            page.card(x, 98, 176, 196, SHEET)
            page.card(x + 14, 112, 148, 84, wash, wash)
            _habit_picture(page, number, x + 14, 112)
            page.text(name, x + 88, 204, 23, colour, align=CENTRE, width=170, family=SERIF, bold=True)
            page.text(text, x + 88, 236, 16, INK, align=CENTRE, width=160)


def _habit_picture(page: Page, number: int, x: float, y: float) -> None:
    if number == 0:
        for day, gap in enumerate((0, 22, 62, 118)):
            page.dot(x + 15 + gap, y + 42, 9 if day == 0 else 8, GREEN)
        page.line(x + 15, y + 62, x + 136, y + 62, GREEN, 2)
    elif number == 1:
        page.card(x + 26, y + 18, 52, 50, SHEET, AMBER, 5)
        page.label("?", x + 26, y + 18, 52, 50, AMBER, size=30, bold=True)
        page.arrow(x + 84, y + 43, x + 100, y + 43, AMBER)
        page.tick(x + 120, y + 43, AMBER, 11)
    else:
        for row in range(3):
            page.card(x + 30, y + 14 + row * 20, 13, 13, SHEET, BLUE, 3)
            page.tick(x + 37, y + 20 + row * 20, BLUE, 4)
            page.line(x + 54, y + 21 + row * 20, x + (118 if row != 1 else 98), y + 21 + row * 20, BLUE, 3)


def _try_now(page: Page) -> None:
    page.title("Try it now")
    page.card(40, 98, 560, 180, SHEET)
    page.card(72, 134, 76, 72, GREEN_WASH, GREEN, 10)
    page.label("N", 72, 134, 76, 72, GREEN, size=38, bold=True, family=SERIF)
    page.text("a note at this second", 110, 214, 14, SOFT, align=CENTRE, width=140)
    page.text("What will I have forgotten\nby next week?", 190, 122, 25, INK, family=SERIF, italic=True, width=400)
    with page.shown(1):
        page.arrow(192, 226, 232, 226, AMBER)
        page.text("Look again in a few days: were you right?", 246, 214, 18, AMBER, bold=True, width=350)


LECTURE = Lecture(
    course="study-well",
    name="welcome",
    title="Welcome: why we forget, and what helps",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "Welcome. This course is about learning so that it lasts.",
                    "Willkommen. In diesem Kurs geht es um Lernen, das bleibt.",
                ),
                Line(
                    "Everything in it works without a network, wherever you are.",
                    "Alles darin geht ohne Netz, wo immer Sie gerade sind.",
                ),
                Line(
                    "Let us begin with an honest look at forgetting.",
                    "Beginnen wir mit einem ehrlichen Blick auf das Vergessen.",
                ),
            ),
        ),
        Slide(
            _forgetting,
            (
                Line(
                    "In 1885, Hermann Ebbinghaus published tests of his own memory.",
                    "1885 veröffentlichte Hermann Ebbinghaus Versuche mit dem eigenen Gedächtnis.",
                    say="In eighteen eighty five, Hermann Ebbing house published tests of his own memory.",
                ),
                Line(
                    "After an hour over half of it was lost; the next six days took only a fifth more.",
                    "Nach einer Stunde war über die Hälfte weg, nach sechs Tagen nur ein Fünftel mehr.",
                ),
                Line(
                    "Your numbers will differ: with the material, and with what you already know.",
                    "Ihre Zahlen werden andere sein: je nach Stoff und nach Ihrem Vorwissen.",
                ),
                Line(
                    "But the shape is nearly always the same: steep at first, then flat.",
                    "Doch die Form ist fast immer gleich: erst steil, dann flach.",
                ),
            ),
        ),
        Slide(
            _returning,
            (
                Line("Left alone, a memory fades.", "Sich selbst überlassen, verblasst eine Erinnerung."),
                Line(
                    "Come back before it is gone: it climbs again, and now it falls more slowly.",
                    "Kommen Sie rechtzeitig zurück: Sie steigt wieder und sinkt nun langsamer.",
                ),
                Line(
                    "Each return buys you more time than the one before.",
                    "Jede Wiederholung verschafft Ihnen mehr Zeit als die vorige.",
                ),
            ),
        ),
        Slide(
            _habits,
            (
                Line("So this course teaches three habits.", "Deshalb lehrt dieser Kurs drei Gewohnheiten."),
                Line(
                    "Space your study: a little today, a little later.",
                    "Verteilen Sie das Lernen: heute ein wenig, später ein wenig.",
                ),
                Line(
                    "Recall before you look: the effort itself makes it stick.",
                    "Erst erinnern, dann nachsehen: Gerade die Mühe macht es fest.",
                ),
                Line(
                    "And plan, so that what you need is with you before the network is gone.",
                    "Und planen Sie, damit alles da ist, bevor das Netz weg ist.",
                ),
            ),
        ),
        Slide(
            _try_now,
            (
                Line(
                    "Try one thing now: press N, and note what you expect to forget from this week.",
                    "Probieren Sie es: Drücken Sie N und notieren Sie, was Sie wohl vergessen werden.",
                    say="Try one thing now: press the letter en, and note what you expect to forget from this week.",
                ),
                Line(
                    "In a few days, come back to your note, and see whether you were right.",
                    "Kehren Sie in ein paar Tagen zurück und sehen Sie nach, ob es stimmt.",
                ),
            ),
        ),
    ),
)
