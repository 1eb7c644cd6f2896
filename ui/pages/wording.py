"""Records, changes and moments in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fsdesk.domain.indicators import number_text
from fsdesk.domain.records import Content, DataValue, Milestone, RecordKey, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.plan import Plan
    from fsdesk.services.taking import CheckedPacket, RowChange

_NOTHING = "未报"


def item_name(plan: Plan, key: RecordKey) -> str:
    """Return code and name of what a record is about."""
    if key.kind is RecordKind.VALUE:
        indicator = plan.indicators_by_code.get(key.item)
        name = indicator.name if indicator else ""
    elif key.kind is RecordKind.PROGRESS:
        task = plan.tasks_by_code.get(key.item)
        name = task.title if task else ""
    else:
        thing = plan.deliverables_by_code.get(key.item)
        name = thing.title if thing else ""
    return f"{key.item} {name}"


def content_text(content: Content | None) -> str:
    """Return in one line what a record says."""
    if content is None:
        return _NOTHING
    if isinstance(content, DataValue):
        return _value_text(content)
    status = content.status.label if content.status else ""
    if isinstance(content, Milestone):
        day = f"{content.done_on.isoformat()}" if content.done_on else ""
        parts = (status, day, content.evidence)
    else:
        parts = (status, content.text, content.problems, content.next_steps)
    return "；".join(part for part in parts if part) or _NOTHING


def _value_text(data: DataValue) -> str:
    words = _NOTHING
    if data.not_applicable:
        words = "无此项"
    elif data.numerator is not None and data.denominator is not None:
        words = f"{number_text(data.numerator)} / {number_text(data.denominator)}"
    elif data.value is not None:
        words = number_text(data.value)
    return f"{words}（{data.note}）" if data.note else words


def change_lines(plan: Plan, checked: CheckedPacket) -> Iterable[str]:
    """Say line by line what a file would change, after what is wrong with it."""
    for finding in checked.findings:
        yield f"{finding.level.value}：{finding}"
    if not checked.ok:
        return
    if checked.new_plan:
        yield "计划将更新为文件中的版本"
    if not checked.changes and not checked.new_plan:
        yield "内容已在库中，没有变化"
    for change in checked.changes:
        yield _change_line(plan, change)


def _change_line(plan: Plan, change: RowChange) -> str:
    before = content_text(change.before.content if change.before else None)
    after = content_text(change.after.content)
    mark = "（两边都改过，将并列保留）" if change.conflict else ""
    return f"{item_name(plan, change.after.key)}：{before} → {after}{mark}"


def moment_text(moment: str) -> str:
    """Return a moment of the log by this PC's clock."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
