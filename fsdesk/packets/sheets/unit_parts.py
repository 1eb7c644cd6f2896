"""分单位 in a packet: what each unit below contributes, for people to read, filter and print.

What is taken stands on a hidden sheet and is signed; here it is only shown, so that whatever
program saves the file, no number depends on how a cell looks. What was typed over is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Finding, Place, warning
from fsdesk.domain.names import sheet_name
from fsdesk.domain.text import fold
from fsdesk.domain.typed import read_text
from fsdesk.packets.layout import (
    CODE,
    HEADER_WITHIN,
    HELP_SHEET,
    META_SHEET,
    PARTS_DATA,
    PARTS_SHEET,
    PLAN_SHEET,
    SEALED_SHEET,
    SHEETS,
)
from fsdesk.packets.sheet_xml import XmlSheet, row_xml
from fsdesk.packets.sheets.ledgers import sheet_names
from fsdesk.packets.sheets.parts import HEADER_ROW, head
from fsdesk.packets.sheets.replies import REPLY_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fsdesk.domain.ladder.parts import PartSheet, UnitPart
    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.typed import Cell
    from fsdesk.packets.looks import Looks

_COLUMNS = (
    (CODE, 9), ("指标", 24), ("下级单位", 34), ("本期数", 10), ("分子", 10), ("分母", 10),
    ("已报／应报", 10), ("来源", 30),
)  # fmt: skip
_TITLES = tuple(title for title, _ in _COLUMNS)
_NAMED = _TITLES.index("指标")  # taken from the plan, which a reader may not have
_DIGITS = 10  # to which numbers are compared: what a spreadsheet program changes is no change
_WAY = " / "


def parts_name(ledgers: Iterable[Ledger]) -> str:
    """Return what the sheet is called; a ledger may have its usual name."""
    hidden = (META_SHEET, PLAN_SHEET, SEALED_SHEET, PARTS_DATA)
    form = (HELP_SHEET, REPLY_SHEET, *(sheet.title for sheet in SHEETS))
    return sheet_name(PARTS_SHEET, (*hidden, *form, *sheet_names(ledgers).values()))


def unit_parts_sheet(
    looks: Looks, name: str, sheet: PartSheet, plan: Plan, unit_name: str
) -> XmlSheet:
    """Return the sheet, indicator by indicator; ``plan`` says what they are called."""
    about = f"{unit_name}　{sheet.source}".rstrip("　")
    rows = head(looks, PARTS_SHEET, about, _TITLES)
    code, text = looks["fs_code"], looks["fs_text"]
    for part in sheet.parts:
        indicator = plan.indicators_by_code.get(part.indicator)
        cells = _cells(sheet, part, indicator.name if indicator else "")
        styled = [(cell, text if place else code) for place, cell in enumerate(cells)]
        rows.append(row_xml(looks, len(rows) + 1, styled))
    last = cell_name(len(rows) - 1, len(_COLUMNS) - 1)
    return XmlSheet(
        name,
        rows,
        last,
        [width for _, width in _COLUMNS],
        frozen=(HEADER_ROW, 3),
        print_area=last,
        header_row=HEADER_ROW,
        protected=True,
        filter_area=f"A{HEADER_ROW}:{last}",
    )


def _cells(sheet: PartSheet, part: UnitPart, name: str) -> tuple[str | float | None, ...]:
    names = [sheet.name_of.get(part.path[:n], "") for n in range(1, len(part.path) + 1)]
    amount = part.amount
    if not part.reported:
        state: str | float | None = "未报"
    elif amount.empty:
        state = "无此项"
    else:
        state = amount.value
    told = f"{part.known}/{part.expected}"
    way = _WAY.join(names)
    return (
        *(part.indicator, name, way, state, amount.numerator, amount.denominator, told),
        part.origin,
    )


def retyped(rows: Sequence[Sequence[Cell]], sheet: PartSheet, place: Place) -> Iterator[Finding]:
    """Tell where the sheet that people see says something else than what was signed."""
    if not rows:
        yield warning("“分单位”表被删除，分单位的数以签名的数据为准", "", place)
        return
    titles = [fold(title) for title in _TITLES]
    header = next(
        (n for n, row in enumerate(rows[:HEADER_WITHIN]) if set(titles) <= set(map(_folded, row))),
        None,
    )
    if header is None:
        yield warning("“分单位”表的表头被改动，分单位的数以签名的数据为准", "", place)
        return
    columns = [[_folded(cell) for cell in rows[header]].index(title) for title in titles]
    own = {_line(_cells(sheet, part, "")) for part in sheet.parts}
    found = {
        _line([row[at] if at < len(row) else None for at in columns]): number
        for number, row in enumerate(rows[header + 1 :], start=header + 1)
    }
    found.pop(_line([None] * len(_TITLES)), None)
    changed = sorted(number for line, number in found.items() if line not in own)
    lost = len(own - set(found))
    if changed or lost:
        where = Place(place.file, place.sheet, cell_name(changed[0], 0)) if changed else place
        yield warning(
            f"“分单位”表中有 {max(len(changed), lost)} 行与签名的数据不同，改动没有读取",
            "分单位的数由程序取得，有误的请在下级单位的报送中更正",
            where,
        )


def _line(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(_plain(cell) for place, cell in enumerate(cells) if place != _NAMED)


def _plain(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:.{_DIGITS}g}"
    return _folded(cell)


def _folded(cell: Cell) -> str:
    return fold(read_text(cell))
