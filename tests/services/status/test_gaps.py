"""What is missing before an export, and what may be filled in bulk: never over what is filled."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.services.packet import exchange
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.records import undo as recording_undo
from fsdesk.services.status import gaps
from fsdesk.services.status.gaps import BulkFilling, Concern
from fsdesk.services.status.unit_forms import unit_form
from fsdesk.store.records import records
from tests.workspaces import MARCH

JANUARY = Period.parse("2026-01")
# What a unit said in January of one item of each kind, and what each filling makes of it in March.
SAID = {
    "a count that adds up": ("I01-1", RecordKind.VALUE, DataValue(30)),
    "a level": ("I01-5", RecordKind.VALUE, DataValue(4)),
    "a ratio that adds up": ("I01-3", RecordKind.VALUE, DataValue(None, 3, 4)),
    "a ratio as it stands": ("I01-4", RecordKind.VALUE, DataValue(None, 6, 10, note="核过")),
    "what there is not": ("I01-2", RecordKind.VALUE, DataValue(not_applicable=True)),
    "words": (
        "T01-1",
        RecordKind.PROGRESS,
        ProgressReport(Status.UNDER_WAY, "一月", "缺人", "招人"),
    ),
}
NO_FIGURE = DataValue(not_applicable=True)
MADE = {
    "a count that adds up": {BulkFilling.UNCHANGED: DataValue(0)},
    "a level": {BulkFilling.UNCHANGED: DataValue(4), BulkFilling.COPY: DataValue(4)},
    "a ratio that adds up": {BulkFilling.UNCHANGED: DataValue(None, 0, 0)},
    "a ratio as it stands": {
        BulkFilling.UNCHANGED: DataValue(None, 6, 10),
        BulkFilling.COPY: DataValue(None, 6, 10),
    },
    "what there is not": {BulkFilling.UNCHANGED: NO_FIGURE, BulkFilling.COPY: NO_FIGURE},
    "words": {
        BulkFilling.UNCHANGED: ProgressReport(Status.UNDER_WAY, "本期无变化"),
        BulkFilling.COPY: ProgressReport(Status.UNDER_WAY, "一月", "缺人", "招人"),
    },
}


def key_of(item, kind, period=MARCH):
    return RecordKey(kind, item, "scj", str(period))


def stands(workspace, key):
    with workspace.reading() as session:
        found = records.find(session, key)
    return found.content if found and not found.empty else None


def gap_of(workspace, item, period=MARCH):
    return next(gap for gap in gaps.gaps(unit_form(workspace, "scj", period)) if gap.item == item)


@pytest.fixture
def january(unit):
    for item, kind, content in SAID.values():
        recording.save(unit, key_of(item, kind, JANUARY), content)
    return unit


def test_every_thing_that_is_asked_for_is_a_gap_until_it_is_filled(unit):
    form = unit_form(unit, "scj", MARCH)
    found = gaps.gaps(form)
    assert [gap.key for gap in found] == list(exchange.form_keys(current_plan(unit), "scj", MARCH))
    assert len(found) == sum(task.expected - task.filled for task in form.tasks)


@pytest.mark.parametrize("kind", SAID)
def test_what_may_be_filled_in_follows_the_kind_of_the_item(january, kind):
    item, record, _ = SAID[kind]
    gap = gap_of(january, item)
    expected = dict(MADE[kind])
    if record is RecordKind.VALUE:
        expected[BulkFilling.NOT_APPLICABLE] = NO_FIGURE
    assert gap.fillings == expected
    assert gap.since == JANUARY
    for filling, content in expected.items():
        key = key_of(item, record)
        done = gaps.fill(january, "scj", MARCH, filling, {key})
        assert stands(january, key) == content
        assert gaps.take_back(january, done) == 1
        assert stands(january, key) is None


def test_without_an_earlier_period_nothing_is_copied(unit):
    for gap in gaps.gaps(unit_form(unit, "scj", MARCH)):
        assert BulkFilling.COPY not in gap.fillings
        if gap.key.kind is not RecordKind.VALUE:
            assert not gap.fillings


def test_copying_says_from_which_month_each_comes(january):
    recording.save(
        january, key_of("I01-5", RecordKind.VALUE, Period.parse("2026-02")), DataValue(5)
    )
    found = gaps.gaps(unit_form(january, "scj", MARCH))
    assert gaps.copied_from(found) == ((Period.parse("2026-02"), 1), (JANUARY, 3))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_filling_in_bulk_never_touches_what_is_filled(january, data):
    """Whatever stands in the form: only empty items change, and they come back."""
    keys = exchange.form_keys(current_plan(january), "scj", MARCH)
    contents = {
        RecordKind.PROGRESS: ProgressReport(Status.DONE, "自己写的"),
        RecordKind.MILESTONE: Milestone(Status.DONE),
    }
    own = data.draw(st.sets(st.sampled_from(keys), max_size=6))
    for key in own:
        content = contents.get(key.kind) or (
            DataValue(None, 1, 1) if key.item in {"I01-3", "I01-4"} else DataValue(0)
        )
        recording.save(january, key, content)
    before = {key: stands(january, key) for key in keys}
    filling = data.draw(st.sampled_from(list(BulkFilling)))
    wanted = data.draw(st.sets(st.sampled_from(keys)))
    done = gaps.fill(january, "scj", MARCH, filling, wanted)
    after = {key: stands(january, key) for key in keys}
    changed = {key for key in keys if before[key] != after[key]}
    assert changed == {edit.key for edit in done.edits} <= wanted - own
    assert gaps.take_back(january, done) == len(changed)
    assert {key: stands(january, key) for key in keys} == before
    for key in own:
        empty = type(before[key])()
        recording.save(january, key, empty)


def test_half_filled_words_are_kept_beside_what_is_filled_in(january):
    key = key_of("T01-1", RecordKind.PROGRESS)
    recording.save(january, key, ProgressReport(Status.DONE, problems="停电"))
    gaps.fill(january, "scj", MARCH, BulkFilling.COPY, {key})
    assert stands(january, key) == ProgressReport(Status.DONE, "一月", "停电", "招人")


def test_what_was_changed_since_is_not_taken_back(january):
    key = key_of("I01-5", RecordKind.VALUE)
    done = gaps.fill(january, "scj", MARCH, BulkFilling.COPY, {key})
    recording.save(january, key, DataValue(9))
    assert gaps.take_back(january, done) == 0
    assert stands(january, key) == DataValue(9)


def test_what_was_taken_back_can_be_done_again_by_the_form(january):
    key = key_of("I01-5", RecordKind.VALUE)
    gaps.take_back(january, gaps.fill(january, "scj", MARCH, BulkFilling.COPY, {key}))
    recording_undo.redo(january, "scj", str(MARCH))
    assert stands(january, key) == DataValue(4)


def test_what_a_rule_refuses_is_left_out_and_told(unit):
    """A quarter was typed for the same figure: the month can't be; the others are filled."""
    quarter = Period.parse("2026-Q1")
    recording.save(unit, key_of("I01-1", RecordKind.VALUE, quarter), DataValue(5))
    items = ("I01-1", "I01-3", "I01-5")
    keys = {key_of(item, RecordKind.VALUE) for item in items}
    done = gaps.fill(unit, "scj", MARCH, BulkFilling.NOT_APPLICABLE, keys)
    assert {edit.key.item for edit in done.edits} == {"I01-3", "I01-5"}
    (refused,) = done.refused
    assert "重叠" in str(refused)


def test_doubts_are_listed_and_go_when_their_cause_goes(unit):
    recording.save(unit, key_of("I01-1", RecordKind.VALUE), DataValue(50))
    recording.save(unit, key_of("I01-2", RecordKind.VALUE), DataValue(40))
    recording.save(unit, key_of("I01-1", RecordKind.VALUE), DataValue(30))
    doubts = recording.doubts(unit, "scj", MARCH)
    found = gaps.gaps(unit_form(unit, "scj", MARCH), doubts)
    told = [gap for gap in found if gap.concern is Concern.DOUBT]
    assert {gap.item for gap in told} >= {"I01-1"}
    assert all("大于" in gap.words for gap in told)
    recording.save(unit, key_of("I01-2", RecordKind.VALUE), DataValue(10))
    assert recording.doubts(unit, "scj", MARCH) == {}


def test_a_recurring_thing_that_was_done_is_not_said_to_be_done_again(january):
    form = unit_form(january, "scj", MARCH)
    line = form.tasks[0].deliverables[0]
    recurring = replace(line.deliverable, kind=type(line.deliverable.kind).RECURRING)
    done = replace(line, deliverable=recurring, previous=Milestone(Status.DONE))
    assert gaps._state_fillings(done) == {}
    going = replace(done, previous=Milestone(Status.UNDER_WAY))
    assert gaps._state_fillings(going)[BulkFilling.UNCHANGED] == Milestone(Status.UNDER_WAY)
