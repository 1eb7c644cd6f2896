"""Breaking Chinese text into lines (禁则), as a pure function of text and width.

Closing punctuation never begins a line, opening brackets never end one (GB/T 15834—2011), and
Latin words, numbers with their signs, dates, —— and …… stay whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_AT_START = frozenset("，。、；：？！）」』】〕〉》”’…—～·%％‰℃,.;:?!)]}")
NOT_AT_END = frozenset("（「『【〔〈《“‘([{￥¥$№")
_WHOLE = re.compile(
    r"\d{4}年(?:\d{1,2}(?:[—\-至]\d{1,2})?月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|〔\d{4}〕(?:\d+号)?|"
    r"[≥≤=＝<>±~+\-]*[A-Za-z0-9０-９][A-Za-z0-9０-９.,:/%‰℃°+\-_@#&']*|—+|…+|[ \u3000]+|.",
    re.DOTALL,
)


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> tuple[str, ...]:
    """Break a text into lines.

    A piece that can't be broken and is wider than the line is cut between characters, by the same
    rules where that is possible. New lines in the text always break. At least one line is returned;
    spaces at line ends are left out, nothing else is.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_break_paragraph(paragraph.strip(" "), width, measure))
    return tuple(lines)


def unbroken_parts(text: str) -> list[str]:
    """Cut a line where it may be broken; spaces at the ends are left out."""
    return [piece.strip() for piece in _pieces(text)]


def _break_paragraph(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip(" ")
        while measure(line.rstrip()) > width and len(line) > 1:
            head = _fitting(line, width, measure)
            lines.append(line[:head].rstrip())
            line = line[head:].lstrip(" ")
    lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may break."""
    pieces: list[str] = []
    for match in _WHOLE.finditer(text):
        piece = match[0]
        # A space ends the piece and vanishes at a line's end.
        if pieces and (piece.isspace() or not _may_break(pieces[-1][-1], piece[0])):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _may_break(before: str, after: str) -> bool:
    return after not in NOT_AT_START and before not in NOT_AT_END


def _fitting(text: str, width: float, measure: Callable[[str], float]) -> int:
    """Return how many characters of an unbreakable piece go on a line, at least one."""
    fits = 1
    while fits < len(text) - 1 and measure(text[: fits + 1]) <= width:
        fits += 1
    allowed = fits
    while allowed > 0 and not _may_break(text[allowed - 1], text[allowed]):
        allowed -= 1
    return allowed or fits
