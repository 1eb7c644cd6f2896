"""数据质量 lists what is doubtful, opens its place, and keeps the office's rules."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.quality.rules import QualityKind
from fsdesk.domain.records.records import DataValue
from fsdesk.services.ledger import ledgers
from fsdesk.services.quality import data_quality, quality_rules
from fsdesk.services.records import recording
from fsdesk.services.supervision import supervision
from ui.pages.quality.quality import QualityPage


def visit(name, found, cured, unit="scj"):
    values = {"主体": name, "督导日期": date(2026, 3, 1), "发现问题数": found, "已整改数": cured}
    return LedgerEntry("", "inspection", unit, values)


@pytest.fixture
def shown(office, page_test):
    ledgers.save_rows(office, [visit("甲店", 1.0, 2.0), visit("乙店", 1.0, 3.0, "fgj")])
    recording.record_value(office, "I01-5", "2026-01", DataValue(9), unit="scj")
    recording.record_value(office, "I01-5", "2026-02", DataValue(7), unit="scj")
    test = page_test(office)
    return test, test.show(QualityPage(test.desk))


def groups(page):
    return {g.rule.kind: g.total for g in page.list.groups.rows}


def choose(page, kind):
    kinds = [g.rule.kind for g in page.list.groups.rows]
    page.list.group_table.selectRow(kinds.index(kind))


def opened(page):
    asked = []
    page.open_requested.connect(lambda key, item: asked.append((key, item)))
    page.period_requested.connect(asked.append)
    return asked


def test_findings_are_grouped_grave_ones_first_and_counted(shown):
    _test, page = shown
    for model in (page.list.groups, page.list.rows, page.hidden.rows, page.rules.rows):
        QAbstractItemModelTester(model)
    assert groups(page) == {QualityKind.AT_MOST: 2, QualityKind.FALLS: 1}
    assert [row.unit for row in page.list.rows.rows] == ["区发改局(农业农村局)", "区市场监管局"]
    assert "请核对这两列" in page.list.remedy.text()


def test_errors_are_told_to_the_navigation_whatever_unit_is_looked_at(office, page_test):
    ledgers.save_rows(office, [visit("甲店", 1.0, 2.0), visit("乙店", 1.0, 3.0, "fgj")])
    test = page_test(office)
    page = QualityPage(test.desk)
    told = []
    page.badge_changed.connect(told.append)
    test.show(page)
    page.show_item("fgj")
    test.settle()
    assert groups(page) == {QualityKind.AT_MOST: 1}
    assert told == [2]


def test_a_row_opens_its_ledger_and_a_figure_its_task_and_period(shown):
    _test, page = shown
    asked = opened(page)
    page.list.open.click()
    choose(page, QualityKind.FALLS)
    page.list.table.row_opened.emit(page.list.table.current_row())
    task = data_quality.task_of(page._found.plan, "I01-5")
    assert task
    assert asked == [
        ("ledger", ("inspection", "乙店")),
        "2026-02",
        ("recording", ("unit", "scj")),
        ("recording", task),
    ]


def test_what_may_stay_needs_a_reason_and_can_be_taken_back(shown):
    test, page = shown
    choose(page, QualityKind.FALLS)
    page.list.dismiss.click()
    test.settle()
    assert "没有写明原因" in str(test.told.errors[0].findings[0])
    page.list.reason.setText("两家哨点撤销")
    page.list.dismiss.click()
    test.settle()
    assert groups(page) == {QualityKind.AT_MOST: 2}
    assert page.list.reason.text() == ""
    assert page.tabs.tabText(1) == "不再提示（1）"
    page.hidden.restore.click()
    test.settle()
    assert groups(page)[QualityKind.FALLS] == 1


def test_the_office_writes_a_rule_with_a_condition(shown, office):
    test, page = shown
    rules = page.rules
    rules.show_new()
    form = rules.form
    form.subject.set_value("inspection")
    form.subject.chosen.emit("inspection")
    form.kind.set_value(QualityKind.UNWANTED)
    form.kind.chosen.emit(QualityKind.UNWANTED)
    form.column.set_value("已整改数")
    form.filter_column.set_value("已整改数")
    form.filter_text.setText("许多")
    form.add.click()
    assert not form.wrong.isHidden()
    form.filter_text.setText(">=3")
    form.add.click()
    assert form.where.text() == "条件：已整改数不小于3"
    form.message.setText("一次整改三个以上，请核实")
    rules.save.click()
    test.settle()
    assert groups(page)[QualityKind.UNWANTED] == 1
    own = next(line for line in quality_rules.rule_book(office).lines if line.rule.own)
    rules.choose(own.rule.code)
    rules.switch.click()
    test.settle()
    assert QualityKind.UNWANTED not in groups(page)
    rules.choose(own.rule.code)
    rules.drop.click()
    test.settle()
    assert not any(line.rule.own for line in quality_rules.rule_book(office).lines)
    assert test.told.errors == []


def test_every_rule_comes_out_of_the_form_as_it_went_in(shown):
    _test, page = shown
    for line in page.rules.rows.rows:
        page.rules.form.show_rule(line.rule)
        assert page.rules.form.rule() == line.rule


def test_a_rule_that_does_not_fit_is_refused_in_words(shown):
    test, page = shown
    page.rules.show_new()
    page.rules.form.subject.set_value("")
    page.rules.form._offer_kinds()
    page.rules.form.kind.set_value(QualityKind.AT_MOST)
    page.rules.form._offer_columns()
    page.rules.save.click()
    test.settle()
    assert "两个指标相同" in str(test.told.errors[0].findings[0])


def test_the_list_is_exported(shown, tmp_path, monkeypatch):
    test, page = shown
    file = tmp_path / "清单.xlsx"
    monkeypatch.setattr(page._desk.files, "save", lambda *_: file)
    page.export.click()
    test.settle()
    assert file.exists()
    assert test.told.news == ["已导出 3 处问题。"]


def test_a_unit_sees_its_own_and_only_reads_the_rules(unit, page_test):
    test = page_test(unit)
    page = test.show(QualityPage(test.desk))
    assert page.list.stack.currentWidget() is page.list.empty
    assert not page.units.isVisible()
    page.tabs.setCurrentIndex(2)
    assert page.rules.table.isVisible()
    assert not page.rules.save.isVisible()


def test_a_letter_is_drafted_to_each_unit_whose_data_is_chosen(office, clock, page_test):
    clock.set("2026-04-13T01:00:00+00:00")
    ledgers.save_rows(office, [visit("甲店", 1.0, 2.0), visit("乙店", 1.0, 3.0, "fgj")])
    test = page_test(office)
    page = test.show(QualityPage(test.desk))
    choose(page, QualityKind.AT_MOST)
    page.list.table.selectAll()
    page.list.letter.click()
    test.settle()
    drafts = supervision.drafts(office)
    assert {draft.unit for draft in drafts} == {"scj", "fgj"}
    assert all("数据需要核实" in draft.body for draft in drafts)


def test_a_unit_writes_no_letters(unit, page_test):
    test = page_test(unit)
    page = test.show(QualityPage(test.desk))
    assert page.list.letter.isHidden()
