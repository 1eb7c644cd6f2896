"""收发记录: what was sent and received, what was in it, what became of it, and its kept copy."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.records.records import DataValue, ProgressReport, Status
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import exchange, history, reviewing
from fsdesk.services.packet.history import PacketState
from fsdesk.services.records import recording
from fsdesk.store.ledger import ledgers
from tests.workspaces import MARCH, import_files


@pytest.fixture
def report(unit, tmp_path):
    """A figure, words and two rows, exported."""
    recording.record_value(unit, "I01-1", str(MARCH), DataValue(6))
    recording.record_progress(unit, "T01-1", str(MARCH), ProgressReport(Status.UNDER_WAY, "已办"))
    with unit.writing() as writing:
        rows = [LedgerEntry("", "sampling", "scj", {"抽样编号": each}) for each in ("S1", "S2")]
        ledgers.edit_entries(writing, rows)
    return exchange.export_report(unit, MARCH, tmp_path / "三月.xlsx").file


def feedback(office, folder):
    written = run_through(exchange.answer_reports(office, MARCH, folder))
    return next(each.file for each in written if each.unit == "scj")


def newest(workspace):
    return next(line for line in history.history(workspace) if line.name == "三月.xlsx")


def test_a_report_tells_its_name_and_what_is_in_it_on_both_sides(office, unit, report):
    import_files(office, report)
    for side in (unit, office):
        line = newest(side)
        assert line.unit == "区市场监管局"
        assert line.contents == "数据 1 项、进展 1 项、台账 2 行"


def test_its_state_follows_what_the_office_decides_and_the_unit_is_told(
    office, unit, report, clock, tmp_path
):
    assert newest(unit).state is PacketState.WAITING
    import_files(office, report)
    assert newest(office).state is PacketState.TO_REVIEW
    plans = run_through(exchange.issue_packets(office, MARCH, tmp_path / "plans"))
    import_files(unit, next(each.file for each in plans if each.unit == "scj"))
    sent = next(line for line in history.history(unit) if line.name == "三月.xlsx")
    assert sent.state is PacketState.DELIVERED
    reviewing.return_report(office, "scj", MARCH, "请核对")
    import_files(unit, feedback(office, tmp_path / "out"))
    clock.set("2026-04-03T01:00:00+00:00")
    recording.record_value(unit, "I01-1", str(MARCH), DataValue(7))
    again = exchange.export_report(unit, MARCH, tmp_path / "再报.xlsx").file
    states = {line.name: line.state for line in history.history(unit)}
    assert states["三月.xlsx"] is PacketState.RETURNED
    assert states["再报.xlsx"] is PacketState.WAITING
    import_files(office, again)
    reviewing.accept(office, "scj", MARCH)
    states = {line.name: line.state for line in history.history(office)}
    assert states["三月.xlsx"] is PacketState.RETURNED
    assert states["再报.xlsx"] is PacketState.ACCEPTED


def test_a_packet_is_saved_and_opened_again_as_it_was(unit, report, tmp_path):
    content = report.read_bytes()
    report.unlink()
    history.save_copy(unit, newest(unit), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == content
    opened = history.open_copy(unit, newest(unit), tmp_path / "passing")
    assert (opened.name, opened.read_bytes()) == ("三月.xlsx", content)


@pytest.mark.file_database  # a server has it still
def test_a_copy_that_is_gone_is_told(unit, report, tmp_path):
    (unit.packets / newest(unit).note.file).unlink()
    with pytest.raises(InputRejectedError, match="副本已不在工作区中"):
        history.save_copy(unit, newest(unit), tmp_path / "again.xlsx")


@pytest.mark.parametrize("text", ["三月", "台账 2 行", "区市场监管局", "尚无回执", "2026年3月"])
def test_whatever_stands_in_a_line_is_found(unit, report, text):
    assert newest(unit).tells(text)
    assert not newest(unit).tells("没有这样的文字")
