"""Search: text, full pinyin, initials; the best find first."""

from __future__ import annotations

import pytest

from fsdesk.domain.search import Findable, FindKind, Index, Spelled

SAMPLES = Findable(
    FindKind.INDICATOR, "I04-3 食品监督抽检批次", "T04-1 风险监测预警和食品抽检", "plan", "T04-1",
    Spelled("spjdcjpc", "ShiPinJianDuChouJianPiCi"),
)  # fmt: skip
TASK = Findable(
    FindKind.TASK, "T04-1 风险监测预警和食品抽检", "", "plan", "T04-1",
    Spelled("fxjcyjhspcj", "FengXianJianCeYuJingHeShiPinChouJian"),
)  # fmt: skip
UNIT = Findable(
    FindKind.UNIT, "区市场监管局", "市监局", "recording", ("unit", "scjg"),
    Spelled("qscjgj", "QuShiChangJianGuanJu"),
)  # fmt: skip
INDEX = Index([SAMPLES, TASK, UNIT])


def titles(typed):
    return [thing.title for thing in INDEX.find(typed)]


@pytest.mark.parametrize("typed", ["食品监督", "spjd", "SPJDCJ", "jianduchou", "i04-3", "ｓｐｊｄ"])
def test_text_initials_and_pinyin_find_the_same(typed):
    assert titles(typed) == [SAMPLES.title]


def test_a_find_in_the_title_comes_before_one_in_the_note():
    assert titles("风险监测") == [TASK.title, SAMPLES.title]


def test_every_word_must_be_found():
    assert titles("抽检 批次") == [SAMPLES.title]
    assert titles("抽检 没有") == []


def test_pinyin_begins_with_a_syllable():
    assert titles("shichang") == [UNIT.title]
    assert titles("ichang") == []


def test_initials_may_leave_out_syllables_but_fit_worse():
    assert titles("spcj") == [TASK.title, SAMPLES.title]
    assert titles("sp") == [SAMPLES.title, TASK.title]
    assert titles("xx") == []


def test_a_former_name_in_the_note_is_found():
    assert titles("市监局") == [UNIT.title]


def test_nothing_typed_finds_nothing():
    assert titles("  ") == []


def test_no_more_than_asked_for_are_given():
    many = Index(Findable(FindKind.ENTRY, f"样品{n}") for n in range(500))
    assert len(many) == 500
    assert len(many.find("样品", 7)) == 7
