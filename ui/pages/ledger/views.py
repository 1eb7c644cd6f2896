"""What the window remembers of each ledger's grid, and the view that its filters ask for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.ledger.conditions import BY_UNIT, Condition, View
from fsdesk.domain.ledger.filters import conditions_of
from fsdesk.domain.ledger.ledger import ColumnType
from fsdesk.domain.text import fold
from ui import remember
from ui.models.ledger_grid import UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.ledger.ledger import LedgerColumn

_WIDTHS = {
    ColumnType.TEXT: 150,
    ColumnType.NUMBER: 96,
    ColumnType.DATE: 110,
    ColumnType.CHOICE: 116,
    ColumnType.FLAG: 84,
}
_WRONG = {
    ColumnType.NUMBER: "请写成 5、>=5、<=9 或 5~9",
    ColumnType.DATE: "请写成 2026、2026-03、2026-03-05 或 2026-03~2026-05",
}


def width_of(column: LedgerColumn) -> int:
    """Return the first width of a column, in logical pixels."""
    return _WIDTHS[column.type]


def hint_of(column: LedgerColumn) -> str:
    """Return what can be typed to filter a column."""
    words = _WRONG.get(column.type, "输入文字筛选，“=甲”为完全相同")
    return f"{column.title}：{words}；也可写“空”或“非空”"


class Filtered(Struct, frozen=True):
    """A view, and the columns whose filter can't be read."""

    view: View
    wrong: Mapping[int, str]


def view_of(
    columns: Sequence[LedgerColumn],
    texts: Mapping[int, str],
    names: Mapping[str, str],
    order: tuple[int, bool],
) -> Filtered:
    """Read filters and sorting as a view of the ledger.

    The order is a column, -1 for none, and whether the largest comes first.
    """
    conditions: list[Condition] = []
    units: tuple[str, ...] | None = None
    wrong: dict[int, str] = {}
    for at, text in texts.items():
        column = columns[at]
        if column.title == UNIT:
            units = tuple(code for code, name in names.items() if fold(text) in fold(name))
            continue
        found = conditions_of(column, text)
        if found is None:
            wrong[at] = _WRONG.get(column.type, "请改正")
        else:
            conditions += found
    place, descending = order
    sort = columns[place].title if 0 <= place < len(columns) else ""
    view = View(
        conditions=tuple(conditions),
        sort=BY_UNIT if sort == UNIT else sort,
        descending=descending,
        units=units,
    )
    return Filtered(view, wrong)


def store_filters(ledger: str, columns: Sequence[LedgerColumn], texts: Mapping[int, str]) -> None:
    """Remember what is typed above the columns of a ledger; nothing of columns that are masked."""
    kept = {columns[at].title: text for at, text in texts.items() if not columns[at].personal}
    remember.store(f"ledgers/{ledger}/filters", json.dumps(kept, ensure_ascii=False))


def recall_filters(ledger: str, columns: Sequence[LedgerColumn]) -> dict[int, str]:
    """Return what was typed above the columns of a ledger last."""
    try:
        kept = json.loads(remember.recall(f"ledgers/{ledger}/filters", "{}"))
    except ValueError:
        return {}
    return {at: str(kept[c.title]) for at, c in enumerate(columns) if c.title in kept}
