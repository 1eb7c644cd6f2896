"""A unit lags, is reminded, does not mend it, is told to, mends it with proof, and is struck off.

Everything between the two goes by real packets; register, figures and both sides agree each time.
"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, Milestone, RecordKey, RecordKind, Status
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind, LetterState
from fsdesk.domain.supervision.steps import ProposedAction
from fsdesk.services.packet import checking, exchange, import_undo
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from fsdesk.services.status import unit_forms
from fsdesk.services.supervision import follow_up, supervision
from tests.workspaces import Clock, import_files, make_office, make_unit

APRIL, MAY = Period.parse("2026-04"), Period.parse("2026-05")
SAMPLES = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-04")


@pytest.fixture
def clock():
    return Clock("2026-05-11T01:00:00+00:00")


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as workspace:
        yield workspace


@pytest.fixture
def unit(office, tmp_path, clock):
    with make_unit(office, tmp_path / "unit", clock=clock) as workspace:
        yield workspace


def proposals(office, period=APRIL):
    found = supervision.case_desk(office, period)
    return [each for each in found.proposals if each.unit == "scj"]


def send_down(office, unit, folder, period=APRIL):
    written = run_through(exchange.answer_reports(office, period, folder))
    file = next(packet.file for packet in written if packet.unit == "scj")
    return import_files(unit, file), file


def state_of(workspace, key):
    with workspace.reading() as session:
        return follow_up.letter_in(session, key).state


def test_the_whole_story(office, unit, tmp_path, clock):  # noqa: PLR0915 - one story, in order
    # The unit reports every month, but little: it lags.
    for month in ("2026-01", "2026-02", "2026-03"):
        recording.save(unit, replace(SAMPLES, period=month), DataValue(5))
        period = Period.parse(month)
        import_files(office, exchange.export_report(unit, period, tmp_path / f"{month}.xlsx").file)
    recording.save(unit, SAMPLES, DataValue(30))
    report = exchange.export_report(unit, APRIL, tmp_path / "四月.xlsx").file
    assert import_files(office, report).count(Result.IMPORTED) == 1
    (proposal, *_) = proposals(office)
    assert (proposal.action, proposal.kind) == (ProposedAction.DRAFT, LetterKind.REMINDER)
    assert "T01-1" in proposal.items

    # It is reminded: the draft has no number, the letter has the first.
    (draft,) = supervision.agree(office, APRIL, [proposal])
    assert "目标为" in draft.body
    assert proposals(office) == []
    (reminder,) = supervision.issue(office, [draft.key])
    assert reminder.document_number == "食药安办提醒〔2026〕1号"
    assert reminder.reply_by == date(2026, 5, 25)
    desk = supervision.case_desk(office, APRIL)
    lagging = next(each for each in desk.lagging if each.unit == "scj")
    assert lagging.letter == reminder.document_number
    assert [letter.key for letter in desk.waiting] == [reminder.key]
    send_down(office, unit, tmp_path / "反馈一")
    (received,) = follow_up.inbox(unit)
    assert (received.letter, received.body) == (reminder, draft.body)

    # It says something, but mends nothing: the next letter is proposed, not issued by itself.
    clock.set("2026-05-20T01:00:00+00:00")
    follow_up.reply(unit, reminder.key, "正在协调抽检机构。")
    answer = exchange.export_report(unit, APRIL, tmp_path / "答复.xlsx").file
    (checked,) = run_through(checking.check_packets(office, [answer]))
    assert f"回复 {reminder.document_number}" in checked.news
    import_files(office, answer)
    assert state_of(office, reminder.key) is LetterState.REPLIED
    assert import_files(office, answer).count(Result.UNCHANGED) == 1
    assert proposals(office) == []
    clock.set("2026-05-27T01:00:00+00:00")
    (proposal,) = proposals(office)
    assert (proposal.action, proposal.kind) == (ProposedAction.ESCALATE, LetterKind.RECTIFICATION)
    supervision.put_off(office, proposal)
    assert proposals(office) == []
    clock.set("2026-06-04T01:00:00+00:00")
    (draft,) = supervision.agree(office, APRIL, proposals(office))
    assert reminder.document_number in draft.body
    (order,) = supervision.issue(office, [draft.key])
    assert (order.document_number, order.follows) == ("食药安办整改〔2026〕1号", reminder.key)
    assert state_of(office, reminder.key) is LetterState.ESCALATED
    send_down(office, unit, tmp_path / "反馈二")
    assert state_of(unit, reminder.key) is LetterState.ESCALATED

    # It mends it, and answers with proof.
    clock.set("2026-06-10T01:00:00+00:00")
    mend(unit)
    follow_up.reply(unit, order.key, "已补足抽检批次，完成抽检计划。")
    proof = tmp_path / "抽检报告.pdf"
    proof.write_bytes(b"%PDF-1.4 proof")
    follow_up.attach(unit, order.key, proof)
    answer = exchange.export_report(unit, APRIL, tmp_path / "整改.zip").file
    import_files(office, answer)
    found = follow_up.inbox(unit)[0].letter
    with office.reading() as session:
        registered = follow_up.letter_in(session, order.key)
    assert registered == found
    assert registered.state is LetterState.REPLIED
    (attached,) = follow_up.proofs(office, registered)
    assert attached.name == proof.name
    (proposal,) = proposals(office)
    assert (proposal.action, proposal.letter) == (ProposedAction.CLOSE, registered)

    # It is struck off, and the unit sees it.
    follow_up.close(office, order.key, "进度达标，材料齐全")
    send_down(office, unit, tmp_path / "反馈三")
    assert state_of(unit, order.key) is LetterState.CLOSED
    assert [n.letter.state for n in supervision.case_desk(office, APRIL).issued] == [
        LetterState.CLOSED,
        LetterState.ESCALATED,
    ]


def mend(unit):
    """Bring everything that is asked of the unit to its pace."""
    form = unit_forms.unit_form(unit, "scj", APRIL)
    for task in form.tasks:
        for line in task.indicators:
            key = RecordKey(RecordKind.VALUE, line.indicator.code, "scj", "2026-04")
            ratio = line.indicator.numerator_name
            value = DataValue(None, 900, 900) if ratio else DataValue(590)
            recording.save(unit, key, value)
        for item in task.deliverables:
            key = RecordKey(RecordKind.MILESTONE, item.deliverable.code, "scj", "2026-04")
            recording.save(unit, key, Milestone(Status.DONE, date(2026, 4, 1)))


def issued(office, unit, tmp_path):
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (letter,) = supervision.issue(office, [draft.key])
    _, file = send_down(office, unit, tmp_path / "反馈")
    return letter, file


def test_a_reply_alone_is_no_report(office, unit, tmp_path):
    letter, _ = issued(office, unit, tmp_path)
    follow_up.reply(unit, letter.key, "请见附件。")
    file = exchange.export_report(unit, MAY, tmp_path / "只有回复.xlsx").file
    assert import_files(office, file).count(Result.IMPORTED) == 1
    assert state_of(office, letter.key) is LetterState.REPLIED
    assert unit_forms.unit_form(office, "scj", MAY).state == "draft"
    import_undo.undo_last_import(office)
    assert state_of(office, letter.key) is LetterState.ISSUED


def test_the_form_is_filled_by_hand_and_sent_back(office, unit, tmp_path):
    letter, file = issued(office, unit, tmp_path)
    packet = checking.read(file)
    assert packet.header.kind is PacketKind.FEEDBACK
    assert packet.replies == ()
    book = load_workbook(file)
    sheet = book["来函回复"]
    titles = [cell.value for cell in sheet[3]]
    assert sheet.cell(4, 1).value == letter.document_number
    sheet.cell(4, titles.index("回复内容") + 1).value = "已落实"
    book.save(file)
    refused = import_files(office, file)
    assert refused.count(Result.REJECTED) == 1
    assert import_files(office, file, accept_unsigned=True).count(Result.IMPORTED) == 1
    with office.reading() as session:
        assert follow_up.letter_in(session, letter.key).reply == "已落实"
    assert import_files(office, file, accept_unsigned=True).count(Result.UNCHANGED) == 1


def test_more_time_is_asked_for_and_granted(office, unit, tmp_path):
    letter, _ = issued(office, unit, tmp_path)
    follow_up.ask_extension(unit, letter.key, date(2026, 6, 5), "检测设备检修")
    file = exchange.export_report(unit, MAY, tmp_path / "延期.xlsx").file
    import_files(office, file)
    (proposal, *_) = proposals(office)
    assert proposal.action is ProposedAction.ANSWER
    follow_up.answer_extension(office, letter.key, granted=True)
    send_down(office, unit, tmp_path / "答复")
    assert follow_up.inbox(unit)[0].letter.reply_by == date(2026, 6, 5)


def test_an_objection_travels_to_the_office_and_its_ruling_back(office, unit, tmp_path):
    letter, file = issued(office, unit, tmp_path)
    follow_up.object_to(unit, letter.key, "一季度数据已于4月3日补报")
    report = exchange.export_report(unit, MAY, tmp_path / "异议.xlsx").file
    (checked,) = run_through(checking.check_packets(office, [report]))
    assert f"提出异议 {letter.document_number}" in checked.news
    import_files(office, report)
    (proposal, *_) = proposals(office)
    assert proposal.action is ProposedAction.RULE
    follow_up.rule_on(office, letter.key, "核对属实", upheld=True)
    send_down(office, unit, tmp_path / "裁定")
    received = follow_up.inbox(unit)[0].letter
    assert (received.state, received.ruling_why) == (LetterState.CLOSED, "核对属实")
    # A form of an earlier program has no column for it, and is read all the same.
    book = load_workbook(file)
    sheet = book["来函回复"]
    titles = [cell.value for cell in sheet[3]]
    sheet.delete_cols(titles.index("异议") + 1)
    sheet.cell(4, titles.index("回复内容") + 1).value = "已落实"
    book.save(file)
    assert checking.read(file).replies[0].text == "已落实"
