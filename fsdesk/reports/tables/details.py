"""Tables of single rows: a ledger's entries, a task's records, the index of an inspection pack."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.ledger.ledger import NO, YES, ColumnType
from fsdesk.domain.output.pages import Align
from fsdesk.domain.output.reporting import basis_line
from fsdesk.domain.output.wording import (
    LIGHT_COLOURS,
    NO_DATA,
    REPORT_STATES,
    numbered,
    published_lines,
)
from fsdesk.domain.periods import Period, date_text
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.naming import whole_of
from fsdesk.domain.records.checks import item_name
from fsdesk.domain.records.records import DataValue, Milestone
from fsdesk.domain.status.drill_down import figure_text
from fsdesk.domain.status.measures import Measure
from fsdesk.reports.paper.table import Cell, Table, TableColumn, day_cell
from fsdesk.reports.tables.standing import (
    FOOTER,
    light_cell,
    own_lines,
    paced_cells,
    responsible,
    share_cell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fsdesk.domain.ledger.ledger import Ledger, LedgerColumn, LedgerEntry, LedgerValue
    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.domain.records.records import Content, Record
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.results import TaskResult, YearStatus

_WEIGHTS = {
    ColumnType.TEXT: 12.0,
    ColumnType.NUMBER: 7.0,
    ColumnType.DATE: 9.0,
    ColumnType.CHOICE: 8.0,
    ColumnType.FLAG: 5.0,
}
_ALIGN = {
    ColumnType.NUMBER: Align.RIGHT,
    ColumnType.DATE: Align.CENTRE,
    ColumnType.FLAG: Align.CENTRE,
}
_LONGEST = 24.0


def ledger_table(
    ledger: Ledger,
    columns: Sequence[LedgerColumn],
    entries: Sequence[LedgerEntry],
    names: Mapping[str, str],
    head: PaperHead,
) -> Table:
    """Build the table of a ledger's rows (台账明细), in their order; unit names are by code."""
    shown = (
        TableColumn("序号", 5, Align.CENTRE),
        TableColumn("登记单位", 12),
        *(
            TableColumn(c.title, _weight(c, entries), _ALIGN.get(c.type, Align.LEFT))
            for c in columns
        ),
    )
    rows = tuple(
        (
            Cell(str(number), number, "0"),
            Cell(names.get(entry.unit, entry.unit)),
            *(_ledger_cell(entry.values.get(column.title)) for column in columns),
        )
        for number, entry in enumerate(entries, start=1)
    )
    hidden = [column.title for column in ledger.columns if column not in columns]
    note = (f"涉及个人信息的列未列出：{'、'.join(hidden)}。",) if hidden else ()
    return Table(
        title=f"{ledger.title}台账明细",
        name=ledger.title,
        columns=shown,
        rows=rows,
        subtitle=_counted(f"登记单位：{head.maker}", len(rows), head),
        notes=note,
        footer=FOOTER,
    )


def _counted(whose: str, count: int, head: PaperHead) -> tuple[str, ...]:
    return (whose, f"共 {count} 条", f"制表时间：{date_text(head.made_on)}")


def _weight(column: LedgerColumn, entries: Sequence[LedgerEntry]) -> float:
    """Give a column of texts room by what stands in it, within bounds."""
    if column.type is not ColumnType.TEXT:
        return max(_WEIGHTS[column.type], len(column.title) * 1.1)
    lengths = [len(str(entry.values.get(column.title) or "")) for entry in entries[:200]]
    typical = sorted(lengths)[len(lengths) * 3 // 4] if lengths else 0
    return min(max(typical * 0.9, len(column.title) * 1.1, 8.0), _LONGEST)


def _ledger_cell(value: LedgerValue) -> Cell:
    if value is None or value == "":
        return Cell("")
    if isinstance(value, bool):
        return Cell(YES if value else NO)
    if isinstance(value, date):
        return day_cell(value)
    if isinstance(value, int | float):
        return Cell(number_text(value), float(value))
    return Cell(value)


def record_table(
    plan: Plan, status: YearStatus, task: Task, records: Sequence[Record], head: PaperHead
) -> Table:
    """Build the table of what a task's figures have come to, and of all that was recorded for it.

    `plan`: of the whole year; the task may have left it.
    `records`: told by unit and period; a figure may rest on a ledger in their place.
    """
    columns = (
        TableColumn("单位", 12, merged=True),
        TableColumn("报告期", 9, Align.CENTRE),
        TableColumn("类别", 8, Align.CENTRE),
        TableColumn("项目", 20),
        TableColumn("填报内容", 44),
    )
    order = list((plan.holding(task.code) or plan).roles(task.code))
    known = sorted(
        records,
        key=lambda r: (
            order.index(r.key.unit) if r.key.unit in order else len(order),
            plan.unit_name(r.key.unit),
            Period.parse(r.key.period).order,
            r.key.kind.value,
            r.key.item,
        ),
    )
    rows = (
        *_figure_rows(status, task),
        *(
            (
                Cell(plan.unit_name(record.key.unit)),
                Cell(Period.parse(record.key.period).label),
                Cell(record.key.kind.label),
                Cell(item_name(plan, record.key)),
                Cell(content_text(record.content)),
            )
            for record in known
        ),
    )
    return Table(
        title=f"{task.code} {task.title}填报记录",
        columns=columns,
        rows=rows,
        subtitle=_counted(f"填报单位：{head.maker}", len(records), head),
        footer=FOOTER,
    )


def _figure_rows(status: YearStatus, task: Task) -> Iterator[tuple[Cell, ...]]:
    """Yield what each of a task's indicators has come to, over all units and by unit."""
    until = f"截至{status.period.label}"
    for result in status.indicators:
        if result.task != task.code:
            continue
        indicator = result.indicator
        whose = [] if status.unit else [(whole_of(status.plan), result.figure)]
        whose += [(status.plan.unit_name(part.unit), part.figure) for part in result.by_unit]
        for name, figure in whose:
            yield (
                Cell(name),
                Cell(until),
                Cell("汇总"),
                Cell(f"{indicator.code} {indicator.name}"),
                Cell(figure_text(figure, indicator.measure_unit, status.period)),
            )


def content_text(content: Content) -> str:
    """Say what was recorded, in words."""
    if isinstance(content, DataValue):
        return _with_note(_value_text(content), content.note)
    if isinstance(content, Milestone):
        state = content.status.label if content.status else NO_DATA
        day = f"，{date_text(content.done_on)}完成" if content.done_on else ""
        return _with_note(f"{state}{day}", content.evidence)
    parts = (
        ("状态", content.status.label if content.status else ""),
        ("进展", content.text),
        ("问题", content.problems),
        ("下步打算", content.next_steps),
    )
    return "\n".join(f"{name}：{text}" for name, text in parts if text)


def _value_text(value: DataValue) -> str:
    if value.not_applicable:
        return "无此项"
    if value.numerator is not None or value.denominator is not None:
        parts = (value.numerator, value.denominator)
        return "/".join(NO_DATA if part is None else number_text(part) for part in parts)
    return NO_DATA if value.value is None else number_text(value.value)


def _with_note(text: str, note: str) -> str:
    return f"{text}（{note}）" if note else text


def report_table(
    status: YearStatus,
    units: Sequence[tuple[str, str]],
    months: Sequence[Period],
    states: Mapping[tuple[str, str], str],
    head: PaperHead,
) -> Table:
    """Build the table of which unit has reported for which month (单位报送情况表).

    ``units`` are code and name of all that owe a report for any month of the year.
    ``states`` holds a key of `REPORT_STATES` by unit code and month, nothing where none is due.
    """
    columns = (
        TableColumn("序号", 4, Align.CENTRE),
        TableColumn("责任单位", 16),
        *(TableColumn(f"{month.last_month}月", 5, Align.CENTRE, "各月报送") for month in months),
        TableColumn("应报", 5, Align.RIGHT, "合计"),
        TableColumn("已报", 5, Align.RIGHT, "合计"),
        TableColumn("按时", 5, Align.RIGHT, "合计"),
        TableColumn(Measure.REPORTING_TO_DATE.label, 6, Align.RIGHT, "合计"),
        TableColumn(Measure.TIMELINESS_TO_DATE.label, 6, Align.RIGHT, "合计"),
    )
    rows = tuple(
        _report_row(number, name, unit, months, states)
        for number, (unit, name) in enumerate(units, start=1)
    )
    words = "；".join(f"{light.mark} {word}" for light, word in REPORT_STATES.values())
    return Table(
        title=f"{status.plan.name}单位报送情况表",
        columns=columns,
        rows=rows,
        subtitle=(
            f"填报单位：{head.maker}",
            status.until_text,
            f"填报时间：{date_text(head.made_on)}",
        ),
        basis=(f"数据依据：{basis_line(status, head.reporting)}。",),
        notes=(*published_lines(status), f"{words}。退回的报送重新报来之前不计入已报。"),
        footer=FOOTER,
    )


def _report_row(
    number: int,
    name: str,
    unit: str,
    months: Sequence[Period],
    states: Mapping[tuple[str, str], str],
) -> tuple[Cell, ...]:
    found = [states.get((unit, str(month)), "") for month in months]
    due = len([state for state in found if state])
    received, on_time = found.count("on_time") + found.count("late"), found.count("on_time")
    return (
        Cell(str(number), number, "0"),
        Cell(name),
        *(_state_cell(state) for state in found),
        *(Cell(str(count), count, "0") for count in (due, received, on_time)),
        share_cell(received / due if due else None, reported=True),
        share_cell(on_time / due if due else None, reported=True),
    )


def _state_cell(state: str) -> Cell:
    if not state:
        return Cell("")
    light, word = REPORT_STATES[state]
    return Cell(f"{light.mark}{word[:2]}", colour=LIGHT_COLOURS[light.value])


class Holding(Struct, frozen=True):
    """What lies in a task's folder: how many files of evidence, and how many are missing.

    Attributes:
        plan: The newest state of the plan that holds the task.
    """

    plan: Plan
    task: str
    folder: str
    records: int
    ledgers: tuple[str, ...]
    proofs: int
    missing: int


def index_table(status: YearStatus, holdings: Sequence[Holding], head: PaperHead) -> Table:
    """Build the index of an inspection pack (迎检台账目录)."""
    plan = status.plan
    columns = (
        TableColumn("部分", 8, merged=True),
        TableColumn("要点", 10, merged=True),
        TableColumn("编码", 6, Align.CENTRE),
        TableColumn("任务", 14),
        TableColumn("责任单位", 16),
        TableColumn(Measure.TASK_PROGRESS.label, 6, Align.RIGHT),
        TableColumn("亮灯", 7, Align.CENTRE),
        TableColumn("填报记录", 5, Align.RIGHT),
        TableColumn("台账", 12),
        TableColumn("佐证材料", 7, Align.RIGHT),
        TableColumn("所在文件夹", 18),
    )
    results = {result.task.code: result for result in status.tasks}
    rows = tuple(
        (
            Cell(numbered(h.plan.section_of[h.task].number, h.plan.section_of[h.task].title)),
            Cell(f"{h.plan.point_of[h.task].number}.{h.plan.point_of[h.task].title}"),
            Cell(h.task),
            Cell(h.plan.tasks_by_code[h.task].title),
            Cell(responsible(h.plan, h.task)),
            *_judged(results.get(h.task), status.rules, reported=h.records > 0),
            Cell(str(h.records), h.records, "0"),
            Cell("、".join(h.ledgers) or NO_DATA),
            Cell(f"{h.proofs}（缺{h.missing}）" if h.missing else str(h.proofs)),
            Cell(h.folder),
        )
        for h in holdings
    )
    return Table(
        title=f"{plan.name}迎检台账目录",
        columns=columns,
        rows=rows,
        subtitle=(
            f"制发单位：{head.maker}",
            f"截至{status.period.label}",
            f"制表时间：{date_text(head.made_on)}",
        ),
        basis=(f"数据依据：{basis_line(status, head.reporting)}。",),
        notes=(
            *published_lines(status),
            *own_lines(status),
            "各文件的校验值见“校验清单.sha256”，可在本程序中核对。",
        ),
        footer=FOOTER,
    )


def _judged(result: TaskResult | None, rules: Rules, *, reported: bool) -> tuple[Cell, Cell]:
    """Return progress and light; a task that left the plan during the year has neither."""
    if result is None:
        return Cell(NO_DATA), Cell("已移出")
    progress, _ = paced_cells(result.progress, result.pace, rules, reported=reported)
    return progress, light_cell(result.light)
