"""The item page: the right pane, the lesson beside it, readings, what cannot be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop.ui.desk import Place
from desktop.ui.pages.item import ItemPage
from desktop.ui.widgets.lesson_list import LessonList, LessonModel
from desktop.ui.widgets.rich_text import open_link, plain_text, prepared
from desktop.ui.widgets.rich_text_view import RichText
from protocol.folding import occurrences
from tests.desktop.ui.pages_of_items.conftest import Bench
from tests.desktop.ui.pages_of_items.driving import click, click_in, opened, part
from tests.desktop.ui.pages_of_items.store import LESSON, place, reading_view
from tests.stray_windows import WindowWatch


def item(qtbot: QtBot, bench: Bench, slug: str) -> ItemPage:
    return opened(qtbot, bench, ItemPage, Place("item", {"item_id": f"sql/{slug}"}))


def reading(qtbot: QtBot, bench: Bench, slug: str = "why") -> tuple[ItemPage, RichText]:
    page = item(qtbot, bench, slug)
    qtbot.waitUntil(lambda: any(text.isVisible() for text in page.findChildren(RichText)))
    return page, part(page, "readingText", RichText)


def texts(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_a_reading_is_shown_and_completed(qtbot: QtBot, bench: Bench) -> None:
    page, text = reading(qtbot, bench)
    assert "Keys" in text.toPlainText()
    assert page.heading() == "Why a key joins tables"
    assert bench.store.calls_of("opened") == [("sql/why",)]
    click(qtbot, page, "markComplete")
    qtbot.waitUntil(lambda: bench.store.calls_of("complete") == [("sql/why",)])
    bench.desk.changed.emit(frozenset({"progress"}))
    qtbot.waitUntil(lambda: part(page, "nextCard").isVisible())
    click(qtbot, page, "nextItem")
    assert bench.gone[-1] == Place("item", {"item_id": "sql/check"})


def test_an_answer_that_comes_after_leaving_starts_nothing(qtbot: QtBot, bench: Bench) -> None:
    page, _ = reading(qtbot, bench)
    page.refresh()
    page.leave()
    qtbot.waitUntil(lambda: not bench.desk._runner.busy())
    assert bench.store.calls_of("opened") == [("sql/why",)]
    page.show_place(Place("item", {"item_id": "sql/why"}))
    qtbot.waitUntil(lambda: len(bench.store.calls_of("opened")) == 2)


def test_a_change_keeps_where_the_learner_reads(qtbot: QtBot, bench: Bench) -> None:
    _, text = reading(qtbot, bench)
    text.verticalScrollBar().setValue(150)
    before = len(bench.store.calls_of("place"))
    bench.desk.changed.emit(frozenset({"progress"}))
    qtbot.waitUntil(lambda: len(bench.store.calls_of("place")) > before)
    qtbot.waitUntil(lambda: not bench.desk._runner.busy())
    assert text.verticalScrollBar().value() == 150


def test_find_lights_hits_whatever_case_and_accents(qtbot: QtBot, bench: Bench) -> None:
    page, text = reading(qtbot, bench)
    qtbot.keyClick(text, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = part(page, "findField", QLineEdit)
    assert field.hasFocus()
    qtbot.keyClicks(field, "PARAGRAPH 3")
    assert part(page, "findCount", QLabel).text() == "1 of 1"
    assert text.textCursor().block().text().startswith("Paragraph 3:")
    field.clear()
    qtbot.keyClicks(field, "cafe")
    assert part(page, "findCount", QLabel).text() == "1 of 1"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert text.extraSelections() == []


def test_text_size_is_remembered(qtbot: QtBot, bench: Bench) -> None:
    page, text = reading(qtbot, bench)
    before = text.document().defaultFont().pixelSize()
    for _ in range(3):
        click(qtbot, page, "textLarger")
    after = text.document().defaultFont().pixelSize()
    assert after > before
    _, again = reading(qtbot, bench)
    assert again.document().defaultFont().pixelSize() == after


def test_right_to_left_is_laid_out_from_the_right(qtbot: QtBot, bench: Bench) -> None:
    bench.store.readings_by_id["sql/why"] = reading_view(html="<p>کلید چیست؟</p>", direction="rtl")
    _, text = reading(qtbot, bench)
    assert text.document().defaultTextOption().textDirection() == Qt.LayoutDirection.RightToLeft
    assert text.cursorRect(text.textCursor()).left() > text.viewport().width() / 2


def test_what_cannot_be_done_yet_is_said_and_the_text_can_be_read(qtbot: QtBot, bench: Bench) -> None:
    page, text = reading(qtbot, bench, "plan")
    assert any("cannot hand in work yet" in said for said in texts(page))
    assert "Keys" in text.toPlainText()
    assert part(page, "nextCard").isVisible()  # no dead end: the course goes on
    part(page, "markComplete").setFocus()
    click(qtbot, page, "markComplete")
    qtbot.waitUntil(lambda: bench.store.calls_of("complete") == [("sql/plan",)])


def test_a_picture_leaves_no_gap_and_long_code_no_sideways_scrolling(
    qtbot: QtBot, bench: Bench, tmp_path: Path
) -> None:
    picture = tmp_path / "tall.png"
    image = QImage(400, 600, QImage.Format.Format_RGB32)
    image.fill(0)
    image.save(str(picture))
    code = f"<pre>SELECT {'a_long_name, ' * 20} b</pre>"
    html = f'<p>Before</p><p><img src="tall.png"></p><p>After</p>{code}'
    bench.store.readings_by_id["sql/why"] = reading_view(html=html, pictures={"tall.png": picture})
    _, text = reading(qtbot, bench)
    document = text.document()
    blocks = [document.findBlockByNumber(number) for number in range(document.blockCount())]
    block = next(found for found in blocks if "\ufffc" in found.text())
    height = document.documentLayout().blockBoundingRect(block).height()
    assert 600 <= height < 660
    assert text.horizontalScrollBar().maximum() == 0


def test_an_unknown_kind_is_explained(qtbot: QtBot, bench: Bench) -> None:
    page = item(qtbot, bench, "lab")
    qtbot.waitUntil(lambda: "This item needs a newer Haversack" in texts(page))
    click(qtbot, page, "stateAction")
    assert bench.gone[-1] == Place("course", {"course_id": "sql", "section": "week-2"})


def test_an_item_that_is_gone_is_said(qtbot: QtBot, bench: Bench) -> None:
    page = item(qtbot, bench, "nowhere")
    qtbot.waitUntil(lambda: "This is not part of your courses any more." in texts(page))
    assert part(page, "stateAction", QPushButton).text() == "My courses"  # trying again would change nothing
    click(qtbot, page, "stateAction")
    assert bench.gone[-1] == Place("home", {})


def test_the_heading_is_that_of_the_item_in_front(qtbot: QtBot, bench: Bench) -> None:
    page, _ = reading(qtbot, bench)
    assert page.heading() == "Why a key joins tables"
    said: list[str] = []
    page.heading_changed.connect(lambda: said.append(page.heading()))
    page.show_place(Place("item", {"item_id": "sql/plan"}))
    assert page.heading() == ""
    qtbot.waitUntil(lambda: said == ["Plan your own database"])


def test_a_reading_that_is_not_here_is_fetched(qtbot: QtBot, bench: Bench) -> None:
    bench.store.readings_by_id["sql/why"] = reading_view(html=None)
    arrived = reading_view()
    bench.gateway.arriving["sql/why"] = lambda: bench.store.readings_by_id.update({"sql/why": arrived})
    _, text = reading(qtbot, bench)
    assert "Keys" in text.toPlainText()
    assert bench.gateway.fetched == ["sql/why"]


def test_offline_says_so_and_tries_again(qtbot: QtBot, bench: Bench) -> None:
    bench.store.readings_by_id["sql/why"] = reading_view(html=None)
    bench.gateway.online = False
    page = item(qtbot, bench, "why")
    qtbot.waitUntil(lambda: "This text is not on this computer yet" in texts(page))
    bench.store.readings_by_id["sql/why"] = reading_view()
    click(qtbot, page, "stateAction")
    qtbot.waitUntil(lambda: part(page, "readingText").isVisible())


def test_a_late_answer_of_another_item_is_dropped(qtbot: QtBot, bench: Bench) -> None:
    bench.store.readings_by_id["sql/plan"] = reading_view("plan", html="<p>The plan.</p>")
    page, text = reading(qtbot, bench)
    page.show_place(Place("item", {"item_id": "sql/plan"}))
    page.show_place(Place("item", {"item_id": "sql/why"}))
    qtbot.waitUntil(lambda: not bench.desk._runner.busy())
    assert page.heading() == "Why a key joins tables"
    assert "Keys" in text.toPlainText()


def test_the_lesson_is_beside_it_and_leads_on(qtbot: QtBot, bench: Bench) -> None:
    page, _ = reading(qtbot, bench)
    lesson = part(page, "lessonList", LessonList)
    assert lesson.items.rowCount() == len(LESSON)
    click_in(qtbot, lesson, lesson.visualRect(lesson.items.index(3)))
    assert bench.gone[-1] == Place("item", {"item_id": "sql/check"})
    click(qtbot, page, "previousItem")
    assert bench.gone[-1] == Place("item", {"item_id": "sql/joins"})
    click(qtbot, page, "backToCourse")
    assert bench.gone[-1].page == "course"


def test_lesson_model(qtmodeltester: ModelTester, qapp: object) -> None:
    model = LessonModel()
    model.show_items(LESSON, "sql/joins")
    qtmodeltester.check(model)
    model.show_items((replace(LESSON[0], state="new"), *LESSON[1:]), "sql/why")
    qtmodeltester.check(model)
    assert model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole) == (
        "Welcome to the course, Video · 2 min, Not started"
    )


def test_every_control_of_the_page_has_a_name(qtbot: QtBot, bench: Bench) -> None:
    page, _ = reading(qtbot, bench)
    nameless = [
        widget.objectName() or type(widget).__name__
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_pictures_are_kept_within_the_column(tmp_path: Path, qapp: object) -> None:
    wide = tmp_path / "wide.png"
    QImage(2000, 1000, QImage.Format.Format_RGB32).save(str(wide))
    html = prepared('<p><img src="asset:1" alt="a map"><img src="asset:2" alt="a tree"></p>', {"asset:1": wide}, 600)
    assert 'width="600" height="300"' in html
    assert "[picture: a tree]" in html
    assert "asset:2" not in html


def test_preparing_keeps_the_words(qapp: object) -> None:
    html = "<p>1 &lt; 2 &amp; <code>a&#60;b</code></p><pre>x\n  y</pre><table><tr><td>c</td></tr></table>"
    assert plain_text(prepared(html, {}, 600)) == "1 < 2 & a<b x y c"


def test_only_the_web_is_opened(monkeypatch: pytest.MonkeyPatch, qapp: object) -> None:
    seen: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: seen.append(url.toString()))
    for address in ("file:///etc/passwd", "javascript:alert(1)", "haversack://join", "https://example.org/a"):
        open_link(QUrl(address))
    assert seen == ["https://example.org/a"]


def test_what_is_lit_in_a_reading_is_what_was_found(qtbot: QtBot) -> None:
    view = RichText()
    qtbot.addWidget(view)
    view.show_html("<p>Smile 😀 and join. <b>Stra&szlig;e</b> 😀 JOIN</p>", "ltr", {})
    for query, lit in (("join", ["join", "JOIN"]), ("strasse", ["Straße"])):
        view.find_text(query)
        assert [selection.cursor.selectedText() for selection in view.extraSelections()] == lit


def test_hits_know_their_place_in_the_text() -> None:
    text = "Über die ÜBER-setzung; ueber"
    assert occurrences(text, "über") == [(0, 4), (9, 13)]
    assert occurrences(text, "uber") == [(0, 4), (9, 13)]
    assert occurrences(text, "  ") == []
    assert occurrences("ﬁnal fi", "fi") == [(0, 1), (5, 7)]


def test_a_link_in_a_reading_goes_to_the_browser(qtbot: QtBot, bench: Bench) -> None:
    _, text = reading(qtbot, bench)
    cursor = text.document().find("More")
    cursor.setPosition(cursor.selectionStart() + 1)
    spot: QPoint = text.cursorRect(cursor).center()
    assert text.anchorAt(spot) == "https://example.org/keys"
    assert not text.openLinks()
    assert place("why").item.kind == "reading"


@pytest.mark.parametrize("slug", ["joins", "why", "check", "test", "plan", "lab"])
def test_panes_come_without_stray_windows(qapp: QApplication, qtbot: QtBot, bench: Bench, slug: str) -> None:
    bench.gateway.online = False
    page = item(qtbot, bench, "lab")
    watch = WindowWatch(page, page)
    qapp.installEventFilter(watch)
    page.show_place(Place("item", {"item_id": f"sql/{slug}"}))
    qtbot.waitUntil(lambda: not bench.desk._runner.busy())
    assert watch.stray == []


def test_an_item_that_is_not_there_leaves_no_button_that_does_nothing(qtbot: QtBot, bench: Bench) -> None:
    page, _ = reading(qtbot, bench)
    page.show_place(Place("item", {"item_id": "sql/none"}))
    assert part(page, "lessonList").isVisible()  # nothing jumps while another item is on its way
    qtbot.waitUntil(lambda: part(page, "stateAction").isVisible())
    for name in ("lessonList", "previousItem", "followingItem"):
        assert not part(page, name).isVisible()
    page.show_place(Place("item", {"item_id": "sql/why"}))
    qtbot.waitUntil(lambda: part(page, "readingText").isVisible())
    assert part(page, "followingItem").isVisible()
