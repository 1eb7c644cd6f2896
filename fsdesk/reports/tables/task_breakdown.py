"""The plan broken down for those who carry it out (任务分解表)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import Align
from fsdesk.domain.output.wording import NO_DATA, numbered
from fsdesk.domain.periods import date_text
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.plan import Role
from fsdesk.reports.paper.table import Cell, Table, TableColumn
from fsdesk.reports.tables.standing import FOOTER

if TYPE_CHECKING:
    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan, Task


def breakdown_table(plan: Plan, head: PaperHead) -> Table:
    """Build the table of tasks with what is asked, by when, and of whom.

    A unit's has its own tasks, and names whose plan they are from.
    """
    tasks = plan.tasks_for(head.unit) if head.unit else plan.tasks
    whose = f"填报单位：{head.maker}" if head.unit else f"制发单位：{head.maker}"
    columns = (
        TableColumn("部分", 7, merged=True),
        TableColumn("要点", 9, merged=True),
        TableColumn("编码", 6, Align.CENTRE),
        TableColumn("任务", 12),
        TableColumn("工作要求", 26),
        TableColumn("指标及目标", 22),
        TableColumn("事项及时限", 20),
        TableColumn("责任（牵头）单位", 14),
        TableColumn("配合单位", 11),
    )
    return Table(
        title=f"{plan.name}任务分解表",
        columns=columns,
        rows=tuple(_row(plan, task) for task in tasks),
        subtitle=(whose, f"制表时间：{date_text(head.made_on)}"),
        notes=(
            *_own(plan, head, len(tasks)),
            "“指标及目标”中括号内为分解到各单位的目标。",
        ),
        footer=FOOTER,
    )


def _own(plan: Plan, head: PaperHead, count: int) -> tuple[str, ...]:
    if not head.unit:
        return ()
    whose = f"（{plan.issuer}制发）" if plan.issuer else ""
    return (f"本表摘自《{plan.name}》{whose}，只列{head.maker}承担的{count}项任务。",)


def _row(plan: Plan, task: Task) -> tuple[Cell, ...]:
    section, point = plan.section_of[task.code], plan.point_of[task.code]
    targets = [_indicator(plan, indicator) for indicator in task.indicators]
    things = [f"{item.title}（{item.schedule_text}）" for item in task.deliverables]
    return (
        Cell(numbered(section.number, section.title)),
        Cell(f"{point.number}.{point.title}"),
        Cell(task.code),
        Cell(task.title),
        Cell(task.text),
        Cell("\n".join(targets) or NO_DATA),
        Cell("\n".join(things) or NO_DATA),
        Cell(_parties(plan, task, (Role.SOLE, Role.LEAD, Role.SHARED)) or NO_DATA),
        Cell(_parties(plan, task, (Role.SUPPORT,)) or NO_DATA),
    )


def _indicator(plan: Plan, indicator: Indicator) -> str:
    shares = "、".join(
        f"{plan.directory.name(share.unit)}{number_text(share.target)}"
        for share in indicator.shares
    )
    return f"{indicator.name}{indicator.target_text}" + (f"（{shares}）" if shares else "")


def _parties(plan: Plan, task: Task, roles: tuple[Role, ...]) -> str:
    return "、".join(
        plan.directory.name(given.party) for given in task.assignments if given.role in roles
    )
