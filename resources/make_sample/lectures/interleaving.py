"""Study well, 4: mixing kinds of problems."""

from __future__ import annotations

from resources.make_sample.motifs import bar, opening
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
    SERIF,
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.script import Lecture, Line, Slide

COLOURS = (GREEN, AMBER, BLUE)
BLOCKED = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2)
PLACES = (0, 3, 7, 10, 2, 5, 8, 11, 1, 4, 6, 9)
"""Where each problem of the blocked row stands in the mixed one."""


def _shape(page: Page, kind: int, x: float, y: float, size: float = 13) -> None:
    if kind == 0:
        page.dot(x, y, size, GREEN)
    elif kind == 1:
        page.card(x - size, y - size, 2 * size, 2 * size, AMBER, AMBER, 2)
    else:
        page.curve(
            [(x - size, y + size * 0.8), (x, y - size), (x + size, y + size * 0.8), (x - size, y + size * 0.8)],
            BLUE,
            width=4,
        )


def _opening(page: Page) -> None:
    opening(page, "Interleaving", "Mix it", size=50)
    for number, kind in enumerate(BLOCKED):
        with page.shown(1, delay_ms=120 * number, rise=4):
            _shape(page, kind, 64 + number * 46.0, 226)
        start, end = number, PLACES[number]
        way = page.grown(2, 1500, 300)
        with page.shown(2, rise=0):
            _shape(page, kind, 64 + 46.0 * (start + (end - start) * way), 226 + 66 * way)
    with page.shown(1):
        page.text("in blocks", 600, 186, 16, SOFT, align=RIGHT)
    with page.shown(2):
        page.text("mixed", 600, 252, 16, SOFT, align=RIGHT)


def _study(page: Page) -> None:
    page.title("While practising, and a week later", "Rohrer and Taylor, 2007")
    with page.shown(0):
        page.pill("in blocks", 40, 112, AMBER, AMBER_WASH, 17)
        page.pill("mixed", 40, 152, GREEN, GREEN_WASH, 17)
        page.text("problems solved", 40, 198, 16, SOFT)
    for number, (when, blocked, mixed, step) in enumerate(
        (("while practising", 89, 60, 1), ("a week later", 20, 63, 2))
    ):
        x = 232 + number * 190.0
        with page.shown(step, rise=0):
            bar(page, x, 282, blocked, AMBER, page.grown(step, 1200, 600), 1.7)
            bar(page, x + 70, 282, mixed, GREEN, page.grown(step, 1200, 600), 1.7)
            page.line(x - 10, 282, x + 140, 282, SOFT, 1.6)
            page.text(when, x + 64, 288, 17, INK, align=CENTRE, width=170)


def _choose(page: Page) -> None:
    page.title("First you have to choose")
    with page.shown(0):
        page.card(40, 100, 250, 180, SHEET)
        page.text("in a block", 60, 110, 18, AMBER, bold=True)
        for number in range(4):
            _shape(page, 0, 84 + number * 48.0, 164)
    with page.shown(1):
        page.text("the method is known", 165, 198, 18, INK, align=CENTRE, width=240)
        page.text("carry it out", 165, 228, 22, AMBER, align=CENTRE, width=240, bold=True)
    with page.shown(2):
        page.card(316, 100, 284, 180, SHEET)
        page.text("mixed", 336, 110, 18, GREEN, bold=True)
        for number, kind in enumerate((1, 0, 2, 1)):
            _shape(page, kind, 362 + number * 54.0, 164)
        page.text("what kind is this?", 458, 198, 19, INK, align=CENTRE, width=260, family=SERIF, italic=True)
        page.text("choose, then carry it out", 458, 228, 20, GREEN, align=CENTRE, width=260, bold=True)
    with page.shown(3):
        page.text("the exam · work · life", 458, 254, 16, SOFT, align=CENTRE, width=260)


def _how(page: Page) -> None:
    page.title("How to mix")
    rows = (
        ("1", "a short block for each method", GREEN, GREEN_WASH),
        ("2", "then shuffle the chapters", AMBER, AMBER_WASH),
        ("3", "cover the headings", BLUE, BLUE_WASH),
        ("4", "slower is normal", SOFT, PAPER),
    )
    for number, (mark, text, colour, wash) in enumerate(rows):
        y = 94 + number * 52.0
        with page.shown(number):
            page.card(40, y, 560, 44, SHEET)
            page.card(40, y, 50, 44, wash, wash)
            page.label(mark, 40, y, 50, 44, colour, size=22, bold=True, family=SERIF)
            page.text(text, 108, y + 9, 20, INK)
            if number == 0:
                for k in range(3):
                    _shape(page, 0, 486 + k * 34.0, y + 22, 9)
            elif number == 1:
                for k, kind in enumerate((1, 2, 0)):
                    _shape(page, kind, 486 + k * 34.0, y + 22, 9)
            elif number == 2:
                page.card(480, y + 13, 96, 18, SOFT, SOFT, 3)


def _what(page: Page) -> None:
    page.title("Mix what can be confused")
    pairs = (("cone", "cylinder"), ("past", "perfect"), ("WHERE", "HAVING"))
    for number, (left, right) in enumerate(pairs):
        y = 100 + number * 54.0
        with page.shown(0, delay_ms=600 * number):
            page.card(70, y, 190, 44, GREEN_WASH, GREEN_WASH)
            page.label(left, 70, y, 190, 44, GREEN, size=21, bold=True)
            page.text("or", 320, y + 9, 19, SOFT, align=CENTRE, width=40)
            page.card(380, y, 190, 44, AMBER_WASH, AMBER_WASH)
            page.label(right, 380, y, 190, 44, AMBER, size=21, bold=True)
    with page.shown(1):
        page.text("today: three kinds, five of each, shuffled", 320, 270, 21, INK, align=CENTRE, bold=True)


LECTURE = Lecture(
    course="study-well",
    name="interleaving",
    title="Mix what you practise",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "Here are two ways to practise three kinds of problems.",
                    "Hier sind zwei Arten, drei Sorten von Aufgaben zu üben.",
                ),
                Line(
                    "In blocks: all of one kind, then all of the next.",
                    "In Blöcken: erst alle der einen Sorte, dann alle der nächsten.",
                ),
                Line("Or mixed: the kinds in changing order.", "Oder gemischt: die Sorten in wechselnder Folge."),
            ),
        ),
        Slide(
            _study,
            (
                Line(
                    "Blocks feel better. You get fast, and you make few mistakes.",
                    "Blöcke fühlen sich besser an. Man wird schnell und macht wenig Fehler.",
                ),
                Line(
                    "In a study by Rohrer and Taylor, blocks won in practice: 89 percent against 60.",
                    "Bei Rohrer und Taylor gewannen beim Üben die Blöcke: 89 zu 60 Prozent.",
                    say="In a study by Rorer and Taylor, blocks won in practice: 89 percent against 60.",
                ),
                Line(
                    "A week later it was the other way round: 20 percent against 63.",
                    "Eine Woche später war es umgekehrt: 20 zu 63 Prozent.",
                ),
            ),
        ),
        Slide(
            _choose,
            (
                Line(
                    "Why is that? In a block, you never have to choose the method.",
                    "Warum? In einem Block müssen Sie das Verfahren nie auswählen.",
                ),
                Line(
                    "You know what comes next, and only carry it out.",
                    "Sie wissen, was kommt, und führen es nur noch aus.",
                ),
                Line(
                    "In a mixed set, each problem asks first: what kind am I?",
                    "Gemischt fragt jede Aufgabe zuerst: Zu welcher Sorte gehöre ich?",
                ),
                Line(
                    "And that is what the exam will ask, and work, and life.",
                    "Und genau das fragen die Prüfung, die Arbeit und das Leben.",
                ),
            ),
        ),
        Slide(
            _how,
            (
                Line(
                    "Begin with a short block, to learn each method by itself.",
                    "Beginnen Sie mit einem kurzen Block, um jedes Verfahren für sich zu lernen.",
                ),
                Line(
                    "Then shuffle: take problems from different chapters, in random order.",
                    "Dann mischen Sie: Aufgaben aus verschiedenen Kapiteln, in zufälliger Folge.",
                ),
                Line(
                    "Cover the headings, for they give the method away.",
                    "Decken Sie die Überschriften ab, denn sie verraten das Verfahren.",
                ),
                Line(
                    "And expect to be slower: that is not failing, it is the exercise.",
                    "Und seien Sie ruhig langsamer: Das ist kein Scheitern, das ist die Übung.",
                ),
            ),
        ),
        Slide(
            _what,
            (
                Line(
                    "Mix what can be confused: cone with cylinder, one past tense with another.",
                    "Mischen Sie Verwechselbares: Kegel und Zylinder, eine Zeitform mit der anderen.",
                ),
                Line(
                    "For today, that means three kinds, five problems of each, shuffled.",
                    "Für heute heißt das: drei Sorten, je fünf Aufgaben, gut gemischt.",
                ),
                Line("Tomorrow, shuffle again.", "Und morgen mischen Sie neu."),
            ),
        ),
    ),
)
