"""Plans of three levels that ask for the same matters, each numbering and naming its own."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.plan.indicators import (
    Aggregation,
    Indicator,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
    TargetShare,
)
from fsdesk.domain.plan.plan import (
    Assignment,
    Deliverable,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind

YEAR = 2026
OFFICE = "ban"
_ALL = "all"
_BUREAUS = (
    "市场监管局", "农业农村局", "公安分局", "卫健局", "生态环境分局", "教育局", "民政局", "商务局",
    "经信局", "科技局", "司法局", "城管局", "文旅局", "交通运输局", "应急管理局", "住建局",
    "水利局", "财政局", "人社局", "综合执法局",
)  # fmt: skip
_SIDES, _SHAPES = "东南西北中上下前", "江湖山河城"
PEOPLE, SUBJECTS = "population", "subjects"


class Matter(Struct, frozen=True):
    """What every level asks for, with the target of one unit at the lowest.

    Attributes:
        names: Of the ratio, above and below the line.
    """

    name: str
    kind: IndicatorKind
    aggregation: Aggregation
    measure_unit: str
    target: float
    names: tuple[str, str] = ("", "")


_COUNT, _RATIO = IndicatorKind.COUNT, IndicatorKind.RATIO
_ADDS, _LATEST = Aggregation.CUMULATIVE, Aggregation.LEVEL
FOOD = (
    Matter("食品监督抽检批次", _COUNT, _ADDS, "批次", 120),
    Matter("药品监督抽检批次", _COUNT, _ADDS, "批次", 24),
    Matter("不合格食品核查处置率", _RATIO, _ADDS, "%", 100, ("已处置", "不合格")),
    Matter("督导发现问题整改率", _RATIO, _ADDS, "%", 100, ("已整改", "发现问题")),
    Matter("风险监测哨点数", _COUNT, _LATEST, "家", 3),
    Matter("学校食堂A级比例", _RATIO, _LATEST, "%", 30, ("A级食堂", "学校食堂")),
    Matter("食品安全培训人次", _COUNT, _ADDS, "人次", 600),
    Matter("执法案件数", _COUNT, _ADDS, "件", 12),
)


class Level(Struct, frozen=True):
    """One level of a ladder.

    Attributes:
        word: How its own people call it, such as 区, before the names of its office and bureaus.
        subject: What the plans are about, in the title.
        office: What its office is called, without the level's word.
        stem: With which its codes begin.
    """

    word: str
    stem: str
    subject: str = "食品药品安全"
    office: str = "食药安办"


DISTRICT, CITY, PROVINCE = Level("区", "1"), Level("市", "4"), Level("省", "7")


def bureaus(word: str, count: int) -> tuple[Unit, ...]:
    """Return so many bureaus of a level."""
    names = _named(tuple(f"{word}{each}" for each in _BUREAUS), count)
    return tuple(
        Unit(f"u{n:02d}", name, UnitKind.DEPARTMENT) for n, name in enumerate(names, start=1)
    )


def _named(names: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return so many names; where they don't suffice, they begin again with a number."""
    rounds = [divmod(n, len(names)) for n in range(count)]
    return tuple(f"{names[at]}{turn + 1 if turn else ''}" for turn, at in rounds)


def districts(count: int) -> tuple[Unit, ...]:
    """Return so many districts as units of a city, each with what it is compared by."""
    names = _named(tuple(f"{side}{shape}区" for shape in _SHAPES for side in _SIDES), count)
    return tuple(
        Unit(
            f"d{n:02d}",
            name,
            UnitKind.DISTRICT,
            bases=((PEOPLE, 300_000.0 + 17_000 * n), (SUBJECTS, 4_000.0 + 130 * n)),
        )
        for n, name in enumerate(names, start=1)
    )


def plan_of(level: Level, units: tuple[Unit, ...], matters: tuple[Matter, ...], size: int) -> Plan:
    """Return a level's plan: every unit answers for every matter, in two tasks.

    `size`: how many of the lowest units stand below each of its units.
    """
    indicators = tuple(
        _indicator(level, number, matter, units, size)
        for number, matter in enumerate(matters, start=1)
    )
    half = (len(matters) + 1) // 2
    tasks = tuple(
        Task(
            f"T{level.stem}{number}-1",
            title,
            f"{title}，按月调度。",
            (Assignment(_ALL, Role.SHARED),),
            part,
            (Deliverable(f"D{level.stem}{number}-1-1", f"{title}工作机制"),),
        )
        for number, (title, part) in enumerate(
            (("日常监管", indicators[:half]), ("能力建设", indicators[half:])), start=1
        )
    )
    office = Unit(OFFICE, f"{level.word}{level.office}", UnitKind.OFFICE)
    return Plan(
        YEAR,
        f"{YEAR}年全{level.word}{level.subject}工作要点",
        office.name,
        "守住底线，按月报送。",
        (Section(1, "重点任务", (Point(1, "监管和能力", tasks),)),),
        Directory((office, *units), (UnitGroup(_ALL, "各单位", tuple(u.code for u in units)),)),
        (
            PlanConstant(PEOPLE, "常住人口", _whole(units, PEOPLE), "人"),
            PlanConstant(SUBJECTS, "监管对象", _whole(units, SUBJECTS), "家"),
        ),
    )


def _whole(units: tuple[Unit, ...], code: str) -> float:
    return sum(unit.base(code) or 0.0 for unit in units) or 1.0


def _indicator(
    level: Level, number: int, matter: Matter, units: tuple[Unit, ...], size: int
) -> Indicator:
    share = matter.target * size
    found = Indicator(
        f"I{level.stem}{number:02d}",
        matter.name,
        matter.kind,
        matter.aggregation,
        Operator.AT_LEAST,
        matter.target if matter.kind is _RATIO else share * len(units),
        matter.measure_unit,
        numerator_name=matter.names[0],
        denominator_name=matter.names[1],
        shares=() if matter.kind is _RATIO else tuple(TargetShare(u.code, share) for u in units),
    )
    if matter.kind is _RATIO and matter.aggregation is _ADDS:
        return replace(found, pace=Pace(PaceRule.CONSTANT))
    return found
