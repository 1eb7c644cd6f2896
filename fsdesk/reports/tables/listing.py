"""A plain list as a spreadsheet: a heading, columns, rows."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from fsdesk.files import save_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

_MOST_TEXT = 32_767  # characters that a cell holds


def write_listing(
    path: Path, heading: str, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]
) -> None:
    """Write a list as .xlsx.

    Columns are title and width in characters; rows stay texts whatever they begin with.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.title = "清单"
    sheet.append([heading])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([title for title, _width in columns])
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for number, row in enumerate(rows, start=3):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column, ILLEGAL_CHARACTERS_RE.sub("", text)[:_MOST_TEXT])
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, (_title, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    stream = BytesIO()
    book.save(stream)
    save_bytes(path, stream.getvalue())
