"""Random plans, with texts that spreadsheets like to spoil."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
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
from fsdesk.domain.text import tidy

ODD = (
    "=1+1",
    "+8",
    "-3",
    "@甲",
    "007",
    "1e5",
    "2026-03-01",
    "是",
    "TRUE",
    "甲、乙，丙",
    "（一）",
    "50%",
    "甲\n乙",
)
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text("食品药品安全抽检负责牵头、，。；：（）“”[]【】\n 19A=+-@%_'", min_size=1, max_size=24),
).map(tidy).filter(bool)  # fmt: skip
NAMES = TEXTS.filter(lambda text: "\n" not in text)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
NUMBERS = st.floats(0, 1e9, allow_nan=False).map(lambda number: number + 0.0)


@st.composite
def plans(draw):
    """A plan in which every reference leads somewhere."""
    units = tuple(
        Unit(f"u{n}", draw(NAMES), draw(st.sampled_from(UnitKind)), draw(aliases()))
        for n in range(draw(st.integers(1, 4)))
    )
    codes = [unit.code for unit in units]
    groups = tuple(
        UnitGroup(f"g-{n}", draw(NAMES), tuple(draw(some(codes))), draw(aliases()))
        for n in range(draw(st.integers(0, 2)))
    )
    parties = [*codes, *(group.code for group in groups)]
    point = iter(range(1, 99))
    sections = tuple(
        Section(
            n, draw(NAMES), tuple(draw(points(next(point), parties, codes)) for _ in range(count))
        )
        for n in range(1, draw(st.integers(1, 3)) + 1)
        for count in [draw(st.integers(0, 2))]
    )
    return Plan(
        year=draw(st.integers(2000, 2100)),
        title=draw(NAMES),
        issuer=draw(st.one_of(st.just(""), NAMES)),
        overall_requirement=draw(st.one_of(st.just(""), TEXTS)),
        sections=sections,
        directory=Directory(units, groups),
        constants=(PlanConstant("population", draw(NAMES), draw(NUMBERS), draw(NAMES)),),
        revision=draw(st.integers(1, 50)),
    )


def aliases():
    return st.lists(NAMES, max_size=2).map(tuple)


def some(codes):
    return st.lists(st.sampled_from(codes), min_size=1, max_size=len(codes), unique=True)


@st.composite
def points(draw, number, parties, units):
    tasks = tuple(
        draw(tasks_of(f"{number:02}", n, parties, units)) for n in range(draw(st.integers(0, 3)))
    )
    return Point(number, draw(NAMES), tasks)


@st.composite
def tasks_of(draw, point, n, parties, units):
    assigned = draw(some(parties))
    return Task(
        code=f"T{point}-{n + 1}",
        title=draw(NAMES),
        text=draw(st.one_of(st.just(""), TEXTS)),
        assignments=tuple(Assignment(party, draw(st.sampled_from(Role))) for party in assigned),
        indicators=tuple(
            draw(indicators(f"I{point}-{n}-{k}", parties, units))
            for k in range(draw(st.integers(0, 2)))
        ),
        deliverables=tuple(
            Deliverable(f"D{point}-{n}-{k}", draw(NAMES), draw(DAYS))
            for k in range(draw(st.integers(0, 2)))
        ),
    )  # fmt: skip


@st.composite
def indicators(draw, code, parties, units):
    rule = draw(st.sampled_from(PaceRule))
    shares = st.lists(st.floats(0, 1), min_size=12, max_size=12).map(tuple)
    derived = draw(st.booleans())
    return Indicator(
        code=code,
        name=draw(NAMES),
        kind=draw(st.sampled_from(IndicatorKind)),
        aggregation=draw(st.sampled_from(Aggregation)),
        operator=draw(st.sampled_from(Operator)),
        target=draw(NUMBERS),
        measure_unit=draw(NAMES),
        pace=Pace(rule, draw(shares) if rule is PaceRule.CURVE else ()),
        part_of=draw(st.sampled_from(["", "I01-1"])),
        bounded=draw(st.booleans()),
        derivation=Derivation("population", draw(st.floats(0.5, 1e6)), "") if derived else None,
        numerator_name=draw(st.one_of(st.just(""), NAMES)),
        denominator_name=draw(st.one_of(st.just(""), NAMES)),
        reporters=tuple(draw(some(parties))) if draw(st.booleans()) else (),
        shares=tuple(TargetShare(unit, draw(NUMBERS)) for unit in draw(some(units))),
        whole_numbers=draw(st.booleans()),
    )
