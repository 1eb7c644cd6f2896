"""设置: the rules that the office changes."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from fsdesk.domain.periods import Period
from fsdesk.domain.settings import Rules
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.care import maintenance
from fsdesk.services.supervision import supervision
from ui.pages.settings.settings import SettingsPage

ALL_YEAR = Rules(issued_on=date(2026, 1, 1))  # the tests' offices issued their plan with the year


def test_days_frequencies_and_the_rule_for_holidays_are_kept(office, page_test, theme):
    test = page_test(office)
    page = test.show(SettingsPage(test.desk, theme))
    assert not page.rules.shift.isChecked()
    page.rules.days["due_days"].setValue(8)
    page.rules.shift.setChecked(True)
    page.rules.duties["A"].set_value(12)
    page.rules.coverage.setValue(60)
    page.rules.returned.setChecked(False)
    test.press("保存设置")
    rules = office.rules
    assert (rules.due_days, rules.shift_to_working) == (8, True)
    assert (rules.duty_a, rules.duty_b) == (12, 3)
    assert (rules.least_coverage, rules.count_returned) == (0.6, False)
    assert page.rules.duties["A"].value == 12


def test_a_unit_reads_the_rules_but_does_not_change_them(unit, page_test, theme):
    test = page_test(unit)
    page = test.show(SettingsPage(test.desk, theme))
    assert not page.rules.shift.isEnabled()
    assert not any(field.isEnabled() for field in page.rules.duties.values())


def test_days_for_letters_are_kept_used_and_put_back(office, page_test, theme):
    test = page_test(office)
    page = test.show(SettingsPage(test.desk, theme))
    page.rules.margin.setValue(5)
    page.rules.days["remind_days"].setValue(3)
    test.press("保存设置")
    assert (office.rules.remind_days, office.rules.yellow_margin) == (3, 0.05)
    assert "落后不超过5个百分点" in page.rules.lights.text()
    draft = supervision.draft_for(office, Period.parse("2026-03"), "scj", LetterKind.REMINDER)
    assert draft.reply_by == date(2026, 4, 8)  # 2 April is a Thursday, 4 to 6 April are a holiday
    test.press("恢复默认规则")
    test.press("保存设置")
    assert office.rules == ALL_YEAR


def test_a_backup_may_be_locked_with_a_passphrase_that_is_typed_twice(
    office, page_test, theme, tmp_path, monkeypatch
):
    test = page_test(office)
    page = test.show(SettingsPage(test.desk, theme))
    file = tmp_path / "备份.zip"
    monkeypatch.setattr(test.desk.files, "save", lambda *_: file)
    page.encrypted.setChecked(True)
    offered = []

    def type_it():
        dialog = QApplication.activeModalWidget()
        words = "".join(part.text() for part in dialog.findChildren(QLabel))
        assert "任何人都不能打开" in words
        for second in ("", "别的口令别的口令", "口令口令口令口令"):
            dialog.first.setText("口令口令口令口令")
            dialog.second.setText(second)
            offered.append(dialog.yes.isEnabled())
        dialog.yes.click()

    QTimer.singleShot(0, type_it)
    test.press("备份…")
    assert offered == [False, False, True]
    assert "已用口令加密" in test.told.news[-1]
    assert maintenance.needs_passphrase(file)
    file.unlink()
    QTimer.singleShot(0, lambda: QApplication.activeModalWidget().reject())
    test.press("备份…")
    assert not file.exists()  # who thinks better of it makes none in the clear


def test_rules_that_contradict_themselves_are_refused(office, page_test, theme):
    test = page_test(office)
    page = test.show(SettingsPage(test.desk, theme))
    page.rules.days["lock_days"].setValue(2)
    test.press("保存设置")
    assert office.rules == ALL_YEAR
    assert "锁定日不能早于按时截止日" in str(test.told.errors[0])


def test_all_ledgers_are_sealed_by_a_rule_that_defaults_leave_alone(office, page_test, theme):
    test = page_test(office)
    page = test.show(SettingsPage(test.desk, theme))
    page.rules.sealed.setChecked(True)
    test.press("保存设置")
    assert office.rules.seal_all
    test.press("恢复默认规则")
    test.press("保存设置")
    assert office.rules == replace(ALL_YEAR, seal_all=True)


def test_a_backup_that_lacks_something_says_so(page_test, office, theme, tmp_path, monkeypatch):
    test = page_test(office)
    test.show(SettingsPage(test.desk, theme))
    monkeypatch.setattr(test.files, "save", lambda *_: tmp_path / "备份.zip")
    monkeypatch.setattr(maintenance, "back_up", lambda *_: "备份中没有签名密钥。")
    test.press("备份…")
    assert test.told.warnings == ["备份完成。备份中没有签名密钥。"]
    assert test.told.news == []
