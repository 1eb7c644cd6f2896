"""Rows of ledgers travel in packets, merge by row, and an import of them can be undone."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.steps import run_through
from fsdesk.packets.reader import read_packet
from fsdesk.services.packet import checking, conflicts, exchange, import_undo, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.store.ledger import ledgers
from tests.workspaces import MARCH, import_files


def keep(workspace, ledger, unit="scj", **numbers):
    """Type rows by their key; gives them back as they are held."""
    entries = [
        LedgerEntry("", ledger.code, unit, {ledger.key[0]: key} | values)
        for key, values in numbers.items()
    ]
    with workspace.writing() as writing:
        ledgers.edit_entries(writing, entries)


def rows(workspace, ledger):
    with workspace.reading() as session:
        found = ledgers.all_entries(session, ledger.code)
        return {e.values.get(ledger.key[0]): dict(e.values) for e in found if not e.gone}


@pytest.fixture
def ledger(office):
    """A ledger whose natural key is one column of text."""
    with office.reading() as session:
        return next(x for x in ledgers.load_ledgers(session) if len(x.key) == 1)


def send(unit, folder, name="报送包.xlsx"):
    return exchange.export_report(unit, MARCH, folder / name).file


def test_rows_arrive_once_and_are_counted(office, unit, ledger, tmp_path):
    keep(unit, ledger, S1={}, S2={})
    file = send(unit, tmp_path)
    (checked,) = run_through(checking.check_packets(office, [file]))
    assert (checked.entries.added, checked.changed) == (2, 2)
    (taken,) = import_files(office, file).files
    assert "台账新增 2 条" in taken.message
    assert set(rows(office, ledger)) == {"S1", "S2"}
    assert import_files(office, file).count(Result.UNCHANGED) == 1


def test_corrections_update_and_removals_remove(office, unit, ledger, tmp_path):
    keep(unit, ledger, S1={}, S2={})
    import_files(office, send(unit, tmp_path))
    column = next(c.title for c in ledger.columns if c.title not in ledger.key and not c.choices)
    keep(unit, ledger, S1={column: "改"} if column else {})
    with unit.writing() as writing:
        (gone,) = [
            e.id
            for e in ledgers.all_entries(writing.session, ledger.code)
            if e.values[ledger.key[0]] == "S2"
        ]
        ledgers.remove(writing, ledger.code, [gone])
    import_files(office, send(unit, tmp_path, "二.xlsx"))
    assert set(rows(office, ledger)) == {"S1"}
    assert rows(office, ledger)["S1"][column] == "改"


def test_an_import_of_rows_is_undone(office, unit, ledger, tmp_path):
    keep(unit, ledger, S1={})
    file = send(unit, tmp_path)
    import_files(office, file)
    undone = import_undo.undo_last_import(office)
    assert (undone.packets, undone.records) == (1, 1)
    assert rows(office, ledger) == {}
    assert import_files(office, file).count(Result.IMPORTED) == 1
    assert set(rows(office, ledger)) == {"S1"}


def test_a_form_shows_the_rows_and_new_ones_are_typed_below(office, unit, ledger, tmp_path):
    keep(unit, ledger, S1={})
    import_files(office, send(unit, tmp_path))
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    book = load_workbook(file)
    sheet = book[ledger.title]
    assert sheet.cell(4, 2).value == "S1"
    sheet.cell(5, 2).value = "S2"
    book.save(file)
    (taken,) = import_files(office, file, accept_unsigned=True).files
    assert taken.result is Result.IMPORTED, taken.message
    assert set(rows(office, ledger)) == {"S1", "S2"}
    assert import_files(office, file, accept_unsigned=True).count(Result.UNCHANGED) == 1


def test_a_changed_row_breaks_the_signature(office, unit, ledger, tmp_path):
    keep(unit, ledger, S1={})
    file = send(unit, tmp_path)
    book = load_workbook(file)
    book[ledger.title].cell(4, 2).value = "S9"
    book.save(file)
    (taken,) = import_files(office, file).files
    assert "签名以后内容被改动" in taken.message
    assert ledger.title in taken.message


def test_rows_that_were_edited_apart_wait_for_a_decision(office, unit, ledger, tmp_path):
    column = next(c.title for c in ledger.columns if c.title not in ledger.key and not c.choices)
    keep(unit, ledger, S1={column: "甲"})
    keep(office, ledger, S1={column: "乙"})
    summary = import_files(office, send(unit, tmp_path))
    assert summary.conflicts == 1
    (conflict,) = conflicts.ledger_conflicts(office)
    assert {conflict.mine.values[column], conflict.theirs.values[column]} == {"甲", "乙"}
    wanted = conflict.theirs.values[column]
    conflicts.resolve(office, conflict.id, keep_mine=False)
    assert rows(office, ledger)["S1"][column] == wanted
    assert conflicts.ledger_conflicts(office) == ()
    assert conflicts.resolve_all(office, keep_mine=True) == 0


def test_only_rows_changed_since_the_accepted_report_may_go_along(
    office, unit, ledger, clock, tmp_path
):
    keep(unit, ledger, S1={}, S2={})
    clock.set("2026-04-03T01:00:00+00:00")
    first = exchange.export_report(unit, MARCH, tmp_path / "1.xlsx", changed_rows=True).file
    assert len(read_packet(first).entries) == 2
    import_files(office, first)
    clock.set("2026-04-04T01:00:00+00:00")
    reviewing.accept(office, "scj", MARCH)
    (answer,) = run_through(exchange.answer_reports(office, MARCH, tmp_path / "answers"))
    import_files(unit, answer.file)
    clock.set("2026-04-20T01:00:00+00:00")
    keep(unit, ledger, S3={})

    april = Period.parse("2026-04")
    file = exchange.export_report(
        unit, april, tmp_path / "2.xlsx", changed_rows=True, early=True
    ).file
    sent = read_packet(file).entries
    assert [entry.values[ledger.key[0]] for entry in sent] == ["S3"]
    import_files(office, file)
    assert set(rows(office, ledger)) == {"S1", "S2", "S3"}
