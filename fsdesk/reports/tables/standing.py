"""The office's standing tables, built from the year's status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.output.pages import Align
from fsdesk.domain.output.reporting import MOST_NAMED, basis_line
from fsdesk.domain.output.wording import (
    LIGHT_COLOURS,
    NO_DATA,
    NOT_REPORTED,
    deliverable_line,
    indicator_line,
    light_text,
    missing_line,
    missing_text,
    numbered,
    parts_text,
    published_lines,
    rules_line,
    target_text,
    task_reported,
    units_with_reports,
)
from fsdesk.domain.periods import date_text
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.reports import expected_units
from fsdesk.domain.status.shares import number_beside, paced, share_text
from fsdesk.reports.paper.table import Cell, Table, TableColumn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.output.reporting import Reporting
    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.figures import Figure
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.results import IndicatorResult, TaskResult, UnitResult, YearStatus

_DECIMALS = 2
# Beside the name of what two sources tell differently; the notes say how.
MARK = "※"
FOOTER = ("制表：", "审核：", "日期：")
LATE = "逾期报送"
ON_TIME = "按时报送"


def progress_table(
    status: YearStatus, texts: Mapping[str, Sequence[tuple[str, str]]], head: PaperHead
) -> Table:
    """Build the table of progress by task (进展情况表).

    ``texts`` holds by task code what units last wrote, as (unit name, text).
    """
    columns = (
        TableColumn("部分", 7, merged=True),
        TableColumn("要点", 8, merged=True),
        TableColumn("编码", 6, Align.CENTRE),
        TableColumn("任务", 11),
        TableColumn("责任单位", 11),
        TableColumn("指标及事项完成情况", 28),
        TableColumn(Measure.TASK_PROGRESS.label, 6, Align.RIGHT),
        TableColumn(Measure.PACE.label, 6, Align.RIGHT),
        TableColumn("亮灯", 7, Align.CENTRE),
        TableColumn("最新进展", 24),
    )
    rows = tuple(_progress_row(status, task, texts) for task in status.tasks)
    return standing_table(status, "进展情况表", columns, rows, head)


def _progress_row(
    status: YearStatus, result: TaskResult, texts: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[Cell, ...]:
    plan, task = status.plan, result.task
    section, point = plan.section_of[task.code], plan.point_of[task.code]
    indicators = {found.indicator.code: found for found in status.indicators}
    deliverables = {found.deliverable.code: found for found in status.deliverables}
    done = [
        indicator_line(status, indicators[part.code])
        if part.code in indicators
        else deliverable_line(deliverables[part.code])
        for part in result.parts
    ]
    reported = task_reported(result, indicators, deliverables)
    said = [f"{unit}：{text}" for unit, text in texts.get(task.code, ())]
    return (
        Cell(numbered(section.number, section.title)),
        Cell(f"{point.number}.{point.title}"),
        Cell(task.code),
        Cell(task.title),
        Cell(responsible(status.plan, task.code)),
        Cell("\n".join(done)),
        *paced_cells(result.progress, result.pace, status.rules, reported=reported),
        light_cell(result.light),
        Cell("\n".join(said) if said else NOT_REPORTED),
    )


def indicator_table(
    status: YearStatus, head: PaperHead, beside: Mapping[str, str] | None = None
) -> Table:
    """Build the table of indicators against targets (指标完成情况表).

    ``beside`` says by code what two sources of an indicator tell differently, and which counts.
    """
    told = beside or {}
    columns = (
        TableColumn("要点", 12, merged=True),
        TableColumn("编码", 6, Align.CENTRE),
        TableColumn("指标", 18),
        TableColumn("单位", 6, Align.CENTRE),
        TableColumn("年度目标", 8, Align.RIGHT, "目标与完成", mixed=True),
        TableColumn(Measure.VALUE.label, 8, Align.RIGHT, "目标与完成", mixed=True),
        TableColumn("分子/分母", 9, Align.RIGHT, "目标与完成", mixed=True),
        TableColumn(Measure.ATTAINMENT.label, 7, Align.RIGHT, "进度"),
        TableColumn(Measure.PACE.label, 7, Align.RIGHT, "进度"),
        TableColumn("亮灯", 7, Align.CENTRE, "进度"),
        TableColumn("已报/应报", 7, Align.CENTRE),
    )
    rows = tuple(
        _indicator_row(status, result, MARK if result.indicator.code in told else "")
        for result in status.indicators
    )
    table = standing_table(status, "指标完成情况表", columns, rows, head)
    notes = [
        f"{MARK} {result.indicator.code} {result.indicator.name}：{told[result.indicator.code]}"
        for result in status.indicators
        if result.indicator.code in told
    ]
    return replace(table, notes=(*table.notes, *notes))


def _indicator_row(status: YearStatus, result: IndicatorResult, mark: str) -> tuple[Cell, ...]:
    indicator, figure = result.indicator, result.figure
    point = status.plan.point_of[result.task]
    together = "合计" if target_text(status, result) != indicator.target_text else ""
    of_which = indicator.part_of and not indicator.name.startswith("其中")
    return (
        Cell(f"{point.number}.{point.title}"),
        Cell(indicator.code),
        Cell((f"其中：{indicator.name}" if of_which else indicator.name) + mark),
        Cell(indicator.measure_unit),
        Cell(
            f"{together}{indicator.operator.value}{number_text(indicator.target)}",
            indicator.target,
            f'"{together}{indicator.operator.value}"{number_format(indicator.target)}',
        ),
        value_cell(indicator, figure, status.period),
        Cell(parts_text(indicator, figure) or NO_DATA),
        *paced_cells(result.attainment, result.pace, status.rules, reported=figure.reported),
        light_cell(result.light),
        Cell(str(result.coverage)),
    )


def unit_table(status: YearStatus, reports: Mapping[str, bool], head: PaperHead) -> Table:
    """Build the table of units (单位完成情况表).

    ``reports`` tells of each received report, by unit code, whether it was on time.
    """
    columns = (
        TableColumn("序号", 5, Align.CENTRE),
        TableColumn("责任单位", 20),
        TableColumn("任务数", 7, Align.RIGHT, "任务"),
        TableColumn(Measure.COVERAGE.label, 10, Align.CENTRE),
        *(TableColumn(f"{light.mark} {light.label}", 8, Align.RIGHT, "任务") for light in Light),
        TableColumn(Measure.UNIT_PROGRESS.label, 8, Align.RIGHT),
        TableColumn(Measure.PACE.label, 8, Align.RIGHT),
        TableColumn("亮灯", 8, Align.CENTRE),
        TableColumn("本期报送", 10, Align.CENTRE),
    )
    expected = expected_units(status.plan)
    active = units_with_reports(status)
    rows = tuple(
        _unit_row(
            status,
            number,
            unit,
            _submission(unit.unit, reports, expected),
            reported=unit.unit in active,
        )
        for number, unit in enumerate(status.units, start=1)
    )
    return standing_table(status, "单位完成情况表", columns, rows, head)


def _unit_row(
    status: YearStatus, number: int, unit: UnitResult, submission: Cell, *, reported: bool
) -> tuple[Cell, ...]:
    lights = [task.light for task in unit.tasks]
    return (
        number_cell(number, reported=True),
        Cell(unit.name),
        number_cell(len(lights), reported=True),
        Cell(unit.rests_on),
        *(number_cell(lights.count(light), reported=True) for light in Light),
        *paced_cells(unit.progress, unit.pace, status.rules, reported=reported),
        light_cell(unit.light),
        submission,
    )


def _submission(unit: str, reports: Mapping[str, bool], expected: Sequence[str]) -> Cell:
    if unit in reports:
        if reports[unit]:
            return Cell(ON_TIME)
        return Cell(LATE, colour=LIGHT_COLOURS["yellow"])
    if unit in expected:
        return Cell(NOT_REPORTED, colour=LIGHT_COLOURS["red"])
    return Cell("无须报送")


def standing_table(
    status: YearStatus,
    name: str,
    columns: tuple[TableColumn, ...],
    rows: tuple[tuple[Cell, ...], ...],
    head: PaperHead,
) -> Table:
    """Put a standing table together: whose it is, as of when, on what it rests."""
    share = paced(status.progress, status.pace, status.rules).reached
    whose = Measure.UNIT_PROGRESS if status.unit else Measure.OVERALL
    overall = f"{whose.label}：{share}（{light_text(status.light)}）"
    return Table(
        title=f"{status.plan.name}{name}",
        columns=columns,
        rows=rows,
        subtitle=(
            f"填报单位：{head.maker}",
            f"报告期：{status.period.label}{status.published_mark}　{overall}",
            f"填报时间：{date_text(head.made_on)}",
        ),
        basis=(f"数据依据：{basis_line(status, head.reporting)}。",),
        notes=(
            *published_lines(status),
            *own_lines(status),
            *missing_names(head.reporting),
            rules_line(status.rules),
            missing_line(),
        ),
        footer=FOOTER,
    )


def own_lines(status: YearStatus) -> tuple[str, ...]:
    """Say of a unit's paper that it holds the unit's own tasks, and what is judged elsewhere."""
    if not status.unit:
        return ()
    name = status.plan.unit_name(status.unit)
    together = f"目标为“合计”的由多个单位共同完成，以{office_of(status.plan)}的汇总为准。"
    return (f"本表只列{name}承担的{len(status.tasks)}项任务和本单位的数据；{together}",)


def missing_names(reporting: Reporting) -> tuple[str, ...]:
    """Name all units that have not reported, where the heading names only the first of them."""
    if len(reporting.missing) <= MOST_NAMED:
        return ()
    return (f"本期未报的单位：{'、'.join(reporting.missing)}。",)


def number_format(value: float) -> str:
    """Return the spreadsheet's format for a number: whole, or two decimals as elsewhere."""
    return "0" if float(value).is_integer() else "0.00"


def number_cell(value: float | None, *, reported: bool) -> Cell:
    """Make a cell for a number; 未报 or — without one, never 0."""
    if value is None:
        return Cell(missing_text(reported=reported))
    return Cell(number_text(value), value, number_format(value))


def value_cell(indicator: Indicator, figure: Figure, period: Period) -> Cell:
    """Make a cell for an indicator's figure: of a level, with the month up to which it is known."""
    if figure.value is None:
        return Cell(missing_text(reported=figure.reported))
    text, as_of = number_beside(figure.value, indicator.target), figure.beside(period)
    decimals = len(text.partition(".")[2])
    plain = number_format(figure.value) if decimals <= _DECIMALS else f"0.{'0' * decimals}"
    return Cell(text + as_of, figure.value, f'{plain}"{as_of}"' if as_of else plain)


def share_cell(share: float | None, *, reported: bool) -> Cell:
    """Make a cell for a share that nothing is held against; 未报 or — without one, never 0."""
    return _share_cell(share_text(share), share, reported=reported)


def paced_cells(
    reached: float | None, pace: float, rules: Rules, *, reported: bool
) -> tuple[Cell, Cell]:
    """Make the cells for a share and its pace; 未报 or — without a share, never 0."""
    shown = paced(reached, pace, rules)
    return (
        _share_cell(shown.reached, reached, reported=reported),
        _share_cell(shown.pace, pace, reported=True),
    )


def _share_cell(text: str, share: float | None, *, reported: bool) -> Cell:
    if share is None:
        return Cell(missing_text(reported=reported))
    decimals = len(text.removesuffix("%").partition(".")[2])
    return Cell(text, share, f"0.{'0' * decimals}%")


def light_cell(light: Light) -> Cell:
    """Make a cell for a light: mark and word, coloured."""
    return Cell(light_text(light), colour=LIGHT_COLOURS[light.value])


def responsible(plan: Plan, task: str) -> str:
    """Name who answers, as the plan does: groups by their name, with their role."""
    by_role: dict[str, list[str]] = {}
    for assignment in plan.tasks_by_code[task].assignments:
        names = by_role.setdefault(assignment.role.label, [])
        names.append(plan.directory.name(assignment.party))
    return "；".join(f"{'、'.join(names)}{role}" for role, names in by_role.items())
