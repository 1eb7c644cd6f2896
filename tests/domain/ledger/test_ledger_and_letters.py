"""Ledgers check their rows; letters take their numbers in turn."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.codec import entry_from_dict
from fsdesk.domain.ledger.ledger import ColumnType, Ledger, LedgerColumn, LedgerEntry, check_entry
from fsdesk.domain.records.attachments import LARGEST, check_size
from fsdesk.domain.supervision.letters import Letter, LetterKind, LetterState, next_number

SAMPLING = Ledger(
    "sampling",
    "监督抽检",
    (
        LedgerColumn("编号"),
        LedgerColumn("数量", ColumnType.NUMBER),
        LedgerColumn("日期", ColumnType.DATE),
        LedgerColumn("结论", ColumnType.CHOICE, ("合格", "不合格")),
        LedgerColumn("处置", ColumnType.FLAG),
    ),
    ("编号",),
)
GOOD = {"编号": "1", "数量": 2.0, "日期": date(2026, 3, 5), "结论": "合格", "处置": True}
LETTER = Letter(
    LetterKind.REMINDER, 2026, 3, "mzj", "2026-06", date(2026, 7, 10), date(2026, 7, 25)
)


def entry(**values):
    return LedgerEntry("id", "sampling", "scj", {**GOOD, **values})


def test_a_good_row_and_a_row_with_gaps_are_taken():
    assert check_entry(SAMPLING, entry()) == ()
    assert check_entry(SAMPLING, entry(数量=None, 结论=None)) == ()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("编号", "", "不能为空"),
        ("编号", 5.0, "无效"),
        ("数量", "二", "无效"),
        ("数量", True, "无效"),
        ("日期", "3月5日", "无效"),
        ("结论", "大概", "无效"),
        ("处置", "是", "无效"),
        ("其他", "x", "没有"),
    ],
)
def test_a_row_that_does_not_fit_is_told(column, value, words):
    (finding,) = check_entry(SAMPLING, entry(**{column: value}))
    assert words in finding.message
    assert finding.remedy


@given(st.lists(st.tuples(st.sampled_from(LetterKind), st.integers(2025, 2027))))
def test_numbers_go_up_by_one_within_kind_and_year(wanted):
    letters = []
    for kind, year in wanted:
        number = next_number([letter.key for letter in letters], kind, year)
        letters.append(replace(LETTER, kind=kind, year=year, number=number))
    for kind, year in set(wanted):
        series = [x.number for x in letters if (x.kind, x.year) == (kind, year)]
        assert series == list(range(1, len(series) + 1))


def test_a_letters_number_and_words():
    assert LETTER.document_number == "食药安办提醒〔2026〕3号"
    assert (LETTER.kind.label, LETTER.state.label) == ("提醒敦促函", "拟稿")
    labels = {state.label for state in LetterState}
    assert labels == {"拟稿", "已发", "已复", "已销号", "已升级", "作废"}


def test_a_file_that_proves_something_has_a_size():
    check_size("照片.jpg", 1)
    for size in (0, LARGEST + 1):
        with pytest.raises(InputRejectedError, match="照片"):
            check_size("照片.jpg", size)


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999", "9" * 400])
def test_a_number_that_is_none_is_refused_in_words(number):
    plain = json.loads('{"id": "a", "unit": "scj", "revision": "", "gone": true}')
    plain["values"] = json.loads(f'{{"数量": {number}}}')
    with pytest.raises(InputRejectedError, match="已损坏"):
        entry_from_dict(SAMPLING, plain)
