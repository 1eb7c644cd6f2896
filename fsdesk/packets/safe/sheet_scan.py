"""A run over the cells of one .xlsx sheet as they stand in the file, without keeping them."""

from __future__ import annotations

import re
from xml.parsers import expat

from fsdesk.packets.safe.archive import feed, no_doctype
from fsdesk.packets.safe.scanned import ERROR_VALUE, NO_RESULT, SheetFindings

_NAME = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_LETTERS = 26


def scan_sheet(part: bytes, found: SheetFindings) -> None:
    """Find cells whose value can't be known, merged cells, and cells far out.

    InputRejectedError when something stands too far out. ValueError when the part is no sheet that
    can be understood. expat.ExpatError when it is no XML.
    """
    feed(part, _SheetCells(found).parser.Parse)


class _SheetCells:
    """Keeps count as the fast reader does: of rows and columns for cells without a name."""

    def __init__(self, found: SheetFindings) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = no_doctype
        self._found = found
        self._row = self._column = 0  # of the next cell without a name
        self._cell = (0, 0)
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
        elif name == "row" and "r" in attributes:
            self._row = int(attributes["r"]) - 1
        elif name == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            if last:
                self._found.merge((*place_of(first), *place_of(last)))

    def _go_to(self, name: str | None) -> None:
        """Find the place of a cell; without a name it stands behind the one before."""
        if name is None:
            self._cell = (self._row, self._column)
        else:
            self._cell = place_of(name)
        self._column = self._cell[1] + 1

    def _text(self, text: str) -> None:
        if self._inside and text.strip():
            self._value = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name in ("v", "is"):
            self._inside = False
        elif name == "c":
            self.parser.CharacterDataHandler = None
            if self._content or self._type == "e":
                self._found.reach(*self._cell)
                if self._type == "e":
                    self._found.note(*self._cell, ERROR_VALUE)
                elif self._formula and not self._value:
                    # Some programs store an empty result, which is none.
                    self._found.note(*self._cell, NO_RESULT)
        elif name == "row":
            self._row += 1
            self._column = 0


def place_of(name: str) -> tuple[int, int]:
    """Return row and column of a cell, counted from 0; ValueError when the name is none."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(name)
    column = 0
    for letter in match[1].upper():
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
