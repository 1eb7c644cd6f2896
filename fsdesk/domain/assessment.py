"""评议考核: a unit's year as points, by rules that are data, every line open to its sources."""

from __future__ import annotations

import math
from datetime import date  # noqa: TC003 - field types are read at run time by the codec
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.findings import Finding, InputRejectedError, error, reject
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.status.shares import FINE, share_text
from fsdesk.domain.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_ROUNDING = 2
_SUM = 100.0


class CriterionMeasure(StrEnum):
    """What a criterion looks at; the value is the word in the data file."""

    TARGETS = "targets"
    THINGS = "things"
    REPORTED = "reported"
    IN_TIME = "in_time"
    OVERDUE = "overdue"
    REMINDER = "reminder"
    RECTIFICATION = "rectification"
    INTERVIEW = "interview"
    LISTED = "listed"

    @property
    def is_share(self) -> bool:
        """Whether points are given for a share that was reached; otherwise for each occurrence."""
        return self in _SHARES

    @property
    def basis(self) -> str:
        """How it is reckoned, in words."""
        return _BASES[self]


_SHARES = frozenset(
    {
        CriterionMeasure.TARGETS,
        CriterionMeasure.THINGS,
        CriterionMeasure.REPORTED,
        CriterionMeasure.IN_TIME,
    }
)
_BASES = {
    CriterionMeasure.TARGETS: "本单位各项指标“完成率 ÷ 序时进度”的平均数，"
    "每项最多计 100%，推算指标不重复计",
    CriterionMeasure.THINGS: "本单位各个事项“事项进度 ÷ 序时进度”的平均数，每项最多计 100%",
    CriterionMeasure.REPORTED: "已报送的月份 ÷ 应报送的月份",
    CriterionMeasure.IN_TIME: "按时报送的月份 ÷ 应报送的月份",
    CriterionMeasure.OVERDUE: "过了时限还没有完成的事项，每项计一次",
    CriterionMeasure.REMINDER: "本年收到的提醒敦促函，每件计一次",
    CriterionMeasure.RECTIFICATION: "本年收到的整改通知书，每件计一次",
    CriterionMeasure.INTERVIEW: "本年收到的约谈通知书，每件计一次",
    CriterionMeasure.LISTED: "本年收到的挂牌督办通知书，每件计一次",
}


class Criterion(Struct, frozen=True):
    """One rule.

    Attributes:
        points: For shares the full marks; for occurrences what is taken off for each.
        limit: For occurrences, how much is taken off at most; 0 means without limit.
    """

    code: str
    title: str
    measure: CriterionMeasure
    points: float
    limit: float = 0.0


class Grade(Struct, frozen=True):
    """A grade (等次) and from how many points on it is given."""

    name: str
    least: float


class Scheme(Struct, frozen=True):
    """All rules of an assessment.

    Attributes:
        grades: From the best on; the last begins at 0.
        count_missing: Whether what was not reported counts as a share of 0; otherwise it is left
            out of the mean.
        most_added: How many points may be added by hand at most; likewise `most_taken` off.
    """

    criteria: tuple[Criterion, ...]
    grades: tuple[Grade, ...]
    count_missing: bool = True
    most_added: float = 5.0
    most_taken: float = 10.0


class LineSource(Struct, frozen=True):
    """One thing under a line: an indicator, a month, a letter.

    Attributes:
        text: What is known of it, in words.
        share: For shares, what was reached, 0 to 1; None where it was not reported.
        item: Code by which it is opened; empty for none.
    """

    name: str
    text: str
    share: float | None = None
    item: str = ""


class UnitFacts(Struct, frozen=True):
    """What is known of a unit: the sources under each measure."""

    unit: str
    name: str
    sources: Mapping[CriterionMeasure, tuple[LineSource, ...]] = field(
        default_factory=dict["CriterionMeasure", "tuple[LineSource, ...]"]
    )


class Adjustment(Struct, frozen=True):
    """Points that the office gives or takes by hand (加分、扣分), with a reason.

    Attributes:
        id: Stable id; empty for a new one.
        points: More than 0 is added, less than 0 taken off.
        day: Of what it is for.
    """

    id: str
    unit: str
    points: float
    reason: str
    day: date


class ScoreLine(Struct, frozen=True):
    """A line of a score sheet.

    Attributes:
        formula: How the points come about, in words and figures.
        full: Full marks; None where there are none.
        points: Points, below 0 for what is taken off.
        number: That in `value`, of a share in per cent; None where the line does not apply.
    """

    title: str
    basis: str
    value: str
    formula: str
    full: float | None
    points: float
    sources: tuple[LineSource, ...] = ()
    number: float | None = None


class ScoreSheet(Struct, frozen=True):
    """A unit's assessment.

    Attributes:
        lines: In the order of the rules, then what was given by hand.
        total: Sum of the lines, never below 0.
        rank: Place among all units, from 1; equal totals share it.
    """

    unit: str
    name: str
    lines: tuple[ScoreLine, ...]
    total: float
    grade: str
    rank: int = 0


def score(facts: UnitFacts, scheme: Scheme, adjustments: Iterable[Adjustment]) -> ScoreSheet:
    """Give a unit its score sheet.

    Where a unit has nothing that a share could be taken of (such as a unit without indicators),
    that rule's full marks are spread over its other shares in proportion.
    """
    lines = [_line(rule, facts.sources.get(rule.measure, ()), scheme) for rule in scheme.criteria]
    spread = _spread(scheme, lines)
    if spread is not None:
        at = max(n for n, rule in enumerate(scheme.criteria) if rule.measure.is_share) + 1
        lines.insert(at, spread)
    own = [each for each in adjustments if each.unit == facts.unit]
    lines += _by_hand(own, scheme)
    total = max(_rounded(math.fsum(line.points for line in lines)), 0.0)
    return ScoreSheet(facts.unit, facts.name, tuple(lines), total, grade_of(total, scheme))


def ranking(sheets: Iterable[ScoreSheet]) -> tuple[ScoreSheet, ...]:
    """Return sheets by their totals, each with its place; equal totals share the better one."""
    ordered = sorted(sheets, key=lambda sheet: (-sheet.total, sheet.name))
    places: dict[float, int] = {}
    for place, sheet in enumerate(ordered, start=1):
        places.setdefault(sheet.total, place)
    return tuple(replace(sheet, rank=places[sheet.total]) for sheet in ordered)


def grade_of(total: float, scheme: Scheme) -> str:
    """Return the grade of a total; the last one where none is reached."""
    for grade in scheme.grades:
        if total >= grade.least:
            return grade.name
    return scheme.grades[-1].name if scheme.grades else ""


def _line(rule: Criterion, sources: tuple[LineSource, ...], scheme: Scheme) -> ScoreLine:
    if rule.measure.is_share:
        return _share_line(rule, sources, scheme)
    count = len(sources)
    points = count * rule.points
    formula = f"每次扣 {_n(rule.points)} 分 × {count} 次"
    if rule.limit and points > rule.limit:
        points = rule.limit
        formula += f"，最多扣 {_n(rule.limit)} 分"
    if not count:
        formula = f"没有发生，不扣分（每次扣 {_n(rule.points)} 分）"
    taken = -_rounded(points) if points else 0.0
    value, basis = f"{count} 次", rule.measure.basis
    return ScoreLine(rule.title, basis, value, formula, None, taken, sources, count)


def _share_line(rule: Criterion, sources: tuple[LineSource, ...], scheme: Scheme) -> ScoreLine:
    known = [source.share for source in sources if source.share is not None]
    missing = len(sources) - len(known)
    counted = known + [0.0] * missing if scheme.count_missing else known
    basis = rule.measure.basis
    if not counted:
        why = "没有应报或应完成的内容" if not sources else "都没有填报"
        words = f"{why}，本项不适用，{_n(rule.points)} 分按比例计入其他项"
        return ScoreLine(rule.title, basis, "不适用", words, None, 0.0, sources)
    share = math.fsum(counted) / len(counted)
    points = _rounded(share * rule.points)
    value = share_text(share, FINE)
    formula = f"{_n(rule.points)} 分 × {value}"
    if missing:
        treated = "按 0 计" if scheme.count_missing else "不计入"
        formula += f"（{len(sources)} 项中 {missing} 项未报，{treated}）"
    number = share * PER_CENT
    return ScoreLine(rule.title, basis, value, formula, rule.points, points, sources, number)


def _spread(scheme: Scheme, lines: Sequence[ScoreLine]) -> ScoreLine | None:
    """Return the line that makes up for rules that do not apply."""
    pairs = [
        (rule, line)
        for rule, line in zip(scheme.criteria, lines, strict=True)
        if rule.measure.is_share
    ]
    whole = math.fsum(rule.points for rule, _ in pairs)
    applied = math.fsum(rule.points for rule, line in pairs if line.full is not None)
    if not applied or applied == whole:
        return None
    earned = math.fsum(line.points for _, line in pairs)
    points = _rounded(earned * whole / applied - earned)
    formula = f"{_n(earned)} 分 ÷ {_n(applied)} 分 × {_n(whole)} 分 - {_n(earned)} 分"
    basis = "不适用各项的分值，按其他各项的得分比例折算"
    value = f"折算 {_n(whole - applied)} 分"
    full = _rounded(whole - applied)
    return ScoreLine("不适用项折算", basis, value, formula, full, points, number=full)


def _by_hand(own: Sequence[Adjustment], scheme: Scheme) -> Iterable[ScoreLine]:
    """Return what was added and taken off by hand, each within its limit."""
    for title, sign, chosen, most in (
        ("加分", 1, [each for each in own if each.points > 0], scheme.most_added),
        ("扣分", -1, [each for each in own if each.points < 0], scheme.most_taken),
    ):
        if not chosen:
            continue
        total = abs(math.fsum(each.points for each in chosen))
        points = min(total, most)
        formula = " + ".join(_n(abs(each.points)) for each in chosen) + " 分"
        if points < total:
            formula += f"，最多{title} {_n(most)} 分"
        signed = _rounded(sign * points)
        sources = tuple(
            LineSource(f"{each.day.month}月{each.day.day}日　{each.reason}", f"{each.points:+g} 分")
            for each in chosen
        )
        basis = "由汇总端登记，每笔都有事由"
        count = len(chosen)
        yield ScoreLine(title, basis, f"{count} 笔", formula, None, signed, sources, count)


def checked_scheme(scheme: Scheme) -> Scheme:
    """Return a scheme that can be scored by; InputRejectedError with everything that is wrong."""
    found: list[Finding] = []
    numbers = [number for rule in scheme.criteria for number in (rule.points, rule.limit)]
    numbers += [scheme.most_added, scheme.most_taken, *(grade.least for grade in scheme.grades)]
    if not all(0 <= number <= _SUM for number in numbers):
        found.append(error("分值应在 0 到 100 之间", "请改正"))
    whole = math.fsum(rule.points for rule in scheme.criteria if rule.measure.is_share)
    if _rounded(whole) != _SUM:
        found.append(error(f"得分项的满分合计为 {_n(whole)} 分，应为 100 分", "请调整各项满分"))
    least = [grade.least for grade in scheme.grades]
    if least != sorted(set(least), reverse=True) or not least or least[-1] != 0:
        found.append(error("等次的分数线应由高到低，最后一档为 0 分", "请改正分数线"))
    if found:
        raise InputRejectedError(*found)
    return scheme


def checked_adjustment(adjustment: Adjustment) -> Adjustment:
    """Return points given by hand, tidied; InputRejectedError without reason or points."""
    reason = tidy(adjustment.reason)
    if not reason:
        raise reject("没有写明事由", "请写明为什么加分或扣分，计分表上会显示")
    if not 0 < abs(adjustment.points) <= _SUM:
        raise reject("分值应大于 0、不超过 100", "请改正分值")
    return replace(adjustment, reason=reason)


def scheme_to_dict(scheme: Scheme) -> dict[str, Any]:
    """Return a scheme as plain values that JSON can hold; a grade is a pair there."""
    return to_plain(scheme) | {"grades": [[grade.name, grade.least] for grade in scheme.grades]}


def scheme_from_dict(plain: Mapping[str, Any]) -> Scheme:
    """Rebuild a scheme; KeyError without grades, ValueError for other values."""
    grades = [{"name": name, "least": least} for name, least in plain["grades"]]
    return from_plain(Scheme, {**plain, "grades": grades})


def _rounded(points: float) -> float:
    """Round to hundredths, halves away from zero as people do; never a negative zero."""
    scaled = math.floor(abs(points) * 10**_ROUNDING + 0.5 + 1e-9) / 10**_ROUNDING
    return math.copysign(scaled, points) if scaled else 0.0


def _n(number: float) -> str:
    return number_text(number, _ROUNDING)
