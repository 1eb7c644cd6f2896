"""A table as plain values, before it is laid out on pages or written to a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.output.pages import Align

if TYPE_CHECKING:
    from datetime import date


class TableColumn(Struct, frozen=True):
    """A column.

    Attributes:
        weight: Its share of the width, about its characters per line.
        group: Words above it and its neighbours of the same group; empty for none.
        merged: Whether equal cells below one another become one (only in the first columns).
        mixed: Whether its numbers are measured in units of their own, each row in another.
    """

    title: str
    weight: float
    align: Align = Align.LEFT
    group: str = ""
    merged: bool = False
    mixed: bool = False


class Cell(Struct, frozen=True):
    """A cell.

    Attributes:
        number: The same as a number or a day for spreadsheets; None for a text.
        number_format: How a spreadsheet shows it.
        colour: Of the text, as ``#rrggbb``; empty for black.
    """

    text: str
    number: float | date | None = None
    number_format: str = "General"
    colour: str = ""


def day_cell(day: date | None) -> Cell:
    """Make a cell for a day; empty without one."""
    return Cell(day.isoformat(), day, "yyyy-mm-dd") if day else Cell("")


class Table(Struct, frozen=True):
    """A table with all that is printed around it.

    Attributes:
        subtitle: Parts of the line under it: the first left, the last right, others between.
        basis: Lines below that: whose reports the figures rest on.
        footer: Parts of the line at the end, e.g. 制表：, 审核：, 日期：.
        name: Its kind in a word, for a spreadsheet's tab.
        section_pages: Whether each text of the first merged column begins a new page.
    """

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    subtitle: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    section_pages: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        wrong = [number for number, row in enumerate(self.rows) if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"rows {wrong} don't have {len(self.columns)} cells")

    @property
    def has_groups(self) -> bool:
        """Whether the header has two levels."""
        return any(column.group for column in self.columns)

    @property
    def header_groups(self) -> tuple[tuple[int, int, str], ...]:
        """Runs of neighbouring columns of one group as (first, count, words)."""
        runs: list[tuple[int, int, str]] = []
        for index, column in enumerate(self.columns):
            if column.group and runs and runs[-1][2] == column.group:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1, column.group)
            else:
                runs.append((index, 1, column.group))
        return tuple(runs)

    @property
    def merged_columns(self) -> int:
        """How many first columns are merged."""
        for index, column in enumerate(self.columns):
            if not column.merged:
                return index
        return len(self.columns)

    def begins_page(self, row: int) -> bool:
        """Tell whether a row must begin a new page."""
        first = bool(self.merged_columns) and row > 0
        return self.section_pages and first and not self.same_above(row, 0)

    def same_above(self, row: int, column: int) -> bool:
        """Tell whether a cell of a merged column continues the one above it."""
        if row == 0 or column >= self.merged_columns:
            return False
        here, above = self.rows[row], self.rows[row - 1]
        return [cell.text for cell in here[: column + 1]] == [
            cell.text for cell in above[: column + 1]
        ]
