"""Heading marks: 第一部分, 一、, （一）, 1., (1), ①, 第一条; what they are and what they count."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from fsdesk.documents.official.numerals import from_chinese, uncircled

_CN = "一二三四五六七八九十百零〇"
# From the highest level to the lowest; official documents never turn the order round.
_STYLES = (
    ("part", rf"第\s*([{_CN}]+|\d+)\s*(?:部分|篇|编|板块)[、:\s]*"),
    ("chapter", rf"第\s*([{_CN}]+|\d+)\s*章[、:\s]*"),
    ("clause", rf"第\s*([{_CN}]+|\d+)\s*节[、:\s]*"),
    ("chinese", rf"([{_CN}]+)\s*(?:[、.,:]|\s)\s*"),
    ("task", rf"(?:重点)?(?:任务|工作|行动|项目|事项)\s*([{_CN}]+|\d{{1,2}})\s*[:、.]\s*"),
    ("article", rf"第\s*([{_CN}]+|\d+)\s*条[、:\s]*"),
    ("bracketed", rf"\(\s*([{_CN}]+)\s*\)[、.\s]*"),
    ("number", r"(\d{1,3})\s*(?:[、.,](?!\d)|(?:\s+)(?=[一-鿿《“]))\s*"),
    ("decimal", r"\d{1,2}[.\-](\d{1,2})\s*[、.]?(?![\d%万千批家个])\s*(?=[一-鿿《“])"),
    ("decimals", r"\d{1,2}\.\d{1,2}\.(\d{1,2})\s*[、.]?\s*(?=[一-鿿《“])"),
    ("round", r"\(\s*(\d{1,3})\s*\)[、.\s]*"),
    ("half", r"(\d{1,2})\)[、.\s]*"),
    ("circle", r"([①-⑳])[、.\s]*"),
    ("letter", r"([a-zA-Z])[、.)]\s*(?=[一-鿿])"),
    ("bullet", r"([●•◆■★▲○□▪✓➢※]|-{1,2}\s*(?=[一-鿿]))\s*"),
)
_PATTERNS = tuple(
    (name, rank, re.compile(rf"\s*{pattern}")) for rank, (name, pattern) in enumerate(_STYLES)
)
# What a mark begins with at all; most lines are none.
_FIRST = re.compile(rf"\s*[第{_CN}重任工行项事(\da-zA-Z①-⑳●•◆■★▲○□▪✓➢※-]")
RANKS = {name: rank for name, rank, _ in _PATTERNS}
# Headings that only the word processor's style shows: as high as these marks.
_BY_LEVEL = {1: "chinese", 2: "bracketed", 3: "number"}
_NO_NUMBER = re.compile(r"\s*\d{1,3}\s+(?:年|月|日|个|家|批|万|号|时|分)")
# The heading 十 百千万工程 is rare; 一 是 and 三 书一函 are not headings.
_NO_CHINESE = re.compile(rf"\s*[{_CN}]+\s+(?:是|书|个|年|月|日|级|次)")


class HeadingMark(Struct, frozen=True):
    """A heading mark at the beginning of a line.

    Attributes:
        rank: How high it stands, from 0.
        number: What it counts; 0 when it counts nothing.
        length: How many characters it takes, with the space around it.
    """

    style: str
    rank: float
    number: int
    length: int


def read_mark(text: str) -> HeadingMark | None:
    """Return the mark at the beginning of a line in half width, or None."""
    return _mark(text) if _FIRST.match(text) else None


@lru_cache(maxsize=1024)  # every step of the reading asks it of every line
def _mark(text: str) -> HeadingMark | None:
    for style, rank, pattern in _PATTERNS:
        match = pattern.match(text)
        if match and not _NO_NUMBER.match(text) and not _NO_CHINESE.match(text):
            return HeadingMark(style, rank, _number(match[1]), match.end())
    return None


def mark_of_level(level: int) -> HeadingMark | None:
    """Return what stands for a heading that only its style shows."""
    style = _BY_LEVEL.get(level)
    return HeadingMark(style, RANKS[style], 0, 0) if style else None


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return from_chinese(text) or uncircled(text)
