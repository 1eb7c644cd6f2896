"""延期 and 更正 of an issued letter are papers of their own; the letter stays as it was issued."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from msgspec.structs import replace
from pypdf import PdfReader

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.periods import Period
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.amendments import AmendmentKind
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.care import maintenance
from fsdesk.services.packet import exchange, import_undo
from fsdesk.services.supervision import (
    follow_up,
    letter_files,
    office_identity,
    supervision,
    taking_back,
)
from fsdesk.store.supervision import letters
from tests.workspaces import MARCH, Clock, changed_beside, import_files, make_office, make_unit

APRIL = Period.parse("2026-04")
SATURDAY, MONDAY = date(2026, 5, 30), date(2026, 6, 1)


@pytest.fixture
def clock():
    return Clock("2026-05-11T01:00:00+00:00")


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as workspace:
        yield workspace


@pytest.fixture
def letter(office):
    """A reminder that left the office on 11 May."""
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (issued,) = supervision.issue(office, [draft.key])
    taking_back.note_left(office, issued.key, "file")
    return issued


def amendments(workspace, letter):
    (notice,) = (n for n in follow_up.register(workspace) if n.letter.key == letter.key)
    return notice.amendments


def paper(workspace, key, folder):
    """Both files of a paper as bytes, and its pages."""
    files = [folder / f"件{ending}" for ending in letter_files.ENDINGS]
    for file in files:
        letter_files.write_letter(workspace, key, file)
    return [file.read_bytes() for file in files], letter_files.pages_of(workspace, key)


def said(made):
    """What both files say, without line breaks."""
    (pdf, word), _ = made
    pages = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return "".join(pages.split()), "".join(p.text for p in Document(BytesIO(word)).paragraphs)


def extended(office, letter, until=date(2026, 5, 29), *, granted=True, why=""):
    follow_up.ask_extension(office, letter.key, until, "客观原因")
    return follow_up.answer_extension(office, letter.key, why, granted=granted)


def test_more_time_is_granted_by_a_paper_with_its_own_day_that_names_the_letter(
    office, letter, clock, tmp_path
):
    before = paper(office, letter.key, tmp_path)
    clock.set("2026-05-13T01:00:00+00:00")
    extended(office, letter)

    (made,) = amendments(office, letter)
    assert (made.kind, made.day) == (AmendmentKind.EXTENDED, date(2026, 5, 13))
    for words in said(paper(office, made.key, tmp_path)):
        assert "关于同意提醒敦促函延期的复函" in words
        assert f"提醒敦促函（{letter.document_number}）提出的延期申请收悉" in words
        assert "回复期限由2026年5月25日延至2026年5月29日" in words
        assert words.count("2026年5月13日") == 1
    assert paper(office, letter.key, tmp_path) == before


def test_a_refusal_is_a_paper_too_and_leaves_the_day(office, letter, tmp_path):
    extended(office, letter, granted=False, why="理由不充分")
    (made,) = amendments(office, letter)
    for words in said(paper(office, made.key, tmp_path)):
        assert "不同意延期（理由不充分），回复期限仍为2026年5月25日。" in words
    assert follow_up.named(office, letter.key).reply_by == letter.reply_by


def test_a_day_that_is_not_worked_is_never_granted(office, letter):
    with office.writing() as writing:  # of an earlier program, which took any day
        asked = replace(letter, wanted_until=SATURDAY, wanted_why="客观原因")
        letters.update(writing, asked)
    granted = follow_up.answer_extension(office, letter.key, granted=True)
    assert granted.reply_by == MONDAY
    (made,) = amendments(office, letter)
    assert "延至2026年6月1日" in made.body


def test_a_correction_says_what_is_put_right_and_the_letter_stays(office, letter, tmp_path):
    before = paper(office, letter.key, tmp_path)
    made = taking_back.correct(office, letter.key, "“5%”更正为“15%”\n联系电话更正为 0123-4567890")
    again = taking_back.correct(office, letter.key, "{{ 编号 }} <更正> & 补充。")

    assert [each.key for each in amendments(office, letter)] == [made.key, again.key]
    for words in said(paper(office, made.key, tmp_path)):
        assert "关于更正提醒敦促函有关内容的通知" in words
        assert f"2026年5月11日印发的提醒敦促函（{letter.document_number}）" in words
        assert "“5%”更正为“15%”" in words
    assert "{{ 编号 }} <更正> & 补充。" in said(paper(office, again.key, tmp_path))[1]
    assert paper(office, letter.key, tmp_path) == before
    assert maintenance.verify(office) == ()


def test_what_has_not_left_is_taken_back_and_not_corrected(office):
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (issued,) = supervision.issue(office, [draft.key])
    with pytest.raises(InputRejectedError, match="还没有送出，不需要更正"):
        taking_back.correct(office, issued.key, "甲更正为乙")
    assert amendments(office, issued) == ()


def test_nothing_is_corrected_without_words_nor_where_the_letter_is_void(office, letter):
    with pytest.raises(InputRejectedError, match="没有写明更正的内容"):
        taking_back.correct(office, letter.key, " \n")
    taking_back.void(office, letter.key, "发错单位")
    with pytest.raises(InputRejectedError, match="作废，不能更正"):
        taking_back.correct(office, letter.key, "甲更正为乙")


def test_an_amendment_stays_as_it_was_issued_and_is_checked(office, letter, tmp_path):
    extended(office, letter)
    (made,) = amendments(office, letter)
    before = paper(office, made.key, tmp_path)
    office_identity.save(office, OfficeIdentity("某市某区", contact="李四"))

    assert paper(office, made.key, tmp_path) == before
    assert "印发时留存" in letter_files.remark_of(office, made.key)
    assert maintenance.verify(office) == ()
    command = "UPDATE issued_paper SET data = :data WHERE subject LIKE 'amendment/%'"
    changed_beside(office, command, data=b"\0")
    assert any("内容摘要应为" in line for line in maintenance.verify(office))


def test_it_stands_in_the_list_of_papers_and_goes_into_a_folder_beside_its_letter(
    office, letter, tmp_path
):
    extended(office, letter)
    names = [each.name for each in letter_files.listed(office)]
    assert names[1].startswith(f"{letter.document_number}（同意延期，2026-05-11）")
    files = letter_files.write_letters(office, [letter.key], tmp_path)
    assert len(files) == 4
    assert sum("延期的复函" in file.name for file in files) == 2


def sent(office, folder):
    packets = run_through(exchange.answer_reports(office, MARCH, folder))
    return [packet.file for packet in packets if packet.unit == "scj"]


def test_a_unit_gets_it_keeps_it_and_undoes_it_with_its_import(office, letter, tmp_path, clock):
    with make_unit(office, tmp_path / "unit", clock=clock) as unit:
        import_files(unit, *sent(office, tmp_path / "1"))
        clock.set("2026-05-12T01:00:00+00:00")
        extended(office, letter)
        taking_back.correct(office, letter.key, "甲更正为乙")
        packets = sent(office, tmp_path / "2")
        import_files(unit, *packets)

        assert amendments(unit, letter) == amendments(office, letter)
        first, second = amendments(unit, letter)
        assert "延至2026年5月29日" in said(paper(unit, first.key, tmp_path))[0]
        assert "甲更正为乙" in follow_up.inbox(unit)[0].text
        assert "收到时留存" in letter_files.remark_of(unit, second.key)
        assert maintenance.verify(unit) == ()

        import_undo.undo_last_import(unit)
        assert amendments(unit, letter) == ()
        assert follow_up.named(unit, letter.key).reply_by == letter.reply_by
        assert maintenance.verify(unit) == ()
        import_files(unit, *packets)
        assert len(amendments(unit, letter)) == 2
        assert maintenance.verify(unit) == ()
