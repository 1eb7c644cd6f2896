"""设置: the office's names and document numbers; 打印 asks for them until they are told."""

from __future__ import annotations

from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.supervision import office_identity
from ui.pages.printing.printing import PrintingPage
from ui.pages.settings.settings import SettingsPage


def test_the_district_brings_the_full_names_and_all_is_stored(office, page_test, theme):
    test = page_test(office)
    form = test.show(SettingsPage(test.desk, theme)).office
    assert form.names["name"].placeholderText() == "区食药安办"
    assert form.words[LetterKind.LISTED].placeholderText() == "食药安委督办"
    form.names["district"].setText("某市某区")
    form.names["district"].editingFinished.emit()
    assert form.names["name"].text() == "某市某区食品药品安全委员会办公室"
    form.names["contact"].setText("张三")
    form.words[LetterKind.REMINDER].setText("某食药安办函")
    form.numbers[LetterKind.REMINDER].setValue(7)
    test.press("保存名称和文号")
    found = office_identity.details(office)
    assert found.told.committee == "某市某区食品药品安全委员会"
    assert (found.told.contact, found.next_numbers[LetterKind.REMINDER]) == ("张三", 7)
    assert found.told.by_kind == {"reminder": "某食药安办函"}
    assert not found.lacking


def test_two_kinds_of_one_word_are_refused_and_stay_as_typed(office, page_test, theme):
    test = page_test(office)
    form = test.show(SettingsPage(test.desk, theme)).office
    for kind in (LetterKind.REMINDER, LetterKind.RECTIFICATION):
        form.words[kind].setText("某函")
    test.press("保存名称和文号")
    assert not office_identity.details(office).told.is_told
    assert form.words[LetterKind.REMINDER].text() == "某函"


def test_a_unit_is_not_asked(unit, page_test, theme):
    test = page_test(unit)
    page = test.show(SettingsPage(test.desk, theme))
    assert page.office.isHidden()
    assert test.show(PrintingPage(test.desk, theme)).office_bar.isHidden()


def test_printing_says_what_is_untold_until_it_is_told_or_put_off(office, page_test, theme):
    test = page_test(office)
    page = test.show(PrintingPage(test.desk, theme))
    assert page.office_bar.isVisible()
    assert "所在地区、办公室全称、联系人" in page.office_bar.words.text()
    opened = []
    page.open_requested.connect(lambda key, _item: opened.append(key))
    page.office_bar.fill.click()
    assert opened == ["settings"]
    office_identity.save(office, OfficeIdentity("某市某区", contact="张三").proposed())
    page.refresh("2026-03")
    test.settle()
    assert page.office_bar.isHidden()
    office_identity.save(office, OfficeIdentity())
    page.refresh("2026-03")
    test.settle()
    page.office_bar.later.click()
    page.refresh("2026-03")
    test.settle()
    assert page.office_bar.isHidden()
