"""Undo and redo of what was typed, also after a restart."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind, empty_content
from fsdesk.services.care import maintenance
from fsdesk.services.records import recording, undo
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace

FORM = ("scj", "2026-03")


@pytest.fixture
def unit(unit_folder, office, clock):
    from tests.workspaces import make_unit

    with make_unit(office, unit_folder, clock=clock) as workspace:
        yield workspace


@pytest.fixture
def unit_folder(tmp_path):
    return tmp_path / "own"


def key(item="I01-1"):
    return RecordKey(RecordKind.VALUE, item, "scj", "2026-03")


def stands(workspace, item="I01-1"):
    with workspace.reading() as session:
        found = records.find(session, key(item))
    return found.content if found else empty_content(RecordKind.VALUE)


def test_edits_are_taken_back_one_by_one_and_done_again(unit):
    for number in (10, 20):
        recording.save(unit, key(), DataValue(number))
    recording.save(unit, key("I01-2"), DataValue(5))
    gone = [undo.undo(unit, *FORM).step.key.item for _ in range(3)]
    assert gone == ["I01-2", "I01-1", "I01-1"]
    assert stands(unit) == DataValue()
    assert undo.undo(unit, *FORM) is None
    assert undo.redo(unit, *FORM).saved[0].record.content == DataValue(10)
    assert undo.redo(unit, *FORM).saved[0].record.content == DataValue(20)
    assert stands(unit) == DataValue(20)


def test_they_are_taken_back_after_a_restart(unit, unit_folder, clock):
    recording.save(unit, key(), DataValue(10))
    recording.save(unit, key(), DataValue(20))
    unit.close()
    with open_workspace(unit_folder, clock=clock) as again:
        assert undo.undo(again, *FORM).saved[0].record.content == DataValue(10)
        again.close()
        with open_workspace(unit_folder, clock=clock) as third:
            assert undo.redo(third, *FORM).saved[0].record.content == DataValue(20)
            assert maintenance.verify(third) == ()


def test_taking_back_is_an_edit_like_others_so_that_packets_carry_it(unit):
    recording.save(unit, key(), DataValue(10))
    recording.save(unit, key(), DataValue(20))
    undo.undo(unit, *FORM)
    with unit.reading() as session:
        assert str(records.find(session, key()).revision).endswith(":3")


def test_another_period_is_left_alone(unit):
    recording.record_value(unit, "I01-1", "2026-02", DataValue(3))
    assert undo.undo_state(unit, *FORM) == undo.UndoState(None, None)
    assert undo.undo(unit, *FORM) is None


def test_what_breaks_a_rule_today_is_refused_and_nothing_changes(unit):
    recording.save(unit, key("I01-2"), DataValue(5))
    recording.save(unit, key("I01-2"), DataValue(1))
    with unit.writing() as writing:  # a packet brings the whole, which is less than 5
        records.record_content(writing, key(), DataValue(3), "import")
    with pytest.raises(InputRejectedError, match="大于"):
        undo.undo(unit, *FORM)
    assert stands(unit, "I01-2") == DataValue(1)
