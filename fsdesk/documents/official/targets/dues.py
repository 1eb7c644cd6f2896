"""Dates by which something must be done, as documents write them: 6月底前, 第三季度, 12月31日."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING

from fsdesk.documents.official.numerals import from_chinese

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = re.compile(
    r"(?:(?P<year>20\d\d)\s*[年\-/.])?\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日?"
    r"|(?P<y>20\d\d)\s*[\-/.]\s*(?P<m>\d{1,2})\s*[\-/.]\s*(?P<d>\d{1,2})(?!\d)"
    r"|(?<![\d.\-/])(?P<mm>\d{1,2})[./](?P<dd>\d{1,2})(?![\d月./\-])"
)
_CN_MONTH = r"\d{1,2}|[一二三四五六七八九十]{1,2}"
# 7-9月 lasts to the end of September.
_MONTH = re.compile(
    rf"(?:(?P<year>20\d\d)\s*年)?\s*(?P<month>{_CN_MONTH})\s*月(?!\s*\d{{1,2}}\s*日)(?:份)?(?P<part>上旬|中旬)?"
    r"|(?<!\d)(?P<y>20\d\d)[\-/.](?P<m>\d{1,2})(?![\d\-/.])"
)
_QUARTER = re.compile(r"第?\s*([一二三四1-4])\s*季度")
_ALWAYS = re.compile(r"全年|长期|持续|常态|贯穿")
# 3月起 says when work begins, and no day by which it must be done.
_ONLY_BEGINS = re.compile(r"(?:开始|起|启动)(?![^,;。]*(?:至|到|前|完成))(?!草)")
_HALF = re.compile(r"上半年")
_END = re.compile(r"年底|年末|下半年|20\d\d年(?:底|末|内)?前?$|年内")
_YEAR = re.compile(r"(20\d\d)\s*[年\-/.]")
# Within a sentence only words that say 前 or the like, or what is done by then, set a date.
_IN_TEXT_DAY = (
    r"(?:20\d\d年)?(?:\d{1,2}月?\s*[-~至到]\s*)?\d{1,2}月(?:\d{1,2}日|底|末|份|[上中下]旬)?"
    r"|(?:20\d\d年)?第?[一二三四]季度(?:末)?|(?:20\d\d年)?上半年|(?:20\d\d)?年(?:底|末)"
)
IN_TEXT = re.compile(
    rf"(?:(?:到|至|于)?(?:{_IN_TEXT_DAY})(?:之?前|以前)"
    rf"|(?:{_IN_TEXT_DAY})(?=(?:全部|基本|全面|力争|确保)?(?:完成|建成|实现|达到|出台|印发|启用|投用|投入使用))"
    r"|(?:到|至|于)(?:20\d\d年(?:底|末)?|(?:20\d\d年)?\d{1,2}月(?:底|末)|年(?:底|末)))"
)


def dates_in(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text, in half width, that say by when something is to be done."""
    # Each names a month, a quarter or a year, which most sentences don't.
    may = "月" in text or "年" in text or "季" in text
    return IN_TEXT.finditer(text) if may else iter(())


def without_dates(text: str) -> str:
    """Return a text without the words that `dates_in` finds."""
    return IN_TEXT.sub("", text) if next(dates_in(text), None) else text


# Among names in a bracket the words about the time need no 前.
_DAY_SAID = (
    r"(?:(?:20\d\d|今|本|当|明)年)?(?:(?:\d{1,2}\s*[-~至到]\s*)?\d{1,2}月(?:\d{1,2}日|底|末|初|份|[上中下]旬)?|[一二三四五六七八九十]{1,2}月(?:底|末|份|[上中下]旬)?"
    r"|第?[一二三四1-4]季度(?:末|底)?|上半年|下半年|年底|年末|年内)|20\d\d年(?:底|末|内|度)?|20\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?"
)
SAID_DUE = re.compile(
    rf"(?P<day>(?:于|在|应|须|务必|力争|确保|计划)*(?:{_DAY_SAID})(?:\s*[-~、至到和及]\s*(?:{_DAY_SAID}|\d{{1,2}}月))*(?:之?前|以前|内|止)?)"
    r"(?:全部|基本|予以)?(?:完成|办结|整改到位|落实到位|到位|建成|启动|见效|报送|开始)*(?:,?并?(?:长期坚持|持续推进|常态化(?:推进|坚持|开展)?))?"
)
SAID_STANDING = re.compile(
    r"(?:并|需|应)?(?:长期(?:坚持|推进|开展)?|持续(?:推进|开展|坚持)?|常态化?(?:推进|开展|坚持|化)?|(?:贯穿)?全年(?:推进|坚持|开展|完成)?"
    r"|每(?:年|季度|月|半年|周)(?:至少)?(?:\d+次|一次)?|按(?:月|季度?|年)|立即|即时|即日起|立行立改)"
)
_TENTHS = {"上旬": 10, "中旬": 20}
_MONTHS_OF_QUARTER = 3
_HALF_YEAR = 6


def due_date(words: str, year: int) -> date | None:
    """Return the last day that the words allow, or None when they set no date.

    `words`: such as 6月底前完成, in half width; of several dates the last counts.
    `year`: the plan's year, for words that name none.
    """
    parts = re.split(r"[;,、，；]", words)
    always = next((at for at, part in enumerate(parts) if _ALWAYS.search(part)), len(parts))
    sets = [
        part
        for at, part in enumerate(parts)
        # Work that goes on has a date only as 11月底前 before 长期坚持; 一季度开始 is none.
        if always == len(parts)
        or (not _ALWAYS.search(part) and (at < always or IN_TEXT.search(part)))
    ]
    ends = [part for part in sets if not _ONLY_BEGINS.search(part)]
    dates = (_one_date(part, year) for part in ends)
    return max((day for day in dates if day is not None), default=None)


def _one_date(words: str, year: int) -> date | None:
    """Return the last day that some words name."""
    found: list[date | None] = []
    for day in _DAY.finditer(words):
        named = int(day["year"] or day["y"] or _year(words[: day.end()], year))
        month, number = day["month"] or day["m"] or day["mm"], day["day"] or day["d"] or day["dd"]
        found.append(_date(named, int(month), int(number)))
    for month in _MONTH.finditer(words):
        written = month["month"] or month["m"]
        number = int(written) if written.isdigit() else from_chinese(written) or 0
        named = int(month["year"] or month["y"] or _year(words[: month.end()], year))
        found.append(_date(named, number, _TENTHS.get(month["part"] or "", 0)))
    for quarter in _QUARTER.finditer(words):
        number = int(quarter[1]) if quarter[1].isdigit() else from_chinese(quarter[1]) or 0
        found.append(_date(_year(words, year), number * _MONTHS_OF_QUARTER, 0))
    if not any(found) and _HALF.search(words):
        found.append(_date(_year(words, year), _HALF_YEAR, 0))
    if not any(found) and _END.search(words):
        found.append(_date(_year(words, year), 12, 0))
    return max((day for day in found if day is not None), default=None)


def _year(words: str, year: int) -> int:
    named = _YEAR.search(words)
    return int(named[1]) if named else year


def _date(year: int, month: int, day: int) -> date | None:
    """Return a date; day 0 is the month's last."""
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or last, last))
