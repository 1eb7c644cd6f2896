"""The look of a packet's workbook: a few styles that all cells share, and the rows' heights."""

from __future__ import annotations

import math
import unicodedata
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FONT = "微软雅黑"
_LINE = Side(style="thin", color="FFBFC6D0")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def packet_styles() -> Sequence[NamedStyle]:
    """Return the few styles that all cells share."""
    top = Alignment(vertical="top", wrap_text=True)
    text = NamedStyle("fs_text", font=Font(name=_FONT, size=10), alignment=top, border=_BORDER)
    code = copy(text)
    code.name, code.number_format = "fs_code", "@"
    header = NamedStyle(
        "fs_header",
        font=Font(name=_FONT, size=10, bold=True),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        border=_BORDER,
        fill=PatternFill("solid", fgColor="FFE4EBF3"),
    )
    entry = NamedStyle(
        "fs_entry",
        font=Font(name=_FONT, size=10),
        alignment=top,
        border=_BORDER,
        fill=PatternFill("solid", fgColor="FFFFFBE6"),
        protection=Protection(locked=False),
    )
    number, day = copy(entry), copy(entry)
    number.name, number.number_format = "fs_number", "General"
    number.alignment = Alignment(horizontal="right", vertical="top")
    day.name, day.number_format = "fs_date", "yyyy-mm-dd"
    closed = NamedStyle("fs_closed", border=_BORDER, fill=PatternFill("solid", fgColor="FFE3E5E8"))
    title = NamedStyle("fs_title", font=Font(name=_FONT, size=14, bold=True))
    plain = NamedStyle("fs_plain", font=Font(name=_FONT, size=11), alignment=top)
    return text, code, header, entry, number, day, closed, title, plain


_LINE_HEIGHT = 16.5  # points, of the font at size 10
_PADDING = 3.5
_TALLEST = 409  # that a row may be
_WIDE = ("W", "F", "A")


def fitting_height(values: Iterable[object], widths: Iterable[float]) -> float:
    """Return the height in points that a row's texts need, since not every program fits rows.

    `widths`: of its columns, in characters.
    """
    lines = max(
        _lines(str(value or ""), width) for value, width in zip(values, widths, strict=True)
    )
    return min(lines * _LINE_HEIGHT + _PADDING, _TALLEST)


@lru_cache(maxsize=4096)  # titles and names come back in every packet
def _lines(text: str, width: float) -> int:
    """Estimate how many lines a text takes; one column is lost to the margins of the cell."""
    room = int(width) - 1
    return sum(max(1, math.ceil(_columns(line) / room)) for line in text.split("\n"))


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in line)
