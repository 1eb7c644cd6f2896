"""Letters about doubtful data that was found: asked to be verified, pressed until it is gone."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.domain.supervision.steps import ProposedAction
from fsdesk.services.output import reporting
from fsdesk.services.quality import data_quality
from fsdesk.services.records import recording
from fsdesk.services.supervision import follow_up, letter_files, supervision
from tests.papers import of_file
from tests.workspaces import MARCH, make_office

APRIL = Period.parse("2026-04")


@pytest.fixture
def office(tmp_path, clock):
    """What a unit has standing falls from 9 in February to 7 in March."""
    clock.set("2026-04-13T01:00:00+00:00")
    with make_office(tmp_path / "office", clock) as workspace:
        number(workspace, "2026-02", 9)
        number(workspace, "2026-03", 7)
        yield workspace


def number(office, month, value):
    recording.record_value(office, "I01-5", month, DataValue(value), unit="scj")


def doubts(office, period=MARCH, unit="scj"):
    return [doubt for _, doubt in data_quality.doubts_in(office, period, unit)]


def about_found(office, period=MARCH):
    """What is proposed about letters that press doubtful data."""
    proposals = supervision.case_desk(office, period).proposals
    return [p for p in proposals if any(item.startswith("found/") for item in p.items)]


def issued(office):
    (draft,) = supervision.draft_found(office, MARCH, doubts(office))
    (letter,) = supervision.issue(office, [draft.key])
    return letter


def test_a_letter_says_what_was_found_where_and_what_is_asked(office, tmp_path):
    (draft,) = supervision.draft_found(office, MARCH, doubts(office))
    assert (draft.kind, draft.unit) == (LetterKind.REMINDER, "scj")
    assert "由2026年2月的9降为7。请核对是否填错，确有减少请说明原因。" in draft.body
    assert "发现1处数据需要核实" in draft.body
    assert "滞后" not in draft.body
    (letter,) = supervision.issue(office, [draft.key])
    letter_files.write_letter(office, letter.key, tmp_path / "1.pdf")
    said = "".join(of_file(tmp_path / "1.pdf").split())
    assert "关于核实2026年3月食品药品安全重点工作填报数据的提醒敦促函" in said


def test_what_a_letter_or_a_draft_presses_is_not_pressed_twice(office):
    found = doubts(office)
    supervision.draft_found(office, MARCH, found)
    with pytest.raises(InputRejectedError, match="没有可以发函的"):
        supervision.draft_found(office, MARCH, found)
    (draft,) = supervision.drafts(office)
    supervision.issue(office, [draft.key])
    with pytest.raises(InputRejectedError, match="没有可以发函的"):
        supervision.draft_found(office, MARCH, found)


def test_put_right_it_may_be_struck_off_and_not_before(office):
    issued(office)
    assert about_found(office) == []  # it is there and the day for the reply has not passed
    number(office, "2026-03", 6)  # another slip at the same place is no other matter
    assert about_found(office) == []

    number(office, "2026-03", 10)
    (proposal,) = about_found(office)
    assert proposal.action is ProposedAction.CLOSE
    assert proposal.why == "所列数据疑点已不再出现"


def test_what_the_office_decides_to_show_no_more_counts_as_settled(office):
    issued(office)
    data_quality.dismiss(office, doubts(office), "拆除属实")
    (proposal,) = about_found(office)
    assert proposal.action is ProposedAction.CLOSE


def test_unanswered_the_next_letter_tells_of_what_is_still_there(office, clock):
    letter = issued(office)
    clock.set("2026-05-25T01:00:00+00:00")
    (proposal,) = about_found(office, APRIL)
    assert (proposal.action, proposal.letter) == (
        ProposedAction.ESCALATE,
        follow_up.named(office, letter.key),
    )
    assert "1 处数据疑点" in proposal.why
    (draft,) = supervision.agree(office, APRIL, [proposal])
    assert draft.kind is LetterKind.RECTIFICATION
    assert "你单位下列数据仍没有核实更正" in draft.body
    assert "由2026年2月的9降为7" in draft.body
    assert "立即更正并重新报送" in draft.body


def test_the_register_names_how_much_doubtful_data_a_letter_is_about(office, tmp_path):
    issued(office)
    reporting.write_table(office, "register", MARCH, tmp_path / "登记簿.xlsx")
    sheet = load_workbook(tmp_path / "登记簿.xlsx").active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "数据疑点 1 处" in cells
