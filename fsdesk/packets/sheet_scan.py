"""A run over the cells of one sheet as they stand in the file, without keeping them."""

from __future__ import annotations

import re
from xml.parsers import expat

from fsdesk.domain.findings import Place, reject
from fsdesk.packets.layout import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, cell_name

_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LETTERS = 26


def no_doctype(*_: object) -> None:
    """Refuse a document type, where entities would be declared.

    Raises:
        ValueError: Always.
    """
    raise ValueError("doctype")


class SheetScan:
    """Finds cells whose value can't be known, and refuses sheets that would take all memory.

    The fast reader makes a dense table that reaches to the last cell in which something stands;
    styled blanks cost it nothing. So only cells with content count.

    Attributes:
        bad: By cell, why its value can't be known.
        parser: To be fed with the sheet's bytes.
    """

    def __init__(self, place: Place) -> None:
        self.bad: dict[str, str] = {}
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = no_doctype
        self._place = place
        self._row, self._column = -1, -1  # counted from 0
        self._last_row, self._last_column = 0, 0
        self._type = ""
        self._inside = self._formula = self._content = self._value = False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            self._go_to(attributes.get("r"))
            self._type = attributes.get("t", "")
            self._formula = self._content = self._value = False
        elif name in ("v", "is", "f"):
            self._content = True
            self._inside = name != "f"
            if name == "f":
                self._formula = True
                # Texts are many; only the results of formulas are looked at.
                self.parser.CharacterDataHandler = self._text
        elif name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1

    def _go_to(self, name: str | None) -> None:
        """Find the place of a cell; without a name it stands behind the one before."""
        if name is None:
            self._column += 1
            return
        match = _NAME.fullmatch(name)
        if match is None:
            raise ValueError(name)
        column = 0
        for letter in match[1]:
            column = column * _LETTERS + ord(letter) - ord("A") + 1
        self._row, self._column = int(match[2]) - 1, column - 1

    def _text(self, text: str) -> None:
        if self._inside and text.strip():
            self._value = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name in ("v", "is"):
            self._inside = False
        elif name == "c":
            if self._formula:
                self.parser.CharacterDataHandler = None
            if self._content or self._type == "e":
                self._check()

    def _check(self) -> None:
        self._last_row = max(self._last_row, self._row + 1)
        self._last_column = max(self._last_column, self._column + 1)
        area = self._last_row * self._last_column
        if self._row >= MOST_ROWS or self._column >= MOST_COLUMNS or area > MOST_CELLS:
            name = cell_name(self._row, self._column)
            raise reject(
                "工作表范围过大，很远的地方还有内容",
                "请删除表格以外的内容后保存再导入",
                Place(self._place.file, self._place.sheet, name),
            )
        if self._type == "e":
            self._note("单元格是错误值（如 #DIV/0!）")
        elif self._formula and not self._value:
            # Some programs store an empty result, which is none.
            self._note("公式没有保存计算结果")

    def _note(self, why: str) -> None:
        self.bad[cell_name(self._row, self._column)] = why
