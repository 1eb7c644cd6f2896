"""Programs by which a workbook comes to the office: as it was typed, saved by LibreOffice, as text.

Text is what a spreadsheet program exports: what its cells show, one sheet.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.office import write_again

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

LIBRE_OFFICE = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods:calc8", "xls": "xls:MS Excel 97"}
ENCODINGS = ("utf-8-sig", "gb18030")
_DIGITS_SHOWN = 11  # of a number in a cell as wide as it needs; longer ones in scientific form


def save_again(ending: str, folder: Path, files: Iterable[Path]) -> Path:
    """Let LibreOffice write files in one of its forms; give the folder in which they lie."""
    write_again(LIBRE_OFFICE[ending], folder / ending, *files, timeout=600)
    return folder / ending


def as_text(sheet: Worksheet, file: Path, encoding: str) -> Path:
    """Export a sheet as csv in an encoding."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for row in sheet.iter_rows():
        writer.writerow([_shown(cell) for cell in row])
    file.write_bytes(stream.getvalue().encode(encoding))
    return file


def _shown(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float) and cell.number_format == "0%":
        return f"{value:.0%}"
    if isinstance(value, int | float):
        plain = f"{value:.10g}"
        return plain if len(plain) <= _DIGITS_SHOWN else f"{value:.5E}"
    if isinstance(value, datetime):
        return (
            f"{value:%Y/%-m/%-d %H:%M}"
            if value.time() != value.min.time()
            else f"{value:%Y/%-m/%-d}"
        )
    if isinstance(value, date):
        return f"{value:%Y/%-m/%-d}"
    return "" if value is None else str(value)
