"""Study well, 3: recalling instead of rereading."""

from __future__ import annotations

from resources.make_sample.motifs import bar, opening, sheet
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
    SERIF,
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.script import Lecture, Line, Slide


def _opening(page: Page) -> None:
    opening(page, "Recalling", "Close\nthe book")
    closed = page.grown(1, 900, 900)
    sheet(page, 480, 100, 110, 150, 6)
    page.painter.save()
    page.painter.translate(480, 0)
    page.painter.scale(1 - 2 * closed, 1)
    if closed < 0.5:
        sheet(page, -110, 100, 110, 150, 6)
    else:
        page.card(-110, 98, 112, 154, GREEN, GREEN, 5)
    page.painter.restore()
    with page.shown(1, delay_ms=1700):
        page.label("?", 480, 100, 110, 150, PAPER, size=72, bold=True, family=SERIF)


def _experiment(page: Page) -> None:
    page.title("Read again, or recall?", "Roediger and Karpicke, 2006")
    with page.shown(1):
        page.card(40, 102, 178, 74, AMBER_WASH, AMBER_WASH)
        page.text("read, read again", 129, 126, 19, AMBER, align=CENTRE, width=170, bold=True)
    with page.shown(1, delay_ms=1800):
        page.card(40, 190, 178, 74, GREEN_WASH, GREEN_WASH)
        page.text("read, recall", 129, 214, 19, GREEN, align=CENTRE, width=170, bold=True)
    for number, (when, left, right, step) in enumerate((("5 minutes later", 81, 75, 2), ("a week later", 42, 56, 3))):
        x = 262 + number * 182.0
        with page.shown(step, rise=0):
            bar(page, x, 282, left, AMBER, page.grown(step, 1200, 300), 1.75)
            bar(page, x + 70, 282, right, GREEN, page.grown(step, 1200, 300), 1.75)
            page.line(x - 10, 282, x + 140, 282, SOFT, 1.6)
            page.text(when, x + 64, 288, 17, INK, align=CENTRE, width=170)


def _paths(page: Page) -> None:
    page.title("A way that you widen")
    spots = ((90, 200), (190, 142), (300, 214), (420, 140), (540, 190))
    for start, end in ((0, 2), (1, 3), (2, 4)):
        page.line(*spots[start], *spots[end], SOFT, 1, dashed=True)
    width = 2 + 8 * page.grown(1, 2600, 300)
    page.curve([(float(x), float(y)) for x, y in spots], GREEN, page.grown(0, 1800, 200), width)
    for number, (x, y) in enumerate(spots):
        last = number == len(spots) - 1
        page.dot(x, y, 17 if last else 11, AMBER if last else GREEN if number == 0 else SOFT)
    page.text("question", 90, 222, 17, GREEN, align=CENTRE, width=100, bold=True)
    page.text("answer", 540, 214, 17, AMBER, align=CENTRE, width=100, bold=True)
    with page.shown(2):
        page.card(300, 252, 290, 42, AMBER_WASH, AMBER_WASH)
        page.text("rereading: the answer is already here", 445, 262, 16, INK, align=CENTRE, width=284)


def _ways(page: Page) -> None:
    page.title("Three ways, no screen")
    ways = (
        ("Blank page", "write all you know,\ncheck in another colour", GREEN, GREEN_WASH),
        ("Cards", "answer aloud,\nthen turn", AMBER, AMBER_WASH),
        ("Explain", "to somebody,\nor to the wall", BLUE, BLUE_WASH),
    )
    for number, (name, text, colour, wash) in enumerate(ways):
        x = 40 + number * 192.0
        with page.shown(number + 1):
            page.card(x, 98, 176, 196, SHEET)
            page.card(x + 14, 112, 148, 84, wash, wash)
            _way_picture(page, number, x + 14, 112)
            page.text(name, x + 88, 204, 22, colour, align=CENTRE, width=170, family=SERIF, bold=True)
            page.text(text, x + 88, 236, 16, INK, align=CENTRE, width=170)


def _way_picture(page: Page, number: int, x: float, y: float) -> None:
    if number == 0:
        page.card(x + 44, y + 10, 60, 66, SHEET, GREEN, 4)
        for row in range(4):
            page.line(x + 54, y + 24 + row * 12, x + (92 if row != 2 else 76), y + 24 + row * 12, GREEN, 2.5)
        page.line(x + 80, y + 48, x + 94, y + 48, AMBER, 2.5)
    elif number == 1:
        page.card(x + 20, y + 22, 48, 40, SHEET, AMBER, 4)
        page.label("?", x + 20, y + 22, 48, 40, AMBER, size=24, bold=True)
        page.card(x + 82, y + 22, 48, 40, AMBER, AMBER, 4)
        page.label("!", x + 82, y + 22, 48, 40, PAPER, size=24, bold=True)
    else:
        page.dot(x + 42, y + 34, 13, BLUE)
        page.card(x + 24, y + 50, 36, 24, BLUE, BLUE, 10)
        page.card(x + 74, y + 16, 56, 34, SHEET, BLUE, 10)
        page.line(x + 86, y + 28, x + 118, y + 28, BLUE, 2.5)
        page.line(x + 86, y + 38, x + 106, y + 38, BLUE, 2.5)


def _wrong(page: Page) -> None:
    page.title("Wrong is welcome")
    steps = (("try", AMBER), ("miss", SOFT), ("look up", BLUE), ("try again", GREEN))
    for number, (name, colour) in enumerate(steps):
        x = 40 + number * 144.0
        with page.shown(0, delay_ms=350 + 550 * number):
            page.card(x, 104, 116, 56, SHEET, colour)
            page.label(name, x, 104, 116, 56, colour, size=20, bold=True)
            if number:
                page.arrow(x - 23, 132, x - 7, 132, SOFT)
    with page.shown(2):
        page.text("What happened after a week?", 320, 206, 30, INK, align=CENTRE, width=560, family=SERIF, italic=True)
        page.text("pause, and say it", 320, 252, 19, GREEN, align=CENTRE, width=400, bold=True)


LECTURE = Lecture(
    course="study-well",
    name="retrieval",
    title="Close the book",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "You have read the page twice. It looks familiar. But do you know it?",
                    "Sie haben die Seite zweimal gelesen. Sie wirkt vertraut. Aber wissen Sie es?",
                ),
                Line(
                    "There is one way to find out: close the book, and say it.",
                    "Das lässt sich nur so herausfinden: Buch zu, und sagen, was darin steht.",
                ),
            ),
        ),
        Slide(
            _experiment,
            (
                Line(
                    "In 2006, Roediger and Karpicke had students learn short texts.",
                    "2006 ließen Roediger und Karpicke Studierende kurze Texte lernen.",
                    say="In two thousand six, Roddiger and Karpicky had students learn short texts.",
                ),
                Line(
                    "One group read the text again. The other wrote down what they could recall.",
                    "Die einen lasen noch einmal. Die anderen schrieben auf, woran sie sich erinnerten.",
                ),
                Line(
                    "Five minutes later, those who had read twice were ahead.",
                    "Fünf Minuten später lagen die zweimal Lesenden vorn.",
                ),
                Line(
                    "A week later, those who had recalled were ahead: 56 percent against 42.",
                    "Eine Woche später lagen die vorn, die sich erinnert hatten: 56 zu 42 Prozent.",
                ),
            ),
        ),
        Slide(
            _paths,
            (
                Line(
                    "Recalling is not only a test. It changes what it touches.",
                    "Erinnern ist nicht nur eine Prüfung. Es verändert, was es berührt.",
                ),
                Line(
                    "Each time you find the way to a fact, that way gets wider.",
                    "Jedes Mal, wenn Sie den Weg zu etwas finden, wird er breiter.",
                ),
                Line(
                    "Rereading never walks it: the answer is in front of you already.",
                    "Wer nur liest, geht ihn nie: Die Antwort steht ja schon da.",
                ),
            ),
        ),
        Slide(
            _ways,
            (
                Line(
                    "Here are three ways to practise it, all without a screen.",
                    "Drei Arten, das zu üben, alle ohne Bildschirm.",
                ),
                Line(
                    "A blank page: write down all you know, then check in another colour.",
                    "Ein leeres Blatt: alles aufschreiben, dann in anderer Farbe prüfen.",
                ),
                Line(
                    "Cards: the question in front, the answer behind; answer aloud before you turn.",
                    "Karten: vorn die Frage, hinten die Antwort; erst laut antworten, dann umdrehen.",
                ),
                Line("Or explain it: to somebody, or to the wall.", "Oder erklären Sie es: jemandem oder der Wand."),
            ),
        ),
        Slide(
            _wrong,
            (
                Line(
                    "Mistakes are part of it, as long as you look up the answer afterwards.",
                    "Fehler gehören dazu, solange Sie danach nachsehen.",
                ),
                Line(
                    "That is why the quizzes in this course ask before they tell.",
                    "Darum fragen die Tests dieses Kurses erst und erklären dann.",
                ),
                Line(
                    "Now pause, and say from memory what happened after a week.",
                    "Halten Sie jetzt an und sagen Sie auswendig, was nach einer Woche geschah.",
                ),
            ),
        ),
    ),
)
