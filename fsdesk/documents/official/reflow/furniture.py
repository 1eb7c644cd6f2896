"""What stands on paper only: page numbers, heads and feet of pages, tables of contents."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from fsdesk.documents.official.answers.closers import find_closers
from fsdesk.documents.official.answers.responsible import ANY_LABEL
from fsdesk.documents.official.lines.marks import read_mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.sources.source import Paragraph

DAY = re.compile(r"^\s*(?:20\d\d|二[〇零O0][一二三四五六七八九〇零]{2})\s*年.{1,4}月.{1,3}日\s*$")
_CONTENTS = re.compile(r"(?:\.{3,}|…{1,}|·{3,}|_{3,})\s*\d+\s*$")
_PAGE = re.compile(
    r"\s*(?:-{1,2}\s*\d{1,3}\s*-{1,2}|第?\s*\d{1,3}\s*页.{0,12}|\d{1,3}\s*/\s*\d{1,3}|目\s*录)\s*"
)
_BARE = re.compile(r"\s*(\d{1,3})\s*")
_MARK_GOES_ON = re.compile(r"\s*[.、)%]")
_LONGEST_HEAD = 40
_NEAR = 2
_LEAST = 2
_MOST = 0.7


def furniture(paragraphs: Sequence[Paragraph], pages: Sequence[int]) -> tuple[set[int], set[int]]:
    """Return the places of page numbers and the like, and those of heads and feet of pages.

    `pages`: numbers of the lines with which pages begin, where the file tells.
    """
    texts = [paragraph.passage.plain.strip() for paragraph in paragraphs]
    numbers = {at for at, t in enumerate(texts) if _PAGE.fullmatch(t) or _CONTENTS.search(t)}
    numbers |= _bare_numbers(texts)
    edges = _edges(paragraphs, numbers, pages)
    heads: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        if at not in numbers and len(text) <= _LONGEST_HEAD:
            heads[re.sub(r"\d+", "#", text)].append(at)
    repeated = {
        at
        for places in heads.values()
        if len(places) >= _LEAST
        and sum(at in edges for at in places) >= len(places) * _MOST
        and _may_repeat(texts[places[0]])
        for at in places
    }
    return numbers, repeated


def _bare_numbers(texts: Sequence[str]) -> set[int]:
    """Return the places of numbers that count pages: one follows another, or stands at an end."""
    found = {at: int(mark[1]) for at, text in enumerate(texts) if (mark := _BARE.fullmatch(text))}
    for at in [at for at in found if at + 1 < len(texts) and _MARK_GOES_ON.match(texts[at + 1])]:
        del found[at]
    places = sorted(found)
    numbers = [found[at] for at in places]
    counted: set[int] = set()
    for n, at in enumerate(places):
        before = n > 0 and numbers[n] - numbers[n - 1] == 1
        behind = n + 1 < len(places) and numbers[n + 1] - numbers[n] == 1
        if before or behind or at in {0, len(texts) - 1}:
            counted.add(at)
    return counted


def _edges(paragraphs: Sequence[Paragraph], numbers: set[int], pages: Sequence[int]) -> set[int]:
    """Return the places of the lines beside page numbers and page breaks."""
    first_lines = set(pages)
    begins = {
        at
        for at, paragraph in enumerate(paragraphs)
        if paragraph.passage.pieces[0].line in first_lines
    }
    near = {0, 1} if numbers or begins else set[int]()
    for at in numbers:
        near |= {at + step for step in range(-_NEAR, _NEAR + 1)}
    for at in begins:
        near |= {at + step for step in range(-_NEAR, _NEAR)}
    return near & set(range(len(paragraphs)))


def _may_repeat(text: str) -> bool:
    """Tell whether a line may be a page's head: it names nobody who answers, and no heading."""
    return not (ANY_LABEL.search(text) or find_closers(text) or read_mark(text) or "。" in text)
