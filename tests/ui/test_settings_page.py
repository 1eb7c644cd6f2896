"""设置: the rules that the office changes."""

from __future__ import annotations

from ui.pages.settings import SettingsPage


def test_days_frequencies_and_the_rule_for_holidays_are_kept(office, page_test, theme):
    test = page_test(office)
    page = test.show(SettingsPage(test.desk, theme))
    assert not page.shift.isChecked()
    page.due.setValue(8)
    page.shift.setChecked(True)
    page.duties["A"].set_value(12)
    page._save()
    test.settle()
    rules = office.rules
    assert (rules.due_days, rules.shift_to_working) == (8, True)
    assert (rules.duty_a, rules.duty_b) == (12, 3)
    assert page.duties["A"].value == 12


def test_a_unit_reads_the_rules_but_does_not_change_them(unit, page_test, theme):
    test = page_test(unit)
    page = test.show(SettingsPage(test.desk, theme))
    assert not page.shift.isEnabled()
    assert not any(field.isEnabled() for field in page.duties.values())
