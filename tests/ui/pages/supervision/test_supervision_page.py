"""督办 at the office and 来函 at the unit: a letter from proposal to closing, by the window."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QDateTime
from PySide6.QtTest import QAbstractItemModelTester

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.lights import Light
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind, LetterState
from fsdesk.domain.supervision.steps import ProposedAction
from fsdesk.services.packet import exchange
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.services.supervision import follow_up, supervision, taking_back
from tests.workspaces import import_files
from ui.pages.overview.overview import OverviewPage
from ui.pages.supervision.inbox import InboxPage
from ui.pages.supervision.supervision import SupervisionPage

APRIL = Period.parse("2026-04")


def test_a_letter_goes_from_proposal_to_closing(
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
    assert (paper.number, paper.state) == ("（拟稿，未编号）", "拟稿")
    monkeypatch.setattr(test.desk.messages, "confirm", lambda *_: True)
    page.register.issue.click()
    test.settle()
    (paper,) = page.register.papers.rows
    assert (paper.number, paper.state) == ("食药安办提醒〔2026〕1号", "已发")
    assert page.register.issue.isHidden()

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
    test.press("批量保存函件…")
    assert test.told.news == ["没有在办的函件。"]

    test.told.answer = "拟稿"
    test.press("全部拟稿")
    monkeypatch.setattr(test.files, "save", lambda _title, name, *_: tmp_path / name)
    monkeypatch.setattr(test.files, "folder", lambda *_: tmp_path / "函件")
    (tmp_path / "函件").mkdir()
    page.register.to_file.click()
    test.settle()
    drafts = list(tmp_path.glob("*拟稿*.docx"))
    assert len(drafts) == 1

    supervision.issue(office, [paper.key for paper in page.register.papers.rows])
    page.refresh("2026-04")
    test.settle()
    test.press("批量保存函件…")
    test.press("导出登记簿…")
    for ending in ("docx", "pdf"):
        made = list((tmp_path / "函件").glob(f"*.{ending}"))
        assert len(made) == len(page.register.papers.rows)
    assert (tmp_path / "督办登记簿.xlsx").exists()


def test_an_objection_and_its_evidence_are_seen_and_ruled_on(
    office, unit, clock, page_test, tmp_path
):
    clock.set("2026-05-11T01:00:00+00:00")
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    supervision.issue(office, [draft.key])
    (written, *_) = run_through(exchange.answer_reports(office, APRIL, tmp_path / "反馈"))
    import_files(unit, written.file)
    at_unit = page_test(unit)
    inbox = at_unit.show(InboxPage(at_unit.desk))
    proof = tmp_path / "报送回执.txt"
    proof.write_text("已报送", encoding="utf-8")
    inbox.proofs.add_wanted.emit([proof])
    at_unit.settle()
    assert [link.toolTip() for link in inbox.proofs.links] == [proof.name]
    inbox.reply.setPlainText("四月数据已报送")
    inbox.object.click()
    at_unit.settle()
    assert "待裁定" in inbox.facts.text()
    import_files(office, exchange.export_report(unit, APRIL, tmp_path / "异议.zip").file)

    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    register = page.register
    test.settle()
    assert [link.toolTip() for link in register.proofs.links] == [proof.name]
    assert (register.grant.text(), register.refuse.text()) == ("异议成立", "异议不成立")
    register.words.setText("核对属实")
    register.grant.click()
    test.settle()
    assert register.papers.rows[0].state == "已销号"
    assert not register.grant.isEnabled()


def test_the_board_shows_the_same_letters_and_chooses_with_the_register(office, clock, page_test):
    clock.set("2026-05-11T01:00:00+00:00")
    for unit in ("scj", "fgj"):
        draft = supervision.draft_for(office, APRIL, unit, LetterKind.REMINDER)
    supervision.issue(office, [draft.key])
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    board = page.register.board
    assert [cards.count() for cards in board.columns] == [1, 1, 0, 0]
    assert [head.text() for head in board.heads][:2] == ["拟稿　1", "已发　1"]
    board.columns[1].itemClicked.emit(board.columns[1].item(0))
    assert "食药安办提醒〔2026〕1号" in page.register.facts.text()
    assert not board.columns[0].selectedItems()


def test_what_presses_is_listed_and_leads_to_its_letter(office, clock, page_test):
    clock.set("2026-05-11T01:00:00+00:00")
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (letter,) = supervision.issue(office, [draft.key])
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    for model in (page.lists.missed, page.lists.waiting):
        QAbstractItemModelTester(model)
    assert [paper.left for paper in page.lists.waiting.rows] == ["还有 14 天"]
    late = [row for row in page.lists.missed.rows if row.unit == "scj"]
    assert {row.letter for row in late} == {letter.document_number}
    page.lists.letter_wanted.emit(letter.document_number)
    assert page.tabs.currentWidget() is page.register


def test_a_proposal_is_put_off_and_a_draft_is_edited_and_withdrawn(office, clock, page_test):
    clock.set("2026-05-11T01:00:00+00:00")
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    register = page.register
    before = len(page.proposals.rows)
    page.put_off.click()
    test.settle()
    assert len(page.proposals.rows) == before - 1
    page.agree.click()
    test.settle()
    register.body_text.setPlainText("请加快进度。")
    register.save.click()
    test.settle()
    assert register.papers.rows[0].body == "请加快进度。"
    register.withdraw.click()
    test.settle()
    assert register.papers.rows == ()


def test_more_time_is_granted_and_what_came_on_paper_is_entered(office, clock, page_test):
    clock.set("2026-05-11T01:00:00+00:00")
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    register = page.register
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (letter,) = supervision.issue(office, [draft.key])
    follow_up.ask_extension(office, letter.key, date(2026, 6, 5), "设备检修")
    page.refresh("2026-04")
    test.settle()
    row = next(n for n, p in enumerate(page.proposals.rows) if p.action is ProposedAction.ANSWER)
    page.proposal_table.selectRow(row)
    page.agree.click()
    test.settle()
    assert page.tabs.currentWidget() is register
    register.grant.click()
    test.settle()
    assert register.papers.rows[0].reply_by == date(2026, 6, 5)
    assert "原件印发时留存" in register.facts.text()
    register.words.setText("来电答复，已整改")
    register.reply.click()
    test.settle()
    assert register.papers.rows[0].state == "已复"


def test_a_letter_that_left_is_corrected_by_a_paper_of_its_own(
    office, clock, page_test, monkeypatch
):
    clock.set("2026-05-11T01:00:00+00:00")
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (letter,) = supervision.issue(office, [draft.key])
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    register = page.register
    page.show_item(letter.document_number)
    assert register.correct.isHidden()  # it can still be taken back

    taking_back.note_printed(office, letter.key)
    page.refresh("2026-04")
    test.settle()
    page.show_item(letter.document_number)
    assert register.correct.isVisible()
    register.correct.click()
    test.settle()
    assert "没有写明更正的内容" in str(test.told.errors[-1])
    monkeypatch.setattr(test.desk.messages, "confirm", lambda *_: True)
    register.words.setText("“甲”更正为“乙”")
    register.correct.click()
    test.settle()
    assert "2026年5月11日另发更正通知" in register.facts.text()
    assert "“甲”更正为“乙”。" in register.body_text.toPlainText()
    assert register.words.text() == ""
    asked = []
    page.open_requested.connect(lambda key, item: asked.append((key, item)))
    test.told.offers["预览和打印"]()
    (made,) = follow_up.register(office)[0].amendments
    assert asked == [("printing", ("letter", "letter", made.key))]


def test_a_unit_asks_for_more_time_in_the_window(office, unit, clock, page_test, tmp_path):
    clock.set("2026-05-11T01:00:00+00:00")
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (letter,) = supervision.issue(office, [draft.key])
    (written, *_) = run_through(exchange.answer_reports(office, APRIL, tmp_path / "反馈"))
    import_files(unit, written.file)
    test = page_test(unit)
    inbox = test.show(InboxPage(test.desk))
    inbox.show_item(letter.document_number)
    inbox.until.setDate(QDate(2026, 6, 5))
    inbox.why.setText("检测设备检修")
    inbox.ask.click()
    test.settle()
    assert "申请延期至 2026-06-05（待答复）：检测设备检修" in inbox.facts.text()


def test_an_edited_draft_outlives_another_letter_and_goes_on_paper_as_it_stands(
    office, clock, page_test, tmp_path, monkeypatch
):
    clock.set("2026-05-11T01:00:00+00:00")
    test = page_test(office)
    mine = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    supervision.draft_for(office, APRIL, "fgj", LetterKind.INTERVIEW)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    page.tabs.setCurrentWidget(page.register)
    register = page.register
    register.choose(mine.key)
    register.body_text.setPlainText("请于本周内补报。")
    register.reply_by.setDate(QDate(2026, 6, 1))
    other = next(p for p in register.papers.rows if p.key != mine.key)
    register.choose(other.key)
    register.interview.place.setFocus()
    test.qtbot.keyClicks(register.interview.place, "3F")
    assert "约谈地点：3F；" in register.body_text.toPlainText()
    page.refresh("2026-04")
    test.settle()
    assert register.interview.place.text() == "3F"
    unsaved = [p.key for n, p in enumerate(register.papers.rows)
               if "未保存" in register.papers.index(n, 0).data()]  # fmt: skip
    assert sorted(unsaved) == sorted((mine.key, other.key))

    register.choose(mine.key)
    assert register.body_text.toPlainText() == "请于本周内补报。"
    assert register.reply_by.date() == QDate(2026, 6, 1)
    wanted = []
    register.paper_wanted.connect(wanted.append)
    register.on_paper.click()
    test.settle()
    assert wanted == [mine.key]
    (stored,) = (p for p in register.papers.rows if p.key == mine.key)
    assert (stored.body, stored.reply_by) == ("请于本周内补报。", date(2026, 6, 1))
    assert register.kept.note.text == ""
    assert test.desk.drafts.waits(f"supervision/{other.key}")


def test_a_reply_outlives_another_letter_a_refresh_and_what_the_office_sends_meanwhile(
    office, unit, clock, page_test, tmp_path
):
    clock.set("2026-05-11T01:00:00+00:00")
    first = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    second = supervision.draft_for(office, APRIL, "scj", LetterKind.RECTIFICATION)
    supervision.issue(office, [first.key, second.key])
    (written, *_) = run_through(exchange.answer_reports(office, APRIL, tmp_path / "反馈"))
    import_files(unit, written.file)
    test = page_test(unit)
    inbox = test.show(InboxPage(test.desk))
    one, other = (notice.letter.key for notice in inbox.letters.rows)
    inbox.show_item(one)
    inbox.reply.setPlainText("正在整改")
    inbox.why.setText("设备检修")
    inbox.show_item(other)
    assert inbox.reply.toPlainText() == ""
    inbox.until.setDate(QDate(2026, 6, 5))
    inbox.ask.click()  # refused: no reason is given
    test.settle()
    inbox.refresh("2026-05")
    test.settle()
    assert inbox.until.date() == QDate(2026, 6, 5)
    assert inbox._key() == other  # the letter that was chosen stays chosen
    inbox.show_item(one)
    assert (inbox.reply.toPlainText(), inbox.why.text()) == ("正在整改", "设备检修")
    inbox.send.click()
    test.settle()
    assert "申请延期" not in inbox.kept.note.text
    assert inbox.reply.toPlainText() == "正在整改"
    assert inbox.why.text() == "设备检修"  # which was not saved with the reply
    assert test.desk.drafts.waits(f"supervision/{one}/why")
    assert not test.desk.drafts.waits(f"supervision/{one}/reply")


def test_an_interview_is_arranged_in_fields_that_write_the_letter(
    office, clock, page_test, monkeypatch
):
    clock.set("2026-05-11T01:00:00+00:00")
    test = page_test(office)
    monkeypatch.setattr(test.desk.messages, "confirm", lambda *_: True)
    supervision.draft_for(office, APRIL, "scj", LetterKind.INTERVIEW)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    page.tabs.setCurrentWidget(page.register)
    form = page.register.interview
    assert form.isVisible()
    form.place.setText("三楼会议室")
    form.place.textEdited.emit("三楼会议室")
    assert "约谈地点：三楼会议室；" in page.register.body_text.toPlainText()
    page.register.issue.click()
    test.settle()
    assert "没有填写约谈时间" in str(test.told.errors[-1])

    page.show_item(page.register.papers.rows[0].key)
    form.time.setDateTime(QDateTime(2026, 6, 3, 9, 30, 0))
    form.host.setText("主任")
    form.contact.setText("张三")
    form.contact.textEdited.emit("张三")
    page.register.save.click()
    test.settle()
    assert form.place.text() == "三楼会议室"
    assert form.time.dateTime() == QDateTime(2026, 6, 3, 9, 30, 0)
    page.register.issue.click()
    test.settle()
    (paper,) = page.register.papers.rows
    assert paper.state == "已发"
    assert "约谈时间：2026年6月3日9时30分；" in paper.body
    assert not form.isVisible()


def test_tasks_of_units_and_tasks_as_wholes_are_counted_under_two_names(
    office, clock, page_test, theme
):
    clock.set("2026-05-11T01:00:00+00:00")
    ratio = DataValue(numerator=1, denominator=100)
    for unit in ("scj", "fgj"):
        recording.record_value(office, "I01-3", "2026-04", ratio, unit)
    status = aggregation.status(office, APRIL)
    pairs = sum(task.light is Light.RED for unit in status.units for task in unit.tasks)
    whole = sum(task.light is Light.RED for task in status.tasks)
    assert pairs > whole > 0
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    told = f"单位任务滞后 {pairs} 项次（逐个单位判断），区级任务滞后 {whole} 项（全区合在一起判断）"
    assert told in page.header._note.text()
    assert told in page.lists.heads[0].text()
    other = page_test(office)
    overview = other.show(OverviewPage(other.desk, theme), "2026-04")
    said = overview.lights.accessibleName()
    assert said.startswith(f"区级任务滞后：{whole}项，单位任务滞后 {pairs} 项次")


def drafts_shown(office, clock, page_test, *units):
    """The register with a draft for each of some units, and the page."""
    clock.set("2026-05-11T01:00:00+00:00")
    for unit in units:
        supervision.draft_for(office, APRIL, unit, LetterKind.REMINDER)
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    page.tabs.setCurrentWidget(page.register)
    return test, page.register


def choose(register, *units):
    assert register.table.choose_rows(lambda row: row_unit(row) in units)


def row_unit(row):
    return row.draft.unit if row.draft else row.notice.letter.unit


def chosen_units(register):
    return {row_unit(row) for row in register.table.selected_rows()}


def test_drafting_all_asks_for_how_many_and_which_and_can_be_taken_back(office, clock, page_test):
    clock.set("2026-05-11T01:00:00+00:00")
    test = page_test(office)
    page = test.show(SupervisionPage(test.desk), "2026-04")
    wanted = [each for each in page.proposals.rows if each.kind]
    assert len(wanted) > 1

    test.press("全部拟稿")
    assert supervision.drafts(office) == ()
    ((question, detail),) = test.told.questions
    assert question == f"按建议拟 {len(wanted)} 件函件？"
    names = {unit.code: unit.name for unit in current_plan(office).directory.units}
    assert all(names[each.unit] in detail for each in wanted)

    test.told.answer = "拟稿"
    test.press("全部拟稿")
    assert len(supervision.drafts(office)) == len(wanted)
    test.told.offers["撤回拟稿"]()
    test.settle()
    assert supervision.drafts(office) == ()


def test_several_drafts_are_issued_at_once_stay_chosen_and_can_be_taken_back(
    office, clock, page_test
):
    test, register = drafts_shown(office, clock, page_test, "scj", "fgj", "xx")
    choose(register, "fgj", "xx")
    assert register.issue.text() == "印发（2 件）"

    register.issue.click()
    test.settle()
    assert follow_up.register(office) == ()
    ((question, detail),) = test.told.questions
    assert question == "印发 2 件函件？"
    assert "食药安办提醒〔2026〕1号" in detail
    assert "食药安办提醒〔2026〕2号" in detail
    assert chosen_units(register) == {"fgj", "xx"}

    test.told.answer = "印发"
    register.issue.click()
    test.settle()
    issued = follow_up.register(office)
    assert {notice.letter.unit for notice in issued} == {"fgj", "xx"}
    assert chosen_units(register) == {"fgj", "xx"}
    assert register.back.text() == "撤回印发"

    test.told.offers["撤回印发"]()
    test.settle()
    assert follow_up.register(office) == ()
    assert len(supervision.drafts(office)) == 3
    assert chosen_units(register) == {"fgj", "xx"}


def test_several_drafts_are_withdrawn_at_once_and_come_back(office, clock, page_test):
    test, register = drafts_shown(office, clock, page_test, "scj", "fgj", "xx")
    choose(register, "scj", "fgj", "xx")
    register.withdraw.click()
    test.settle()
    assert supervision.drafts(office) == ()
    test.told.offers["恢复拟稿"]()
    test.settle()
    assert len(supervision.drafts(office)) == 3


def test_a_letter_that_left_is_void_with_a_reason_and_stays_chosen(
    office, clock, page_test, tmp_path
):
    test, register = drafts_shown(office, clock, page_test, "scj", "fgj")
    test.told.answer = "印发"
    choose(register, "scj", "fgj")
    register.issue.click()
    test.settle()
    run_through(exchange.answer_reports(office, APRIL, tmp_path / "反馈"))
    choose(register, "scj")
    test.window.findChildren(SupervisionPage)[0].refresh("2026-04")
    test.settle()

    assert register.back.text() == "作废"
    register.back.click()
    test.settle()
    assert "作废要写明原因" in str(test.told.errors[-1])
    register.words.setText("发错单位")
    register.back.click()
    test.settle()
    (row,) = register.table.selected_rows()
    assert (row.state, row_unit(row)) == ("作废", "scj")
    assert "作废：发错单位" in register.facts.text()
    assert not register.close_letter.isEnabled()


def test_several_letters_are_closed_at_once_and_that_is_taken_back(office, clock, page_test):
    test, register = drafts_shown(office, clock, page_test, "scj", "fgj")
    test.told.answer = "印发"
    choose(register, "scj", "fgj")
    register.issue.click()
    test.settle()
    register.words.setText("经核查属实")
    register.close_letter.click()
    test.settle()
    assert {notice.letter.state.label for notice in follow_up.register(office)} == {"已销号"}
    assert chosen_units(register) == {"scj", "fgj"}
    test.told.offers["撤回销号"]()
    test.settle()
    assert {notice.letter.state.label for notice in follow_up.register(office)} == {"已发"}
