"""Merging held against an oracle that knows who had seen what, over thousands of histories."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
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
WORDS = ("12", "13", "已完成", "")


@dataclass(frozen=True)
class Typed:
    """A version with all that its author had seen when typing it."""

    version: Version
    seen: frozenset[int]
    number: int


class Choices:
    """Choices read off a row of bytes: drawn as a whole they cost a tenth of single draws."""

    def __init__(self, row: bytes) -> None:
        self._left = list(row)

    def of(self, things):
        return things[self._left.pop() % len(things)]


def world(row):
    """What was typed in a year: edits, decisions, forms filled by hand, packets taken anywhere."""
    held = dict.fromkeys(PCS, ())
    knows = {pc: frozenset() for pc in PCS}
    typed: list[Typed] = []
    choices = Choices(row)
    for _ in range(choices.of(range(1, 15))):
        pc = choices.of(PCS)
        step = choices.of(("type", "take", "by hand"))
        if step == "type":
            version = succeed(held[pc], choices.of(WORDS), pc)
            typed.append(Typed(version, knows[pc], len(typed)))
            held[pc], knows[pc] = (version,), knows[pc] | {len(typed) - 1}
        elif step == "take" and typed:
            item = choices.of(typed)
            held[pc] = admit(held[pc], item.version)
            knows[pc] |= item.seen | {item.number}
        elif step == "by hand" and held["office"]:
            # The form shows what leads at the office; whoever fills it has seen that and no more.
            front = leading(held["office"], "office")
            words = choices.of(WORDS)
            if words != front.content:
                revision = hand_edit(front.revision, "form", "key", words)
                version = Version(words, revision)
                base = next((t for t in typed if t.version == front), None)
                seen = base.seen | {base.number} if base else frozenset()
                if all(t.version != version for t in typed):
                    typed.append(Typed(version, seen, len(typed)))
    return typed


def rows(size):
    return st.binary(min_size=size, max_size=size)


WORLDS = rows(1 + 14 * 3).map(world)  # their number, and three choices for a step
LUCK = st.integers(0, 2**32 - 1).map(random.Random)


def shuffled(luck, things):
    return luck.sample(things, len(things))


def standing(typed):
    """The oracle: a version stands unless somebody typed another one having seen it."""
    replaced = set().union(*(item.seen for item in typed)) if typed else set()
    return {item.version for item in typed if item.number not in replaced}


@pytest.mark.slow
@settings(max_examples=3000)
@given(WORLDS, LUCK)
def test_exactly_what_nobody_replaced_knowingly_is_held_in_any_order(typed, luck):
    held = ()
    for item in shuffled(luck, typed + typed[:3]):
        held = admit(held, item.version)
    assert set(held) == standing(typed)
    assert len(held) == len(set(held))


@settings(max_examples=1000)
@given(WORLDS, LUCK)
def test_three_pcs_that_take_everything_hold_the_same(typed, luck):
    results = []
    for _ in PCS:
        held = ()
        for item in shuffled(luck, typed):
            held = admit(held, item.version)
        results.append(held)
    assert results[0] == results[1] == results[2]


@settings(max_examples=1000)
@given(WORLDS, st.sampled_from(WORDS))
def test_a_decision_replaces_all_and_travels(typed, words):
    held = ()
    for item in typed:
        held = admit(held, item.version)
    decided = succeed(held, words, "office")
    other = ()
    for version in (*reversed(held), decided, *held):
        other = admit(other, version)
    assert other == (decided,)


def clashing(row):
    """Versions by two PCs that number their edits alike: any numbers stand beside any words."""
    choices, versions = Choices(row), []
    for _ in range(choices.of(range(7))):
        counts = zip("ab", (choices.of(range(3)), choices.of(range(3))), strict=True)
        revision = Revision(tuple((pc, count) for pc, count in counts if count))
        versions.append(Version(choices.of(WORDS), revision))
    return versions


@pytest.mark.slow
@settings(max_examples=2000)
@given(rows(1 + 6 * 3).map(clashing), LUCK)
def test_even_copies_that_number_their_edits_alike_lose_nothing(versions, luck):
    held = ()
    for version in versions:
        held = admit(held, version)
    again = ()
    for version in shuffled(luck, versions):
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
