"""`record value`, `record progress` and `record milestone`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, after, answer, tell
from fsdesk.domain.findings import reject
from fsdesk.domain.records.attachments import hard_to_open
from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport, Status
from fsdesk.services.as_json import record_json
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import evidence, recording

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.services.records.recording import Saved
    from fsdesk.workspace import Workspace


def record(options: Namespace) -> int:
    """Store what the options say."""
    store = {"value": _value, "progress": _progress, "milestone": _milestone}[options.action]
    with opened(options, write=True) as workspace:
        saved = store(workspace, options)
        plan = current_plan(workspace)
    for finding in saved.findings:
        tell(str(finding))
    plain = record_json(plan, saved.record)
    answer(options, plain, [f"已保存：{plain['item']} {plain['unit']} {plain['period']}"])
    return DONE


def _value(workspace: Workspace, options: Namespace) -> Saved:
    typed = (options.value, options.numerator, options.denominator)
    if not options.none and all(number is None for number in typed):
        raise reject(
            "没有给出数值", "请用 --value，或 --numerator 和 --denominator，或 --none（无此项）"
        )
    data = DataValue(*typed, not_applicable=options.none, note=options.note)
    return recording.record_value(workspace, options.item, options.period, data, options.unit)


def _progress(workspace: Workspace, options: Namespace) -> Saved:
    report = ProgressReport(
        Status.parse(options.status), options.text, options.problems, options.next_steps
    )
    return recording.record_progress(workspace, options.item, options.period, report, options.unit)


def _milestone(workspace: Workspace, options: Namespace) -> Saved:
    milestone = Milestone(Status.parse(options.status), _date(options.date), options.evidence)
    for file in options.attach:
        evidence.check(file)
    saved = recording.record_milestone(
        workspace, options.item, options.period, milestone, options.unit
    )
    with after("事项已保存，以下佐证材料没有存上"):
        for file in options.attach:
            evidence.attach(workspace, saved.record.key, file)
    for finding in hard_to_open(file.name for file in options.attach):
        tell(str(finding))
    return saved


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise reject(f"日期“{text}”无法识别", "请写成 2026-03-05 的形式") from problem
