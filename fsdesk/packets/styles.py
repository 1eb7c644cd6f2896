"""The look of a packet's workbook: a few styles that all cells share."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

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
