"""Undoing an import: as if the packets had never come, but nothing typed since is touched."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.services.as_json import status_json
from fsdesk.services.care import maintenance
from fsdesk.services.packet import conflicts, exchange, import_undo, signing
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.store.records import records, submissions
from tests.workspaces import MARCH, import_files

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


def everything(workspace):
    """All that an import touches."""
    with workspace.reading() as session:
        return (
            [(h.record, h.leading) for h in records.held(session, leading_only=False)],
            submissions.submissions(session),
            [note.digest for note in submissions.packets(session)],
            signing.registered(workspace),
        )


@pytest.fixture
def report(unit, tmp_path):
    recording.save(unit, KEY, DataValue(6))
    recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="已抽检"))
    return exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file


def test_an_import_is_undone_and_can_be_done_again(office, report):
    before = everything(office), status_json(aggregation.status(office, MARCH))
    import_files(office, report)
    after = everything(office)
    undone = import_undo.undo_last_import(office)
    assert (undone.packets, undone.records, undone.kept) == (1, 2, ())
    assert (everything(office), status_json(aggregation.status(office, MARCH))) == before
    assert maintenance.verify(office) == ()
    assert import_files(office, report).count(Result.IMPORTED) == 1
    assert everything(office)[:3] == after[:3]


def test_what_was_edited_since_stays_and_is_named(office, report):
    import_files(office, report)
    recording.save(office, KEY, DataValue(60))
    undone = import_undo.undo_last_import(office)
    assert undone.kept == (KEY,)
    with office.reading() as session:
        assert records.find(session, KEY).content.value == 60
        assert len(records.load_records(session)) == 1


def test_a_conflict_that_came_in_goes_again(office, report):
    recording.save(office, KEY, DataValue(5))
    import_files(office, report)
    assert len(conflicts.conflicts(office)) == 1
    import_undo.undo_last_import(office)
    assert conflicts.conflicts(office) == ()
    with office.reading() as session:
        assert records.find(session, KEY).content.value == 5


def test_batches_are_undone_from_the_newest_back(office, unit, report, tmp_path):
    import_files(office, report)
    recording.save(unit, KEY, DataValue(7))
    second = exchange.export_report(unit, MARCH, tmp_path / "二.xlsx").file
    import_files(office, second)
    for expected in (6, None):
        import_undo.undo_last_import(office)
        with office.reading() as session:
            found = records.find(session, KEY)
        assert (found.content.value if found else None) == expected
    assert import_undo.last_import(office) is None
    with pytest.raises(InputRejectedError, match="没有可以撤销的导入"):
        import_undo.undo_last_import(office)


def test_an_import_that_changed_nothing_is_no_step(office, report):
    import_files(office, report)
    first = import_undo.last_import(office)
    import_files(office, report)
    assert import_undo.last_import(office) == first


def test_all_conflicts_are_decided_by_one_rule(office, report):
    recording.save(office, KEY, DataValue(5))
    recording.record_progress(office, "T01-1", "2026-03", ProgressReport(text="甲"), unit="scj")
    import_files(office, report)
    assert conflicts.resolve_all(office, keep_mine=False) == 2
    assert conflicts.conflicts(office) == ()
    with office.reading() as session:
        assert records.find(session, KEY).content.value == 6
    assert conflicts.resolve_all(office, keep_mine=True) == 0
