"""What a workbook's cells can hold: bringing records to that form before they are written."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.records.records import Record, Status
from fsdesk.domain.text import tidy

_LONGEST_CELL = 32_767
_DIGITS = 15  # that spreadsheet programs keep of a number
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def holdable(record: Record) -> Record:
    """Return a record as a workbook can hold it and give it back; no text may be too long."""
    changed: dict[str, str | float] = {}
    for name in record.content.__struct_fields__:
        value = getattr(record.content, name)
        if isinstance(value, str) and not isinstance(value, Status):
            changed[name] = tidy(value)
            # Spreadsheets count UTF-16 units, and cut what is beyond without a word.
            if len(escaped(changed[name]).encode("utf-16-le")) // 2 > _LONGEST_CELL:
                raise reject(
                    f"“{record.key.item}”的文字过长，一个单元格放不下",
                    "请缩短到 30000 字以内，详细内容另附文件",
                )
        elif isinstance(value, float):
            changed[name] = float(f"{value:.{_DIGITS}g}")
    return replace(record, content=replace(record.content, **changed))


def typed_number(value: float, measure_unit: str) -> float | str:
    """Return a number as it is typed into a cell.

    A small per cent carries its sign: 0.3 alone could be the 30% of a cell that shows per cents,
    and is refused when it is read.
    """
    if measure_unit == "%" and 0 < abs(value) <= 1:
        return f"{Decimal(f'{value:.{_DIGITS}g}'):f}%"
    return int(value) if value.is_integer() else value


def escaped(text: object) -> str:
    """Return text in which nothing looks like the format's own escapes (``_x0041_`` is A)."""
    return _ESCAPE.sub("_x005F_", str(text))
