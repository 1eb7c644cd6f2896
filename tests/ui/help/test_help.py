"""Help: the handbook opens at the right place; tour once, dates once a day."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

from fsdesk.domain.findings import FindingCode, workspace_error
from fsdesk.domain.status.measures import Measure
from fsdesk.places import project_file
from tests.levels import city_plan
from tests.workspaces import make_office
from ui import remember
from ui.help import book as books
from ui.help.handbook import Handbook
from ui.help.tour import Tour, TourNote, tour_wanted

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton
FIVE_LINES = 5 * 40  # characters, as the handbook's window sets them
WORDS_OF_WINDOWS = {"更多信息", "仍要运行"}


@pytest.fixture
def open_role(qtbot, start, folders):
    def open_one(role):
        program = start(folders / role)
        qtbot.waitUntil(lambda: program.window.current_key != "start", timeout=WAIT)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        return program

    return open_one


def settle(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


@pytest.mark.parametrize("role", ["office", "unit"])
def test_f1_opens_the_handbook_at_every_page(qtbot, open_role, role):
    program = open_role(role)
    places = set()
    for spec in program.window.specs:
        if spec.key == "start":
            continue
        program.window.open(spec.key)
        settle(qtbot, program)
        qtbot.keyClick(program.window, Qt.Key.Key_F1)
        book = program.companion.book
        assert book.isVisible(), (
            spec.title,
            QApplication.activeWindow(),
            QApplication.focusWidget(),
        )
        assert book.place_of(spec.help or spec.title) > 0, spec.title
        places.add(book.text.textCursor().position())
        book.close()
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
    assert len(places) > 3


def test_the_handbook_lists_its_headings_and_finds_words(qtbot, theme):
    book = Handbook()
    qtbot.addWidget(book)
    book.show()
    titles = [book.contents.item(row).text() for row in range(book.contents.count())]
    assert titles[0] == "食药安工作台用户手册"
    assert "计算规则" in "".join(titles)
    row = next(n for n, title in enumerate(titles) if "计算规则" in title)
    box = book.contents.visualItemRect(book.contents.item(row)).center()
    qtbot.mouseClick(book.contents.viewport(), LEFT, pos=box)
    assert "计算规则" in book.text.textCursor().block().text()
    book.search.setText("序时进度")
    book.find_next()
    assert book.text.textCursor().selectedText() == "序时进度"
    assert not book.open_at("没有这样的页面")


def test_the_handbooks_pictures_are_no_wider_than_the_text(qtbot, theme):
    book = Handbook()
    qtbot.addWidget(book)
    book.resize(900, 600)
    book.show()
    room = book.text.document().resource(2, QUrl("pictures/first-run.png"))
    assert 0 < room.width() <= book.text.viewport().width()

    def is_there():
        shown = book.text.document().resource(2, QUrl("pictures/first-run.png"))
        assert shown.size() == room.size()  # nothing is laid out anew
        return len({shown.pixel(x, shown.height() // 2) for x in range(shown.width())}) > 1

    assert not is_there()  # the text doesn't wait for its pictures
    qtbot.waitUntil(is_there, timeout=WAIT)


@pytest.fixture
def touring(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 500)
    spots = [QWidget(window) for _ in range(3)]
    for spot, (x, y) in zip(spots, [(0, 0), (700, 10), (10, 460)], strict=True):
        spot.setGeometry(x, y, 60, 30)
    window.show()
    marks = [TourNote(f"第{n}处", "说明文字", lambda spot=s: spot) for n, s in enumerate(spots, 1)]
    tour = Tour(window, [*marks, TourNote("没有", "", lambda: None)])
    tour.start()
    tour.host = window
    return tour


def test_the_tour_goes_from_note_to_note_inside_the_window_and_is_remembered(qtbot, touring):
    assert tour_wanted()
    for number in (1, 2, 3):
        assert touring.title.text() == f"第{number}处"
        assert touring.rect().contains(touring.note.geometry())
        assert not touring.note.geometry().intersects(touring._hole().adjusted(5, 5, -5, -5))
        if number < 3:
            qtbot.mouseClick(touring.go_on, LEFT)
    assert touring.go_on.text() == "开始使用"
    with qtbot.waitSignal(touring.ended):
        qtbot.mouseClick(touring.go_on, LEFT)
    assert not tour_wanted()


def test_the_tour_is_skipped_with_escape(qtbot, touring):
    with qtbot.waitSignal(touring.ended):
        qtbot.keyClick(touring, Qt.Key.Key_Escape)
    assert not tour_wanted()


def test_the_tour_darkens_all_but_its_target(touring):
    image = touring.grab().toImage()
    assert image.pixelColor(QPoint(20, 15)).alpha() == 0 or image.pixelColor(
        20, 15
    ) != image.pixelColor(400, 300)


def test_only_people_are_shown_around(qtbot, open_role):
    program = open_role("office")
    assert program.companion.tour is None
    program.companion.offer_tour()
    qtbot.waitUntil(lambda: program.companion.tour is not None, timeout=WAIT)
    assert "换页" in program.companion.tour.title.text()
    program.companion.tour.end()
    program.companion.offer_tour()
    assert program.companion.tour is None


@pytest.mark.parametrize(
    ("days", "words"),
    [(2, "还有 2 天截止"), (0, "今天截止"), (-3, "已逾期 3 天"), (9, ""), (None, "")],
)
def test_a_due_date_is_told_once_a_day(qtbot, open_role, monkeypatch, days, words):
    program = open_role("unit")
    told = []
    monkeypatch.setattr(program.messages, "warn", lambda text, **_: told.append(text))
    for _ in range(2):
        program.companion.remind("3月报送", days, "2026-04-03")
    assert [words in text for text in told] == ([True] if words else [])
    assert bool(remember.recall("reminded")) is bool(words)


def press_f1(qtbot, program):
    qtbot.keyClick(program.window, Qt.Key.Key_F1)
    book = program.companion.book
    cursor = book.text.textCursor()
    book.close()
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
    return cursor.block().text()


def test_f1_on_a_figure_shows_what_it_is(qtbot, open_role):
    program = open_role("office")
    page = program.window.page("overview")
    settle(qtbot, program)
    page.stack.setCurrentIndex(0)
    for tile in (page.progress, page.lights, page.reporting, page.week):
        tile.setFocus()
        assert press_f1(qtbot, program) == tile.accessibleName().partition("：")[0]
    page.first.setFocus()
    assert press_f1(qtbot, program) != "差距"


def test_f1_in_a_table_explains_the_column_that_the_mouse_is_on(qtbot, open_role):
    program = open_role("office")
    program.window.open("aggregate")
    settle(qtbot, program)
    table = program.window.page("aggregate").tables[0]
    heads = [table.model().headerData(n, Qt.Orientation.Horizontal) for n in range(6)]
    place = heads.index("任务进度")
    spot = QPoint(table.columnViewportPosition(place) + 10, 40)
    QCursor.setPos(table.viewport().mapToGlobal(spot))
    assert press_f1(qtbot, program) == "任务进度"
    tip = table.model().headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == Measure.TASK_PROGRESS.explanation
    QCursor.setPos(QPoint(0, 0))


# Questions, roles, faults, links


@pytest.fixture
def book(qtbot, theme):
    made = Handbook(office=False)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(book):
    """Return the title of the section that is shown at the top."""
    return book.text.textCursor().block().text()


@pytest.mark.parametrize("called", ["区食药安办", "市食药安办", "省安委办"])
def test_each_role_is_led_to_its_own_chapter(qtbot, theme, called):
    places = {}
    for office in (True, False):
        made = Handbook(office=office, called=called)
        qtbot.addWidget(made)
        places[office] = {word: made.place_of(word) for word in ("交换", "导出", "台账")}
    assert places[True]["交换"] != places[False]["交换"]
    assert places[True]["台账"] == places[False]["台账"]  # of both


def test_the_books_call_the_office_as_the_opened_plan_does(qtbot, start, tmp_path):
    with make_office(tmp_path / "city", plan=city_plan()):
        pass
    program = start(tmp_path / "city")
    qtbot.waitUntil(lambda: program.window.current_key != "start", timeout=WAIT)
    program.companion.open_handbook()
    text = program.companion.book.text.toPlainText()
    assert "三、市食药安办" in text
    assert books.OFFICE not in text
    program.companion.book.close()


@pytest.mark.parametrize("fault", list(FindingCode))
def test_each_fault_of_the_program_has_its_paragraph(book, fault):
    assert book.open_for(fault)
    titles = books.questions_of_faults(books.read())
    assert shown(book) == titles[fault]


def test_an_error_leads_to_its_paragraph(qtbot, open_role):
    program = open_role("unit")
    program.messages.error(workspace_error("占用", "稍后", FindingCode.WORKSPACE_IN_USE))
    box = QApplication.activeModalWidget()
    more = next(each for each in box.buttons() if each.text() == "看说明")
    qtbot.mouseClick(more, LEFT)
    assert shown(program.companion.book) == "工作区正被占用"


def test_the_field_leaves_the_sections_that_hold_all_words(qtbot, book):
    def left():
        rows = (book.contents.item(row) for row in range(book.contents.count()))
        return [row.text().strip() for row in rows if not row.isHidden()]

    everything = left()
    book.search.setText("佐证 限制")
    qtbot.waitUntil(lambda: 0 < len(left()) < 10)
    assert "佐证材料怎样添加，有多大限制？" in left()
    assert book.found.text() == f"{len(left())} 处"
    book.search.clear()
    qtbot.waitUntil(lambda: left() == everything)
    book.search.setText("绝无此词")
    qtbot.waitUntil(lambda: book.found.text() == "没有找到")


@pytest.mark.parametrize("role", ["office", "unit"])
def test_a_link_opens_the_place_in_the_window(qtbot, open_role, role):
    program = open_role(role)
    qtbot.keyClick(program.window, Qt.Key.Key_F1)
    for page in ("printing", "supervision"):
        program.companion.book.text.anchorClicked.emit(QUrl(f"fsdesk:{page}"))
        assert program.window.current_key == page
        settle(qtbot, program)


def test_every_link_of_the_books_leads_somewhere(book, open_role):
    pages = {spec.key for role in ("office", "unit") for spec in open_role(role).window.specs}
    for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", books.read()):
        if link.startswith("fsdesk:"):
            assert link.removeprefix("fsdesk:") in pages, link
        else:
            assert book.place_of(books.title_of(link)) > 0, link
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", books.read()):
        assert project_file(f"docs/{picture}").is_file(), picture


def questions():
    text = project_file("docs/questions.md").read_text(encoding="utf-8")
    for chapter in text.split("\n## ")[1:]:
        name, _, rest = chapter.partition("\n")
        for part in rest.split("\n### ")[1:]:
            yield name, *part.split("<!--")[0].strip().split("\n", 1)


def test_forty_questions_of_clerks_and_twenty_of_offices_are_answered_shortly():
    counted = Counter(chapter for chapter, _, _ in questions())
    assert counted["责任单位常问"] >= 40
    assert counted["区食药安办常问"] >= 20
    for _, question, answer in questions():
        words = re.sub(r"\[[^\]]*\]\([^)]*\)", "", answer)
        assert len(words) <= FIVE_LINES, question
        assert "](fsdesk:" in answer or "右上角“工作区”" in answer, question
        assert not re.search(r"main\.py|--\w", words), question


def test_what_an_answer_quotes_stands_in_the_window():
    sources = "".join(
        re.sub(r'"\s*\n\s*f?"', "", file.read_text(encoding="utf-8"))
        for folder in ("ui", "fsdesk")
        for file in project_file(folder).rglob("*.py")
    )
    for _, question, answer in questions():
        for word in re.findall("“([^”]*)”", answer):
            assert word in sources or word in WORDS_OF_WINDOWS, (question, word)


def test_the_handbook_names_no_command_where_there_is_a_button():
    for file in books.FILES[:3]:
        text = project_file(file).read_text(encoding="utf-8")
        assert not re.findall(r"main\.py|`[a-z]+ [a-z-]+[^`]*`|`--[a-z]", text), file
