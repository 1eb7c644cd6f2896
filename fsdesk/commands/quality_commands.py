"""`quality`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer, followed, tell
from fsdesk.domain.findings import Severity
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.quality import data_quality
from fsdesk.services.status import aggregation

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.services.quality.data_quality import Quality, QualityGroup


def run(options: Namespace) -> int:
    """Show what is doubtful in typed values and ledgers, or write it as a list."""
    with opened(options, write=False) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        plan = current_plan(workspace)
        unit = plan.find_unit(options.unit).code if options.unit else ""
        found = followed(data_quality.examine(workspace, period, unit))
        if options.out is not None:
            count = data_quality.write_list(workspace, found, options.out, tuple(Severity))
            answer(options, {"file": str(options.out), "count": count}, [f"已生成：{options.out}"])
            return DONE
    answer(
        options, _plain(found), [line for group in found.groups for line in _lines(found, group)]
    )
    tell(f"检查 {found.checked} 条规则，发现 {found.count()} 处；不再提示的 {found.hidden} 处。")
    return DONE


def _plain(found: Quality) -> dict[str, Any]:
    return {
        "period": str(found.period),
        "rules": found.checked,
        "count": found.count(),
        "hidden": found.hidden,
        "groups": [
            {
                "level": group.rule.level.value,
                "rule": group.rule.code,
                "title": group.title,
                "subject": group.subject,
                "count": group.total,
                "by_unit": dict(group.by_unit),
                "first": [
                    {"message": doubt.message, "remedy": doubt.remedy, **asdict(doubt.spot)}
                    for doubt in group.doubts
                ],
            }
            for group in found.groups
        ],
    }


def _lines(found: Quality, group: QualityGroup) -> list[str]:
    if not group.total:
        return []
    lines = [f"{group.rule.level.value}\t{group.subject}\t{group.title}\t{group.total} 处"]
    for doubt in group.doubts:
        name = found.plan.unit_name(doubt.spot.unit)
        lines.append(f"\t{name}\t{found.place(doubt.spot)}\t{doubt.message}")
    rest = group.total - len(group.doubts)
    return [*lines, f"\t另有 {rest} 处"] if rest else lines
