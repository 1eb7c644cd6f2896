"""Dates by which something must be done, as documents write them: 6月底前, 第三季度, 12月31日."""

from __future__ import annotations

import calendar
import re
from datetime import date

from fsdesk.documents.official.numerals import from_chinese

_DAY = re.compile(r"(?:(20\d\d)\s*[年\-/.])?\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"(?:(20\d\d)\s*年)?\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月")
_PART = re.compile(r"(上旬|中旬)")
_QUARTER = re.compile(r"第?\s*([一二三四1-4])\s*季度")
_ALWAYS = re.compile(r"全年|长期|持续|常态|贯穿")
_BEGINS = re.compile(r"开始|起|启动")
_HALF = re.compile(r"上半年")
_END = re.compile(r"年底|年末|下半年|20\d\d年(?:底|末|内)?前?$|年内")
_YEAR = re.compile(r"(20\d\d)\s*年")
# Within a sentence only words that say 前 or the like set a date.
IN_TEXT = re.compile(
    r"(?:(?:20\d\d年)?\d{1,2}月(?:\d{1,2}日|底|末|份|[上中下]旬)?|第?[一二三四]季度(?:末)?|上半年|(?:20\d\d)?年底)(?:之?前|以前)"
)
# Among names in a bracket the words about the time need no 前.
_DAY_SAID = (
    r"(?:(?:20\d\d|今|本|当|明)年)?(?:\d{1,2}月(?:\d{1,2}日|底|末|初|份|[上中下]旬)?|[一二三四五六七八九十]{1,2}月(?:底|末|份|[上中下]旬)?"
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
    dates = (
        _one_date(part, year) for part in sets if always == len(parts) or not _BEGINS.search(part)
    )
    return max((day for day in dates if day is not None), default=None)


def _one_date(words: str, year: int) -> date | None:
    day = _DAY.search(words)
    if day:
        return _date(int(day[1] or year), int(day[2]), int(day[3]))
    month = _MONTH.search(words)
    if month:
        number = int(month[2]) if month[2].isdigit() else from_chinese(month[2]) or 0
        part = _PART.search(words)
        return _date(int(month[1] or year), number, _TENTHS[part[1]] if part else 0)
    quarter = _QUARTER.search(words)
    if quarter:
        number = int(quarter[1]) if quarter[1].isdigit() else from_chinese(quarter[1]) or 0
        return _date(_year(words, year), number * _MONTHS_OF_QUARTER, 0)
    if _HALF.search(words):
        return _date(_year(words, year), _HALF_YEAR, 0)
    return _date(_year(words, year), 12, 0) if _END.search(words) else None


def _year(words: str, year: int) -> int:
    named = _YEAR.search(words)
    return int(named[1]) if named else year


def _date(year: int, month: int, day: int) -> date | None:
    """Return a date; day 0 is the month's last."""
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or last, last))
