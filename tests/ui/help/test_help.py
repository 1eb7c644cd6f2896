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
CALLED = {"about": "“更新内容和许可”"}  # pages that the handbook calls otherwise than their heads
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
def test_f1_opens_at_every_page_what_is_told_of_it_to_that_role(qtbot, open_role, role):
    program = open_role(role)
    opened = {}
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
        text, place = book.text.textCursor().block().text(), book.text.textCursor().position()
        words = spec.help or spec.title
        named = text == words or text.endswith(f"、{words}")  # a chapter
        assert named or re.match(f"{words}(（[^）]*）)?：", text), (spec.title, text)
        assert named or CALLED.get(spec.key, spec.title) in text, (spec.title, text)
        assert place not in books._foreign(book._blocks, office=role == "office"), spec.title
        opened[spec.title] = place
        book.close()
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
    assert len(set(opened.values())) == len(opened)


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
    qtbot.keyClick(book.search, Qt.Key.Key_Return)
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
        places[office] = {word: made.place_of(word) for word in ("计划", "汇总", "台账")}
    assert places[True]["计划"] != places[False]["计划"]
    assert places[True]["汇总"] != places[False]["汇总"]
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


def listed(book):
    return [book.contents.item(row).text() for row in range(book.contents.count())]


def test_the_field_lists_what_answers_and_shows_the_best(qtbot, book):
    everything = listed(book)
    book.search.setText("佐证 限制")
    qtbot.waitUntil(lambda: 1 < len(listed(book)) < 20 and not book._fresh)
    assert listed(book)[0] == shown(book) == "佐证材料怎样添加，有多大限制？"
    assert book.found.text() == f"{len(listed(book))} 处"
    qtbot.keyClick(book.search, Qt.Key.Key_Return)
    assert book.contents.currentRow() == 1
    book.search.clear()
    qtbot.waitUntil(lambda: listed(book) == everything)


def test_enter_right_after_typing_shows_the_best(qtbot, book):
    book.search.setText("怎样升级会不会丢数据")
    qtbot.keyClick(book.search, Qt.Key.Key_Return)
    assert shown(book) == "怎样升级，数据会不会丢？"


def test_where_nothing_answers_the_window_says_so_in_place_of_the_text(qtbot, book):
    book.search.setText("绝无此词")
    qtbot.waitUntil(book.nothing.isVisible)
    assert "没有找到“绝无此词”" in book.nothing.text()
    assert book.found.text() == "没有找到"
    assert not book.text.isVisible()
    assert not listed(book)
    assert book.open_for("password")
    assert book.text.isVisible()
    assert shown(book) == "密码不对或没有输入"


# As clerks type it, and words of a title or text among the first three that are found.
TYPED = """
unit 密码忘了怎么办|忘记密码|怎样设密码
unit 照片太大传不上去|有多大限制
unit 经办人换了怎么交接|换电脑怎样搬
unit 怎么撤回已经报送的|报送已经接收，发现数字错了
unit 佐证材料怎么添加|佐证材料怎样添加
unit 打印机 打印不出来|打印输出|怎样打印
unit 微信 发送文件|怎样报送|导出报送包
unit 怎么上报市里|取数
unit 静默安装|管理员批量安装
unit 数据存在哪里|数据的位置|数据只保存在本机
unit 多人共用一台电脑|几个人能同时填|共享数据库
unit u盘|U 盘
unit 怎么导出报送包|怎样报送
unit 填错月份了怎么改|移到其他月份
unit 报送被退回了怎么办|被退回了怎么办
unit 怎么延期|回复期限来不及
unit 函件不属实怎么申诉|函件说的不对
unit 导出的文件在哪里|报送文件找不到了
unit 怎么复制上个月的数据|和上个月一样
unit 红灯是什么意思|为什么亮红灯
unit 完成率怎么算|完成率
unit 杀毒软件报毒|杀毒软件、SmartScreen
unit 升级会不会丢数据|怎样升级
unit 电脑停电了|突然断电
unit excel导入身份证号变成科学计数法|4.4E+17
unit 字太小看不清|字太小
unit 怎么知道有没有交到|怎样知道交到了没有
unit 怎么备份|怎样备份
office 怎么催报|谁还没有报
office 单位换电脑收不了文件|签名|登记新密钥
office 新增一个单位|“单位”维护单位
office 单位改名了|单位撤并、改名
office 台账太大 导入|导入清单|台账很长时
office 怎么发通报|工作通报
office 怎么核对密钥|怎样核对单位的签名密钥
office 下一年度计划怎么编|下一年度计划
office 两个单位重复登记|同一记录由几个单位登记
office 迎检材料怎么准备|迎检材料怎样准备
office 撤回已印发的函件|函件印发错了
office 怎么导入工作要点|怎样把工作要点文件变成计划
office 怎么下发|怎样下发
"""


@pytest.fixture(scope="module")
def answers(qapp):
    made = {role: Handbook(office=role == "office") for role in ("unit", "office")}
    yield {role: each._answers for role, each in made.items()}
    for each in made.values():
        each.deleteLater()


@pytest.mark.parametrize("line", TYPED.split("\n")[1:-1])
def test_a_question_as_it_is_typed_finds_its_answer(answers, line):
    question, *wanted = line.partition(" ")[2].split("|")
    found = answers[line.partition(" ")[0]].find(question)[:3]
    told = [f"{each.title} {each.text}" for each in found]
    assert any(words in each for each in told for words in wanted), told


def test_what_the_books_do_not_tell_is_not_found(answers):
    for words in ("今天天气怎么样", "绝无此词", "食堂菜谱推荐"):
        assert not answers["unit"].find(words), words


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
