"""An official document is read, shown beside its text, compared, and taken only after a yes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fsdesk.domain.records import DataValue
from fsdesk.services import planning, recording
from ui.pages.plan_document import PlanDocumentPage

LEFT = Qt.MouseButton.LeftButton
TEXT = """2026年区食品药品安全工作要点

一、压实责任
1. 强化抽检监测
开展食品监督抽检，全年不少于1500批次。[区市场监管局负责]
召开联席会议，研究解决问题。[区食药安办牵头，西兴街道配合]
2. 加强宣传
开展科普宣传进社区。[区新设单位负责]
"""


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


def leaves(page):
    tree = page.tree.invisibleRootItem()
    return [
        tree.child(s).child(p).child(t)
        for s in range(tree.childCount())
        for p in range(tree.child(s).childCount())
        for t in range(tree.child(s).child(p).childCount())
    ]


def marked(page):
    return [mark.cursor.selectedText() for mark in page.text.extraSelections()]


def test_the_document_stands_beside_what_was_read(at_office, document):
    assert not at_office.page.confirm.isEnabled()
    read(at_office, document)
    page = at_office.page
    assert page.text.toPlainText().startswith("2026年区食品药品安全工作要点")
    tasks = leaves(page)
    assert len(tasks) == 3
    assert "区市场监管局（负责）" in tasks[0].text(1)
    assert "≥1500批次" in tasks[0].child(0).text(1)
    assert "3 项任务" in page.result.text()
    assert "区新设单位" in page.result.text()


def test_text_and_tasks_point_at_each_other(at_office, document):
    read(at_office, document)
    page = at_office.page
    second = leaves(page)[1]
    page.tree.setCurrentItem(second)
    assert any("联席会议" in text for text in marked(page))
    cursor = page.text.textCursor()
    cursor.setPosition(page.text.document().findBlockByNumber(4).position())
    page.text.setTextCursor(cursor)
    assert page.tree.currentItem() is leaves(page)[0]


def test_a_doubt_shows_its_place(at_office, document):
    read(at_office, document)
    page = at_office.page
    rows = [n for n, doubt in enumerate(page.doubts.rows) if "区新设单位" in doubt.text]
    assert rows
    page.doubts_table.selectRow(rows[0])
    assert any("区新设单位" in text for text in marked(page))


def test_nothing_changes_before_the_yes_and_data_stays_after(at_office, office, document):
    recording.record_value(office, "I01-1", "2026-03", DataValue(5), unit="scj")
    before = planning.current_plan(office)
    read(at_office, document)
    at_office.qtbot.mouseClick(at_office.page.confirm, LEFT)
    at_office.settle()
    assert planning.current_plan(office) == before
    ((question, detail),) = at_office.told.questions
    assert "2026 年计划" in question
    assert "需要核对" in detail
    at_office.told.answer = "确认更新"
    with at_office.qtbot.waitSignal(at_office.page.open_requested) as asked:
        at_office.qtbot.mouseClick(at_office.page.confirm, LEFT)
    assert asked.args == ["plan", None]
    after = planning.current_plan(office)
    assert after.revision > before.revision
    assert any("区新设单位" in unit.name for unit in after.directory.units)


def test_what_is_no_plan_is_refused(at_office, tmp_path):
    file = tmp_path / "小说.txt"
    file.write_text("从前有座山。\n" * 50, encoding="utf-8")
    read(at_office, file)
    assert at_office.told.errors
    assert not at_office.page.confirm.isEnabled()
