"""Tables as text: rows on lines, cells between separators, as clipboards and text files hold them.

A quotation mark may be a sign of the form, or stand in a cell: a lone one must not swallow the
rows below it, and the marks around “铁拳” are part of what somebody typed.
"""

from __future__ import annotations

import re


def split_table(text: str, separator: str, *, copied: bool = False) -> list[list[str]]:
    """Return the cells of a table that is held as text.

    `copied`: from a spreadsheet's clipboard, which puts only cells of several lines, or with the
    separator in them, between quotation marks; all other marks belong to what was typed.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if not plain:
        return []
    raw = [line.split(separator) for line in plain.split("\n")]
    if '"' not in plain:
        return raw
    quoted = _Quoted(plain, separator, copied=copied)
    read = quoted.rows()
    # A table has rows of one length: marks that break it up are no signs of its form.
    swallowed = len(raw) > 1 and _even(raw) and (quoted.over_rows or not _even(read))
    return raw if swallowed else read


def _even(rows: list[list[str]]) -> bool:
    return len({len(row) for row in rows}) == 1


class _Quoted:
    """Cells between marks; `over_rows` when one of them holds what looks like whole rows."""

    def __init__(self, text: str, separator: str, *, copied: bool) -> None:
        self.over_rows = False
        self._text, self._separator, self._copied = text, separator, copied
        until = rf"{re.escape(separator)}|\n|\Z"
        # Marks within it are doubled, and it goes up to a separator or the end of a line.
        self._cell = re.compile(rf'"((?:[^"]|"")*+)" *(?={until})')
        self._end = re.compile(until)

    def rows(self) -> list[list[str]]:
        rows: list[list[str]] = [[]]
        at = 0
        while True:
            cell, at = self._take(at)
            rows[-1].append(cell)
            if at >= len(self._text):
                return rows
            if self._text[at] == "\n":
                rows.append([])
            at += 1

    def _take(self, at: int) -> tuple[str, int]:
        """Return the cell that begins here, and where it ends."""
        marked = self._cell.match(self._text, at)
        if marked and self._is_form(marked[1]):
            return marked[1].replace('""', '"'), marked.end()
        end = self._end.search(self._text, at)
        stop = end.start() if end else len(self._text)
        return self._text[at:stop], stop

    def _is_form(self, inner: str) -> bool:
        lines, separated = "\n" in inner, self._separator in inner
        self.over_rows |= lines and separated
        return not self._copied or lines or separated or '""' in inner


def join_table(rows: list[list[str]], separator: str = "\t") -> str:
    """Write a table as spreadsheets read it from the clipboard."""
    return "".join(separator.join(_written(c, separator) for c in row) + "\r\n" for row in rows)


def _written(cell: str, separator: str) -> str:
    marks = cell.startswith('"') or any(sign in cell for sign in (separator, "\n", "\r"))
    return '"' + cell.replace('"', '""') + '"' if marks else cell
