"""Undo and redo from the change log: the stacks of every editor, read from lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.records.undo import ChangeKind, RecordEdit, next_redo, next_undo, trail_of

KEYS = tuple(RecordKey(RecordKind.VALUE, f"I01-{n}", "scj", "2026-03") for n in (1, 2))
KEY = KEYS[0]


def step(before, after, key=KEY):
    return RecordEdit(key, DataValue(before), DataValue(after))


def test_what_was_taken_back_can_be_done_again_until_something_new_is_typed():
    first, second = step(None, 1), step(1, 2)
    lines = [
        (ChangeKind.RECORD, first),
        (ChangeKind.RECORD, second),
        (ChangeKind.UNDO, second.turned),
    ]
    trail = trail_of(lines)
    assert trail.done == (first,)
    assert trail.undone == (second,)
    assert trail_of([*lines, (ChangeKind.REDO, second)]).done == (first, second)
    assert trail_of([*lines, (ChangeKind.RECORD, step(1, 5))]).undone == ()


def test_what_a_packet_changed_since_is_passed_over():
    trail = trail_of(
        [(ChangeKind.RECORD, step(None, 1)), (ChangeKind.RECORD, step(None, 7, KEYS[1]))]
    )
    stands = {KEY: DataValue(1), KEYS[1]: DataValue(99)}
    assert next_undo(trail, stands.__getitem__) == step(None, 1)
    assert next_undo(trail, lambda _key: DataValue(4)) is None


def test_a_line_whose_edit_is_too_long_ago_is_passed_over():
    assert trail_of([(ChangeKind.UNDO, step(2, 1)), (ChangeKind.REDO, step(1, 2))]).done == ()


@given(st.lists(st.tuples(st.sampled_from(["type", "undo", "redo"]), st.integers(0, 1))))
def test_the_trail_behaves_as_two_stacks_do(moves):
    """A plain pair of stacks beside: the same moves lead to the same values."""
    lines, stands = [], {key: DataValue() for key in KEYS}
    done, undone = [], []
    for count, (move, which) in enumerate(moves):
        trail = trail_of(lines)
        if move == "type":
            made = RecordEdit(KEYS[which], stands[KEYS[which]], DataValue(count))
            lines.append((ChangeKind.RECORD, made))
            done.append(made)
            undone.clear()
        elif move == "undo":
            found = next_undo(trail, stands.__getitem__)
            assert found == (done[-1] if done else None)
            if found is None:
                continue
            made = found.turned
            lines.append((ChangeKind.UNDO, made))
            undone.append(done.pop())
        else:
            found = next_redo(trail, stands.__getitem__)
            assert found == (undone[-1] if undone else None)
            if found is None:
                continue
            made = found
            lines.append((ChangeKind.REDO, made))
            done.append(undone.pop())
        stands[made.key] = made.after
