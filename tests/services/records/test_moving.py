"""What was typed into the wrong month goes to the right one, in one step that can be undone."""

from __future__ import annotations

from datetime import date

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.records.submissions import Review, ReviewState, RowComment, SubmissionState
from fsdesk.services.care import maintenance
from fsdesk.services.records import evidence, moving, recording, undo
from fsdesk.store.records import records, submissions
from fsdesk.workspace import open_workspace
from tests.held import attachments_of, review_of
from tests.workspaces import import_files, make_unit, note_sent

NOVEMBER, DECEMBER = Period.parse("2026-11"), Period.parse("2026-12")
SAMPLES, PART = ("I01-1", "I01-2")
WORDS, THING = "T01-1", "D01-1-1"
DONE = Milestone(Status.DONE, date(2026, 11, 20), "通知")


@pytest.fixture
def unit(unit, clock, tmp_path):
    """November's work, typed into December, with a photo that proves a part of it."""
    clock.set("2026-12-03T01:00:00+00:00")
    recording.record_value(unit, SAMPLES, "2026-12", DataValue(120))
    recording.record_value(unit, PART, "2026-12", DataValue(50))
    recording.record_progress(unit, WORDS, "2026-12", ProgressReport(Status.UNDER_WAY, "抽检"))
    recording.record_milestone(unit, THING, "2026-12", DONE)
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"picture")
    evidence.attach(unit, key(THING, DECEMBER), photo)
    return unit


def key(item, period):
    kinds = {"I": RecordKind.VALUE, "T": RecordKind.PROGRESS, "D": RecordKind.MILESTONE}
    return RecordKey(kinds[item[0]], item, "scj", str(period))


def typed(workspace, period):
    """What is filled in, by item."""
    with workspace.reading() as session:
        found = records.load_records(session, unit="scj", period=str(period))
    return {record.key.item: record.content for record in found if not record.empty}


def proofs(workspace, period):
    return [file.name for file in attachments_of(workspace, key(THING, period))]


def test_all_of_it_goes_to_november_with_its_evidence(unit):
    before = typed(unit, DECEMBER)
    moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    assert typed(unit, NOVEMBER) == before
    assert typed(unit, DECEMBER) == {}
    assert proofs(unit, NOVEMBER) == ["照片.jpg"]
    assert proofs(unit, DECEMBER) == []


@pytest.mark.parametrize("form", ["2026-11", "2026-12"])
def test_one_undo_in_either_month_takes_all_of_it_back_and_one_redo_moves_it_again(unit, form):
    before = typed(unit, DECEMBER)
    moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    undo.undo(unit, "scj", form)
    assert (typed(unit, DECEMBER), typed(unit, NOVEMBER)) == (before, {})
    assert proofs(unit, DECEMBER) == ["照片.jpg"]
    undo.redo(unit, "scj", form)
    assert (typed(unit, DECEMBER), typed(unit, NOVEMBER)) == ({}, before)
    assert proofs(unit, NOVEMBER) == ["照片.jpg"]
    assert maintenance.verify(unit) == ()


def test_the_step_before_the_move_is_undone_after_it(unit, clock):
    moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    unit.close()
    with open_workspace(unit.folder, clock=clock) as again:  # also after a restart
        undo.undo(again, "scj", "2026-12")
        undo.undo(again, "scj", "2026-12")
        assert THING not in typed(again, DECEMBER)
        assert typed(again, DECEMBER)[SAMPLES] == DataValue(120)


def test_what_was_changed_since_in_november_is_not_swept_away_by_undo(unit):
    moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    recording.record_value(unit, SAMPLES, "2026-11", DataValue(130))
    undo.undo(unit, "scj", "2026-12")  # nothing that still stands as the move left it
    assert typed(unit, NOVEMBER)[SAMPLES] == DataValue(130)
    assert typed(unit, DECEMBER) == {}
    undo.undo(unit, "scj", "2026-11")
    undo.undo(unit, "scj", "2026-11")
    assert typed(unit, NOVEMBER) == {}


def test_only_what_is_chosen_goes(unit):
    moving.move_period(unit, "scj", DECEMBER, NOVEMBER, {THING})
    assert typed(unit, NOVEMBER) == {THING: DONE}
    assert THING not in typed(unit, DECEMBER)
    assert typed(unit, DECEMBER)[SAMPLES] == DataValue(120)


def test_nothing_in_november_is_overwritten(unit):
    recording.record_value(unit, SAMPLES, "2026-11", DataValue(7))
    recording.record_progress(unit, WORDS, "2026-11", ProgressReport(text="十一月"))
    before, there = typed(unit, DECEMBER), typed(unit, NOVEMBER)
    with pytest.raises(InputRejectedError) as refused:
        moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    words = str(refused.value.findings[0])
    assert "I01-1 抽检批次，11月已填了不同的内容" in words
    assert "T01-1 抽检监测，11月已填了不同的内容" in words
    assert (typed(unit, DECEMBER), typed(unit, NOVEMBER)) == (before, there)
    found = moving.preview_move(unit, "scj", DECEMBER, NOVEMBER)
    assert [each.key.item for each in found.found if each.stays] == [SAMPLES, WORDS]


def test_what_stands_there_alike_is_only_emptied(unit):
    recording.record_value(unit, SAMPLES, "2026-11", DataValue(120))
    moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    assert typed(unit, NOVEMBER)[SAMPLES] == DataValue(120)
    assert typed(unit, DECEMBER) == {}
    undo.undo(unit, "scj", "2026-11")
    assert typed(unit, NOVEMBER) == {SAMPLES: DataValue(120)}
    assert typed(unit, DECEMBER)[SAMPLES] == DataValue(120)


@pytest.mark.parametrize("locked", ["2026-11", "2026-12"])
def test_a_locked_month_neither_gives_nor_takes(unit, locked):
    before = typed(unit, DECEMBER)
    note_sent(unit, "scj", locked, state=SubmissionState.ACCEPTED)
    with pytest.raises(InputRejectedError, match="已接收锁定"):
        moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    assert typed(unit, DECEMBER) == before
    refused = moving.preview_move(unit, "scj", DECEMBER, NOVEMBER).refused
    assert "已接收锁定" in refused.message


def test_what_was_exported_must_be_returned_first(unit):
    note_sent(unit, "scj", "2026-12")
    with pytest.raises(InputRejectedError, match=r"已经导出.*退回12月的报送"):
        moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    note_sent(unit, "scj", "2026-12", state=SubmissionState.RETURNED)
    moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    assert typed(unit, DECEMBER) == {}


def test_the_offices_comments_stay_where_they_were_made(unit):
    comment = RowComment(key(SAMPLES, DECEMBER), "请核对")
    review = Review(ReviewState.RETURNED, "填错了月份", unit.now(), (comment,))
    with unit.writing() as writing:
        submissions.save_review(writing, "scj", "2026-12", review)
    moving.move_period(unit, "scj", DECEMBER, NOVEMBER)
    assert review_of(unit, "scj", DECEMBER).rows == (comment,)
    assert review_of(unit, "scj", NOVEMBER) is None


def test_a_figure_that_would_be_counted_twice_with_a_quarter_stays(unit):
    recording.record_value(unit, SAMPLES, "2026-Q3", DataValue(1))
    september = Period.parse("2026-09")
    with pytest.raises(InputRejectedError, match=r"I01-1 抽检批次.*重叠"):
        moving.move_period(unit, "scj", DECEMBER, september)


def test_what_two_computers_changed_apart_is_settled_first(office, unit, tmp_path, clock):
    from fsdesk.services.packet import exchange

    with make_unit(office, tmp_path / "second", clock=clock) as second:
        recording.record_value(second, SAMPLES, "2026-12", DataValue(99))
        file = exchange.export_report(second, DECEMBER, tmp_path / "2.xlsx", early=True).file
    recording.record_value(office, SAMPLES, "2026-12", DataValue(120), unit="scj")
    import_files(office, file)
    found = moving.preview_move(office, "scj", DECEMBER, NOVEMBER)
    assert [each.stays for each in found.found if each.key.item == SAMPLES] == [
        "两边都改过，还没有处理"
    ]


def test_an_empty_month_has_nothing_to_move(unit):
    with pytest.raises(InputRejectedError, match="没有可以移动的内容"):
        moving.move_period(unit, "scj", NOVEMBER, DECEMBER)
    with pytest.raises(InputRejectedError, match="已在12月"):
        moving.move_period(unit, "scj", DECEMBER, DECEMBER)


def test_a_unit_moves_only_its_own(unit, office):
    with pytest.raises(InputRejectedError, match="没有可以移动的内容"):
        moving.move_period(unit, "fgj", DECEMBER, NOVEMBER)
    recording.record_value(office, SAMPLES, "2026-12", DataValue(1), unit="fgj")
    moving.move_period(office, "fgj", DECEMBER, NOVEMBER)
    with office.reading() as session:
        stands = records.find(session, RecordKey(RecordKind.VALUE, SAMPLES, "fgj", "2026-11"))
    assert stands.content == DataValue(1)
