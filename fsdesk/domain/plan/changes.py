"""What differs between two states of a plan, item by item and field by field, in readable words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import date_text
from fsdesk.domain.plan.bases import bases_text
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.plan import DeliverableKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan, Task
    from fsdesk.domain.plan.units import Unit, UnitGroup

Fields = dict[str, str]
NOTHING = "无"


class FieldChange(Struct, frozen=True):
    """One field before and after; the field by its name on screen."""

    field: str
    before: str
    after: str


class PlanChange(Struct, frozen=True):
    """An item that was added, changed or removed.

    Attributes:
        kind: 计划, 任务, 指标, 事项, 单位, 单位组 or 参数.
        code: The item's code; empty for the plan itself.
        title: Its title or name, the newer one where it changed.
        fields: What changed; empty for an item that came or went.
    """

    kind: str
    code: str
    title: str
    fields: tuple[FieldChange, ...] = ()

    def __str__(self) -> str:
        """Name the item and each change in one line."""
        name = f"{self.kind} {self.code} {self.title}".replace("  ", " ").strip()
        changes = "；".join(f"{c.field}由“{c.before}”改为“{c.after}”" for c in self.fields)
        return f"{name}：{changes}" if changes else name


class PlanDifference(Struct, frozen=True):
    """All that differs between two plans."""

    added: tuple[PlanChange, ...] = ()
    changed: tuple[PlanChange, ...] = ()
    removed: tuple[PlanChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the plans say the same."""
        return not (self.added or self.changed or self.removed)

    def lines(self) -> dict[str, list[str]]:
        """Return all changes in words, by ``added``, ``changed`` and ``removed``."""
        return {
            "added": [str(change) for change in self.added],
            "changed": [str(change) for change in self.changed],
            "removed": [str(change) for change in self.removed],
        }


class _Item(Struct, frozen=True):
    """An item of a plan with its fields as people read them."""

    kind: str
    code: str
    title: str
    fields: Mapping[str, str]


def compare_plans(before: Plan, after: Plan) -> PlanDifference:
    """Return what differs, by code; the revision itself doesn't count."""
    old, new = _items(before), _items(after)
    changed: list[PlanChange] = []
    for key, item in new.items():
        former = old.get(key)
        fields = _changes(former.fields, item.fields) if former else ()
        if fields:
            changed.append(PlanChange(item.kind, item.code, item.title, fields))
    return PlanDifference(
        added=tuple(_bare(item) for key, item in new.items() if key not in old),
        changed=tuple(changed),
        removed=tuple(_bare(item) for key, item in old.items() if key not in new),
    )


def effect_lines(plan: Plan, task: str) -> tuple[str, ...]:
    """Say what changed of a task and of its items during the year, each with its first day."""
    codes = {task} | {
        item.code
        for state in plan.states
        if task in state.tasks_by_code
        for held in (state.tasks_by_code[task],)
        for item in (*held.indicators, *held.deliverables)
    }
    oldest_first = plan.states[::-1]
    lines: list[str] = []
    for former, after in zip(plan.former, oldest_first[1:], strict=True):
        since = former.until + timedelta(days=1)
        difference = compare_plans(former.plan, after)
        for word, changes in (
            ("新增", difference.added),
            ("", difference.changed),
            ("移出", difference.removed),
        ):
            lines += [
                f"自{date_text(since)}起，{word}{change}"
                for change in changes
                if change.code in codes
            ]
    return tuple(lines)


def _bare(item: _Item) -> PlanChange:
    return PlanChange(item.kind, item.code, item.title)


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, before.get(name) or NOTHING, value or NOTHING)
        for name, value in after.items()
        if (before.get(name) or NOTHING) != (value or NOTHING)
    )


def _items(plan: Plan) -> dict[tuple[str, str], _Item]:
    found = [_Item("计划", "", plan.title, _plan_fields(plan))]
    for task in plan.tasks:
        found.append(_Item("任务", task.code, task.title, _task_fields(plan, task)))
        found += [
            _Item("指标", i.code, i.name, _indicator_fields(plan, i)) for i in task.indicators
        ]
        found += [
            _Item("事项", d.code, d.title, _deliverable_fields(task, d)) for d in task.deliverables
        ]
    directory = plan.directory
    found += [_Item("单位", u.code, u.name, _unit_fields(plan, u)) for u in directory.units]
    found += [_Item("单位组", g.code, g.name, _group_fields(plan, g)) for g in directory.groups]
    found += [
        _Item(
            "参数",
            c.code,
            c.name,
            {"名称": c.name, "数值": f"{number_text(c.value)}{c.measure_unit}"},
        )
        for c in plan.constants
    ]
    return {(item.kind, item.code): item for item in found}


def _plan_fields(plan: Plan) -> Fields:
    return {
        "年度": str(plan.year),
        "性质": f"沿用{plan.carried_from}年内容的草案" if plan.carried_from else "正式计划",
        "标题": plan.title,
        "发文单位": plan.issuer,
        "总体要求": plan.overall_requirement,
        "分段执行": "、".join(
            f"截至{each.until.month}月{each.until.day}日按此前的计划" for each in plan.former
        ),
    }


def _task_fields(plan: Plan, task: Task) -> Fields:
    names = plan.directory
    section, point = plan.section_of[task.code], plan.point_of[task.code]
    who = (f"{names.name(a.party)}（{a.role.label}）" for a in task.assignments)
    return {
        "标题": task.title,
        "内容": task.text,
        "责任分工": "、".join(who),
        "所在部分": section.title,
        "所在要点": point.title,
    }


def _indicator_fields(plan: Plan, indicator: Indicator) -> Fields:
    names = plan.directory
    shares = (f"{names.name(s.unit)} {number_text(s.target)}" for s in indicator.shares)
    derivation = indicator.derivation
    return {
        "名称": indicator.name,
        "目标": indicator.target_text,
        "类型": indicator.kind.label,
        "汇总方式": indicator.aggregation.label,
        "序时进度": indicator.pace.rule.label + "".join(f" {n:g}" for n in indicator.pace.curve),
        "所属指标": indicator.part_of,
        "推算依据": f"{derivation.source} {derivation.constant} {derivation.factor:g}".strip()
        if derivation
        else "",
        "分子": indicator.numerator_name,
        "分母": indicator.denominator_name,
        "分子不超过分母": _yes(said=indicator.bounded),
        "只填整数": _yes(said=indicator.whole_numbers),
        "填报单位": "、".join(names.name(party) for party in indicator.reporters),
        "分解目标": "、".join(shares),
        "上年完成值": "" if indicator.baseline is None else number_text(indicator.baseline),
        "任务": plan.task_of[indicator.code].code,
    }


def _yes(*, said: bool) -> str:
    return "是" if said else "否"


def _deliverable_fields(task: Task, item: Deliverable) -> Fields:
    due = item.due.isoformat() if item.due else ""
    recurs = item.kind is DeliverableKind.RECURRING
    return {
        "名称": item.title,
        "完成时限": due,
        "类别": item.kind.label,
        "频次": item.schedule_text if recurs else "",
        "任务": task.code,
    }


def _unit_fields(plan: Plan, unit: Unit) -> Fields:
    return {
        "名称": unit.name,
        "类别": unit.kind.label,
        "别名": "、".join(unit.aliases),
        "曾用名": "、".join(unit.former_names),
        "并入": plan.directory.name(unit.successor) if unit.successor else "",
        "报送周期": "季度" if unit.quarterly else "月度",
        "基数": bases_text(plan, unit.bases),
    }


def _group_fields(plan: Plan, group: UnitGroup) -> Fields:
    members = "、".join(plan.directory.name(member) for member in group.members)
    return {"名称": group.name, "成员": members, "别名": "、".join(group.aliases)}
