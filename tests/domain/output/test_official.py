"""The signs of official papers: quotation marks, lists, brackets, targets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.output.official import (
    book_title,
    listed,
    numeral,
    official,
    quoted,
    target_clause,
)
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind, Operator

SHARE = Indicator(
    "I1", "A级比例", IndicatorKind.RATIO, Aggregation.LEVEL, Operator.AT_LEAST, 30, "%"
)
COUNT = replace(SHARE, kind=IndicatorKind.COUNT, target=1900, measure_unit="批次")


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        (SHARE, "目标为不低于30%"),
        (replace(SHARE, operator=Operator.EQUAL, target=100), "目标应达到100%"),
        (replace(SHARE, operator=Operator.AT_MOST, target=5), "目标为不超过5%"),
        (COUNT, "目标为不少于1900批次"),
    ],
)
def test_a_target_is_told_in_words(indicator, words):
    assert target_clause(indicator, indicator.target) == words


def test_quotation_marks_within_quotation_marks_are_single():
    assert quoted("进口食品“国门守护”") == "“进口食品‘国门守护’”"
    assert quoted("“阳光配送”覆盖率") == "“‘阳光配送’覆盖率”"
    assert quoted('开展"铁拳"行动') == "“开展‘铁拳’行动”"
    assert book_title("贯彻《条例》的要点") == "《贯彻〈条例〉的要点》"


@given(st.text("甲乙“”‘’（）1a", max_size=12))
def test_what_is_quoted_has_one_pair_of_double_marks_for_each_level(name):
    inner = quoted(name)[1:-1]
    assert inner.count("“") == name.count("‘")
    assert inner.count("‘") == name.count("“")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("区委宣传部(网信办)", "区委宣传部（网信办）"),
        ("在期限届满前 20 个工作日", "在期限届满前20个工作日"),
        ("甲,乙;丙:丁", "甲，乙；丙：丁"),
        ("f(x)和(甲)", "f(x)和（甲）"),
        ("联系电话：0123-4567, 转 8", "联系电话：0123-4567, 转8"),
        ("1,900批次 A 级", "1,900批次A级"),
    ],
)
def test_signs_among_characters_are_full_width_and_nothing_is_spaced(typed, shown):
    assert official(typed) == shown


@given(st.text('甲乙()（）,;: 19aA%“”"《》', max_size=20))
def test_official_signs_stay_as_they_are(text):
    once = official(text)
    assert official(once) == once
    assert re.findall(r"[0-9]", once) == re.findall(r"[0-9]", text)


@given(st.integers(1, 200), st.integers(0, 9999))
def test_a_list_never_reads_as_a_decimal(number, count):
    assert not re.search(r"\d\.\d", listed(number, f"{count}项指标"))
    assert listed(number, f"{count}项").startswith(f"（{number}）")


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (34, "三十四")]
)
def test_headings_count_in_characters(number, word):
    assert numeral(number) == word
