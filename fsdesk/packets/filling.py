"""Filling a packet's cells in the workbook itself, as a clerk without fsdesk does."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from fsdesk.domain.records.records import Content, RecordKey, Status
from fsdesk.domain.typed import YES
from fsdesk.files import save_bytes
from fsdesk.packets.layout import CODE, SHEETS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl import Workbook


def fill_in(path: Path, contents: Mapping[RecordKey, Content]) -> None:
    """Type contents into the rows of a packet by their codes and save the workbook.

    Nothing but the visible cells is touched: the hidden sheet still says what stood there when
    the packet was written, so that the rows count as edited by hand.
    """
    book = load_workbook(path)
    for sheet in SHEETS:
        target = book[sheet.title]
        wanted = {k.item: c for k, c in contents.items() if k.kind is sheet.kind}
        rows = [[cell.value for cell in row] for row in target.iter_rows()]
        header = next(number for number, row in enumerate(rows) if row[0] == CODE)
        columns = {str(title): place for place, title in enumerate(rows[header], start=1)}
        for row in range(header + 2, len(rows) + 1):
            content = wanted.get(str(target.cell(row, 1).value))
            if content is None:
                continue
            for column in sheet.inputs:
                shown = _shown(getattr(content, column.field))
                if shown is not None:
                    cell: Any = target.cell(row, columns[column.title])
                    cell.value = shown
    save_book(book, path)


def save_book(book: Workbook, path: Path) -> None:
    """Write a workbook of the library; InputRejectedError when that can't be done.

    By way of memory: a file that the library can't write to its end it never lets go of.
    """
    buffer = BytesIO()
    book.save(buffer)
    save_bytes(path, buffer.getvalue())


def _shown(value: object) -> object:
    if isinstance(value, Status):
        return value.label
    if isinstance(value, bool):
        return YES if value else None
    return None if value == "" else value
