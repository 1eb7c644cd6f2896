"""The looks of cells, prepared once: the part of a workbook that is the same in every one."""

from __future__ import annotations

import zipfile
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.styles import Alignment

from fsdesk.packets.styles import packet_styles

if TYPE_CHECKING:
    from collections.abc import Mapping

# A line of text that runs on over the next cells.
ONE_LINE = "one line"
_PARTS = ("_rels/.rels", "docProps/app.xml", "xl/styles.xml", "xl/theme/theme1.xml")


class Looks(Struct, frozen=True):
    """Looks by number, as cells refer to them.

    Attributes:
        parts: The files of a workbook that say what looks there are, and those that never change.
        numbers: By name of the style.
        marked: By number, the same look for a text that must not be taken for a formula.
    """

    parts: Mapping[str, bytes]
    numbers: Mapping[str, int]
    marked: Mapping[int, int]

    def __getitem__(self, style: str) -> int:
        """Return the number of a style's look."""
        return self.numbers[style]

    def quoted(self, look: int) -> int:
        """Return the same look for a text that must not be taken for a formula."""
        return self.marked.get(look, look)


@cache
def packet_looks() -> Looks:
    """Return the looks of packets and ledgers."""
    book = Workbook()
    cells = book.worksheets[0]
    numbers: dict[str, int] = {}
    marked: dict[int, int] = {}
    for style in packet_styles():
        book.add_named_style(style)
    names = [style.name for style in packet_styles()]
    for row, name in enumerate((*names, ONE_LINE), start=1):
        numbers[name] = _number(cells.cell(row, 1), name)
        marked[numbers[name]] = _number(cells.cell(row, 2), name, quoted=True)
    stream = BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return Looks({part: archive.read(part) for part in _PARTS}, numbers, marked)


def _number(cell: Any, name: str, *, quoted: bool = False) -> int:  # noqa: ANN401 - has no types
    """Give a cell a look and return the look's number."""
    cell.style = "fs_plain" if name == ONE_LINE else name
    if name == ONE_LINE:
        cell.alignment = Alignment(wrap_text=False)
    if quoted:
        cell.quotePrefix = True
    return cell.style_id
