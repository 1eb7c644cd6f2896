"""对应关系: which item of a level's own plan answers an item of the plan of the level above.

Nothing here knows what a plan is about. Likeness only proposes; a person confirms once, and what
was confirmed holds over later revisions of both plans, as long as the two items stay what they
were.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.likeness import contained, likeness
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan

# From here on two names are alike enough to be shown to a person.
ALIKE = 0.5
# How much less it says that a short name stands in a long one than that two are alike.
_CONTAINED = 0.8
# What the same code adds: it decides between names that are alike and says nothing by itself,
# because two plans number their items apart from one another.
_SAME_CODE = 0.05
_SCALES = {"亿": 100_000_000.0, "万": 10_000.0, "千": 1_000.0}


class ItemKind(LabelledEnum):
    """What of a plan is matched."""

    INDICATOR = "indicator", "指标"
    TASK = "task", "任务"
    DELIVERABLE = "deliverable", "事项"


class PlanItem(Struct, frozen=True):
    """An item of a plan, as far as matching looks at it.

    Attributes:
        task: Code of its task; of a task its own.
        is_ratio: Whether its figure has two sides.
        is_level: Whether the latest figure counts, instead of the sum over periods.
        measure: The unit of what is typed; empty for what is no indicator.
    """

    kind: ItemKind
    code: str
    name: str
    task: str
    is_ratio: bool = False
    is_level: bool = False
    measure: str = ""

    @property
    def mark(self) -> str:
        """What must stay for a confirmed match to hold; codes may stay while the matter changes."""
        how = (
            f"{'比率' if self.is_ratio else '计数'}{'取最近一期' if self.is_level else '逐期累加'}"
        )
        figures = f"|{how}|{fold(self.measure)}" if self.kind is ItemKind.INDICATOR else ""
        return fold(self.name) + figures


class MatchState(LabelledEnum):
    """How far a partner is settled."""

    CONFIRMED = "confirmed", "已确认"
    NO_PARTNER = "no_partner", "无对应，手工填报"
    CHANGED = "changed", "内容已变，请核对"
    PROPOSED = "proposed", "建议，待确认"
    NOTHING_FOUND = "nothing_found", "未找到对应"


class Confirmed(Struct, frozen=True):
    """What a person decided of an item of the upper plan.

    Attributes:
        lower: Code of its partner; empty where there is none and it is typed.
        upper_mark: `PlanItem.mark` of both when it was decided.
        handed_down: Whether the partner was made from the upper item (分解下达).
        at: When, ISO text in UTC, and `who` decided.
    """

    kind: ItemKind
    upper: str
    lower: str
    upper_mark: str
    lower_mark: str
    handed_down: bool = False
    at: str = ""
    who: str = ""


class Match(Struct, frozen=True):
    """An item of the upper plan with its partner, and how far that is settled.

    Attributes:
        lower: Its partner, proposed or confirmed; None where there is none.
        why: In words, on what a proposal rests, or what is to be looked at.
        handed_down: Whether the partner was made from it (分解下达).
    """

    upper: PlanItem
    lower: PlanItem | None
    state: MatchState
    why: str = ""
    handed_down: bool = False

    @property
    def holds(self) -> bool:
        """Whether figures may be taken over by it: a person said so, and nothing changed since."""
        return self.state is MatchState.CONFIRMED and self.lower is not None

    @property
    def only_alike(self) -> bool:
        """Whether it is proposed for a likeness that may deceive: 合格率 is not 不合格率."""
        if self.state is not MatchState.PROPOSED or self.lower is None:
            return False
        return fold(self.upper.name) != fold(self.lower.name)


def items_of(plan: Plan) -> tuple[PlanItem, ...]:
    """Return what of a plan is matched: tasks, then in each its indicators and deliverables.

    Indicators that are computed from others are left out: nobody types them.
    """
    found: list[PlanItem] = []
    for task in plan.tasks:
        found.append(PlanItem(ItemKind.TASK, task.code, task.title, task.code))
        found += [_indicator_item(each, task.code) for each in task.indicators if each.typed]
        found += [
            PlanItem(ItemKind.DELIVERABLE, each.code, each.title, task.code)
            for each in task.deliverables
        ]
    return tuple(found)


def _indicator_item(indicator: Indicator, task: str) -> PlanItem:
    measure = indicator.measure_unit
    if indicator.kind is IndicatorKind.DERIVED:
        # Typed is the count above the line: 批次 of 批次/千人.
        measure = measure.partition("/")[0]
    return PlanItem(
        ItemKind.INDICATOR,
        indicator.code,
        indicator.name,
        task,
        indicator.kind is IndicatorKind.RATIO,
        indicator.aggregation is Aggregation.LEVEL,
        measure,
    )


def unfit(upper: PlanItem, lower: PlanItem) -> str:
    """Say why an item can't stand for another; empty where it can."""
    if upper.kind is not lower.kind:
        return f"一个是{upper.kind.label}，一个是{lower.kind.label}"
    if upper.kind is not ItemKind.INDICATOR:
        return ""
    if upper.is_ratio != lower.is_ratio:
        return "一个是比率，一个不是"
    if upper.is_level != lower.is_level:
        return "一个逐期累加，一个取最近一期"
    if not upper.is_ratio and factor(upper.measure, lower.measure) is None:
        return f"计量单位不同（{upper.measure}，{lower.measure}）"
    return ""


def factor(upper: str, lower: str) -> float | None:
    """Return by what a figure in one measure unit becomes one in another; None where it can't.

    ``万元`` and ``元`` are the same but for their size; ``批`` and ``批次`` are the same thing.
    """
    one, other = _measure(upper), _measure(lower)
    same = one[1] == other[1] or one[1].rstrip("次") == other[1].rstrip("次")
    return other[0] / one[0] if same else None


def _measure(unit: str) -> tuple[float, str]:
    text, size = fold(unit), 1.0
    while len(text) > 1 and text[0] in _SCALES:
        size, text = size * _SCALES[text[0]], text[1:]
    return size, text


def alike(upper: PlanItem, lower: PlanItem) -> float:
    """Return how alike the names of two items are, 0 to 1; the same code weighs a little."""
    one, other = fold(upper.name), fold(lower.name)
    if one == other:
        return 1.0
    found = max(likeness(one, other), _CONTAINED * contained(one, other))
    return min(found + (_SAME_CODE if upper.code == lower.code else 0.0), 0.99)


def matches(
    upper: Iterable[PlanItem], lower: Iterable[PlanItem], confirmed: Iterable[Confirmed] = ()
) -> tuple[Match, ...]:
    """Return every item of the upper plan with its partner, in the plan's order.

    What a person confirmed stands. Of the rest each gets the partner that is most alike and that no
    other has: no item of the lower plan is proposed twice.
    """
    above, below = tuple(upper), tuple(lower)
    by_key = {(each.kind, each.code): each for each in below}
    said = {(each.kind, each.upper): each for each in confirmed}
    settled = {
        (item.kind, item.code): _settled(item, by_key, said[item.kind, item.code])
        for item in above
        if (item.kind, item.code) in said
    }
    taken = {(m.lower.kind, m.lower.code) for m in settled.values() if m.lower is not None}
    open_ = [item for item in above if (item.kind, item.code) not in settled]
    free = [item for item in below if (item.kind, item.code) not in taken]
    found = _shared(settled) | _proposed(open_, free)
    return tuple(found[item.kind, item.code] for item in above)


_Key = tuple[ItemKind, str]


def _settled(item: PlanItem, lower: Mapping[_Key, PlanItem], said: Confirmed) -> Match:
    if not said.lower:
        changed = item.mark != said.upper_mark
        state = MatchState.CHANGED if changed else MatchState.NO_PARTNER
        return Match(item, None, state, "上级计划中的这一项已改动" if changed else "")
    partner = lower.get((item.kind, said.lower))
    if partner is None:
        return Match(item, None, MatchState.CHANGED, f"原来对应的 {said.lower} 已不在本级计划中")
    changed = [
        f"{level}计划中的这一项已改动"
        for level, now, then in (
            ("上级", item.mark, said.upper_mark),
            ("本级", partner.mark, said.lower_mark),
        )
        if now != then
    ]
    reason = unfit(item, partner) or "，".join(changed)
    if reason:
        return Match(item, partner, MatchState.CHANGED, reason, said.handed_down)
    words = "由本项分解下达" if said.handed_down else ""
    return Match(item, partner, MatchState.CONFIRMED, words, said.handed_down)


def _shared(settled: Mapping[_Key, Match]) -> dict[_Key, Match]:
    """Say of a partner that people gave to several items that it stands for all of them."""
    holding = [m.lower.code for m in settled.values() if m.holds and m.lower is not None]

    def told(match: Match) -> Match:
        count = holding.count(match.lower.code) if match.holds and match.lower is not None else 1
        return replace(match, why=f"同时对应上级的 {count} 项") if count > 1 else match

    return {key: told(match) for key, match in settled.items()}


def _proposed(upper: Sequence[PlanItem], lower: Sequence[PlanItem]) -> dict[_Key, Match]:
    """Give each open item the free partner that is most alike, the most alike pairs first."""
    scored = [
        (-alike(one, other), one.code != other.code, one.code, other.code, one, other)
        for one in upper
        for other in lower
        if not unfit(one, other)
    ]
    found: dict[_Key, Match] = {}
    given: set[_Key] = set()
    for negative, *_, one, other in sorted(scored, key=lambda each: each[:4]):
        if -negative < ALIKE:
            break
        key, partner = (one.kind, one.code), (other.kind, other.code)
        if key in found or partner in given:
            continue
        given.add(partner)
        found[key] = Match(one, other, MatchState.PROPOSED, _why(one, other, -negative))
    for item in upper:
        found.setdefault((item.kind, item.code), Match(item, None, MatchState.NOTHING_FOUND))
    return found


def _why(one: PlanItem, other: PlanItem, found: float) -> str:
    words = "名称相同" if found == 1.0 else f"名称相近，{_differing(one.name, other.name)}"
    if one.code == other.code:
        words += "，编码相同"
    return words


def _differing(upper: str, lower: str) -> str:
    """Say in which words two names differ, which may turn the meaning."""
    one, other = ("".join(normalize("NFKC", name).split()) for name in (upper, lower))
    told = [
        f"“{one[a:b]}”与“{other[c:d]}”不同" if b > a and d > c
        else f"上级多“{one[a:b]}”" if b > a
        else f"本级多“{other[c:d]}”"
        for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
        if tag != "equal"
    ]  # fmt: skip
    return "，".join(told)


def confirm(upper: PlanItem, lower: PlanItem | None, *, handed_down: bool = False) -> Confirmed:
    """Return the decision that two items belong together, or that one has no partner (None)."""
    return Confirmed(
        upper.kind,
        upper.code,
        lower.code if lower else "",
        upper.mark,
        lower.mark if lower else "",
        handed_down,
    )
