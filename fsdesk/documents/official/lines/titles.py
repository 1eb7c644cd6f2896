"""Short titles: the program's own brief wording, derived from the official words."""

from __future__ import annotations

import re

LONGEST = 20
_LEAST = 4
_ADVERBS = re.compile(
    r"^(?:全[区县市省镇]|进一步|持续|深入|积极|大力|扎实|切实|全面|认真|不断|着力|加快|加速|稳步|有序|统筹|依法|严格|坚决|严厉|坚持|重点|突出|广泛|充分|有效|努力|全力"
    r"|常态化|继续|纵深|精准|科学|分类|逐步|及时|同步|强力|高质量|高标准|扎实有序|要|并|同时|另外|此外|一是|二是|三是|四是|五是|六是|七是|八是|九是|十是"
    r"|首先|其次|\s|[、,;:。])+"
)
_BY = re.compile(
    r"^(?:[到至]?20\d\d年[底末]?前?"
    r"|(?:根据|按照?|结合|围绕|以|依托|针对|聚焦|紧盯|通过|在|为|对照|立足|借助|贯彻落实)[^,]{2,40}),(?=.{4})"
)
_TAIL = re.compile(
    r"(?:[、,;:。\s]|和|及|与|的|以及|以|等|并|或|对|在|将|等活|分别|不少于|不低于"
    r"|不超过|达到?|至少|实现)+$"
)
_PAIRS = {"“": "”", "《": "》", "(": ")", "「": "」", "‘": "’"}
_NAMED = re.compile(r"“[^”]*”|《[^》]*》|\([^()]*\)")


def short_title(text: str, limit: int = LONGEST) -> str:
    """Return a short title for a clause: its first part, without the words that say how eagerly.

    `text`: the clause in half width.
    `limit`: most characters.
    """
    rest = text.strip(" 。;,、:")
    for _ in range(3):
        shorter = _BY.sub("", _ADVERBS.sub("", rest))
        if shorter == rest or len(shorter) < _LEAST:
            break
        rest = shorter
    first = _first_part(rest)
    return _trimmed(first if len(first) <= limit else _cut(first, limit)) or text[:limit]


def _first_part(text: str) -> str:
    """Return the text up to the first mark outside of quotation marks and brackets."""
    hidden = _NAMED.sub(lambda named: "某" * len(named[0]), text)
    for mark in re.finditer(r"[,。;:!?]", hidden):
        if mark.start() >= _LEAST:
            return text[: mark.start()]
    return text


def _cut(text: str, limit: int) -> str:
    """Cut a text where its sense allows, at the latest after so many characters."""
    hidden = _NAMED.sub(lambda named: "某" * len(named[0]), text)
    places = [mark.start() for mark in re.finditer(r"[、和及与的以]", hidden[: limit + 1])]
    at = next((place for place in reversed(places) if place >= limit // 2), limit)
    return text[:at]


def _trimmed(text: str) -> str:
    """Take off what hangs at the end: small words, and brackets or quotes that don't close."""
    for opening, closing in _PAIRS.items():
        while text.count(opening) > text.count(closing):
            text = text[: text.rfind(opening)]
    return _TAIL.sub("", text)
