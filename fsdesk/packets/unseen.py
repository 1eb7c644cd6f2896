"""What was changed where nobody sees it: in hidden or filtered rows, and in hidden columns."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Finding, Place, warning
from fsdesk.packets.lists.margins import read_margins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CELL = re.compile("([A-Z]+)([0-9]+)")
_MOST_NAMED = 10
_REMEDY = "请取消隐藏或筛选，核对这些内容；不该报送的，请删除后重新发来"


def tell_unseen(data: bytes, file: str, changed: Iterable[Place]) -> Iterator[Finding]:
    """Tell, sheet by sheet, of what is taken as a change and stands where nobody sees it.

    `changed`: the cells of the rows that were changed since the packet was written.
    """
    sheets: defaultdict[str, dict[tuple[int, str], Place]] = defaultdict(dict)
    for place in changed:
        match = _CELL.fullmatch(place.cell)
        if match is not None:
            sheets[place.sheet][int(match[2]) - 1, match[1]] = place
    if not sheets:  # most files: as the program wrote them
        return
    margins = read_margins(data, file, sheets)
    for title, cells in sheets.items():
        if title not in margins:
            continue
        hidden = {cell_name(0, n).rstrip("1") for n in margins[title].hidden_columns}
        rows = {where: at for where, at in cells.items() if where[0] in margins[title].hidden_rows}
        columns = {where: at for where, at in cells.items() if where[1] in hidden}
        if rows:
            named = _spans(sorted({row + 1 for row, _ in rows}))
            yield _told(f"第 {named} 行是隐藏的，或被筛选掉", rows)
        if columns:
            letters = sorted({letters for _, letters in columns}, key=lambda x: (len(x), x))
            yield _told(f"第 {'、'.join(letters)} 列是隐藏的", columns)


def _told(where: str, cells: dict[tuple[int, str], Place]) -> Finding:
    first, *others = (cells[key] for key in sorted(cells))
    names = "、".join(place.cell for place in (first, *others)[:_MOST_NAMED])
    more = "等" if len(cells) > _MOST_NAMED else ""
    words = f"{where}；其中改动过的行有 {len(cells)} 格内容（{names}{more}），照常接收"
    return warning(words, _REMEDY, first)


def _spans(numbers: list[int]) -> str:
    """Name numbers, those in a row by the first and the last."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    named = [" 至 ".join(map(str, span)) for span in spans[:_MOST_NAMED]]
    return "、".join(named) + ("等" if len(spans) > _MOST_NAMED else "")
