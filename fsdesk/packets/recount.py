"""What stands typed in a report's sheet of figures, read plainly: for adding up a second time.

It knows nothing of the program's own reading, so that a fault in that one can't hide here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SHEET, _HEADER = "指标", 3
_COLUMNS = ("编码", "本期数", "分子", "分母")
Sides = tuple[float | None, float | None, float | None]


def typed_figures(file: Path) -> Iterator[tuple[str, Sides]]:
    """Yield each indicator's code with the number, numerator and denominator that were typed."""
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True)
    try:
        rows = cast("Any", book[_SHEET]).iter_rows(min_row=_HEADER, values_only=True)
        titles = list(next(rows))
        places = [titles.index(title) for title in _COLUMNS]
        for row in rows:
            code, *sides = (row[place] for place in places)
            if code:
                value, above, below = (None if s is None else float(s) for s in sides)
                yield str(code), (value, above, below)
    finally:
        book.close()
