"""Merging: any order and any repetition give the same result, and nothing typed is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.merge import (
    NO_EDITS,
    Revision,
    Version,
    admit,
    differing,
    hand_edit,
    leading,
    succeed,
)

AUTHORS = ("a1", "b2", "c3")


@st.composite
def histories(draw):
    """All versions that three workspaces make by typing and by taking each other's."""
    held = dict.fromkeys(AUTHORS, ())
    made = []
    for step in range(draw(st.integers(1, 12))):
        author = draw(st.sampled_from(AUTHORS))
        if made and draw(st.booleans()):
            held[author] = admit(held[author], draw(st.sampled_from(made)))
        else:
            version = succeed(held[author], f"typed {step}", author)
            held[author] = (version,)
            made.append(version)
    return made


def take_all(versions):
    held = ()
    for version in versions:
        held = admit(held, version)
    return held


@given(histories(), st.data())
def test_any_order_and_any_repetition_give_the_same(made, data):
    order = data.draw(st.permutations(made + made[:2]))
    assert take_all(order) == take_all(made)


@given(histories())
def test_importing_twice_changes_nothing(made):
    held = take_all(made)
    for version in made:
        assert admit(held, version) is held


@given(histories())
def test_what_was_typed_is_held_or_was_seen_by_what_is_held(made):
    held = take_all(made)
    for version in made:
        assert any(kept.revision.contains(version.revision) for kept in held)


@given(histories())
def test_a_decision_settles_everything(made):
    held = take_all(made)
    decided = succeed(held, "decided", "office")
    assert admit(held, decided) == (decided,)
    assert admit((decided,), held[0]) == (decided,)


def test_an_edit_on_one_side_is_taken():
    base = succeed((), "old", "office")
    edit = succeed((base,), "new", "unit")
    assert admit((base,), edit) == (edit,)
    assert admit((edit,), base) == (edit,)


def test_differing_edits_are_kept_side_by_side_and_the_one_typed_here_leads():
    base = succeed((), "old", "office")
    mine, theirs = succeed((base,), "mine", "office"), succeed((base,), "theirs", "unit")
    held = admit((mine,), theirs)
    chosen = leading(held, "office")
    assert chosen == mine
    assert differing(held, chosen) == (theirs,)


def test_the_same_edit_on_both_sides_is_no_conflict():
    base = succeed((), "old", "office")
    held = admit((succeed((base,), "new", "office"),), succeed((base,), "new", "unit"))
    assert differing(held, leading(held, "office")) == ()


def test_a_hand_edit_is_the_same_edit_each_time_and_another_for_other_words():
    base = Revision.parse("office:1")
    once = hand_edit(base, "packet", "key", "content")
    assert once == hand_edit(base, "packet", "key", "content")
    assert once.contains(base)
    assert not once.contains(hand_edit(base, "packet", "key", "other"))


@given(st.dictionaries(st.sampled_from(["a", "b1", "c2"]), st.integers(1, 99)))
def test_a_revision_survives_its_text_form(counts):
    revision = Revision(tuple(sorted(counts.items())))
    assert Revision.parse(str(revision)) == revision
    assert bool(revision) == bool(counts)


@pytest.mark.parametrize("text", ["x", "a:", "a:1,", "A:1", "a:1;b:2", "a:-1"])
def test_a_broken_revision_is_refused(text):
    with pytest.raises(InputRejectedError, match="修订标记"):
        Revision.parse(text)


def test_no_edits_is_contained_in_everything():
    assert Version("x", Revision.parse("a:1")).revision.contains(NO_EDITS)
