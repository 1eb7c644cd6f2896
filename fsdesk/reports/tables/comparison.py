"""单位均量比较表: counts of units of different size, per thousand people or subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.output.pages import Align
from fsdesk.domain.output.wording import missing_text
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.per_base import comparable, count_of, lacking, per_base
from fsdesk.reports.paper.table import Cell, Table, TableColumn
from fsdesk.reports.tables.standing import number_format, standing_table

if TYPE_CHECKING:
    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.plan.plan import PlanConstant
    from fsdesk.domain.status.per_base import PerBase
    from fsdesk.domain.status.results import IndicatorResult, UnitFigure, YearStatus

_UNKNOWN, _NO_RANK = "基数未填", "—"
_DIGITS = 3


def comparison_table(status: YearStatus, head: PaperHead) -> Table:
    """Build the table: by indicator each unit's count, and per thousand of each parameter."""
    constants = status.plan.constants
    columns = [
        TableColumn("指标", 18, merged=True),
        TableColumn("责任单位", 16),
        TableColumn("计量单位", 7, Align.CENTRE),
        TableColumn(Measure.VALUE.label, 9, Align.RIGHT, mixed=True),
    ]
    for constant in constants:
        group = f"按{constant.name}"
        columns += [
            TableColumn(constant.name, 10, Align.RIGHT, group),
            TableColumn(f"每千{constant.measure_unit}", 9, Align.RIGHT, group, mixed=True),
            TableColumn("位次", 6, Align.CENTRE, group),
        ]
    compared = [result for result in status.indicators if comparable(result)]
    rows = tuple(row for result in compared for row in _rows(status, result, constants))
    table = standing_table(status, "单位均量比较表", tuple(columns), rows, head)
    return replace(table, notes=(*table.notes, *_notes(status, compared)))


def _rows(
    status: YearStatus, result: IndicatorResult, constants: tuple[PlanConstant, ...]
) -> list[tuple[Cell, ...]]:
    by = [per_base(status.plan, result, constant.code) for constant in constants]
    return [
        (
            Cell(f"{result.indicator.code} {result.indicator.name}"),
            Cell(status.plan.unit_name(part.unit)),
            Cell(_measure(result)),
            _count(part),
            *(cell for found in by for cell in _cells(found[part.unit], part)),
        )
        for part in result.by_unit
    ]


def _measure(result: IndicatorResult) -> str:
    """Return the unit of what is counted; of a rate such as 批次/千人 that above the line."""
    return result.indicator.measure_unit.partition("/")[0]


def _count(part: UnitFigure) -> Cell:
    count = count_of(part)
    if count is None:
        return Cell(missing_text(reported=part.figure.reported))
    return Cell(number_text(count), count, number_format(count))


def _cells(found: PerBase, part: UnitFigure) -> tuple[Cell, Cell, Cell]:
    if found.base is None:
        return Cell(_UNKNOWN), Cell(_NO_RANK), Cell(_NO_RANK)
    base = Cell(number_text(found.base, 4), found.base, number_format(found.base))
    if found.rate is None:
        return base, Cell(missing_text(reported=part.figure.reported)), Cell(_NO_RANK)
    rate = Cell(number_text(found.rate, _DIGITS), found.rate, f"0.{'0' * _DIGITS}")
    return base, rate, Cell(str(found.rank))


def _notes(status: YearStatus, compared: list[IndicatorResult]) -> list[str]:
    plan = status.plan
    if not plan.constants:
        return ["计划没有设定参数（如人口、监管对象数），不能按基数比较。"]
    units = tuple(dict.fromkeys(part.unit for result in compared for part in result.by_unit))
    notes = ["位次按每千单位基数的完成数由多到少排；比率指标本身可比，不列入。"]
    for constant in plan.constants:
        names = lacking(plan, constant.code, units)
        if names:
            notes.append(f"没有填“{constant.name}”基数的单位：{'、'.join(names)}，不参加排位。")
        total = sum(unit.base(constant.code) or 0.0 for unit in plan.directory.units)
        if not names and abs(total - constant.value) > constant.value / PARTS_IN:
            notes.append(
                f"各单位“{constant.name}”基数合计 {number_text(total, 4)}，"
                f"与计划参数 {number_text(constant.value, 4)} 不同。"
            )
    return notes


PARTS_IN = 1000  # a difference of one in a thousand between a whole and its parts is told
