"""取数: what was computed, what people made of it, and what came to be known since."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.ladder.drawing import (
    Drawn,
    DrawState,
    UnitWords,
    blank,
    joint_milestone,
    joint_report,
    joint_status,
    lacks_reason,
    level_word,
    same,
    scaled,
    state_of,
    taken_over,
)
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.text import LONGEST_TEXT

KEY = RecordKey(RecordKind.VALUE, "I07-1", "bjq", "2026-03")
DONE, UNDER_WAY, NOT_STARTED = Status.DONE, Status.UNDER_WAY, Status.NOT_STARTED


def drawn(value, **how):
    return Drawn(KEY, DataValue(value), "I01-1", 2, 2, **how)


def state(present, was, now, *, sent=False):
    return state_of(present, was, now, now, sent=sent)


def test_a_figure_that_people_change_needs_a_reason_and_stays_beside_the_computed_one():
    was = drawn(40.0)
    changed = DataValue(42.0)
    assert lacks_reason(changed, was)
    assert state(changed, was, was) is DrawState.NO_REASON
    explained = DataValue(42.0, note="补录两批")
    assert not lacks_reason(explained, was)
    assert state(explained, was, was) is DrawState.BY_HAND
    assert taken_over(explained, was, was) is None
    assert was.content == DataValue(40.0)


def test_what_was_corrected_below_since_is_told_and_what_was_changed_by_hand_is_not_that():
    was, now = drawn(40.0), drawn(43.0)
    assert state(DataValue(40.0), was, now) is DrawState.OUTDATED
    assert state(DataValue(40.0), was, now, sent=True) is DrawState.DIFFERS
    by_hand = DataValue(42.0, note="补录两批")
    assert state(by_hand, was, was, sent=True) is DrawState.BY_HAND
    assert state(by_hand, was, now, sent=True) is DrawState.DIFFERS
    # Who typed the correction already has nothing to correct.
    assert state(DataValue(43.0, note="更正"), was, now, sent=True) is DrawState.BY_HAND


def test_published_figures_differ_from_the_latest_from_the_first_and_that_is_no_correction():
    was = drawn(40.0, latest=DataValue(43.0))
    assert state_of(DataValue(40.0), was, was, drawn(43.0), sent=True) is DrawState.SAME
    assert state_of(DataValue(40.0), was, was, drawn(44.0), sent=True) is DrawState.DIFFERS


def test_what_nobody_reported_fills_nothing():
    nothing = drawn(None)
    assert nothing.empty
    assert taken_over(DataValue(), None, nothing) is None
    assert taken_over(DataValue(5.0), None, nothing, again=True) is None
    assert state(DataValue(), None, nothing) is DrawState.UNREPORTED


FIGURES = st.builds(
    DataValue, st.none() | st.integers(0, 9).map(float), note=st.sampled_from(["", "说明"])
)


@given(FIGURES, st.none() | FIGURES, FIGURES)
def test_what_people_typed_is_never_overwritten_unless_they_say_so(present, was, now):
    before = None if was is None else replace(drawn(0.0), content=replace(was, note=""))
    said = replace(drawn(0.0), content=replace(now, note=""))
    content = taken_over(present, before, said)
    if content is not None:
        assert blank(present) or same(present, before.content)
        assert same(content, said.content)
    again = taken_over(present, before, said, again=True)
    stands = present if again is None else again
    assert said.empty or same(stands, said.content)
    assert taken_over(stands, said, said, again=True) in (None, stands)  # once is enough


def test_what_people_typed_beside_a_figure_stays_when_it_is_taken_over():
    proof = Milestone(None, None, "红头文件")
    said = Drawn(KEY, Milestone(DONE, date(2026, 3, 9), "本区 2/2 个单位已完成"), "D1", 2, 2)
    assert taken_over(proof, None, said) == Milestone(DONE, date(2026, 3, 9), "红头文件")
    chosen = ProgressReport(UNDER_WAY)
    words = Drawn(KEY, ProgressReport(DONE, "区市场监管局：抽检"), "T1", 2, 2)
    assert taken_over(chosen, None, words) == ProgressReport(UNDER_WAY, "区市场监管局：抽检")


@given(st.dictionaries(st.sampled_from("abcd"), st.none() | st.sampled_from(Status), min_size=1))
def test_a_level_is_done_when_all_are_known_to_be_and_unknown_when_none_is(said):
    joint = joint_status(said)
    known = [each for each in said.values() if each is not None]
    assert (joint is None) == (not known)
    assert (joint is DONE) == all(each is DONE for each in said.values())
    if joint is NOT_STARTED:
        assert set(known) == {NOT_STARTED}


def test_the_evidence_says_how_many_are_done_and_the_day_is_the_last():
    days = [date(2026, 3, 2), date(2026, 3, 9)]
    found = joint_milestone({"a": DONE, "b": DONE}, days, "本区")
    assert (found.status, found.done_on, found.evidence) == (DONE, days[1], "本区 2/2 个单位已完成")
    some = joint_milestone({"a": DONE, "b": None}, days, "本区")
    assert (some.status, some.done_on) == (UNDER_WAY, None)


def test_words_are_put_together_under_the_names_of_the_units():
    words = [
        UnitWords("区市场监管局", ProgressReport(DONE, "抽检40批", "人手不足")),
        UnitWords("西兴街道", ProgressReport(DONE, "摸排", "", "继续")),
    ]
    found = joint_report(words, ["区市场监管局", "西兴街道", "区发改局"])
    assert found.text == "区市场监管局：抽检40批\n西兴街道：摸排"
    assert (found.problems, found.next_steps) == ("区市场监管局：人手不足", "西兴街道：继续")
    assert found.status is UNDER_WAY
    assert joint_report([], ["西兴街道"]) == ProgressReport()


def test_words_that_would_fit_no_cell_are_cut_at_a_unit_and_that_is_said():
    long = ProgressReport(DONE, "字" * 9000)
    found = joint_report([UnitWords(f"单位{n}", long) for n in range(5)], [])
    assert len(found.text) <= LONGEST_TEXT
    assert found.text.endswith("（其余 2 个单位的内容未放入）")


def test_a_figure_in_another_measure_unit_is_converted():
    assert scaled(DataValue(123_456.0), 1e-4) == DataValue(12.3456)
    ratio = DataValue(None, 3, 4)
    assert scaled(ratio, 10.0) == ratio


@pytest.mark.parametrize(
    ("office", "word"),
    [("区食药安办", "本区"), ("杭州市滨江区食药安办", "本区"), ("市安委办", "本市"),
     ("县市场监管局", "本县"), ("省食药安办", "本省"), ("办公室", "本级")],
)  # fmt: skip
def test_a_level_is_called_as_its_own_people_call_it(office, word):
    assert level_word(office) == word
