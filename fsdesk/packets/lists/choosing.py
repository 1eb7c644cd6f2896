"""Which sheets of a workbook are read as a list: none is taken or passed over unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import Finding, Place, notice, reject
from fsdesk.domain.typed import read_text
from fsdesk.packets.lists.headers import find_header
from fsdesk.packets.lists.opening import HELP_SHEET, STAMP_SHEET, ListSheet, open_list

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.typed import Cell
    from fsdesk.packets.lists.headers import ListHeader

_FEW_TITLES = 2


class SheetOffer(Struct, frozen=True):
    """A sheet that may be read.

    Attributes:
        header: The headers of which most name columns of the ledger.
        rows: How many rows below them are not blank.
        is_list: Whether it looks like a list of this ledger.
    """

    sheet: ListSheet
    header: ListHeader
    rows: int
    is_list: bool

    def __str__(self) -> str:
        """Name it with the number of its rows."""
        return f"“{self.sheet.name}”（{'隐藏，' if self.sheet.hidden else ''}{self.rows} 行）"


def open_sheets(path: Path, ledger: Ledger) -> tuple[ListSheet, ...]:
    """Open a list and return its sheets; refused when it was made for another ledger."""
    sheets = open_list(path)
    stamp = next((s for s in sheets if s.name == STAMP_SHEET and s.rows and s.rows[0]), None)
    if stamp is None:
        return sheets
    code, *rest = (read_text(cell) for cell in stamp.rows[0])
    if code != ledger.code:
        other = rest[0] if rest else code
        raise reject(
            f"这是台账“{other}”的表，不是“{ledger.title}”的",
            f"请导入到“{other}”，或改用“{ledger.title}”的模板",
            Place(stamp.file),
        )
    return tuple(sheet for sheet in sheets if sheet.name not in (STAMP_SHEET, HELP_SHEET))


def offer(sheet: ListSheet, header: ListHeader, ledger: Ledger) -> SheetOffer:
    """Tell whether a sheet with these headers looks like a list of a ledger."""
    named = header.titles | header.doubtful.keys()
    # Where no header is known, all rows are content.
    first = header.row + 1 if named else 0
    rows = sum(any(map(read_text, row)) for row in sheet.rows[first:])
    is_list = rows > 0 and (len(named) >= _FEW_TITLES or named.issuperset(ledger.key))
    return SheetOffer(sheet, header, rows, is_list)


def looks_like_rows_of(ledger: Ledger, title: str, rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows a sheet has that look like rows of a ledger; 0 when it is no list."""
    sheet = ListSheet("", title, rows)
    found = offer(sheet, find_header(sheet, ledger), ledger)
    named = found.header.titles | found.header.doubtful.keys()
    return found.rows if found.is_list and named.issuperset(ledger.key) else 0


def choose(
    offers: Sequence[SheetOffer], names: Collection[str], *, every: bool = False
) -> tuple[SheetOffer, ...]:
    """Return the sheets to read.

    `names`: those that somebody chose; empty when nobody did.
    `every`: all that look like a list and are not hidden.
    InputRejectedError when there are several and nobody chose, or a name is unknown.
    """
    file = offers[0].sheet.file
    listed = [each for each in offers if each.is_list]
    if names:
        unknown = [name for name in names if all(each.sheet.name != name for each in offers)]
        if unknown:
            known = "、".join(f"“{each.sheet.name}”" for each in offers)
            raise reject(f"没有工作表“{unknown[0]}”", f"文件里有：{known}", Place(file))
        return tuple(each for each in offers if each.sheet.name in names)
    seen = [each for each in listed if not each.sheet.hidden]
    if every and seen:
        return tuple(seen)
    if len(listed) > 1 or (listed and not seen):
        raise reject(
            f"{len(listed)} 张工作表像是清单：{'、'.join(map(str, listed))}，程序不替您选",
            "请选定要读的工作表，或选择全部合并读取（命令行用 --sheet 名称，或 --all-sheets）",
            Place(file),
        )
    best = seen or [each for each in offers if not each.sheet.hidden] or list(offers)
    return (max(best, key=lambda each: len(each.header.titles)),)


def tell_left_out(offers: Sequence[SheetOffer], chosen: Collection[SheetOffer]) -> list[Finding]:
    """Tell which sheets are not read."""
    return [
        notice(
            f"工作表{each}没有读取",
            "需要导入的，请选定这张工作表",
            Place(each.sheet.file, each.sheet.name),
        )
        for each in offers
        if each not in chosen
    ]


def check_hidden_rows(sheet: ListSheet, header: ListHeader) -> None:
    """Refuse a sheet with rows that nobody sees, for somebody has to say what is meant."""
    hidden = [
        number
        for number in sorted(sheet.hidden_rows)
        if header.row < number < len(sheet.rows) and any(map(read_text, sheet.rows[number]))
    ]
    if hidden:
        shown = "、".join(str(number + 1) for number in hidden[:10])
        more = "等" if len(hidden) > 10 else ""  # noqa: PLR2004 - enough to find them
        raise reject(
            f"有 {len(hidden)} 行被筛选或隐藏（第 {shown}{more} 行），看不出是否要导入",
            "请选择一并读取或不读取（命令行用 --hidden-rows take 或 skip）",
            Place(sheet.file, sheet.name),
        )
