"""My courses: cards, what they ask for, live changes that disturb nobody."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop.errors import Problem
from desktop.models.views import CourseCard, DownloadPlan
from desktop.ui.desk import Notice, Place
from desktop.ui.pages.home import HomePage
from desktop.ui.preferences import Preferences
from desktop.ui.theme.tokens import SPACE_8, SPACE_16
from tests.desktop.ui import sample_views as views
from tests.desktop.ui.fakes import Bench

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(qtbot: QtBot, bench: Bench, preferences: Preferences) -> HomePage:
    made = HomePage(bench.desk, preferences)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.show_place(Place("home", {"program_id": "sample"}))
    qtbot.waitUntil(lambda: made.area.shows_content() and len(made._cards) == 5)
    return made


def shown(page: HomePage) -> list[str]:
    """The courses whose cards are shown, from top to bottom."""
    cards = sorted(page._cards.values(), key=lambda card: card.y())
    return [card.card.course_id for card in cards]


def action(page: HomePage, course_id: str, text: str) -> object:
    """An entry of a card's menu."""
    card = page._cards[course_id]
    card.menu.aboutToShow.emit()
    return next(entry for entry in card.menu.actions() if entry.text().startswith(text))


@pytest.mark.parametrize("width", [1100, 1920, 2560])
def test_the_sections_stay_beside_the_cards_however_wide_the_window(qtbot: QtBot, page: HomePage, width: int) -> None:
    page.resize(width, 900)

    def edges() -> tuple[int, int, int]:
        side, column = page._side["active"], page.sheet.column
        left = side.mapTo(page, QPoint()).x()
        begin = column.mapTo(page, QPoint()).x()
        return left, begin - left - side.width(), width - begin - column.width()

    qtbot.waitUntil(lambda: 12 <= edges()[1] <= 40)
    left, _, right = edges()
    assert abs(left - right) <= 40, "the page is not in the middle"


def test_cards_are_listed_by_state(qtbot: QtBot, page: HomePage) -> None:
    assert shown(page) == ["c1", "c2", "c3", "c4", "c7"]
    qtbot.mouseClick(page._side["saved"], LEFT)
    assert shown(page) == ["c5"]
    qtbot.mouseClick(page._side["inactive"], LEFT)
    assert page.area.state.title.text() == "Nothing here yet"


def test_a_card_says_how_it_stands(page: HomePage) -> None:
    sql, study, water, vaccination, negotiation = (page._cards[key] for key in ("c1", "c2", "c3", "c4", "c7"))
    assert (sql.words.chip.text, sql.first.text(), sql.words.percent) == ("On track", "Resume", 62)
    assert sql.words.step == "Next: Video · Joining tables · 7 min"
    assert (study.words.chip.text, study.first.text(), study.reset.isHidden()) == ("Overdue", "Start", False)
    assert water.words.chip.text == "Waiting for the server"
    assert vaccination.words.chip.text.startswith("Opens ")
    assert negotiation.words.refusal == "All places of this course are taken until January."


def test_the_buttons_lead_on(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    qtbot.mouseClick(page._cards["c1"].first, LEFT)
    qtbot.mouseClick(page._cards["c1"].second, LEFT)
    qtbot.mouseClick(page._cards["c7"].first, LEFT)
    assert bench.places == [
        Place("item", {"item_id": "i3"}),
        Place("course", {"course_id": "c1"}),
        Place("description", {"course_id": "c7"}),
    ]


def test_deadlines_are_reset_in_place(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    with qtbot.waitSignal(bench.desk.notice_posted):
        qtbot.mouseClick(page._cards["c2"].reset, LEFT)
    assert bench.edge.asked("enrollment.reset_deadlines") == [("e2",)]


def test_a_download_says_its_size_first(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    bench.edge.answers["downloads.plan_course"] = DownloadPlan("Study", 9, 20_000_000, 20_000_000, 10**9, fits=True)
    with qtbot.waitSignal(bench.desk.notice_posted) as posted:
        action(page, "c2", "Download for offline").trigger()  # type: ignore[attr-defined]
    notice = posted.args[0]
    assert isinstance(notice, Notice)
    assert "19.1 MB" in notice.text
    assert bench.edge.asked("downloads.queue_course") == []
    assert notice.action is not None
    notice.action()
    qtbot.waitUntil(lambda: bench.edge.asked("downloads.queue_course") == [("c2",)])


def test_what_does_not_fit_is_not_offered(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    bench.edge.answers["downloads.plan_course"] = DownloadPlan("Study", 9, 10**9, 10**9, 10**6, fits=False)
    with qtbot.waitSignal(bench.desk.notice_posted) as posted:
        action(page, "c2", "Download for offline").trigger()  # type: ignore[attr-defined]
    assert posted.args[0].level == "error"
    assert posted.args[0].action is None


def test_unenroll_asks_once_more_and_ends_with_its_day(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    with qtbot.waitSignal(bench.desk.notice_posted) as posted:
        action(page, "c1", "Unenroll (possible until").trigger()  # type: ignore[attr-defined]
    assert bench.edge.asked("enrollment.unenroll") == []
    posted.args[0].action()
    qtbot.waitUntil(lambda: bench.edge.asked("enrollment.unenroll") == [("e1",)])
    late = action(page, "c2", "Unenroll (was possible until")
    assert not late.isEnabled()  # type: ignore[attr-defined]
    assert "learning@example.org" in late.text()  # type: ignore[attr-defined]


def test_without_a_course_the_catalog_is_one_click_away(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    page.show_view(views.EMPTY_HOME)
    assert page.area.state.title.text() == "Welcome to Field staff learning"
    qtbot.mouseClick(page.area.state.button, LEFT)
    assert bench.places == [Place("catalog")]


def test_without_a_program_an_invitation_is(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    page.show_view(views.EMPTY_HOME._replace(program=None))
    qtbot.mouseClick(page.area.state.button, LEFT)
    assert bench.places == [Place("welcome")]


def test_a_change_keeps_focus_scroll_and_widgets(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    page.activateWindow()
    button = page._cards["c2"].first
    button.setFocus()
    bar = page.sheet.verticalScrollBar()
    bar.setValue(40)
    assert bar.value() == 40
    cards = (views.CARDS[0]._replace(percent=70), *views.CARDS[1:])
    bench.edge.answers["home.view"] = views.HOME._replace(cards=cards)
    bench.desk.changed.emit(frozenset({"progress"}))
    qtbot.waitUntil(lambda: page._cards["c1"].words.percent == 70)
    assert page._cards["c2"].first is button
    assert QApplication.focusWidget() is button
    assert bar.value() == 40


def test_a_course_that_comes_and_one_that_goes(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    new = CourseCard("c9", "Budgets that hold", "Trade School", "course", "active", "e9")
    page.show_view(views.HOME._replace(cards=(new, *views.CARDS[1:])))
    qtbot.waitUntil(lambda: shown(page) == ["c9", "c2", "c3", "c4", "c7"])


def test_other_kinds_of_data_ask_nothing(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    before = len(bench.edge.asked("home.view"))
    bench.desk.changed.emit(frozenset({"notes", "outbox"}))
    assert not page._soon.isActive()
    assert len(bench.edge.asked("home.view")) == before


MANY = tuple(views.CARDS[0]._replace(course_id=f"m{number}", title=f"Course {number}") for number in range(50))


def test_many_cards_come_a_few_at_a_time(qtbot: QtBot, bench: Bench, page: HomePage) -> None:
    page.show_view(views.HOME._replace(cards=MANY))
    assert 3 <= len(page._cards) <= 7
    qtbot.waitUntil(lambda: shown(page) == [card.course_id for card in MANY])


@pytest.mark.parametrize("height", [500, 900, 1600])
def test_a_screenful_is_there_with_the_first_paint(
    qtbot: QtBot, bench: Bench, preferences: Preferences, height: int
) -> None:
    made = HomePage(bench.desk, preferences)
    qtbot.addWidget(made)
    made.resize(1100, height)
    made.show_view(views.HOME._replace(cards=MANY))
    at_once = len(made._cards)
    assert not made._more.isActive(), "nothing further is made while nothing can be seen"
    made.show()
    viewport, last = made.sheet.viewport(), list(made._cards.values())[-1]

    def filled() -> bool:
        bottom = last.mapTo(viewport, last.rect().bottomLeft()).y()
        return bottom + made.list.spacing() >= viewport.height()

    qtbot.waitUntil(filled)
    assert at_once < len(MANY) / 2
    qtbot.waitUntil(lambda: len(made._cards) == len(MANY))


def test_words_that_do_not_fit_are_told_by_pointing(qtbot: QtBot, page: HomePage) -> None:
    card = page._cards["c1"]
    long = views.CARDS[0]._replace(partner=views.LONG)
    card.show_card(long, card._now)
    place = card._planned(card.width()).overline.center()
    QApplication.sendEvent(card, QHelpEvent(QEvent.Type.ToolTip, place, card.mapToGlobal(place)))
    assert views.LONG in QToolTip.text()
    card.show_card(views.CARDS[0], card._now)
    place = card._planned(card.width()).overline.center()
    QApplication.sendEvent(card, QHelpEvent(QEvent.Type.ToolTip, place, card.mapToGlobal(place)))
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())  # or it would be a window that is left behind


def test_a_card_is_told_to_screen_readers(page: HomePage) -> None:
    card = page._cards["c1"]
    assert card.accessibleName().endswith(": SQL: asking tables questions")
    assert "62 %" in card.accessibleDescription()
    assert "Next: Video · Joining tables" in card.accessibleDescription()


def test_where_there_is_little_room_the_buttons_go_below_and_mirrored_all_turns_round(
    qtbot: QtBot, page: HomePage
) -> None:
    card = page._cards["c1"]
    wide, narrow = card._planned(900), card._planned(400)
    assert wide.buttons[0].y() < wide.step.bottom()
    assert narrow.buttons[0].y() > narrow.step.bottom()
    assert narrow.height > wide.height
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    turned = card._planned(900)
    assert turned.more.x() == SPACE_16 - SPACE_8  # its dots stand at the edge, the air around them beyond it
    assert turned.overline.right() == 900 - SPACE_16 - 1
    assert turned.height == wide.height


def test_a_failure_offers_to_try_again(qtbot: QtBot, bench: Bench, preferences: Preferences) -> None:
    bench.edge.answers["home.view"] = Problem("database_damaged", "The database is damaged.", "Restore it.")
    made = HomePage(bench.desk, preferences)
    qtbot.addWidget(made)
    made.show()
    made.show_place(Place("home"))
    qtbot.waitUntil(lambda: made.area.state.title.text() == "The database is damaged.")
    bench.edge.answers["home.view"] = views.HOME
    qtbot.mouseClick(made.area.state.button, LEFT)
    qtbot.waitUntil(made.area.shows_content)


def test_the_welcome_explains_and_stays_dismissed(
    qtbot: QtBot, bench: Bench, page: HomePage, preferences: Preferences
) -> None:
    qtbot.mouseClick(page.banner.how, LEFT)
    assert page.banner.steps is not None
    assert page.banner.steps.isVisible()
    close = page.findChild(type(page._cards["c1"].more), "dismissWelcome")
    assert close is not None
    qtbot.mouseClick(close, LEFT)
    page.show_view(views.HOME)
    assert not page.banner.isVisible()
    again = HomePage(bench.desk, preferences)
    qtbot.addWidget(again)
    again.show()
    again.show_view(views.HOME)
    assert not again.banner.isVisible()
