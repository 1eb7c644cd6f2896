"""Dates by which something must be done, in the words of offices."""

from __future__ import annotations

from datetime import date

import pytest

from fsdesk.documents.official.targets.dues import due_date

YEAR = 2026
DAYS = {
    "6月底前完成": (6, 30),
    "2月底": (2, 28),
    "12月31日前": (12, 31),
    "2026年9月15日": (9, 15),
    "2026-09-30": (9, 30),
    "2026/3/5": (3, 5),
    "5月上旬": (5, 10),
    "5月中旬前": (5, 20),
    "十一月底": (11, 30),
    "第三季度": (9, 30),
    "二季度末": (6, 30),
    "上半年": (6, 30),
    "年底前": (12, 31),
    "3月、9月": (9, 30),
    "7-9月": (9, 30),
    "7月至9月": (9, 30),
    "1-12月": (12, 31),
    "3-5月、9-11月": (11, 30),
    "3月1日-5月31日": (5, 31),
    "3-4季度": (12, 31),
    "即日起至12月底": (12, 31),
    "2026.12": (12, 31),
    "11月底前,并长期坚持": (11, 30),
    "6月底前完成一半，11月底前完成": (11, 30),
}


@pytest.mark.parametrize("words", DAYS)
def test_words_that_set_a_day(words):
    assert due_date(words, YEAR) == date(YEAR, *DAYS[words])


@pytest.mark.parametrize(
    "words",
    ["全年", "长期坚持", "持续推进", "每季度", "一季度开始，全年", "13月", "2026年3月起", ""],
)
def test_words_that_set_none(words):
    assert due_date(words, YEAR) is None


def test_another_year_is_kept_as_it_is_said():
    assert due_date("2027年3月底", YEAR) == date(2027, 3, 31)
