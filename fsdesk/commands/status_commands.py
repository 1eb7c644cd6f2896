"""`status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer
from fsdesk.domain.output.reporting import Reporting, basis_line
from fsdesk.domain.output.wording import target_text, value_text
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced, share_text
from fsdesk.services.as_json import handed_over_json, status_json
from fsdesk.services.output import heads
from fsdesk.services.status import aggregation

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.domain.packet.handover import HandedOver
    from fsdesk.domain.status.results import IndicatorResult, YearStatus
    from fsdesk.workspace import Workspace


def status(options: Namespace) -> int:
    """Show the aggregate."""
    with opened(options, write=False) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        looked_at = workspace.latest if options.now else workspace
        judged = aggregation.status(looked_at, period)
        told = heads.reporting_of(looked_at, period)
        stands = None if workspace.identity.is_office else _handed_over(workspace)
    plain, lines = status_json(judged), _status_lines(judged, told)
    if stands is not None:
        plain["handed_over"] = handed_over_json(stands)
        lines.insert(0, f"报送情况：{stands.words}")
    answer(options, plain, lines)
    return DONE


def _handed_over(workspace: Workspace) -> HandedOver:
    from fsdesk.services.status import handover  # an office hands nothing over

    return handover.handed_over(workspace)


def _status_lines(judged: YearStatus, told: Reporting) -> list[str]:
    shown = paced(judged.progress, judged.pace, judged.rules)
    whose = Measure.UNIT_PROGRESS if judged.unit else Measure.OVERALL
    lines = [
        (
            f"{judged.until_text}：{whose.label} {shown.reached}，"
            f"{Measure.PACE.label} {shown.pace}，{judged.light.mark} {judged.light.label}"
        ),
        (
            f"{Measure.REPORTING_RATE.label} {share_text(judged.reporting_rate)}，"
            f"{Measure.TIMELINESS.label} {share_text(judged.timeliness)}"
        ),
        f"数据依据：{basis_line(judged, told)}",
        f"规则：低于序时进度 {number_text(judged.rules.yellow_margin * 100)} 个百分点以内为偏慢",
        "",
    ]
    if judged.plan.draft_note:
        lines.insert(0, f"{judged.plan.draft_note}。")
    lines += [_indicator_line(judged, result) for result in judged.indicators]
    lines.append("")
    lines += [
        f"{unit.light.mark} {unit.light.label}\t{Measure.UNIT_PROGRESS.label} "
        f"{paced(unit.progress, unit.pace, judged.rules).reached}\t{unit.name}"
        for unit in judged.units
    ]
    return lines


def _indicator_line(judged: YearStatus, result: IndicatorResult) -> str:
    indicator = result.indicator
    value = value_text(indicator, result.figure, judged.period)
    share = paced(result.attainment, result.pace, judged.rules).reached
    return (
        f"{result.light.mark} {result.light.label}\t{indicator.code} {indicator.name}\t"
        f"{value}\t目标 {target_text(judged, result)}\t{Measure.ATTAINMENT.label} {share}"
    )
