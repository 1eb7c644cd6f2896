"""`plan show`, `plan parse` and `units`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer
from fsdesk.services import plan_documents
from fsdesk.services.planning import current_plan
from fsdesk.services.shown import parsed_json, plan_json, units_json

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.domain.plan import Plan


def plan(options: Namespace) -> int:
    """Do one of the actions on plans."""
    return {"show": _show, "parse": _parse}[options.action](options)


def _show(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        plan = current_plan(workspace)
    answer(options, plan_json(plan), _plan_lines(plan))
    return DONE


def _parse(options: Namespace) -> int:
    """Read a document; the workspace's units are known when the options name a workspace."""
    if options.workspace is None and options.database is None:
        parsed = plan_documents.read_document(options.file, year=options.year)
    else:
        with opened(options, write=False) as workspace:
            parsed = plan_documents.read_document(options.file, workspace, options.year)
    lines = _plan_lines(parsed.plan)
    lines += [str(doubt.finding(options.file.name)) for doubt in parsed.doubts]
    answer(options, parsed_json(parsed), lines)
    return DONE


def _plan_lines(plan: Plan) -> list[str]:
    lines = [f"{plan.title}（{plan.year} 年，第 {plan.revision} 版）"]
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


def units(options: Namespace) -> int:
    """Show units and groups."""
    with opened(options, write=False) as workspace:
        plan = current_plan(workspace)
    lines = [f"{unit.code}\t{unit.name}\t{unit.kind.label}" for unit in plan.directory.units]
    lines += [f"{group.code}\t{group.name}\t单位组" for group in plan.directory.groups]
    answer(options, units_json(plan), lines)
    return DONE
