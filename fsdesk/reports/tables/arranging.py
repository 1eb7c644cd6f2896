"""A table with the columns that are wanted, in their order, and with those who answer for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.output.pages import Align

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.output.arrangement import Arrangement
    from fsdesk.reports.paper.table import Cell, Table

_NUMBER = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?(?P<sign>%?)")


def arranged(table: Table, wanted: Arrangement, made_on: str) -> Table:
    """Return a table as it is wanted.

    ``made_on`` is for the closing line, once somebody is named there.

    Raises:
        InputRejectedError: When a column isn't one of the table's, or named twice.
    """
    titles = column_titles(table)
    chosen = wanted.columns or titles
    unknown = [title for title in chosen if title not in titles]
    if unknown or len(set(chosen)) < len(chosen):
        what = f"表中没有“{unknown[0]}”这一列" if unknown else "同一列不能选两次"
        raise reject(what, f"可选：{'、'.join(titles)}")
    places = [titles.index(title) for title in chosen]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        rows=tuple(tuple(row[place] for place in places) for row in table.rows),
        footer=_footer(table, wanted, made_on),
        section_pages=wanted.section_pages,
    )


def with_even_decimals(table: Table) -> Table:
    """Return a table in which the numbers of a column have one number of decimals.

    Columns whose rows are measured in units of their own (`TableColumn.mixed`) stay as they are.
    """
    if not table.rows:
        return table
    columns = [
        cells if column.mixed or column.align is not Align.RIGHT else _even(cells)
        for column, cells in zip(table.columns, zip(*table.rows, strict=True), strict=True)
    ]
    return replace(table, rows=tuple(zip(*columns, strict=True)))


def _even(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    found = [_NUMBER.fullmatch(cell.text) for cell in cells]
    decimals = max((len(match["decimals"] or "") for match in found if match), default=0)
    return tuple(
        _padded(cell, match["decimals"] or "", match["sign"], decimals) if match else cell
        for cell, match in zip(cells, found, strict=True)
    )


def _padded(cell: Cell, has: str, sign: str, decimals: int) -> Cell:
    if len(has) == decimals:
        return cell
    plain = cell.text.removesuffix(sign) if sign else cell.text
    text = f"{plain if has else plain + '.'}{'0' * (decimals - len(has))}{sign}"
    return replace(cell, text=text, number_format=f"0.{'0' * decimals}{sign}")


def column_titles(table: Table) -> tuple[str, ...]:
    """Return the titles by which columns are chosen; a group stands before its columns' own."""
    plain = [column.title for column in table.columns]
    return tuple(
        f"{column.group}·{column.title}" if plain.count(column.title) > 1 else column.title
        for column in table.columns
    )


def _footer(table: Table, wanted: Arrangement, made_on: str) -> tuple[str, ...]:
    if not table.footer or not (wanted.preparer or wanted.reviewer):
        return table.footer
    return (f"制表：{wanted.preparer}", f"审核：{wanted.reviewer}", f"日期：{made_on}")
