"""A plan as rows of tables of its own, for whoever looks into the database with other programs.

The program itself reads the newest state of the plan's history, see `plans.load_plan`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import delete, select

from fsdesk.domain.plan.codec import former_plans, plan_to_dict
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
    Cycle,
    Deliverable,
    DeliverableKind,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind
from fsdesk.store.plan.tables import (
    AssignmentRow,
    DeliverableRow,
    IndicatorRow,
    PlanConstantRow,
    PlanRow,
    PointRow,
    SectionRow,
    TargetShareRow,
    TaskRow,
    UnitGroupMemberRow,
    UnitGroupRow,
    UnitRow,
)
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

_Row = TypeVar("_Row", bound=Base)


def put(session: Session, plan: Plan) -> None:
    """Put a plan's rows in place of those of the plan of the same year."""
    session.execute(delete(PlanRow).where(PlanRow.year == plan.year))
    for rows in _rows(plan):
        session.add_all(rows)
        session.flush()


def read(session: Session, year: int) -> Plan | None:
    """Return the plan of a year as its tables hold it, or None."""
    row = session.get(PlanRow, year)
    if row is None:
        return None
    constants = (
        PlanConstant(c.code, c.name, c.value, c.measure_unit)
        for c in _ordered(session, PlanConstantRow, year)
    )
    return Plan(
        year=row.year,
        title=row.title,
        issuer=row.issuer,
        overall_requirement=row.overall_requirement,
        sections=_load_sections(session, year),
        directory=_load_directory(session, year),
        constants=tuple(constants),
        revision=row.revision,
        former=former_plans(json.loads(row.former)),
        carried_from=row.carried_from,
    )


def _rows(plan: Plan) -> Iterable[list[Base]]:
    """Yield a plan's rows in batches that foreign keys allow in this order."""
    year = plan.year
    yield [
        PlanRow(
            year=year,
            title=plan.title,
            issuer=plan.issuer,
            overall_requirement=plan.overall_requirement,
            revision=plan.revision,
            former=json.dumps(plan_to_dict(plan).get("former", []), ensure_ascii=False),
            carried_from=plan.carried_from,
        )
    ]
    yield from _directory_rows(plan)
    yield [
        PlanConstantRow(
            year=year,
            position=n,
            code=c.code,
            name=c.name,
            value=c.value,
            measure_unit=c.measure_unit,
        )
        for n, c in enumerate(plan.constants)
    ]
    yield [SectionRow(year=year, number=s.number, title=s.title) for s in plan.sections]
    yield [
        PointRow(year=year, number=p.number, section=s.number, title=p.title)
        for s in plan.sections
        for p in s.points
    ]
    yield [
        TaskRow(
            year=year,
            code=t.code,
            point=plan.point_of[t.code].number,
            position=n,
            title=t.title,
            text=t.text,
        )
        for n, t in enumerate(plan.tasks)
    ]
    yield [row for task in plan.tasks for row in _task_rows(year, task)]
    yield [
        TargetShareRow(year=year, indicator=i.code, unit=s.unit, position=n, target=s.target)
        for i in plan.indicators
        for n, s in enumerate(i.shares)
    ]


def _directory_rows(plan: Plan) -> Iterable[list[Base]]:
    year, directory = plan.year, plan.directory
    yield [
        UnitRow(
            year=year,
            position=n,
            code=u.code,
            name=u.name,
            kind=u.kind.value,
            aliases=_json(u.aliases),
            successor=u.successor,
            quarterly=u.quarterly,
            former_names=_json(u.former_names),
            bases=_json(u.bases),
        )
        for n, u in enumerate(directory.units)
    ]
    yield [
        UnitGroupRow(year=year, position=n, code=g.code, name=g.name, aliases=_json(g.aliases))
        for n, g in enumerate(directory.groups)
    ]
    yield [
        UnitGroupMemberRow(year=year, position=n, group_code=g.code, unit=unit)
        for g in directory.groups
        for n, unit in enumerate(g.members)
    ]


def _task_rows(year: int, task: Task) -> Iterable[Base]:
    for n, a in enumerate(task.assignments):
        yield AssignmentRow(year=year, task=task.code, position=n, party=a.party, role=a.role.value)
    for n, d in enumerate(task.deliverables):
        yield DeliverableRow(
            year=year,
            task=task.code,
            position=n,
            code=d.code,
            title=d.title,
            due=d.due,
            kind=d.kind.value,
            times=d.times,
            cycle=d.cycle.value,
        )
    for n, indicator in enumerate(task.indicators):
        yield _indicator_row(year, task.code, n, indicator)


def _indicator_row(year: int, task: str, position: int, indicator: Indicator) -> IndicatorRow:
    derivation = indicator.derivation or Derivation("", 0.0)
    return IndicatorRow(
        year=year,
        task=task,
        position=position,
        code=indicator.code,
        name=indicator.name,
        kind=indicator.kind.value,
        aggregation=indicator.aggregation.value,
        operator=indicator.operator.value,
        target=indicator.target,
        measure_unit=indicator.measure_unit,
        pace_rule=indicator.pace.rule.value,
        pace_curve=_json(indicator.pace.curve),
        part_of=indicator.part_of,
        bounded=indicator.bounded,
        derived_constant=derivation.constant,
        derived_factor=derivation.factor,
        derived_source=derivation.source,
        numerator_name=indicator.numerator_name,
        denominator_name=indicator.denominator_name,
        reporters=_json(indicator.reporters),
        whole_numbers=indicator.whole_numbers,
        baseline=indicator.baseline,
    )


def _load_directory(session: Session, year: int) -> Directory:
    members: dict[str, list[str]] = defaultdict(list)
    for m in _ordered(session, UnitGroupMemberRow, year):
        members[m.group_code].append(m.unit)
    units = tuple(
        Unit(
            *(u.code, u.name, UnitKind(u.kind), _texts(u.aliases), u.successor, u.quarterly),
            _texts(u.former_names),
            tuple((str(code), float(value)) for code, value in json.loads(u.bases)),
        )
        for u in _ordered(session, UnitRow, year)
    )
    groups = tuple(
        UnitGroup(g.code, g.name, tuple(members[g.code]), _texts(g.aliases))
        for g in _ordered(session, UnitGroupRow, year)
    )
    return Directory(units, groups)


def _load_sections(session: Session, year: int) -> tuple[Section, ...]:
    tasks: dict[int, list[Task]] = defaultdict(list)
    for point, task in _load_tasks(session, year):
        tasks[point].append(task)
    points: dict[int, list[Point]] = defaultdict(list)
    in_order = select(PointRow).where(PointRow.year == year).order_by(PointRow.number)
    for p in session.scalars(in_order):
        points[p.section].append(Point(p.number, p.title, tuple(tasks[p.number])))
    sections = select(SectionRow).where(SectionRow.year == year).order_by(SectionRow.number)
    return tuple(
        Section(s.number, s.title, tuple(points[s.number])) for s in session.scalars(sections)
    )


def _load_tasks(session: Session, year: int) -> Iterable[tuple[int, Task]]:
    assignments = _by_task(_ordered(session, AssignmentRow, year))
    deliverables = _by_task(_ordered(session, DeliverableRow, year))
    indicators = _by_task(_ordered(session, IndicatorRow, year))
    shares: dict[str, list[TargetShare]] = defaultdict(list)
    for s in _ordered(session, TargetShareRow, year):
        shares[s.indicator].append(TargetShare(s.unit, s.target))
    for t in _ordered(session, TaskRow, year):
        yield (
            t.point,
            Task(
                code=t.code,
                title=t.title,
                text=t.text,
                assignments=tuple(Assignment(a.party, Role(a.role)) for a in assignments[t.code]),
                indicators=tuple(_indicator(i, tuple(shares[i.code])) for i in indicators[t.code]),
                deliverables=tuple(
                    Deliverable(
                        d.code, d.title, d.due, DeliverableKind(d.kind), d.times, Cycle(d.cycle)
                    )
                    for d in deliverables[t.code]
                ),
            ),
        )


def _indicator(row: IndicatorRow, shares: tuple[TargetShare, ...]) -> Indicator:
    derivation = None
    if row.derived_constant:
        derivation = Derivation(row.derived_constant, row.derived_factor, row.derived_source)
    return Indicator(
        code=row.code,
        name=row.name,
        kind=IndicatorKind(row.kind),
        aggregation=Aggregation(row.aggregation),
        operator=Operator(row.operator),
        target=row.target,
        measure_unit=row.measure_unit,
        pace=Pace(PaceRule(row.pace_rule), tuple(json.loads(row.pace_curve))),
        part_of=row.part_of,
        bounded=row.bounded,
        derivation=derivation,
        numerator_name=row.numerator_name,
        denominator_name=row.denominator_name,
        reporters=_texts(row.reporters),
        shares=shares,
        whole_numbers=row.whole_numbers,
        baseline=row.baseline,
    )


def _ordered(session: Session, table: type[_Row], year: int) -> Sequence[_Row]:
    columns: Any = table
    return session.scalars(
        select(table).where(columns.year == year).order_by(columns.position)
    ).all()


_Part = TypeVar("_Part", AssignmentRow, DeliverableRow, IndicatorRow)


def _by_task(rows: Sequence[_Part]) -> dict[str, list[_Part]]:
    grouped: dict[str, list[_Part]] = defaultdict(list)
    for row in rows:
        grouped[row.task].append(row)
    return grouped


def _json(values: Sequence[object]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _texts(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
