"""Characters that nobody sees or means: what copying out of PDF files and web pages leaves behind.

Format characters go, gaps between Chinese characters close, and characters that only look like
Chinese ones become them. Every character that is left keeps its place in the document.
"""

from __future__ import annotations

import re
import unicodedata

from fsdesk.documents.official.answers.names import ends_in_name, is_bare_name
from fsdesk.documents.official.sources.passage import Passage, plain
from fsdesk.documents.official.sources.source import LINE_BREAK

# Soft hyphens, zero width, byte order and direction marks, controls; a tab is a gap that is meant.
FORMAT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e0fff]+"
)
_HAN = "\u3400-\u9fff〇"
_MARK = "，。、；：！？）】〕》”’（【〔《“‘,;:)(\\[\\]"
_GAP = "[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+"
_GAPS = re.compile(f"(?<=[{_HAN}]){_GAP}(?=[{_HAN}{_MARK}])|(?<=[{_MARK}]){_GAP}(?=[{_HAN}])")
# Letters on both sides of a break are two words.
_BREAK = re.compile(f"(?<![A-Za-z]){LINE_BREAK}|{LINE_BREAK}(?![A-Za-z])")
_LISTED = re.compile(f"{LINE_BREAK}?{_GAP}{LINE_BREAK}?")
# A gap before a heading mark is where the heading begins.
_HEADING = re.compile(
    r"[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、](?!\d)"
    r"|第[一二三四五六七八九十\d]{1,3}[章节条部]|[①-⑳]|[一二三四五六七八九十]{1,3}\s"
)
_NUMERAL = re.compile(r"\s*[一二三四五六七八九十\d]{1,3}")
_WORD = re.compile(r"[^、,;。()\[\]\s]+")
_LEVEL = "各省市县区镇乡"
_LOOKED_AT = 40
# Gaps to a Chinese character, from which on they were put there by a machine.
_SPRINKLED, _FEW = 0.015, 5
_QUOTED = re.compile(r"“[^“”]*”")
# Parts of characters that some readers of PDF files write for the characters; Unicode gives no
# equivalent for these, as it does for the others (⼀ for 一).
_PARTS = dict(
    zip(
        "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰",
        "民西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙",
        strict=True,
    )
)
_LOOK_ALIKES = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def cleaned(passage: Passage, *, sprinkled: bool = False) -> Passage:
    """Return a passage without characters that nobody sees, and without gaps that nobody means.

    `sprinkled`: whether the document has gaps all over, so that those in quotation marks go, too.
    """
    text = passage.text
    if text.isascii():
        return passage
    found = passage.without([mark.span() for mark in FORMAT.finditer(text)])
    if _LOOK_ALIKES.search(found.text):
        found = found.replaced(_meant)
    breaks = [gap.span() for gap in _BREAK.finditer(found.text)]
    if breaks:  # a machine made them, but one may stand for the gap between two names of a list
        listed = any(
            _is_meant(found.plain, *gap.span(), sprinkled=False)
            for gap in _LISTED.finditer(found.text)
        )
        found = _closed(found, breaks, sprinkled=not listed)
    quoted = [] if sprinkled else [mark.span() for mark in _QUOTED.finditer(found.text)]
    gaps = [
        gap.span()
        for gap in _GAPS.finditer(found.text)
        if not any(first < gap.start() < last for first, last in quoted)
    ]
    return _closed(found, gaps, sprinkled=sprinkled)


def _closed(passage: Passage, gaps: list[tuple[int, int]], *, sprinkled: bool) -> Passage:
    """Return a passage without those of its gaps that part nothing."""
    text = passage.plain
    return passage.without([gap for gap in gaps if not _is_meant(text, *gap, sprinkled=sprinkled)])


def is_sprinkled(texts: list[str]) -> bool:
    """Tell whether a machine has put gaps between the characters of a document."""
    gaps = letters = 0
    for text in texts:
        short = plain(text)
        letters += len(re.findall(f"[{_HAN}]", text))
        gaps += sum(
            not _is_meant(short, *gap.span(), sprinkled=False) for gap in _GAPS.finditer(text)
        )
    return gaps >= max(_FEW, letters * _SPRINKLED)


def _is_meant(text: str, start: int, end: int, *, sprinkled: bool) -> bool:
    """Tell whether a gap parts something: a heading's mark, or two names of a list."""
    if _HEADING.match(text, end):
        return True
    if _NUMERAL.fullmatch(text, 0, start):  # 一 加强监管
        return not sprinkled
    if not ends_in_name(text[max(start - _LOOKED_AT, 0) : start].replace(" ", "")):
        return False
    word = _WORD.match(text, end)
    if word is None:
        return False
    return word[0][0] in _LEVEL or (not sprinkled and is_bare_name(word[0]))


def _meant(text: str) -> str:
    return _LOOK_ALIKES.sub(lambda mark: _PARTS.get(mark[0]) or _one_for_one(mark[0]), text)


def _one_for_one(character: str) -> str:
    found = unicodedata.normalize("NFKC", character)
    return found if len(found) == 1 else character
