"""督办 at the office and 来函 at the unit: a letter from proposal to closing, by the window."""

from __future__ import annotations

from PySide6.QtTest import QAbstractItemModelTester

from fsdesk.domain.periods import Period
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision import LetterState
from fsdesk.services import exchange, supervision
from tests.workspaces import import_files
from ui.pages.inbox import InboxPage
from ui.pages.supervision import SupervisionPage

APRIL = Period.parse("2026-04")


def test_a_letter_goes_from_proposal_to_closing(  # noqa: PLR0915 - one way from end to end
    office, unit, clock, page_test, tmp_path, monkeypatch
):
    clock.set("2026-05-11T01:00:00+00:00")
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    QAbstractItemModelTester(page.proposals)
    QAbstractItemModelTester(page.lists.lagging)
    QAbstractItemModelTester(page.register.papers)
    row = next(n for n, p in enumerate(page.proposals.rows) if p.unit == "scj")
    page.proposal_table.selectRow(row)
    page.agree.click()
    test.settle()
    (paper,) = page.register.papers.rows
    assert (paper.number, paper.state) == ("（拟稿，未编号）", "拟发")
    monkeypatch.setattr(test.desk.messages, "confirm", lambda *_: True)
    page.register.issue.click()
    test.settle()
    (paper,) = page.register.papers.rows
    assert (paper.number, paper.state) == ("食药安办提醒〔2026〕1号", "已发")
    assert not page.register.issue.isEnabled()

    written = run_through(exchange.answer_reports(office, APRIL, tmp_path / "反馈"))
    import_files(unit, written[0].file)
    at_unit = page_test(unit)
    inbox = at_unit.show(InboxPage(at_unit.desk))
    assert [n.letter.document_number for n in inbox.letters.rows] == [paper.number]
    inbox.reply.setPlainText("已补报。")
    inbox.send.click()
    at_unit.settle()
    assert inbox.letters.rows[0].letter.state is LetterState.REPLIED
    import_files(office, exchange.export_report(unit, APRIL, tmp_path / "回复.xlsx").file)
    page.refresh("2026-04")
    test.settle()
    page.show_item(paper.number)
    assert "已补报。" in page.register.facts.text()
    page.register.words.setText("核查合格")
    page.register.close_letter.click()
    test.settle()
    assert page.register.papers.rows[0].state == "已销号"


def test_letters_and_their_register_are_saved_as_files(
    office, clock, page_test, tmp_path, monkeypatch
):
    clock.set("2026-05-11T01:00:00+00:00")
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    page._files.save_open(page.register.papers.rows)
    assert test.told.news == ["没有在办的函件。"]

    page._agree_all()
    test.settle()
    monkeypatch.setattr(test.files, "save", lambda _title, name, *_: tmp_path / name)
    monkeypatch.setattr(test.files, "folder", lambda *_: tmp_path / "函件")
    (tmp_path / "函件").mkdir()
    page.register.to_word.click()
    test.settle()
    drafts = list(tmp_path.glob("*拟稿*.docx"))
    assert len(drafts) == 1

    supervision.issue(office, [paper.key for paper in page.register.papers.rows])
    page.refresh("2026-04")
    test.settle()
    page._files.save_open(page.register.papers.rows)
    page._files.save_register(Period.parse("2026-04"))
    test.settle()
    assert len(list((tmp_path / "函件").glob("*.docx"))) == len(page.register.papers.rows)
    assert (tmp_path / "督办登记簿.xlsx").exists()
