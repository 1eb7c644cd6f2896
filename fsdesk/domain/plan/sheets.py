"""A whole plan as sheets of a workbook: one row an item, every field in a column."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.plan.codec import plan_to_dict
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.plan.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan

Value = str | float
Rows = list[list[Value]]

PLAN, TASKS, ASSIGNMENTS = "计划", "任务", "责任分工"
INDICATORS, SHARES, DELIVERABLES = "指标", "分解目标", "事项"
UNITS, GROUPS, CONSTANTS, FORMER = "单位", "单位组", "参数", "此前版本"
HEADERS: Mapping[str, tuple[str, ...]] = {
    PLAN: ("项目", "内容"),
    TASKS: ("部分序号", "部分", "要点序号", "要点", "任务编码", "任务", "内容"),
    ASSIGNMENTS: ("任务编码", "单位编码", "单位", "分工"),
    INDICATORS: (
        "任务编码", "指标编码", "指标", "类型", "汇总方式", "比较", "目标值", "计量单位",
        "序时进度", "各月进度", "所属指标", "推算参数", "推算除数", "推算来源", "分子", "分母",
        "不超过总数", "只填整数", "填报单位", "上年完成值",
    ),
    SHARES: ("指标编码", "单位编码", "单位", "目标值"),
    DELIVERABLES: ("任务编码", "事项编码", "事项", "完成时限", "类别", "次数", "周期"),
    UNITS: ("单位编码", "单位", "类别", "别名", "并入", "按季度报送", "曾用名", "基数"),
    GROUPS: ("单位组编码", "单位组", "成员编码", "别名"),
    CONSTANTS: ("参数编码", "参数", "数值", "计量单位"),
    FORMER: ("最后一天", "内容（由程序读回，请勿修改）"),
}  # fmt: skip
# Columns that books of earlier programs lack.
LATER: Mapping[str, tuple[str, ...]] = {
    INDICATORS: ("上年完成值",),
    DELIVERABLES: ("类别", "次数", "周期"),
    UNITS: ("并入", "按季度报送", "曾用名", "基数"),
}
YEAR, TITLE, ISSUER, REQUIREMENT, REVISION = "年度", "标题", "发文单位", "总体要求", "版本"
SINCE = "生效日期"
# Of a draft: the year whose plan it carries on.
CARRIED = "沿用年度"
# Of what the plan was earlier in the year, so many characters stand in a cell.
_FORMER_PART = 20_000
YES, NO = "是", "否"
# What earlier programs wrote.
FORMER_WORDS = {"区级部门": UnitKind.DEPARTMENT.label}
# Between codes of one cell, and between names, which may hold any other mark.
CODES, LINES = "、", "\n"


def plan_to_sheets(plan: Plan) -> dict[str, Rows]:
    """Return every sheet with its header."""
    rows: dict[str, Rows] = {
        PLAN: [
            [YEAR, float(plan.year)],
            [TITLE, plan.title],
            [ISSUER, plan.issuer],
            [REQUIREMENT, plan.overall_requirement],
            [REVISION, float(plan.revision)],
            [SINCE, (plan.since or date(plan.year, 1, 1)).isoformat()],
            *([[CARRIED, float(plan.carried_from)]] if plan.carried_from else []),
        ],
        TASKS: list(_task_rows(plan)),
        ASSIGNMENTS: [
            [t.code, a.party, plan.directory.name(a.party), a.role.label]
            for t in plan.tasks
            for a in t.assignments
        ],
        INDICATORS: [_indicator_row(t.code, i) for t in plan.tasks for i in t.indicators],
        SHARES: [
            [i.code, s.unit, plan.directory.name(s.unit), s.target]
            for i in plan.indicators
            for s in i.shares
        ],
        DELIVERABLES: [
            [
                *(t.code, d.code, d.title, d.due.isoformat() if d.due else "", d.kind.label),
                *((float(d.times), d.cycle.label) if _recurs(d) else ("", "")),
            ]
            for t in plan.tasks
            for d in t.deliverables
        ],
        UNITS: [
            [
                *(u.code, u.name, u.kind.label, LINES.join(u.aliases), u.successor),
                *(YES if u.quarterly else NO, LINES.join(u.former_names)),
                LINES.join(f"{code}={number_text(value, 4)}" for code, value in u.bases),
            ]
            for u in plan.directory.units
        ],
        GROUPS: [
            [g.code, g.name, CODES.join(g.members), LINES.join(g.aliases)]
            for g in plan.directory.groups
        ],
        CONSTANTS: [[c.code, c.name, c.value, c.measure_unit] for c in plan.constants],
    }
    if plan.former:
        rows[FORMER] = list(_former_rows(plan))
    return {title: [list[Value](HEADERS[title]), *found] for title, found in rows.items()}


def _former_rows(plan: Plan) -> Iterable[list[Value]]:
    for former in plan_to_dict(plan)["former"]:
        text = json.dumps(former["plan"], ensure_ascii=False)
        for at in range(0, len(text), _FORMER_PART):
            yield [former["until"] if at == 0 else "", text[at : at + _FORMER_PART]]


def _recurs(item: Deliverable) -> bool:
    return item.kind is DeliverableKind.RECURRING


def _task_rows(plan: Plan) -> Iterable[list[Value]]:
    """Yield a row for each task; points without tasks and sections without points have one, too."""
    for section in plan.sections:
        head: list[Value] = [float(section.number), section.title]
        if not section.points:
            yield [*head, "", "", "", "", ""]
        for point in section.points:
            middle: list[Value] = [*head, float(point.number), point.title]
            if not point.tasks:
                yield [*middle, "", "", ""]
            for task in point.tasks:
                yield [*middle, task.code, task.title, task.text]


def _indicator_row(task: str, indicator: Indicator) -> list[Value]:
    derivation = indicator.derivation
    return [
        task,
        indicator.code,
        indicator.name,
        indicator.kind.label,
        indicator.aggregation.label,
        indicator.operator.value,
        indicator.target,
        indicator.measure_unit,
        indicator.pace.rule.label,
        CODES.join(repr(share) for share in indicator.pace.curve),
        indicator.part_of,
        derivation.constant if derivation else "",
        derivation.factor if derivation else "",
        derivation.source if derivation else "",
        indicator.numerator_name,
        indicator.denominator_name,
        YES if indicator.bounded else NO,
        YES if indicator.whole_numbers else NO,
        CODES.join(indicator.reporters),
        "" if indicator.baseline is None else indicator.baseline,
    ]
