"""Clocks that are wrong: said where it matters, and nothing is on time by them."""

from __future__ import annotations

import pytest

from fsdesk.domain.clock import clock_doubts, judged_at, later
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.records.records import DataValue
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.store.ledger import ledgers
from fsdesk.workspace import open_workspace
from tests.workspaces import MARCH, import_files

IN_TIME, TOO_LATE, LONG_AGO = (
    f"{day}T01:00:00+00:00" for day in ("2026-04-02", "2026-04-28", "2016-11-17")
)


@pytest.fixture
def pcs(office, unit):
    return office, unit


def standing(office):
    found = aggregation.reports_of(office, MARCH)
    return next(item for item in found if item.unit == "scj")


def send(unit, clock, made, folder, value=6):
    clock.set(made)
    recording.record_value(unit, "I01-1", str(MARCH), DataValue(value))
    return exchange.export_report(unit, MARCH, folder / f"{value}.xlsx").file


@pytest.mark.parametrize("case", [(IN_TIME, True), (TOO_LATE, False)])
@pytest.mark.parametrize(
    ("made", "words"), [(LONG_AGO, "早于2026年3月"), ("2031-01-01T01:00:00+00:00", "晚于现在")]
)
def test_a_report_that_can_not_have_been_made_when_it_says_is_judged_by_its_receipt(
    pcs, clock, tmp_path, made, words, case
):
    (office, unit), (received, on_time) = pcs, case
    file = send(unit, clock, made, tmp_path)
    clock.set(received)
    (taken,) = import_files(office, file).files
    assert words in taken.message
    assert standing(office).on_time is on_time
    assert standing(office).doubted
    assert standing(office).state_label == "已报送，时间存疑"
    assert aggregation.status_now(office, MARCH).timeliness == pytest.approx(on_time / 3)


def test_a_doubtful_time_of_one_report_spoils_no_other(office, unit, clock, tmp_path):
    right = send(unit, clock, IN_TIME, tmp_path)
    wrong = send(unit, clock, LONG_AGO, tmp_path, 7)
    clock.set(TOO_LATE)
    import_files(office, wrong)
    assert standing(office).on_time is False
    import_files(office, right)
    assert standing(office).on_time is True
    assert not standing(office).doubted


def test_a_unit_is_told_of_its_own_clock(unit, clock, tmp_path):
    clock.set(LONG_AGO)
    recording.record_value(unit, "I01-1", str(MARCH), DataValue(6))
    written = exchange.export_report(unit, MARCH, tmp_path / "1.xlsx")
    assert "2016-11-17" in written.notice
    assert aggregation.reports_of(unit, MARCH)[0].on_time is False
    unit.close()
    clock.set("2016-11-16T01:00:00+00:00")
    with open_workspace(unit.folder, clock=clock) as again:
        (found,) = (each for each in again.warnings if "这台电脑的时间" in each.message)
        assert "早于本工作区最近一次保存的时间" in found.message


def test_what_is_typed_after_the_clock_was_set_back_is_known_as_not_sent(unit, clock, tmp_path):
    send(unit, clock, IN_TIME, tmp_path)
    assert unit_forms.unit_form(unit, "scj", MARCH).unexported == 0
    clock.set("2026-04-01T01:00:00+00:00")  # a day back
    recording.record_value(unit, "I01-1", str(MARCH), DataValue(8))
    assert unit_forms.unit_form(unit, "scj", MARCH).unexported == 1


def test_rows_of_ledgers_typed_after_the_clock_was_set_back_go_with_the_changed_ones(
    office, unit, clock, tmp_path
):
    with unit.writing() as writing:
        row = LedgerEntry("", "sampling", "scj", {"抽样编号": "S1"})
        ledgers.edit_entries(writing, [row])
    import_files(office, send(unit, clock, IN_TIME, tmp_path))
    reviewing.accept(office, "scj", MARCH)
    import_files(unit, next(iter(feedback(office, tmp_path))))
    clock.set("2026-04-01T01:00:00+00:00")  # a day back
    with unit.writing() as writing:
        row = LedgerEntry("", "sampling", "scj", {"抽样编号": "S2"})
        ledgers.edit_entries(writing, [row])
    file = exchange.export_report(unit, MARCH, tmp_path / "2.xlsx", changed_rows=True).file
    reviewing.reopen(office, "scj", MARCH, "补报")
    assert "台账新增 1 条" in import_files(office, file).files[0].message


def feedback(office, folder):
    from fsdesk.domain.steps import run_through

    return [each.file for each in run_through(exchange.answer_reports(office, MARCH, folder))]


@pytest.mark.parametrize(
    ("now", "newest", "words"),
    [
        (IN_TIME, "", ""),
        (IN_TIME, "2026-04-02T01:40:00+00:00", ""),
        (IN_TIME, "2026-04-03T01:00:00+00:00", "早于本工作区最近一次保存"),
        ("2025-11-20T01:00:00+00:00", "", ""),
        ("2023-04-02T01:00:00+00:00", "", "本工作区是 2026 年度的"),
        ("2031-04-02T01:00:00+00:00", "", "本工作区是 2026 年度的"),
    ],
)
def test_a_clock_that_can_not_be_right_is_doubted(now, newest, words):
    found = "".join(each.message for each in clock_doubts(now, newest, 2026))
    assert words in found if words else not found


def test_what_comes_after_is_later_whatever_the_clock_says():
    assert later(IN_TIME, "") == later(IN_TIME, LONG_AGO) == IN_TIME
    assert later(LONG_AGO, LONG_AGO, IN_TIME) == "2026-04-02T01:00:01+00:00"


def test_without_a_receipt_nothing_decides_for_a_time_that_can_not_be():
    assert judged_at(LONG_AGO, "", MARCH) == ""
    assert judged_at(IN_TIME, "", MARCH) == IN_TIME


def test_a_report_that_says_it_was_made_in_the_future_is_not_taken_for_a_newer_one(
    pcs, clock, tmp_path
):
    """It was made before the other, by a clock that ran ahead; nothing was put back."""
    office, unit = pcs
    ahead = send(unit, clock, "2031-01-01T01:00:00+00:00", tmp_path, 6)
    right = send(unit, clock, IN_TIME, tmp_path, 7)
    assert "恢复过较早的数据" not in import_files(office, right).files[0].message
    (late,) = import_files(office, ahead).files
    assert "晚于现在" in late.message
    assert "恢复过较早的数据" not in late.message
