"""A step of a letter is undone until it left the office; after that openly, with a reason."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet.directives import (
    Directives,
    LetterNotice,
    directives_from_dict,
    directives_to_dict,
)
from fsdesk.domain.periods import Period
from fsdesk.domain.settings import Rules
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import Letter, LetterDraft, LetterKind, LetterState
from fsdesk.services import assessment
from fsdesk.services.care import maintenance
from fsdesk.services.packet import exchange
from fsdesk.services.supervision import (
    follow_up,
    letter_files,
    supervision,
    taking_back,
)
from tests.plans import small_plan
from tests.workspaces import Clock, import_files, make_office, make_unit

MARCH = Period.parse("2026-03")


@pytest.fixture
def clock():
    return Clock("2026-05-11T01:00:00+00:00")


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as workspace:
        yield workspace


def drafted(office, *units):
    return [supervision.draft_for(office, MARCH, unit, LetterKind.REMINDER) for unit in units]


def issued(office, *units):
    return supervision.issue(office, [draft.key for draft in drafted(office, *units)])


def here(office):
    return supervision.case_desk(office, MARCH).still_here


def send(office, folder):
    return run_through(exchange.answer_reports(office, MARCH, folder))


def taken_off(office, unit):
    """The points that letters take off a unit."""
    sheets = assessment.assess(office, MARCH).sheets
    (sheet,) = [each for each in sheets if each.unit == unit]
    return sum(line.points for line in sheet.lines if any("提醒" in s.name for s in line.sources))


def test_what_would_be_issued_is_shown_and_nothing_changes(office):
    drafts = drafted(office, "scj", "fgj")
    before = supervision.drafts(office)

    would = supervision.would_issue(office, [draft.key for draft in drafts])

    assert [letter.document_number for letter in would] == [
        "食药安办提醒〔2026〕1号",
        "食药安办提醒〔2026〕2号",
    ]
    assert supervision.drafts(office) == before
    assert supervision.issue(office, [draft.key for draft in drafts]) == would


def test_letters_issued_by_mistake_are_drafts_again_and_their_numbers_free(office):
    drafts = {draft.unit: draft for draft in drafted(office, "scj", "fgj", "xx")}
    letters = supervision.issue(office, [draft.key for draft in drafts.values()])

    taking_back.take_back(office, [letter.key for letter in letters])

    assert follow_up.register(office) == ()
    for draft in supervision.drafts(office):
        was = drafts[draft.unit]
        assert (draft.body, draft.items, draft.reply_by) == (was.body, was.items, was.reply_by)
    assert maintenance.verify(office) == ()
    again = supervision.issue(office, [draft.key for draft in supervision.drafts(office)])
    assert sorted(letter.number for letter in again) == [1, 2, 3]
    assert maintenance.verify(office) == ()


def test_a_number_is_not_left_out_by_taking_back(office):
    first, _second = issued(office, "scj", "fgj")
    with pytest.raises(InputRejectedError, match="撤回会缺号"):
        taking_back.take_back(office, [first.key])


@pytest.mark.parametrize("way", ["packet", "file", "printed"])
def test_what_left_is_void_with_a_reason_and_its_number_stays_used(office, tmp_path, way):
    (letter,) = issued(office, "scj")
    assert here(office) == {letter.key}
    if way == "packet":
        send(office, tmp_path / "out")
    elif way == "file":
        letter_files.write_letter(office, letter.key, tmp_path / "1.pdf")
    else:
        taking_back.note_printed(office, letter.key)

    assert here(office) == frozenset()
    with pytest.raises(InputRejectedError, match="不能再撤回"):
        taking_back.take_back(office, [letter.key])
    with pytest.raises(InputRejectedError, match="作废要写明原因"):
        taking_back.void(office, letter.key, " ")
    void = taking_back.void(office, letter.key, "发错单位")

    assert (void.state.label, void.evidence) == ("作废", "发错单位")
    assert maintenance.verify(office) == ()
    (again,) = issued(office, "scj")
    assert again.number == 2


def test_a_void_letter_takes_nothing_off_the_score(office, tmp_path):
    (letter,) = issued(office, "scj")
    assert taken_off(office, "scj") < 0
    send(office, tmp_path / "out")
    taking_back.void(office, letter.key, "数据有误")
    assert taken_off(office, "scj") == 0


def test_closing_is_undone_before_the_packet_and_opened_again_after_it(office, tmp_path):
    letters = issued(office, "scj", "fgj")
    send(office, tmp_path / "out")
    follow_up.close_all(office, [letter.key for letter in letters], "经核查属实")
    assert here(office) == {letter.key for letter in letters}

    taking_back.take_back(office, [letters[0].key])
    assert follow_up.named(office, letters[0].key) == letters[0]
    send(office, tmp_path / "out2")
    with pytest.raises(InputRejectedError, match="不能再撤回"):
        taking_back.take_back(office, [letters[1].key])
    opened = taking_back.reopen(office, letters[1].key, "核查发现仍未整改")

    assert opened.open
    assert opened.remarks == ("曾销号，已撤销：核查发现仍未整改",)
    assert maintenance.verify(office) == ()


def test_taking_a_stronger_letter_back_opens_the_one_before_again(office, clock, tmp_path):
    (first,) = issued(office, "scj")
    send(office, tmp_path / "out")
    clock.set("2026-06-20T01:00:00+00:00")
    proposals = supervision.case_desk(office, MARCH).proposals
    (stronger,) = [each for each in proposals if each.letter and each.letter.key == first.key]
    (draft,) = supervision.agree(office, MARCH, [stronger])
    (second,) = supervision.issue(office, [draft.key])
    assert follow_up.named(office, first.key).state is LetterState.ESCALATED

    taking_back.take_back(office, [second.key])
    assert follow_up.named(office, first.key) == first


def test_the_unit_hears_of_it(office, tmp_path, clock):
    with make_unit(office, tmp_path / "unit", clock=clock) as unit:
        letter, other = issued(office, "scj", "scj")
        follow_up.close(office, other.key, "已补报")
        sent = next(each for each in send(office, tmp_path / "out") if each.unit == "scj")
        import_files(unit, sent.file)
        clock.set("2026-05-12T01:00:00+00:00")
        taking_back.void(office, letter.key, "发错单位")
        taking_back.reopen(office, other.key, "补报不全")
        sent = next(each for each in send(office, tmp_path / "again") if each.unit == "scj")
        import_files(unit, sent.file)

        found = {notice.letter.key: notice.letter for notice in follow_up.inbox(unit)}
        assert found[letter.key].state is LetterState.VOID
        assert found[other.key].state is LetterState.ISSUED
        assert "补报不全" in found[other.key].remarks[0]
        with pytest.raises(InputRejectedError, match="作废"):
            follow_up.reply(unit, letter.key, "已整改")
        assert maintenance.verify(unit) == ()


def test_programs_that_know_no_void_letter_take_it_for_struck_off(office):
    (letter,) = issued(office, "scj")
    void = taking_back.void(office, letter.key, "发错单位")
    said = Directives(small_plan(), Rules(), letters=(LetterNotice(void, (), "正文"),))

    plain = directives_to_dict(said)
    (told,) = plain["letters"]

    assert told["letter"]["state"] == "closed"
    assert told["more"]["evidence"] == "发错单位"
    assert directives_from_dict(plain, "scj").letters[0].letter == void
    told["more"].pop("void")
    assert directives_from_dict(plain, "scj").letters[0].letter.state is LetterState.CLOSED


def test_drafts_that_were_taken_back_come_back(office):
    drafts = drafted(office, "scj", "fgj")
    gone = supervision.withdraw(office, *(draft.key for draft in drafts))
    assert supervision.drafts(office) == ()
    supervision.draft_again(office, gone)
    assert set(supervision.drafts(office)) == set(drafts)


def test_what_is_taken_back_is_told_as_it_is_now(office):
    (letter,) = issued(office, "scj")
    follow_up.close(office, letter.key, "误点")
    (opened,) = taking_back.take_back(office, [letter.key])
    assert isinstance(opened, Letter)
    (draft,) = taking_back.take_back(office, [letter.key])
    assert isinstance(draft, LetterDraft)
