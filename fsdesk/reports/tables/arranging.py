"""How a table is to be printed: which columns in which order, on what paper, who answers for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import reject
from fsdesk.reports.paper.pages import Paper, PaperSize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.reports.paper.table import Table


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A layout that the user has chosen, and may keep under a name.

    Attributes:
        name: Under which it is kept; empty for one that is not.
        columns: Titles of the columns in their order; empty for all.
        size: A4 or A3.
        landscape: Whether the paper's long side lies across.
        section_pages: Whether each text of the first column begins a new page.
        preparer: Who has made the table (制表).
        reviewer: Who has examined it (审核).
    """

    name: str = ""
    columns: tuple[str, ...] = ()
    size: PaperSize = PaperSize.A4
    landscape: bool = True
    section_pages: bool = False
    preparer: str = ""
    reviewer: str = ""

    @property
    def paper(self) -> Paper:
        """The paper as it lies in the printer."""
        return Paper(self.size, self.landscape)


PLAIN = Arrangement()


def arranged(table: Table, wanted: Arrangement, made_on: str) -> Table:
    """Return a table as it is wanted.

    Args:
        table: With all its columns.
        wanted: What is chosen.
        made_on: The day in words, for the closing line once somebody is named there.

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


def to_plain(wanted: Arrangement) -> dict[str, Any]:
    """Return a layout as plain values that JSON can hold."""
    return {
        "name": wanted.name,
        "columns": list(wanted.columns),
        "size": wanted.size.name,
        "landscape": wanted.landscape,
        "section_pages": wanted.section_pages,
        "preparer": wanted.preparer,
        "reviewer": wanted.reviewer,
    }


def from_plain(plain: Mapping[str, Any]) -> Arrangement:
    """Rebuild a layout from `to_plain`; what is missing keeps its default."""
    return Arrangement(
        name=str(plain.get("name", "")),
        columns=tuple(map(str, plain.get("columns", ()))),
        size=PaperSize[str(plain.get("size", PaperSize.A4.name))],
        landscape=bool(plain.get("landscape", True)),
        section_pages=bool(plain.get("section_pages", False)),
        preparer=str(plain.get("preparer", "")),
        reviewer=str(plain.get("reviewer", "")),
    )
