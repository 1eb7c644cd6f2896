"""How long the texts are that the cells of an .xls workbook share. Source: MS-XLS, SST."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE, _WITH_PHONETICS, _WITH_FORMATS = 1, 4, 8
_FORMAT_RUN = 4


def text_lengths(pieces: Sequence[bytes]) -> list[int]:
    """Return the length of each text in characters.

    `pieces`: the record behind its two counts, and the records that continue it.
    struct.error when it is damaged; also IndexError.
    """
    run = _SharedTextRun(pieces)
    lengths: list[int] = []
    while run.more():
        lengths.append(run.text())
    return lengths


class _SharedTextRun:
    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._piece = self._at = 0

    def more(self) -> bool:
        """Go to the next piece if this one is used up, and tell whether anything is left."""
        while self._piece < len(self._pieces) and self._at >= len(self._pieces[self._piece]):
            self._piece, self._at = self._piece + 1, 0
        return self._piece < len(self._pieces)

    def text(self) -> int:
        """Pass over one text and return its length."""
        here = self._pieces[self._piece]
        length, flags = struct.unpack_from("<HB", here, self._at)
        self._at += 3
        behind = 0
        if flags & _WITH_FORMATS:
            behind += struct.unpack_from("<H", here, self._at)[0] * _FORMAT_RUN
            self._at += 2
        if flags & _WITH_PHONETICS:
            behind += struct.unpack_from("<I", here, self._at)[0]
            self._at += 4
        self._pass_characters(length, flags & _WIDE)
        self._pass_bytes(behind)
        return length

    def _pass_characters(self, length: int, wide: int) -> None:
        """Pass over characters; each continuing piece says anew how wide they are."""
        while length > 0:
            width = 2 if wide else 1
            here = (len(self._pieces[self._piece]) - self._at) // width
            taken = min(length, here)
            self._at += taken * width
            length -= taken
            if length > 0:
                self._piece += 1
                wide = self._pieces[self._piece][0] & _WIDE
                self._at = 1

    def _pass_bytes(self, count: int) -> None:
        while count > 0 and self.more():
            taken = min(count, len(self._pieces[self._piece]) - self._at)
            self._at += taken
            count -= taken
