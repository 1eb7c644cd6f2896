"""What is typed above a column, and what of a citizen's data is shown."""

from __future__ import annotations

import pytest

from fsdesk.domain.ledger.cells import cell_text, masked
from fsdesk.domain.ledger.filters import conditions_of
from fsdesk.domain.ledger.ledger import ColumnType, LedgerColumn

TEXT = LedgerColumn("样品")
NUMBER = LedgerColumn("金额", ColumnType.NUMBER)
DAY = LedgerColumn("日期", ColumnType.DATE)


def words(column, text):
    found = conditions_of(column, text)
    return None if found is None else "、".join(condition.text for condition in found)


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        (TEXT, "  ", ""),
        (TEXT, "米", "样品包含米"),
        (TEXT, "=米", "样品是米"),
        (TEXT, "空", "样品未填"),
        (NUMBER, "非空", "金额已填"),
        (NUMBER, "5", "金额是5"),
        (NUMBER, "≥5", "金额不小于5"),
        (NUMBER, "9~5", "金额不小于5、金额不大于9"),
        (NUMBER, "多", None),
        (NUMBER, ">=多", None),
        (DAY, "2026", "日期不小于2026-01-01、日期不大于2026-12-31"),
        (DAY, "2026年2月", "日期不小于2026-02-01、日期不大于2026-02-28"),
        (DAY, "2026-3-5", "日期不小于2026-03-05、日期不大于2026-03-05"),
        (DAY, "2026-03~2026-05", "日期不小于2026-03-01、日期不大于2026-05-31"),
        (DAY, "<=2026-03", "日期不大于2026-03-31"),
        (DAY, ">=2026.3.5", "日期不小于2026-03-05"),
        (DAY, "2026-13", None),
        (DAY, "三月", None),
        (DAY, "2026~2027~2028", None),
    ],
)
def test_what_is_typed_above_a_column(column, typed, meant):
    assert words(column, typed) == meant


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧***"),
        ("13812345678", "138****5678"),
        ("0571-8661234", "057*****1234"),
        ("李", "李*"),
        ("", ""),
    ],
)
def test_what_names_a_citizen_is_covered(text, shown):
    assert masked(text) == shown


def test_cells_as_texts():
    assert [cell_text(v) for v in (None, True, 3.0, 0.25, "甲")] == ["", "是", "3", "0.25", "甲"]
