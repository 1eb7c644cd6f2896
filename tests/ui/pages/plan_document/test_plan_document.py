"""An official document is read, checked and corrected beside its text, and taken after a yes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.plan import Role
from fsdesk.domain.records.records import DataValue
from fsdesk.services.drafts import kept
from fsdesk.services.plan import planning
from fsdesk.services.plan_document import parties
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace
from ui.appearance import Mode
from ui.drafts import Drafts
from ui.pages.plan.plan import PlanPage
from ui.pages.plan_document import page as page_module
from ui.pages.plan_document.page import PlanDocumentPage
from ui.pages.plan_document.pasting import PasteDialog
from ui.pages.recording.recording import RecordingPage
from ui.theme import DARK

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
TEXT = """2026年区食品药品安全工作要点

一、压实责任
1. 强化抽检监测
开展食品监督抽检，全年不少于1500批次。[区市场监管局负责]
召开联席会议，研究解决问题。[区食药安办牵头，西兴街道配合]
2. 加强宣传
开展科普宣传进社区。[区新设单位负责]
"""

# The plan that the workspace has, with another target and a name that it doesn't know.
REVISED = """2026年工作要点
一、保障能力
1.风险预警
抽检和处置。抽检批次不少于1500批次。[区市场监管局、区发改局(农业农村局)按职责分工负责]
齐抓共管，召开联席会议。[区食药安办牵头，区新设单位配合]
"""


@pytest.fixture
def revised(tmp_path):
    file = tmp_path / "修订稿.txt"
    file.write_text(REVISED, encoding="utf-8")
    return file


@pytest.fixture
def document(tmp_path):
    file = tmp_path / "工作要点.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture
def at_office(page_test, office):
    test = page_test(office)
    test.page = test.show(PlanDocumentPage(test.desk))
    return test


def read(test, file):
    test.page.read(file)
    test.settle()
    return test.page.checking


def click(test, button):
    test.qtbot.mouseClick(button, LEFT)
    test.settle()


def drop(widget, data):
    """Drop as the system does: it asks first, then lets go."""
    at, action = QPoint(40, 40), Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at, action, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(at), action, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def with_file(file):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    return data


def leaves(tree):
    root = tree.invisibleRootItem()
    return [
        root.child(s).child(p).child(t)
        for s in range(root.childCount())
        for p in range(root.child(s).childCount())
        for t in range(root.child(s).child(p).childCount())
    ]


def marked(checking):
    return [mark.cursor.selectedText() for mark in checking.source.text.extraSelections()]


def click_row(test, words):
    """Click the doubt that holds some words."""
    table = test.page.checking.doubts.table
    rows = test.page.checking.doubts.model.rows
    at = next(n for n, doubt in enumerate(rows) if words in doubt.message)
    place = table.visualRect(table.model().index(at, 2)).center()
    test.qtbot.mouseClick(table.viewport(), LEFT, pos=place)


def click_item(test, item):
    tree = test.page.checking.tree
    tree.scrollToItem(item)
    test.qtbot.mouseClick(tree.viewport(), LEFT, pos=tree.visualItemRect(item).center())


def mark(checking, words):
    """Mark words in the document, as dragging the mouse over them does."""
    text = checking.source.text
    start = text.toPlainText().index(words)
    cursor = text.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(start + len(words), QTextCursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)


def draft(test):
    return test.page.checking.trail.present.plan


def test_the_document_stands_beside_what_was_read(at_office, document):
    assert not at_office.page.confirm.isVisible()
    checking = read(at_office, document)
    assert checking.source.text.toPlainText().startswith("2026年区食品药品安全工作要点")
    tasks = leaves(checking.tree)
    assert len(tasks) == 3
    assert "区市场监管局（负责）" in tasks[0].text(1)
    assert "≥1500批次" in tasks[0].child(0).text(1)
    assert "3 项任务" in at_office.page.header._note.text()
    assert "新单位 1 个" in at_office.page.header._note.text()


def test_text_and_tasks_point_at_each_other(at_office, document):
    checking = read(at_office, document)
    click_item(at_office, leaves(checking.tree)[1])
    assert any("联席会议" in text for text in marked(checking))
    text = checking.source.text
    cursor = text.textCursor()
    cursor.setPosition(text.document().findBlockByNumber(4).position())
    text.setTextCursor(cursor)
    assert checking.tree.currentItem() is leaves(checking.tree)[0]


def test_a_doubt_shows_its_place_and_its_form(at_office, document):
    checking = read(at_office, document)
    click_row(at_office, "区新设单位")
    assert marked(checking) == ["区新设单位"]
    assert checking.tree.currentItem() is leaves(checking.tree)[2]
    assert checking.forms.party.isVisible()
    assert "涉及 1 项任务" in checking.forms.party.words.text()


def test_marks_and_warnings_follow_a_change_of_colours(at_office, document, theme):
    checking = read(at_office, document)
    click_row(at_office, "区新设单位")
    doubtful = leaves(checking.tree)[2]
    warned = doubtful.icon(0).pixmap(18, 18).toImage()
    theme.set_mode(Mode.DARK)
    (mark,) = checking.source.text.extraSelections()
    assert mark.format.background().color().name() == DARK.chosen
    assert doubtful.icon(0).pixmap(18, 18).toImage() != warned


def test_a_name_is_matched_with_a_known_unit_and_taken_back_by_keys(at_office, document):
    checking = read(at_office, document)
    click_row(at_office, "区新设单位")
    checking.forms.party.known.setCurrentText("区市场监管局")
    click(at_office, checking.forms.party.match)
    assert [a.party for a in draft(at_office).tasks[2].assignments] == ["scj"]
    assert "区新设单位" in draft(at_office).directory.by_code["scj"].aliases
    assert checking.doubts.heading.text() == "没有需要核对的地方"

    at_office.qtbot.keyClick(checking.tree, Qt.Key.Key_Z, CTRL)
    assert draft(at_office).directory.by_code["scj"].aliases != ("区市监局", "区新设单位")
    assert "1 处需要核对" in checking.doubts.heading.text()
    at_office.qtbot.keyClick(checking.tree, Qt.Key.Key_Y, CTRL)
    assert "区新设单位" in draft(at_office).directory.by_code["scj"].aliases
    assert not at_office.page.redo.isEnabled()


def test_a_name_becomes_a_unit_of_a_kind(at_office, document):
    checking = read(at_office, document)
    click_row(at_office, "区新设单位")
    form = checking.forms.party
    form.name.clear()
    at_office.qtbot.keyClicks(form.name, "qxjw")
    form.kind.setCurrentText("垂直管理单位")
    click(at_office, form.create_new)
    unit = draft(at_office).directory.find("qxjw")
    assert unit.kind.label == "垂直管理单位"
    assert unit.aliases == ("区新设单位",)
    assert not checking.doubts.model.rows


def test_what_makes_no_sense_is_told_and_changes_nothing(at_office, document):
    checking = read(at_office, document)
    before = draft(at_office)
    click_row(at_office, "区新设单位")
    checking.forms.party.name.setText("区市场监管局")
    click(at_office, checking.forms.party.create_new)
    assert "已是" in str(at_office.told.errors[0])
    assert draft(at_office) == before
    assert not at_office.page.undo.isEnabled()


def test_who_answers_is_changed_by_mouse(at_office, document):
    checking = read(at_office, document)
    click_item(at_office, leaves(checking.tree)[0])
    parties = checking.forms.task.parties
    parties.party.setCurrentText("西兴街道")
    parties.role.set_value(Role.SUPPORT)
    click(at_office, parties.add)
    who = [(a.party, a.role) for a in draft(at_office).tasks[0].assignments]
    assert who == [("scj", Role.SOLE), ("xx", Role.SUPPORT)]
    assert "西兴街道（配合）" in leaves(checking.tree)[0].text(1)


def test_a_target_is_changed_or_taken_off(at_office, document):
    checking = read(at_office, document)
    leaves(checking.tree)[0].setExpanded(True)
    click_item(at_office, leaves(checking.tree)[0].child(0))
    field = checking.forms.indicator.fields.fields["target"]
    field.setFocus()
    field.selectAll()
    at_office.qtbot.keyClicks(field, "1600")
    at_office.qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert draft(at_office).indicators[0].target == 1600
    click(at_office, checking.forms.buttons["不列为指标"])
    assert not draft(at_office).indicators
    click(at_office, at_office.page.undo)
    click(at_office, at_office.page.undo)
    assert draft(at_office).indicators[0].target == 1500


def test_marked_text_becomes_what_its_button_says(at_office, document):
    checking = read(at_office, document)
    buttons = checking.source.buttons
    assert not buttons["列为指标"].isEnabled()
    mark(checking, "研究解决问题")
    click(at_office, buttons["列为事项"])
    titles = [d.title for d in draft(at_office).tasks[1].deliverables]
    assert titles == ["联席会议", "问题研究解决"]

    mark(checking, "研究解决问题。")
    click(at_office, buttons["另立任务"])
    assert [task.title for task in draft(at_office).tasks[1:3]] == ["召开联席会议", "研究解决问题"]
    click(at_office, checking.forms.buttons["与上一项合并"])
    assert len(draft(at_office).tasks) == 3

    click_item(at_office, leaves(checking.tree)[0].child(0))
    click(at_office, checking.forms.buttons["不列为指标"])
    mark(checking, "不少于1500批次")
    click(at_office, buttons["列为指标"])
    assert draft(at_office).indicators[0].target_text == "≥1500批次"
    mark(checking, "联席会议")
    click(at_office, buttons["列为指标"])
    assert "没有带单位的数字" in str(at_office.told.errors[0])


def test_a_doubt_is_ticked_off_and_the_next_one_is_due(at_office, tmp_path):
    file = tmp_path / "b.txt"
    file.write_text(TEXT + "开展培训。[区另一单位负责]\n", encoding="utf-8")
    checking = read(at_office, file)
    click_row(at_office, "区新设单位")
    click(at_office, checking.doubts.settle)
    assert [doubt.text for doubt in checking.doubts.model.rows] == ["区另一单位"]
    assert marked(checking) == ["区另一单位"]


MANY = TEXT + "".join(f"开展第{n}项培训。[区{n}局负责]\n" for n in "甲")


@pytest.fixture
def many(at_office, tmp_path):
    file = tmp_path / "多处.txt"
    file.write_text(MANY, encoding="utf-8")
    return read(at_office, file)


def test_doubts_of_one_kind_are_settled_together(at_office, many):
    click_row(at_office, "区新设单位")
    assert many.doubts.alike.text() == "同类 2 处都已核对"
    click(at_office, many.doubts.alike)
    assert not many.doubts.model.rows
    click(at_office, at_office.page.undo)
    assert len(many.doubts.model.rows) == 2


def test_new_names_become_units_together(at_office, many):
    click_row(at_office, "区新设单位")
    click(at_office, many.forms.party.create_all)
    assert not many.doubts.model.rows
    assert "区甲局" in {unit.name for unit in draft(at_office).directory.units}
    assert "4 项任务（4 项无疑问）" in at_office.page.header._note.text()


def test_tasks_of_units_that_nobody_knows_are_not_without_doubt(at_office, tmp_path):
    """Where most names are new, each is told as a notice alone."""
    file = tmp_path / "外地.txt"
    words = "".join(f"{n}.开展第{n}项培训。[区{n}局负责]\n" for n in "甲乙丙")
    file.write_text(f"2026年工作要点\n一、培训\n1.培训。\n{words}", encoding="utf-8")
    checking = read(at_office, file)
    assert len(draft(at_office).tasks) == 3
    assert "3 项任务（0 项无疑问）" in at_office.page.header._note.text()
    click_row(at_office, "没有“区甲局”")
    click(at_office, checking.forms.party.create_all)
    assert "3 项任务（2 项无疑问）" in at_office.page.header._note.text()


def test_names_are_matched_together_with_what_they_are_like(at_office, tmp_path):
    file = tmp_path / "别的写法.txt"
    words = TEXT.replace("区新设单位", "西兴街道办").replace("区市场监管局", "区市场监督管理局")
    file.write_text(words, encoding="utf-8")
    checking = read(at_office, file)
    waiting = parties.open_parties(checking.trail.present)
    assert [bool(party.suggestion) for party in waiting] == [True, True]
    click_row(at_office, waiting[0].name)
    click(at_office, checking.forms.party.match_all)
    assert not checking.doubts.model.rows
    assert not checking.trail.present.new_parties


def test_one_key_leads_from_doubt_to_doubt(at_office, many):
    assert "4 项任务（2 项无疑问）" in at_office.page.header._note.text()
    seen = []
    for _ in range(3):
        at_office.qtbot.keyClick(many.tree, Qt.Key.Key_F8)
        seen += marked(many)
    assert seen == ["区新设单位", "区甲局", "区新设单位"]
    at_office.qtbot.keyClick(many.tree, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert marked(many) == ["区甲局"]


def test_who_answers_for_a_document_that_names_nobody_is_asked_once(at_office, tmp_path):
    file = tmp_path / "清单.txt"
    file.write_text("食品安全责任清单\n1.落实主体责任。\n2.建立查验制度。\n", encoding="utf-8")
    checking = read(at_office, file)
    click_row(at_office, "没有写明任何责任单位")
    owner = checking.forms.owner
    assert "2 项任务没有写明责任单位" in owner.words.text()
    assert "2 项任务（0 项无疑问）" in at_office.page.header._note.text()
    owner.owner.setCurrentText("区市场监管局")
    click(at_office, owner.assign)
    assert [[a.party for a in t.assignments] for t in draft(at_office).tasks] == [["scj"], ["scj"]]
    assert not checking.trail.present.warnings


def test_nothing_changes_before_the_yes_and_data_stays_after(at_office, office, revised):
    recording.record_value(office, "I01-1", "2026-03", DataValue(5), unit="scj")
    before = planning.current_plan(office)
    read(at_office, revised)
    click(at_office, at_office.page.confirm)
    taking = at_office.page.taking
    assert taking.isVisible()
    assert "按这份文件更新 2026 年计划：新增" in taking.heading.text()
    assert "还有 1 处没有核对" in taking.words.text()
    assert {line.change.kind for line in taking.model.rows if line.word == "新增"} == {"单位"}
    target = next(line for line in taking.model.rows if line.field == "目标")
    assert (target.word, target.before, target.after) == ("修改", "≥1200批次", "≥1500批次")
    assert planning.current_plan(office) == before

    click(at_office, taking.go_back)
    assert at_office.page.checking.isVisible()
    click(at_office, at_office.page.confirm)
    taking.effect.answer.from_day.click()  # from the running month on: no past month changes
    with at_office.qtbot.waitSignal(at_office.page.open_requested) as asked:
        at_office.qtbot.mouseClick(taking.confirm, LEFT)
    assert asked.args == ["plan", None]
    after = planning.current_plan(office)
    assert after.revision > before.revision
    assert any("区新设单位" in unit.name for unit in after.directory.units)
    assert after.indicators[0].code == "I01-1"
    assert after.at(Period.parse("2026-03")).tasks == before.tasks
    assert "重新下发" in at_office.told.news[0]


def test_the_plan_as_it_stands_brings_no_change(at_office, document):
    read(at_office, document)
    click(at_office, at_office.page.confirm)
    at_office.page.taking.effect.answer.from_day.click()
    click(at_office, at_office.page.taking.confirm)
    read(at_office, document)
    click(at_office, at_office.page.confirm)
    assert at_office.told.news[-1] == "文件与现有计划一致，没有变化。"
    assert at_office.page.checking.isVisible()


def test_next_years_document_becomes_a_workspace_of_its_own(
    at_office, office, tmp_path, monkeypatch
):
    recording.record_value(office, "I01-1", "2026-03", DataValue(840), unit="scj")
    before = planning.current_plan(office)
    file = tmp_path / "明年.txt"
    file.write_text(REVISED.replace("2026", "2027"), encoding="utf-8")
    read(at_office, file)
    click(at_office, at_office.page.confirm)
    taking = at_office.page.taking
    assert "将另建工作区" in taking.heading.text()

    monkeypatch.setattr(at_office.desk.files, "folder", lambda *_: None)
    click(at_office, taking.confirm)
    assert taking.isVisible()
    monkeypatch.setattr(at_office.desk.files, "folder", lambda *_: tmp_path / "新")
    click(at_office, taking.confirm)

    assert planning.current_plan(office) == before
    with open_workspace(tmp_path / "新" / "食药安工作台2027年", write=False) as made:
        plan = planning.current_plan(made)
        assert made.identity.year == plan.year == 2027
        assert made.rules == replace(office.rules, issued_on=None)  # no unit has it yet
    samples = plan.indicators_by_code["I01-1"]
    assert (samples.target, samples.baseline) == (1500, 840)
    assert "带有上年完成值" in at_office.told.news[0]


def test_next_year_begins_from_this_years_plan(at_office, tmp_path, monkeypatch):
    click(at_office, at_office.page.beginning.next_year)
    checking = at_office.page.checking
    assert not checking.source.isVisible()
    assert draft(at_office).year == 2027
    click(at_office, at_office.page.confirm)
    monkeypatch.setattr(at_office.desk.files, "folder", lambda *_: tmp_path / "新")
    click(at_office, at_office.page.taking.confirm)
    with open_workspace(tmp_path / "新" / "食药安工作台2027年", write=False) as made:
        assert len(planning.current_plan(made).tasks) == 2


def test_what_is_no_plan_is_refused(at_office, tmp_path):
    file = tmp_path / "小说.txt"
    file.write_text("从前有座山。\n" * 50, encoding="utf-8")
    read(at_office, file)
    assert at_office.told.errors
    assert at_office.page.beginning.isVisible()


def test_pasted_and_dropped_text_is_read_like_a_file(at_office, monkeypatch):
    monkeypatch.setattr(page_module, "ask_for_text", lambda *_: (TEXT, ""))
    click(at_office, at_office.page.beginning.paste)
    assert len(draft(at_office).tasks) == 3
    data = QMimeData()
    data.setText(TEXT.replace("1500", "1700"))
    drop(at_office.page, data)
    at_office.settle()
    assert draft(at_office).indicators[0].target == 1700


def test_pasting_begins_with_what_was_copied_or_what_a_kill_left(qtbot, at_office):
    QApplication.clipboard().setText(TEXT)
    drafts = at_office.desk.drafts
    dialog = PasteDialog(None, drafts)
    qtbot.addWidget(dialog)
    assert dialog.text.toPlainText().startswith("2026年")
    dialog.text.clear()
    assert not dialog.read.isEnabled()
    dialog.text.setPlainText("自己写的要点")
    again = PasteDialog(None, drafts)
    qtbot.addWidget(again)
    assert again.text.toPlainText() == "自己写的要点"
    assert again.read.isEnabled()


def test_a_pasted_table_is_read_with_its_merged_cells(at_office, monkeypatch, qtbot):
    """The clipboard's HTML goes first, as long as the text beside it is as it was copied."""
    rows = (
        "<tr><td>序号</td><td>重点任务</td><td>责任单位</td></tr>"
        "<tr><td>1</td><td>开展抽检1500批次</td><td rowspan=2>区市场监管局</td></tr>"
        "<tr><td>2</td><td>办好宣传周活动</td></tr>"
    )
    copied = QMimeData()
    copied.setHtml(f"<table>{rows}</table>")
    copied.setText(
        "序号\t重点任务\t责任单位\n1\t开展抽检1500批次\t区市场监管局\n2\t办好宣传周活动\t"
    )
    QApplication.clipboard().setMimeData(copied)
    dialog = PasteDialog(None, at_office.desk.drafts)
    qtbot.addWidget(dialog)
    monkeypatch.setattr(
        page_module, "ask_for_text", lambda *_: (dialog.text.toPlainText(), dialog.text.html)
    )
    click(at_office, at_office.page.beginning.paste)
    assert [len(task.assignments) for task in draft(at_office).tasks] == [1, 1]
    assert not any(
        "合并" in doubt.message for doubt in at_office.page.checking.trail.present.doubts
    )

    dialog.text.setPlainText(dialog.text.toPlainText().replace("1500", "1700"))
    click(at_office, at_office.page.beginning.paste)
    assert draft(at_office).indicators[0].target == 1700


def test_corrections_are_not_lost_without_a_question(at_office, document):
    checking = read(at_office, document)
    click_item(at_office, leaves(checking.tree)[1])
    click(at_office, checking.forms.buttons["与上一项合并"])
    at_office.told.answer = None
    click(at_office, at_office.page.another)
    assert checking.isVisible()
    at_office.told.answer = "不保留，换文件"
    click(at_office, at_office.page.another)
    assert at_office.page.beginning.isVisible()
    assert "还没有确认" in at_office.told.questions[0][0]
    assert not at_office.page.beginning.go_on.isVisible()


def opened_again(test):
    """Show the page as the next run of the program does: with what the workspace has kept."""
    assert test.page.may_leave()
    test.desk.drafts.flush()
    test.settle()
    drafts = Drafts(test.desk.workspace, test.runner, test.messages, kept(test.desk.workspace))
    left, test.page = test.page, PlanDocumentPage(replace(test.desk, drafts=drafts))
    test.window.layout().replaceWidget(left, test.page)
    left.hide()
    test.page.show()
    test.settle()
    return test.page


def test_a_review_that_was_broken_off_goes_on(at_office, monkeypatch):
    """Text that was pasted is nowhere else; what was corrected in it stays, too."""
    monkeypatch.setattr(page_module, "ask_for_text", lambda *_: (TEXT, ""))
    click(at_office, at_office.page.beginning.paste)
    checking = at_office.page.checking
    click_item(at_office, leaves(checking.tree)[1])
    click(at_office, checking.forms.buttons["与上一项合并"])
    before = checking.trail.present

    page = opened_again(at_office)
    assert "粘贴的文字" in shown_words(page.beginning)
    click(at_office, page.beginning.go_on)
    assert page.checking.isVisible()
    assert page.checking.trail.present == before

    at_office.told.answer = None
    page = opened_again(at_office)
    page.read_text(TEXT.replace("2026", "2025"))
    assert "粘贴的文字" in at_office.told.questions[-1][0]
    assert page.beginning.isVisible()


def test_what_was_confirmed_or_given_up_is_not_offered_again(at_office, document, revised):
    read(at_office, document)
    page = opened_again(at_office)
    assert page.beginning.go_on.isVisible()
    click(at_office, page.beginning.go_on)
    click(at_office, page.another)
    assert not opened_again(at_office).beginning.go_on.isVisible()

    read(at_office, revised)
    click(at_office, at_office.page.confirm)
    at_office.page.taking.effect.answer.from_day.click()
    click(at_office, at_office.page.taking.confirm)
    assert not opened_again(at_office).beginning.go_on.isVisible()


def shown_words(widget):
    return "".join(it.text() for it in widget.findChildren(QLabel) if it.isVisible())


def record(test, task, indicator, figure):
    """Type a figure on the page where the office records for a unit."""
    page = test.show(RecordingPage(test.desk))
    page.units.setFocus()
    while page.units.currentText() != "区市场监管局":
        test.qtbot.keyClick(page.units, Qt.Key.Key_Down)
    test.settle()
    page.show_item(task)
    editor = next(one for one in page.forms.views[task].values if one.key.item == indicator)
    editor.first.setFocus()
    test.qtbot.keyClicks(editor.first, figure)
    test.qtbot.keyClick(editor.first, Qt.Key.Key_Tab)
    test.settle()
    return editor


def agree():
    """Say yes to what a document for the whole year does to past months, as soon as it asks."""
    asking = QApplication.activeModalWidget()
    if asking is None:
        QTimer.singleShot(20, agree)
        return
    next(b for b in asking.findChildren(QPushButton) if b.text() == "保存修改").click()


def test_from_a_dropped_document_to_a_figure_against_the_new_plan(page_test, office, document):
    plan_page = page_test(office)
    plan_page.page = plan_page.show(PlanPage(plan_page.desk))
    with plan_page.qtbot.waitSignal(plan_page.page.open_requested) as asked:
        drop(plan_page.page, with_file(document))
    assert asked.args == ["plan-document", document]

    test = page_test(office)
    test.page = test.show(PlanDocumentPage(test.desk))
    test.page.show_item(asked.args[1])
    test.settle()
    click_row(test, "区新设单位")
    form = test.page.checking.forms.party
    test.qtbot.keyClick(form.known, Qt.Key.Key_Home)
    assert form.known.currentText() == "区食药安办"
    click(test, form.match)
    click(test, test.page.confirm)
    test.page.taking.effect.answer.whole.click()
    QTimer.singleShot(0, agree)
    click(test, test.page.taking.confirm)

    taken = planning.current_plan(office)
    samples = next(i for i in taken.indicators if i.target == 1500)
    editor = record(page_test(office), taken.task_of[samples.code].code, samples.code, "310")
    assert editor.to_date.text().endswith("310")
    assert any("≥1500批次" in words.text() for words in editor.findChildren(QLabel))
