"""What a form says of itself where people look, beside what its hidden sheet says."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import Finding, FindingCode, Place, error
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.periods import MONTHS, Period
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fsdesk.domain.packet.packet import PacketHeader

_SHOWN = 60
# Days are no periods: 4月5日, 2026-04-05.
_DAY = re.compile(
    r"(?:(?:20)?\d\d[-./年])?(?<!\d)\d{1,2}[-./月]\d{1,2}[日号]|20\d\d[-./年]\d{1,2}[-./月]\d{1,2}"
)
_YEAR = r"(?:(?P<year>20\d\d)(?:年度?)?[-._/]?)?"
_MONTH = re.compile(rf"{_YEAR}(?<![\d.])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月")
_PLAIN = re.compile(r"(?<![0-9a-z])(?P<year>20\d\d)[-._/]?(?P<month>0[1-9]|1[0-2])(?![0-9a-z月])")
_QUARTER = re.compile(
    rf"{_YEAR}第?(?P<quarter>[1-4一二三四])季[度报]|{_YEAR.replace('year', 'year_')}q(?P<q>[1-4])"
)
_ANY_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
_DIGITS = {word: number for number, word in enumerate("一二三四五六七八九十", start=1)}


class HeadingChoice(LabelledEnum):
    """What counts where a form's heading contradicts its hidden sheet; the value is an option."""

    HIDDEN = "hidden", "按隐藏信息"
    TITLE = "title", "按标题"


class Heading(Struct, frozen=True):
    """A text by which people know of what unit and period a form is.

    Attributes:
        names_unit: Whether it is nothing but a unit's name.
    """

    text: str
    place: Place
    names_unit: bool = False


class Contradiction(Struct, frozen=True):
    """A heading that says something else than the hidden sheet.

    Attributes:
        period: What it says; None when it is another year or no period at all.
        unit: Code of the unit that it names; empty when that isn't another one.
    """

    heading: Heading
    said: str
    hidden: str
    period: Period | None = None
    unit: str = ""

    @property
    def finding(self) -> Finding:
        """What is told of it: both are named, and what can be chosen."""
        where = "文件名" if not self.heading.place.sheet else "标题"
        return error(
            f"{where}“{self.heading.text[:_SHOWN]}”写的是{self.said}，隐藏的登记信息是{self.hidden}",
            "请与发件单位核对，再选择：按隐藏信息（--heading hidden）、"
            "按标题（--heading title，当作手工填写，逐行与该期已有数据比对），或不接收",
            self.heading.place,
            FindingCode.HEADING,
        )


def contradictions(
    header: PacketHeader, headings: Iterable[Heading], units: Mapping[str, Iterable[str]]
) -> Iterator[Contradiction]:
    """Yield the headings that name another unit, period or year than the hidden sheet.

    `units`: all names of each unit of the plan, by its code.
    """
    period = Period.parse(header.period)
    for heading in headings:
        said, years = _said(heading.text, header.year)
        if said and not any(one.overlaps(period) for one in said):
            this_year = said[0] if said[0].year == header.year else None
            yield Contradiction(heading, said[0].label, period.label, period=this_year)
        elif years and header.year not in years:
            yield Contradiction(heading, f"{min(years)}年", f"{header.year}年")
        other = _other_unit(header, heading, units)
        if other is not None:
            code, name = other
            yield Contradiction(heading, f"“{name}”", f"“{header.unit_name}”", unit=code)


@lru_cache(maxsize=64)  # the sheets of a form say the same
def _said(heading: str, year: int) -> tuple[tuple[Period, ...], frozenset[int]]:
    """Return the periods and the years that a heading names; `year`: where it says none."""
    text = _DAY.sub("、", fold(heading))
    said = tuple(_periods(text, year))
    return said, frozenset([*map(int, _ANY_YEAR.findall(text)), *(one.year for one in said)])


def _periods(text: str, year: int) -> Iterator[Period]:
    for match in (*_MONTH.finditer(text), *_PLAIN.finditer(text)):
        number = _number(match["month"])
        if 1 <= number <= MONTHS:
            yield Period.month(int(match["year"] or year), number)
    for match in _QUARTER.finditer(text):
        number = _number(match["quarter"] or match["q"])
        yield Period.quarter(int(match["year"] or match["year_"] or year), number)


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return sum(_DIGITS[each] for each in word)


def _other_unit(
    header: PacketHeader, heading: Heading, units: Mapping[str, Iterable[str]]
) -> tuple[str, str] | None:
    """Return code and name of another unit that a heading names in place of the packet's."""
    text = fold(heading.text)
    own = [fold(header.unit_name), *map(fold, units.get(header.unit, ()))]
    if any(name and name in text for name in own):
        return None
    named = [(code, name) for code, names in units.items() for name in names if fold(name) in text]
    if named:
        return max(named, key=lambda one: len(one[1]))
    return ("", heading.text) if heading.names_unit and text else None
