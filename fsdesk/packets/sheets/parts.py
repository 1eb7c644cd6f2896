"""What all sheets of a packet begin with: their title, a line about them and the headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.packets.looks import ONE_LINE
from fsdesk.packets.sheet_xml import row_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.packets.looks import Looks

HEADER_ROW = 3
HEADER_HEIGHT = 32  # points: two lines


def head(
    looks: Looks, title: str, about: str, headers: Iterable[str], beside: int = 0
) -> list[str]:
    """Return the first rows of a sheet.

    `beside`: how many cells beside title and line look plain in spite of their column's look.
    """
    blank = [(None, looks["fs_plain"])] * beside
    return [
        row_xml(looks, 1, [(title, looks["fs_title"]), *blank]),
        row_xml(looks, 2, [(about, looks[ONE_LINE]), *blank]),
        row_xml(
            looks,
            HEADER_ROW,
            ((each, looks["fs_header"]) for each in headers),
            HEADER_HEIGHT,
            kept=True,
        ),
    ]
