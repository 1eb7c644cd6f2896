"""Cells as people type them: each way of writing is read, refused, and never guessed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from fsdesk.domain.typed import (
    CellError,
    Entry,
    counted_since_1904,
    read_cell,
    read_date,
    read_number,
)
from fsdesk.packets.limits import typed_number

MARCH_5 = date(2026, 3, 5)
HALF_DAY = datetime.fromisoformat("1900-01-03T12:00:00")  # 3.5 in a cell that shows dates


@pytest.mark.parametrize(
    "typed",
    [
        "3.5",
        "3月5日",
        "3月5号",
        "3-5",
        "3/5",
        "03-05",
        "３．５",
        "３月５日",
        " 3 月 5 日 ",
        3.5,
        3.05,
    ],
)
def test_dates_without_a_year_lie_in_the_year_of_the_plan(typed):
    assert read_date(typed, 2026) == MARCH_5
    assert read_cell(Entry.DATE, typed, "", 2026) == MARCH_5
    with pytest.raises(CellError, match="缺少年份"):
        read_date(typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3.10", date(2026, 3, 10)), ("3.1", date(2026, 3, 1)), (3.15, date(2026, 3, 15)),
        (3.31, date(2026, 3, 31)), (12.31, date(2026, 12, 31)), (10.4, date(2026, 10, 4)),
        ("12/31", date(2026, 12, 31)), ("2025.12.31", date(2025, 12, 31)),
    ],
)  # fmt: skip
def test_the_day_is_what_stands_behind_the_point(typed, day):
    assert read_date(typed, 2026) == day


@pytest.mark.parametrize("typed", [3.1, 3.2, 3.3, 12.1])
def test_a_number_that_may_have_lost_a_zero_is_refused_and_told_how_to_write_it(typed):
    month, day = str(typed).split(".")
    with pytest.raises(CellError, match=f"{month}月{day}日 还是 {month}月{day}0日.*请写成"):
        read_date(typed, 2026)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("26-03-05", "年份要写四位数"), ("15/05/20", "年份要写四位数"),
        ("26.3.5", "年份要写四位数"), ("26年3月5日", "年份要写四位数"),
        ("2月30日", "日期不存在"), (2.29, "日期不存在"), ("13.5", "日期不存在"),
        (13.5, "应为日期"), (0.5, "应为日期"), (-3.5, "应为日期"), (3.555, "应为日期"),
        ("3/5/2026", "应为日期"), ("3月", "应为日期"), ("3月上旬", "应为日期"), ("5日", "应为日期"),
        (305, "应为日期"), (-2026030, "应为日期"), (True, "应为日期"), (time(12), "应为日期"),
        (HALF_DAY, "请写成“3月5日”"), ("0326.3.5", "年份 326 不合理"), (20260230, "日期不存在"),
    ],
)  # fmt: skip
def test_what_is_no_clear_day_is_refused_in_words(typed, words):
    with pytest.raises(CellError, match=words):
        read_date(typed, 2026)


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("1.2万", "", 12_000), ("1.2 万", "批次", 12_000), ("1.5万批次", "批次", 15_000),
        ("１．２万", "批次", 12_000), ("1,200万", "", 12_000_000), ("3千家", "家", 3000),
        ("2百", "家", 200), ("1.2亿", "", 120_000_000), ("0.1234万", "人", 1234),
        ("12万元", "万元", 12), ("12 万元", "万元", 12), ("12", "万元", 12), (12, "万元", 12),
        ("12万元", "元", 120_000), ("12千克", "千克", 12), ("12千克", "克", 12_000),
        ("5批次/千人", "批次/千人", 5), ("1900\u200b", "", 1900), ("1900\xa0批次", "批次", 1900),
        ("1，900", "批次", 1900), ("-0.5万", "", -5000), (".5", "", 0.5),
    ],
)  # fmt: skip
def test_ten_thousands_and_units_behind_a_number(typed, unit, number):
    assert read_number(typed, unit) == number


@pytest.mark.parametrize(
    ("typed", "unit", "words"),
    [
        ("12万", "万元", "计量单位是“万元”，看不出是多少"),
        ("12万万元", "万元", "看不出是多少"),
        ("120000元", "万元", "计量单位是“万元”，不是“元”"),
        ("5个", "家", "计量单位是“家”，不是“个”"),
        ("12人", "人次", "计量单位是“人次”，不是“人”"),
        ("5家", "", "后面不要写文字"),
        ("30%", "批次", "不是“%”"),
        ("30%", "", "应为数字"),
        ("3万%", "%", "看不出是多少"),
        ("1万2千", "", "应为数字"),
        ("万", "", "应为数字"),
        ("5²", "", "应为数字"),
        ("5①", "", "应为数字"),
        ("一百", "", "应为数字"),
        ("30余", "家", "不是“余”"),
        (time(12), "", "不能是日期"),
    ],
)
def test_a_number_with_another_unit_or_two_meanings_is_refused_in_words(typed, unit, words):
    with pytest.raises(CellError, match=words):
        read_number(typed, unit)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("30%", 30), ("３０％", 30), ("0.3%", 0.3), ("1 %", 1), (30, 30), ("30", 30), (0, 0), (2, 2)],
)
def test_per_cents_in_a_column_of_per_cents(typed, number):
    assert read_number(typed, "%") == number
    assert read_number(typed, "％") == number


@pytest.mark.parametrize("typed", [0.3, "0.3", 1, "1", -0.3])
def test_a_small_share_could_be_a_whole_or_a_hundredth_and_is_refused(typed):
    with pytest.raises(CellError, match=r"看不出是 .*%，请写成带百分号的文字"):
        read_number(typed, "%")


@pytest.mark.parametrize("number", [0.3, 1.0, 0.1 + 0.2, -0.5, 0.0, 2.0, 30.0, 0.000001])
@pytest.mark.parametrize("unit", ["%", "批次", ""])
def test_what_is_written_into_a_cell_is_read_from_it(number, unit):
    kept = float(f"{number:.15g}")
    assert read_number(typed_number(kept, unit), unit) == kept


@pytest.mark.parametrize(
    "value", [1e308, "1" * 30, "9" * 400, "10000000亿", 10**15, "-" + "1" * 16]
)
@pytest.mark.parametrize("unit", ["", "%"])
def test_a_number_of_which_a_spreadsheet_keeps_only_the_beginning_is_not_taken(value, unit):
    with pytest.raises(CellError, match="15 位" if unit == "" else None):
        read_number(value, unit)


@pytest.mark.parametrize(
    "text",
    ["2026-03-05 14:20:00", "2026/3/5 9:30", "2026-03-05T14:20:00.123", "2026年3月5日 14：20"],
)
def test_a_moment_as_text_is_its_day_like_a_date_cell(text):
    assert read_date(text) == date(2026, 3, 5)


@pytest.mark.parametrize("text", ["2026-03-05 25:20", "2026-03-05 下午", "14:20:00"])
def test_what_is_no_time_of_day_is_not_passed_over(text):
    with pytest.raises(CellError):
        read_date(text)


@pytest.mark.parametrize("serial", [44624, 44624.0])
def test_a_whole_number_is_a_day_since_1904_in_whatever_form_the_reader_gives_it(serial):
    ((day, yes, text),) = counted_since_1904([[serial, True, "44624"]])
    assert read_date(day) == MARCH_5
    assert (yes, text) == (True, "44624")
