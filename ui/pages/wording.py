"""Records, changes and moments in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from fsdesk.domain.indicators import number_text
from fsdesk.domain.records import (
    Content,
    DataValue,
    Milestone,
    RecordKey,
    RecordKind,
    empty_content,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.plan import Plan
    from fsdesk.services.incoming import CheckedPacket

PACKET_KINDS = {"PLAN": "下发包", "REPORT": "报送包", "FEEDBACK": "反馈包"}
_NOTHING, _EMPTY = "未报", "（空）"


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


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record that would change, in words."""

    item: str
    field: str
    before: str
    after: str
    conflict: bool = False


def field_changes(
    plan: Plan, key: RecordKey, before: Content | None, after: Content
) -> tuple[FieldChange, ...]:
    """Return the fields in which two contents of a record differ, old beside new."""
    old = dict(_fields(plan, key, before or empty_content(key.kind)))
    return tuple(
        FieldChange(item_name(plan, key), name, old[name], text)
        for name, text in _fields(plan, key, after)
        if text != old[name]
    )


def packet_changes(plan: Plan, checked: CheckedPacket) -> tuple[FieldChange, ...]:
    """Return field by field what a file would change."""
    return tuple(
        replace(field, conflict=change.conflict)
        for change in checked.changes
        for field in field_changes(
            plan,
            change.after.key,
            change.before.content if change.before else None,
            change.after.content,
        )
    )


def packet_lines(checked: CheckedPacket) -> Iterable[str]:
    """Say line by line what is to be told of a file, beside its changes."""
    for finding in checked.findings:
        yield f"{finding.level.value}：{finding}"
    if not checked.ok:
        yield "这个文件不会被接收，本机数据没有改变。"
    elif checked.new_plan:
        yield "计划将更新为文件中的版本。"
    elif not checked.changes:
        yield "内容已在库中，没有变化。"


def _fields(plan: Plan, key: RecordKey, content: Content) -> Iterable[tuple[str, str]]:
    """Name the fields of a content and write what stands in them."""
    if isinstance(content, DataValue):
        indicator = plan.indicators_by_code.get(key.item)
        above = indicator.numerator_name if indicator else ""
        below = indicator.denominator_name if indicator else ""
        yield "本期数", _number(content.value)
        yield above or "分子", _number(content.numerator)
        yield below or "分母", _number(content.denominator)
        yield "无此项", "是" if content.not_applicable else "否"
        yield "备注", content.note or _EMPTY
        return
    yield "状态", content.status.label if content.status else _NOTHING
    if isinstance(content, Milestone):
        yield "完成日期", content.done_on.isoformat() if content.done_on else _EMPTY
        yield "佐证材料", content.evidence or _EMPTY
        return
    yield "进展情况", content.text or _EMPTY
    yield "存在问题", content.problems or _EMPTY
    yield "下步打算", content.next_steps or _EMPTY


def _number(number: float | None) -> str:
    return _NOTHING if number is None else number_text(number, 4)


def moment_text(moment: str) -> str:
    """Return a moment of the log by this PC's clock."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
