"""A quick look at XML parts: the usual ones are known to be harmless by one pass over the bytes.

What programs write is nearly always of one shape. Whatever differs from it is left to the slow
look that understands every XML.
"""

from __future__ import annotations

import re
from xml.parsers import expat

# A file begins so, or at once with its first element.
_BEGIN = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?'
    rb'(?: standalone="(?:yes|no)")?\s*\?>\s*)?<[A-Za-z]'
)
# Content up to column HZ and row 9999 stays within every limit.
_CELL = (
    # First the cell that nearly all are: it is told by one comparison.
    rb'<c r="[A-Z][0-9]{1,4}" s="[0-9]+" t="inlineStr"><is><t>[^<]*+</t></is></c>'
    rb'|<c r="[A-H]?[A-Z][0-9]{1,4}"(?: s="[0-9]+")?(?: ?/>'
    rb'| t="(?:inlineStr">(?:<is><t(?: xml:space="preserve")?(?: ?/>|>[^<]*+</t>)</is>)?</c>'
    rb'|s"><v>[0-9]+</v></c>'
    rb'|(?:n|b|str)"(?: ?/>|>(?:<v>[^<]*+</v>|<v ?/>)?</c>))'
    rb"|>(?:<v>[^<]*+</v>|<v ?/>)?</c>)"
)
_ROWS = re.compile(
    rb'(?:<row(?: [A-Za-z0-9:]+="[^"<]*+")*+(?: ?/>|>(?:' + _CELL + rb")*+</row>))*+</sheetData>"
)
_BLANK = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")? ?/>')
_UNNAMED = re.compile(rb'<(?:[\w.-]+:)?c(?! r=")[\s/>]')
_OPEN, _CLOSE, _NAME = b"<sheetData>", b"</sheetData>", b"sheetData"
_NONE_MERGED = b"<mergeCells></mergeCells>"


def is_plain(part: bytes) -> bool:
    """Tell whether a part is XML of the usual kind, without document type, comments and the like.

    ValueError when it is in no encoding that programs use for workbooks.
    """
    if b"\0" in part:
        raise ValueError("not UTF-8")
    return b"<!" not in part and _BEGIN.match(part) is not None


def without_blanks(part: bytes) -> bytes:
    """Leave out of a sheet the cells that have a format and no content: there may be millions.

    A cell without a name has its place from those before it; with such cells, all are left in.
    """
    return part if _UNNAMED.search(part) else _BLANK.sub(b"", part)


def is_plain_sheet(part: bytes) -> bool:
    """Tell whether a part is a sheet without formulas, errors, merged or far cells."""
    start = part.find(_OPEN)
    rows = _ROWS.match(part, start + len(_OPEN)) if start >= 0 else None
    if rows is None:
        return False
    head, tail = part[:start], part[rows.end() :]
    return (
        is_plain(head)
        and _NAME not in head
        and not any(mark in tail for mark in (b"<!", b"\0", _NAME, b"mergeCell"))
    )


def read_once(part: bytes) -> bytes:
    """Return a plain sheet so that the fast reader goes through it once.

    It looks for merged cells from the beginning, until their list comes. What stands behind the
    rows, which it then sees no more, is looked through here.
    """
    tail = part.rpartition(_CLOSE)[2]
    try:
        expat.ParserCreate().Parse(b"<worksheet>" + tail, True)  # noqa: FBT003 - its own switch
    except expat.ExpatError:
        return part  # the reader says what is wrong with it
    return part.replace(_OPEN, _NONE_MERGED + _OPEN, 1)
