"""Deciding between edits made apart: who made which and when, and a decision taken back."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance
from fsdesk.services.packet import conflicts, exchange, reviewing
from fsdesk.services.packet.conflict_origins import conflicts_with_origins
from fsdesk.services.records import recording
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import records
from tests.workspaces import MARCH, import_files

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


@pytest.fixture
def apart(office, unit, clock, tmp_path):
    """Office and unit typed something else for a figure, a text and a row of a ledger."""
    with office.reading() as session:
        ledger = next(x for x in ledgers.load_ledgers(session) if len(x.key) == 1)
    column = next(c.title for c in ledger.columns if c.title not in ledger.key and not c.choices)

    def keep(workspace, text):
        row = LedgerEntry("", ledger.code, "scj", {ledger.key[0]: "S1", column: text})
        with workspace.writing() as writing:
            ledgers.edit_entries(writing, [row])

    clock.set("2026-04-01T01:00:00+00:00")
    recording.save(unit, KEY, DataValue(6))
    recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="单位写的"))
    keep(unit, "甲")
    file = exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file
    clock.set("2026-04-02T02:00:00+00:00")
    recording.save(office, KEY, DataValue(5))
    recording.record_progress(office, "T01-1", "2026-03", ProgressReport(text="办写的"), "scj")
    keep(office, "乙")
    clock.set("2026-04-03T03:00:00+00:00")
    import_files(office, file)
    return office


def stands(workspace):
    with workspace.reading() as session:
        return sorted(str(h) for h in records.held(session, leading_only=False)), [
            (str(c.mine), str(c.theirs)) for c in conflicts.ledger_conflicts(workspace)
        ]


def contents(workspace):
    """What stands, without when it was put there and under which number."""
    with workspace.reading() as session:
        return sorted(
            (str(h.record), h.leading) for h in records.held(session, leading_only=False)
        ), [(c.mine, c.theirs) for c in conflicts.ledger_conflicts(workspace)]


def test_each_side_tells_by_whom_and_when(apart):
    for found in conflicts_with_origins(apart):
        assert (found.mine.at, found.mine.packet) == ("2026-04-02T02:00:00+00:00", None)
        assert found.theirs.at == "2026-04-03T03:00:00+00:00"
        assert found.theirs.packet.made_at == "2026-04-01T01:00:00+00:00"
        assert (found.theirs.packet.unit, found.theirs.packet.period) == ("scj", "2026-03")


@pytest.mark.parametrize("keep_mine", [True, False])
@pytest.mark.parametrize("place", [0, 1, 2, None], ids=["first", "second", "row", "all"])
def test_a_decision_is_taken_back_and_made_again(apart, place, keep_mine):
    before = contents(apart)
    if place is None:
        decision = conflicts.decide_all(apart, keep_mine=keep_mine)
        left = 0
    else:
        chosen = conflicts_with_origins(apart)[place].conflict.id
        decision = conflicts.decide(apart, chosen, keep_mine=keep_mine)
        left = 2
    assert len(conflicts_with_origins(apart)) == left
    conflicts.take_back(apart, decision)
    assert contents(apart) == before
    assert maintenance.verify(apart) == ()
    assert conflicts.resolve_all(apart, keep_mine=not keep_mine) == 3


def edit(office, _folder):
    recording.save(office, KEY, DataValue(50))


def answer(office, folder):
    reviewing.return_report(office, "scj", MARCH, "补正")
    run_through(exchange.answer_reports(office, MARCH, folder / "反馈"))


def accept(office, _folder):
    reviewing.accept(office, "scj", MARCH)


@pytest.mark.parametrize(
    ("then", "why"),
    [(edit, "处理以后又改过"), (answer, "已随文件发出"), (accept, "已接收锁定")],
    ids=["edited", "sent", "accepted"],
)
def test_a_decision_on_which_something_is_built_stands(apart, tmp_path, then, why):
    decision = conflicts.decide_all(apart, keep_mine=False)
    then(apart, tmp_path)
    before = stands(apart)
    with pytest.raises(InputRejectedError, match=why):
        conflicts.take_back(apart, decision)
    assert stands(apart) == before
