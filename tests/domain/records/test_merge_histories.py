"""Merging held against an oracle that knows who had seen what, over thousands of histories."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from fsdesk.domain.records.merge import (
    NO_EDITS,
    Revision,
    Version,
    admit,
    hand_edit,
    leading,
    succeed,
)

# The office, two PCs of one unit; a form is filled by clerks who have no fsdesk.
PCS = ("office", "unit1", "unit2")
WORDS = st.sampled_from(["12", "13", "已完成", ""])


@dataclass(frozen=True)
class Typed:
    """A version with all that its author had seen when typing it."""

    version: Version
    seen: frozenset[int]
    number: int


@st.composite
def worlds(draw):
    """What was typed in a year: edits, decisions, forms filled by hand, packets taken anywhere."""
    held = dict.fromkeys(PCS, ())
    knows = {pc: frozenset() for pc in PCS}
    typed: list[Typed] = []
    for _ in range(draw(st.integers(1, 14))):
        pc = draw(st.sampled_from(PCS))
        step = draw(st.sampled_from(["type", "take", "by hand"]))
        if step == "type":
            version = succeed(held[pc], draw(WORDS), pc)
            typed.append(Typed(version, knows[pc], len(typed)))
            held[pc], knows[pc] = (version,), knows[pc] | {len(typed) - 1}
        elif step == "take" and typed:
            item = draw(st.sampled_from(typed))
            held[pc] = admit(held[pc], item.version)
            knows[pc] |= item.seen | {item.number}
        elif step == "by hand" and held["office"]:
            # The form shows what leads at the office; whoever fills it has seen that and no more.
            front = leading(held["office"], "office")
            words = draw(WORDS)
            if words != front.content:
                revision = hand_edit(front.revision, "form", "key", words)
                version = Version(words, revision)
                base = next((t for t in typed if t.version == front), None)
                seen = base.seen | {base.number} if base else frozenset()
                if all(t.version != version for t in typed):
                    typed.append(Typed(version, seen, len(typed)))
    return typed


def standing(typed):
    """The oracle: a version stands unless somebody typed another one having seen it."""
    replaced = set().union(*(item.seen for item in typed)) if typed else set()
    return {item.version for item in typed if item.number not in replaced}


@settings(max_examples=3000)
@given(worlds(), st.data())
def test_exactly_what_nobody_replaced_knowingly_is_held_in_any_order(typed, data):
    order = data.draw(st.permutations(typed + typed[:3]))
    held = ()
    for item in order:
        held = admit(held, item.version)
    assert set(held) == standing(typed)
    assert len(held) == len(set(held))


@settings(max_examples=1000)
@given(worlds(), st.data())
def test_three_pcs_that_take_everything_hold_the_same(typed, data):
    results = []
    for _ in PCS:
        held = ()
        for item in data.draw(st.permutations(typed)):
            held = admit(held, item.version)
        results.append(held)
    assert results[0] == results[1] == results[2]


@settings(max_examples=1000)
@given(worlds(), WORDS)
def test_a_decision_replaces_all_and_travels(typed, words):
    held = ()
    for item in typed:
        held = admit(held, item.version)
    decided = succeed(held, words, "office")
    other = ()
    for version in (*reversed(held), decided, *held):
        other = admit(other, version)
    assert other == (decided,)


REVISIONS = st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 2)).map(
    lambda counts: Revision(tuple(sorted(counts.items())))
)


@settings(max_examples=2000)
@given(st.lists(st.builds(Version, WORDS, REVISIONS), max_size=6), st.data())
def test_even_copies_that_number_their_edits_alike_lose_nothing(versions, data):
    held = ()
    for version in versions:
        held = admit(held, version)
    again = ()
    for version in data.draw(st.permutations(versions)):
        again = admit(again, version)
    assert held == again
    for version in versions:
        above = [v for v in held if v.supersedes(version)]
        assert above
        assert all(
            v == version
            or (v.revision.contains(version.revision) and v.revision != version.revision)
            for v in above
        )


def test_two_edits_of_one_number_stand_side_by_side():
    mine, theirs = (Version(words, NO_EDITS.edited_by("a")) for words in ("mine", "theirs"))
    assert set(admit((mine,), theirs)) == {mine, theirs}
    assert admit((mine,), mine) == (mine,)
