"""Study well, 5: notes that ask back."""

from __future__ import annotations

from resources.make_sample.motifs import opening, sheet
from resources.make_sample.page import (
    AMBER,
    AMBER_WASH,
    BLUE,
    CENTRE,
    GREEN,
    GREEN_WASH,
    INK,
    RULE,
    SERIF,
    SHEET,
    SOFT,
    Page,
)
from resources.make_sample.script import Lecture, Line, Slide

QUESTIONS = ("Why early?", "How far apart?", "When missed?")
SENTENCES = ("The loss is steep at first.", "A tenth to a fifth of the time.", "Go on from there.")


def _opening(page: Page) -> None:
    opening(page, "Taking notes", "Notes that\nask back")
    for number in range(3):
        sheet(page, 420 + number * 18, 84 + number * 16, 130, 160, 6)
    with page.shown(1):
        page.label("?", 456, 116, 130, 160, GREEN, size=84, bold=True, family=SERIF)


def _own_words(page: Page) -> None:
    page.title("One sentence of your own")
    with page.shown(0):
        page.card(40, 100, 236, 180, SHEET)
        page.text("everything", 60, 110, 18, AMBER, bold=True)
        for row in range(8):
            page.line(60, 150 + row * 15, 60 + 196 * page.grown(0, 1800, 200 * row), 150 + row * 15, RULE, 3)
    with page.shown(1):
        page.card(316, 100, 284, 180, SHEET)
        page.text("listen · stop · write", 336, 110, 18, GREEN, bold=True)
        page.text("Losses come early, so return early.", 336, 152, 24, INK, width=250, family=SERIF, italic=True)
    with page.shown(2):
        for x in (440, 458):
            page.card(x, 232, 9, 32, BLUE, BLUE, 2)
        page.text("pause", 482, 236, 18, BLUE, bold=True)


def _page_frame(page: Page, step: int) -> None:
    with page.shown(step, rise=0):
        page.card(140, 88, 360, 218, SHEET)
        page.line(270, 88, 270, 262, RULE, 1.4)
        page.line(140, 262, 500, 262, RULE, 1.4)


def _three_parts(page: Page) -> None:
    page.title("A page in three parts")
    _page_frame(page, 0)
    for row in range(3):
        y = 104 + row * 52.0
        with page.shown(1, delay_ms=300 * row):
            page.text(SENTENCES[row], 284, y, 17, INK, width=214)
        with page.shown(2, delay_ms=300 * row):
            page.text(QUESTIONS[row], 152, y, 17, GREEN, width=116, bold=True)
    with page.shown(3):
        page.text("Return early, then ever later.", 154, 272, 18, AMBER, width=330, bold=True)
    with page.shown(1):
        page.text("during", 512, 110, 16, SOFT)
    with page.shown(2):
        page.text("the same day", 40, 110, 16, GREEN, width=92)
    with page.shown(3):
        page.text("in two lines", 512, 272, 16, AMBER)


def _cover(page: Page) -> None:
    page.title("Cover, answer, slide")
    _page_frame(page, 0)
    for row in range(3):
        y = 104 + row * 52.0
        page.text(QUESTIONS[row], 152, y, 17, GREEN, width=116, bold=True)
        page.text(SENTENCES[row], 284, y, 17, INK, width=214)
    top = 90 + 52 * page.grown(1, 900, 2000) + 52 * page.grown(1, 900, 3600)
    hidden = page.grown(0, 900, 600)
    page.painter.save()
    page.painter.setOpacity(page.painter.opacity() * hidden)
    page.card(271, top, 228, 261 - top, AMBER_WASH, AMBER, 4)
    page.painter.restore()
    with page.shown(2):
        page.cross(520, 166)
        page.text("tomorrow", 534, 154, 17, AMBER, bold=True)


def _second(page: Page) -> None:
    page.title("A note remembers its second")
    page.card(60, 96, 330, 186, SHEET)
    page.card(76, 112, 298, 120, GREEN_WASH, GREEN_WASH)
    page.line(76, 252, 374, 252, RULE, 4)
    page.line(76, 252, 76 + 150 * page.grown(0, 2000), 252, GREEN, 4)
    with page.shown(0, delay_ms=1800):
        page.dot(226, 252, 8, AMBER)
        page.text("0:42", 226, 260, 14, AMBER, align=CENTRE, width=60, bold=True)
    with page.shown(1):
        page.card(200, 128, 190, 78, AMBER_WASH, AMBER)
        page.text("What does the left column do?", 214, 138, 19, INK, width=168, family=SERIF, italic=True)
    with page.shown(2):
        for row, minute in enumerate(("0:42", "1:05", "1:31")):
            y = 110 + row * 52.0
            page.card(424, y, 176, 42, SHEET, BLUE)
            page.text(minute, 436, y + 10, 16, BLUE, bold=True)
            page.line(484, y + 21, 560 - row * 14, y + 21, RULE, 3)
            page.text("?", 582, y + 6, 22, BLUE, bold=True)


LECTURE = Lecture(
    course="study-well",
    name="notes",
    title="Notes that ask back",
    slides=(
        Slide(
            _opening,
            (
                Line(
                    "Most notes are written once, and never read again.",
                    "Die meisten Notizen werden einmal geschrieben und nie wieder gelesen.",
                ),
                Line(
                    "Let us make notes that work for you: notes that ask.",
                    "Machen wir Notizen, die für Sie arbeiten: Notizen, die fragen.",
                ),
            ),
        ),
        Slide(
            _own_words,
            (
                Line(
                    "Writing everything down keeps the hand busy, and not the head.",
                    "Alles mitzuschreiben beschäftigt die Hand, nicht den Kopf.",
                ),
                Line(
                    "So listen for a minute, stop, and write one sentence of your own.",
                    "Hören Sie also eine Minute zu, und schreiben Sie dann einen eigenen Satz.",
                ),
                Line(
                    "A recorded lecture waits for you: that is what the pause key is for.",
                    "Eine Aufzeichnung wartet auf Sie: Dafür gibt es die Pausentaste.",
                ),
                Line(
                    "And if the sentence will not come, you know what to listen to again.",
                    "Und wenn der Satz nicht gelingt, wissen Sie, was Sie noch einmal hören.",
                ),
            ),
        ),
        Slide(
            _three_parts,
            (
                Line(
                    "Divide the page: a narrow column, a wide one, and a strip at the bottom.",
                    "Teilen Sie die Seite: eine schmale Spalte, eine breite und unten ein Streifen.",
                ),
                Line(
                    "In the wide one go your sentences, while you listen.",
                    "In die breite kommen beim Zuhören Ihre Sätze.",
                ),
                Line(
                    "In the narrow one, later the same day, a question for each of them.",
                    "In die schmale kommt am selben Tag zu jedem Satz eine Frage.",
                ),
                Line(
                    "And at the bottom, the whole page in two lines.", "Und unten steht die ganze Seite in zwei Zeilen."
                ),
            ),
        ),
        Slide(
            _cover,
            (
                Line(
                    "Now the page can ask you. Cover the right side with a sheet of paper.",
                    "Nun kann die Seite fragen. Decken Sie die rechte Hälfte mit einem Blatt ab.",
                ),
                Line(
                    "Read a question, answer aloud, and only then slide the paper down.",
                    "Lesen Sie eine Frage, antworten Sie laut, und schieben Sie erst dann das Blatt.",
                ),
                Line(
                    "What you missed gets a mark, and a place in tomorrow's ten minutes.",
                    "Was fehlte, bekommt ein Zeichen und einen Platz in den zehn Minuten von morgen.",
                ),
                Line("It is the same page, but now it works.", "Es ist dieselbe Seite, aber jetzt arbeitet sie."),
            ),
        ),
        Slide(
            _second,
            (
                Line(
                    "Notes that you take beside a lecture remember their second.",
                    "Notizen neben einer Vorlesung merken sich ihre Sekunde.",
                ),
                Line(
                    "Write them as questions: what does the left column do?",
                    "Schreiben Sie sie als Fragen: Wozu dient die linke Spalte?",
                ),
                Line(
                    "Then your list of notes is a test, and each answer is one click away.",
                    "Dann ist Ihre Liste ein Test, und jede Antwort einen Klick entfernt.",
                ),
            ),
        ),
    ),
)
