"""Names of files and sheets, made from what people typed: units, ledgers, tasks, letters."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

# What Windows allows in no file name, and spreadsheets in no name of a sheet.
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
_UNSAFE_IN_SHEETS = re.compile(r"[\[\]:*?/\\]")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
# Control characters, marks that turn the order of letters, halves of surrogate pairs, new lines.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Linux holds 255 bytes; some room is left for “（2）” and the like. Windows counts the whole path.
_LONGEST_BYTES = 240
_LONGEST_NAME = 120
_LONGEST_ENDING = 16
LONGEST_SHEET = 31


def file_name(typed: str, taken: Collection[str] = (), *, otherwise: str = "未命名") -> str:
    """Return a name that every system can use for a file and that names no other folder.

    `typed`: what it should be called, with its ending.
    `taken`: names that stand in the folder already; capitals make no other name.
    `otherwise`: what it is called when nothing usable is left.
    """
    text = _UNSAFE.sub("_", _visible(typed)).strip(" .") or otherwise
    stem, dot, ending = text.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = text, "", ""
    if _RESERVED.fullmatch(stem.partition(".")[0].rstrip()):  # as Windows reads it
        stem = f"_{stem}"
    return _free(stem, f"{dot}{ending}", taken, _cut_for_files)


def shown_name(typed: str) -> str:
    """Return a name as it is kept and shown: without what nobody sees, and what no packet holds."""
    return _visible(typed).strip()


def sheet_name(typed: str, taken: Collection[str] = ()) -> str:
    """Return a name that every spreadsheet program can use for a sheet.

    `taken`: names of the workbook's other sheets; capitals make no other name.
    """
    text = _UNSAFE_IN_SHEETS.sub("", _visible(typed)).strip(" '") or "表"
    # Excel keeps this one for itself.
    return _free(text, "", (*taken, "history"), _cut_for_sheets)


def _visible(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)


def _free(stem: str, ending: str, taken: Collection[str], cut: Callable[[str, str], str]) -> str:
    used = {name.casefold() for name in taken}
    chosen, number = f"{cut(stem, ending)}{ending}", 1
    while chosen.casefold() in used:
        number += 1
        last = f"（{number}）{ending}"
        chosen = f"{cut(stem, last)}{last}"
    return chosen


def _cut_for_files(stem: str, ending: str) -> str:
    room = _LONGEST_BYTES - len(ending.encode())
    short = stem[: _LONGEST_NAME - len(ending)].encode()[:room].decode(errors="ignore")
    return short.rstrip(" .")


def _cut_for_sheets(stem: str, ending: str) -> str:
    """Cut by the units that spreadsheets count: a rare character makes two."""
    room = 2 * (LONGEST_SHEET - len(ending))
    short = stem.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore")
    return short.rstrip(" '")
