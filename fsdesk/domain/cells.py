"""Names of cells, as spreadsheets show them (A1)."""

from __future__ import annotations

from functools import lru_cache

_LETTERS = 26


def cell_name(row: int, column: int) -> str:
    """Return the A1 name of a cell; rows and columns count from 0."""
    return f"{column_letters(column)}{row + 1}"


@lru_cache(maxsize=256)
def column_letters(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
