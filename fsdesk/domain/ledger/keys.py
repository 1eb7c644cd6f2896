"""What identifies a row, as spreadsheets leave it: forced to text, damaged, or only alike.

A spreadsheet keeps 15 digits of a number, drops zeros before it, and shows a long one as
4.40301E+17. What was lost can't be found again, and a key that only looks right overwrites the row
of another: so a damaged key is refused, and one that is like another is asked about.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REMEDY = "请在原来的系统里重新导出，或先把这一列设成文本格式再填写"
# How programs force a cell to be text: ="0012" in text files, '0012 as it is typed.
_FORMULA = re.compile(r'=\s*"((?:[^"]|"")*)"')
_MARKED = re.compile(r"['‘’＇](?=[0-9A-Za-z])(.+)", re.DOTALL)
_FORCED = ("=", "'", "‘", "’", "＇")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]*e[+-]?|e\+)[0-9]{1,3}")
_KEPT_DIGITS = 15
_FEW = 2  # keys from which the usual length of a column is seen
_SAME = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1", "-": "", "_": "", "—": "", "–": ""})


def without_prefix(text: str) -> str:
    """Return a text without the marks by which a program was told that it is text.

    ``'330108`` and ``="330108"`` are 330108; an apostrophe before a Chinese text belongs to it.
    """
    if not text.startswith(_FORCED):
        return text
    formula = _FORMULA.fullmatch(text)
    if formula:
        return formula[1].replace('""', '"')
    marked = _MARKED.fullmatch(text)
    return marked[1] if marked else text


def is_scientific(text: str) -> bool:
    """Tell whether a text is a long number as a spreadsheet shows it: 4.40301E+17."""
    # Nearly every text ends otherwise; what folds to a figure counts as a number.
    return text[-1:].isnumeric() and _SCIENTIFIC.fullmatch(fold(text)) is not None


def damaged_keys(keys: Iterable[str]) -> dict[str, str]:
    """Return which keys of a column a spreadsheet has damaged, and why that is to be seen.

    Zeros before a number are missed only where other keys of the column begin with them and have
    one length; zeros at its end are doubted only where every key of that length has them.
    """
    plain = {key: fold(key) for key in dict.fromkeys(keys)}
    found = {key: _WHY_SCIENTIFIC for key, text in plain.items() if _SCIENTIFIC.fullmatch(text)}
    digits = {key: text for key, text in plain.items() if text.isascii() and text.isdecimal()}
    return found | _without_beginning(digits) | _without_end(digits)


_WHY_SCIENTIFIC = "是科学记数法，编号的末几位已经丢失"


def _without_beginning(digits: Mapping[str, str]) -> dict[str, str]:
    lengths = Counter(len(text) for text in digits.values())
    if not lengths:
        return {}
    length, times = lengths.most_common(1)[0]
    zeros = any(text.startswith("0") for text in digits.values() if len(text) == length)
    if times < _FEW or not zeros:
        return {}
    return {
        key: f"比这一列其他编号（{length} 位）短，可能丢了开头的 0"
        for key, text in digits.items()
        if len(text) < length
    }


def _without_end(digits: Mapping[str, str]) -> dict[str, str]:
    by_length: dict[int, list[str]] = defaultdict(list)
    for key, text in digits.items():
        if len(text) > _KEPT_DIGITS:
            by_length[len(text)].append(key)
    return {
        key: f"第 {_KEPT_DIGITS} 位以后都是 0，末几位可能已经丢失"
        for alike in by_length.values()
        if all(not digits[key][_KEPT_DIGITS:].strip("0") for key in alike)
        for key in alike
    }


def likeness(key: str) -> str:
    """Return a form that is the same for keys which people take for one another.

    O and 0, I, l and 1, dashes, and zeros before a number are not told apart.
    """
    alike = fold(key).translate(_SAME)
    return alike.lstrip("0") or alike if alike.isdecimal() else alike
