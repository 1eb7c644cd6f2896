"""When and how often a thing must be done, as documents write it: 6月底前, 每季度1次, 常态化."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.documents.official.lines.verbs import MADE
from fsdesk.documents.official.numerals import CHINESE_DIGITS, from_chinese
from fsdesk.documents.official.targets.dues import dates_in, due_date
from fsdesk.domain.periods import MONTHS
from fsdesk.domain.plan.plan import Cycle, Deliverable, DeliverableKind

if TYPE_CHECKING:
    from datetime import date

# What stands in quotation marks is a name: “日管控、周排查、月调度” sets no cycle.
_NAMES = re.compile(r"“[^”]*”|《[^》]*》")
_ONE = r"(?:个|1个|一个)?"
# Words that name a cycle, the cycle, and how often they come round within it.
_CYCLES: tuple[tuple[re.Pattern[str], Cycle, int], ...] = (
    (re.compile(rf"每{_ONE}(?:周|星期)|按周|逐周"), Cycle.MONTH, 4),
    (re.compile(rf"(?:每{_ONE}|按|逐)月"), Cycle.MONTH, 1),
    (re.compile(rf"(?:每{_ONE}|按|逐)季(?:度|(?!节))|每(?:3|三)个月"), Cycle.QUARTER, 1),
    (re.compile(r"每(?:2|两|二)个月|隔月"), Cycle.YEAR, 6),
    (re.compile(r"每(?:4|四)个月"), Cycle.YEAR, 3),
    (re.compile(r"每半个?年|每(?:6|六)个月|上[、和及]?下半年(?:各|分别)|每个?学期"), Cycle.YEAR, 2),
    (re.compile(r"每(?:1|一)?年"), Cycle.YEAR, 1),
)
# Each of them and of those below has one of these; most sentences have none.
_CYCLE_BEGINS = re.compile(r"[每按逐隔上年/]")
# These name a cycle only where a number of times follows: 全年不少于4次.
_WITHIN = re.compile(r"(?<!每)(?:全年|年内|本年度?|年度|1年|一年)")
_NUMBER = rf"\d+|[{CHINESE_DIGITS}]+"
# A number right before 次 counts how often; before 批次 or 人次 it counts something else.
_TIMES = re.compile(
    rf"[^,。;]{{0,18}}?(?<![第上下同\d{CHINESE_DIGITS}])(?P<times>{_NUMBER})"
    rf"(?:\s*[-—~至到]\s*(?:{_NUMBER}))?\s*(?:次(?!性)|场(?!所)|轮|期(?![间限]))"
)
_PER = re.compile(rf"(?P<times>{_NUMBER})\s*次\s*/\s*(?:每)?(?P<cycle>周|月|季度?|半年|年)")
_NOT_BEFORE = re.compile(
    r"(?:不再|无需|无须|不必|不需|取消|停止|杜绝|防止|避免|禁止|严禁|不得|而非|不是)[^,。;]{0,4}$"
)
_NOT_BEHIND = re.compile(r"[^,。;]{0,8}(?:改为|改成|调整为)")
_STANDING = re.compile(
    r"常态化|常态长效|长期(?:坚持|开展|抓|推进|保持|实施|执行|落实)|坚持长期|常抓不懈|经常性|不定期|不间断"
    r"|(?<!可)持续(?!时间|性|期)|贯穿于?全年|常年|日常|每[日天]"
)
# As the whole of what a column or label says about the time.
_ALL_YEAR = re.compile(r"全年|长期|持续|常态|贯穿")
# An event that is held, of which one is expected within the year when nothing more is said.
_EVENT = re.compile(
    r"(?:培训班?|演练|比武|大比武|竞赛|大赛|调查|测评|主题日(?:活动)?|宣传周(?:活动)?|宣传月(?:活动)?|用药月(?:活动)?|科技周(?:活动)?|会议|例会|全会|座谈会|论坛"
    r"|评选|评议|考核|述职|总结|年报|评估)$"
)
_MADE_THING = re.compile(
    r"(?:方案|预案|清单|细则|办法|目录|手册|指南|规划|中心建设|基地建设|平台建设|实验室建设)$"
)
_REGULARLY = re.compile(r"(?<!不)定期")


class Schedule(Struct, frozen=True):
    """When a deliverable must be done, as `Deliverable` holds it.

    Attributes:
        firm: Whether the words name a day, or a cycle shorter than the year; what is said of a
            whole task doesn't change that.
        guessed: Whether the words say that it recurs, but not how often.
    """

    due: date | None = None
    kind: DeliverableKind = DeliverableKind.ONCE
    times: int = 1
    cycle: Cycle = Cycle.YEAR
    firm: bool = False
    guessed: bool = False

    def of(self, item: Deliverable) -> Deliverable:
        """Return a deliverable that must be done then."""
        return replace(item, due=self.due, kind=self.kind, times=self.times, cycle=self.cycle)

    @property
    def recurs_within_the_year(self) -> bool:
        """Whether it must be done in each of several cycles."""
        return self.firm and self.kind is DeliverableKind.RECURRING


def holding(own: Schedule | None, general: Schedule) -> Schedule:
    """Return what holds of a thing: what its own words say, or what is said of its whole task.

    A date of the task holds for what its words only call 常态化 or 全年4次.
    """
    if own is None or (general.due is not None and not own.firm):
        return general
    return own


@lru_cache(maxsize=4096)  # asked of the same words more than once
def schedule_in(text: str, year: int) -> Schedule | None:
    """Return what a sentence says about the time of what it asks for; None when it says nothing.

    What recurs within the year does so whatever date stands beside it. Else a date holds, also when
    the work goes on behind it: 11月底前,并长期坚持.

    `text`: in half width. `year`: the plan's year; a date of another year is none.
    """
    by = next(dates_in(text), None)
    return _schedule(text, due_date(by[0], year) if by else None, year)


def schedule_said(words: str, year: int) -> Schedule | None:
    """Return what a column 完成时限 or such a label says; arguments as of `schedule_in`."""
    found = _schedule(words, due_date(words, year), year)
    if found is None and _ALL_YEAR.search(words):
        return Schedule(kind=DeliverableKind.STANDING)
    return found


def proposed(verb: str, title: str, words: str) -> Schedule:
    """Return when a thing must be done of which nothing is said, by what it is.

    What is made is made once, an event is held once a year; all other work goes on.

    `verb`: the verb of its words; empty for none. `title`: its name. `words`: its words.
    """
    if _EVENT.search(title):
        often = _TIMES.match(words)
        return _every(Cycle.YEAR, _number(often["times"]) if often else 1)
    made = verb in MADE or _MADE_THING.search(title) is not None
    return Schedule(kind=DeliverableKind.ONCE if made else DeliverableKind.STANDING)


def _schedule(text: str, due: date | None, year: int) -> Schedule | None:
    bare = _NAMES.sub(lambda name: "某" * len(name[0]), text)
    recurring = max(_recurring(bare), key=_times_a_year, default=None)
    if recurring is not None and recurring.firm:
        return recurring
    if due is not None and due.year == year:
        return Schedule(due, firm=True)
    if recurring is not None:
        return recurring
    if any(_holds(bare, found) for found in _STANDING.finditer(bare)):
        return Schedule(kind=DeliverableKind.STANDING)
    if any(_holds(bare, found) for found in _REGULARLY.finditer(bare)):
        return replace(_every(Cycle.QUARTER, 1), firm=False, guessed=True)
    return None


def _recurring(text: str) -> list[Schedule]:
    """Return every cycle that is named, with how often."""
    if not _CYCLE_BEGINS.search(text):
        return []
    found: list[Schedule] = []
    for words, cycle, times in _CYCLES:
        for named in words.finditer(text):
            if _holds(text, named):
                often = _TIMES.match(text, named.end())
                found.append(_every(cycle, times * (_number(often["times"]) if often else 1)))
    for named in _WITHIN.finditer(text):
        often = _TIMES.match(text, named.end())
        if often and _holds(text, named):
            found.append(replace(_every(Cycle.YEAR, _number(often["times"])), firm=False))
    for named in _PER.finditer(text):
        cycle, times = _OF_SHORT[named["cycle"][:1]]
        found.append(_every(cycle, times * _number(named["times"])))
    return found


_OF_SHORT = {
    "周": (Cycle.MONTH, 4),
    "月": (Cycle.MONTH, 1),
    "季": (Cycle.QUARTER, 1),
    "半": (Cycle.YEAR, 2),
    "年": (Cycle.YEAR, 1),
}


def _every(cycle: Cycle, times: int) -> Schedule:
    made = Schedule(None, DeliverableKind.RECURRING, max(times, 1), cycle)
    return replace(made, firm=_times_a_year(made) > 1)


def _times_a_year(schedule: Schedule) -> int:
    return schedule.times * MONTHS // schedule.cycle.months


def _number(written: str) -> int:
    return int(written) if written.isdigit() else from_chinese(written) or 1


def _holds(text: str, found: re.Match[str]) -> bool:
    """Tell whether words are meant: 不再每月 isn't, and 每月 in 由每月改为每季度 no longer is."""
    before, behind = text[: found.start()], text[found.end() :]
    return not _NOT_BEFORE.search(before) and not _NOT_BEHIND.match(behind)
