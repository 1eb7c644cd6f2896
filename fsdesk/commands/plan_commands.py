"""`plan show`, `confirm`, `issued`, and `units`; what reads documents stands apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer
from fsdesk.domain.findings import reject
from fsdesk.domain.periods import date_text
from fsdesk.services.as_json import plan_json, units_json
from fsdesk.services.plan.planning import confirm_plan, current_plan, set_issue_day

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import date

    from fsdesk.domain.plan.plan import Plan


def plan(options: Namespace) -> int:
    """Do one of the actions on plans."""
    if options.action == "show":
        return _show(options)
    if options.action == "confirm":
        return _confirm(options)
    if options.action == "issued":
        return _issued(options)
    from fsdesk.commands import document_commands

    return document_commands.run(options)


def _show(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        plan = current_plan(workspace)
    answer(options, plan_json(plan), plan_lines(plan))
    return DONE


def _confirm(options: Namespace) -> int:
    with opened(options, write=True) as workspace:
        plan = confirm_plan(workspace)
    line = f"已确认为 {plan.year} 年正式计划，请重新下发"
    answer(options, plan_json(plan), [line])
    return DONE


def _issued(options: Namespace) -> int:
    """Show since when the units have the plan, or say the day on which they had it on paper."""
    from fsdesk.services.status import aggregation  # plans and units alone need no figures

    if options.day and options.automatic:
        raise reject("日期和 --automatic 只能写一个", "请去掉其中一个")
    changing = bool(options.day or options.automatic)
    with opened(options, write=changing) as workspace:
        if changing:
            set_issue_day(workspace, _day(options.day))
        said, since = workspace.rules.issued_on, aggregation.year_of(workspace, ()).since
    how = "按设置" if said else "按首个下发包"
    line = f"计划下发日期：{date_text(since)}（{how}）" if since else "计划还没有下发，不计逾期"
    days = {"issued_on": said, "since": since}
    answer(options, {name: day.isoformat() if day else None for name, day in days.items()}, [line])
    return DONE


def _day(text: str | None) -> date | None:
    from fsdesk.domain.typed import CellError, read_date

    try:
        return read_date(text or None)
    except CellError as problem:
        raise reject(f"计划下发日期“{text}”无法识别", "请写成 2026-03-05") from problem


def units(options: Namespace) -> int:
    """Show units and groups."""
    with opened(options, write=False) as workspace:
        plan = current_plan(workspace)
    lines = [f"{unit.code}\t{unit.name}\t{unit.kind.label}" for unit in plan.directory.units]
    lines += [f"{group.code}\t{group.name}\t单位组" for group in plan.directory.groups]
    answer(options, units_json(plan), lines)
    return DONE


def plan_lines(plan: Plan) -> list[str]:
    """Show a plan as an outline of lines."""
    lines = [f"{plan.name}（{plan.year} 年，第 {plan.revision} 版）"]
    lines += [f"{plan.draft_note}。"] if plan.draft_note else []
    for section in plan.sections:
        lines.append(f"{section.number}、{section.title}")
        for point in section.points:
            lines.append(f"  {point.number}. {point.title}")
            for task in point.tasks:
                who = "、".join(plan.directory.name(a.party) for a in task.assignments)
                lines.append(f"    {task.code} {task.title}［{who}］")
                lines += [f"      {i.code} {i.name} {i.target_text}" for i in task.indicators]
                lines += [f"      {d.code} {d.title}" for d in task.deliverables]
    return lines
