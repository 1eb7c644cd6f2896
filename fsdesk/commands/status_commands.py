"""`status`, and `publish`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer
from fsdesk.domain.output.reporting import Reporting, basis_line
from fsdesk.domain.output.wording import target_text, value_text
from fsdesk.domain.plain import to_plain
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced, share_text
from fsdesk.services.as_json import handed_over_json, publication_json, status_json
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


def publish(options: Namespace) -> int:
    """Publish a period's figures, take that back, or tell what was published."""
    if options.list or options.differences:
        return _tell_published(options)
    from fsdesk.services.output import publishing
    from fsdesk.services.status import published

    with opened(options, write=True) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        if options.revoke:
            found, done = published.revoke(workspace, period), f"已撤销{period.label}最近一次发布"
        else:
            out = publishing.publish(workspace, period, options.occasion)
            found, done = out.publication, f"已发布。{out.remark}" if out.remark else "已发布"
    stands = f"{period.label}：{found}" if found else f"{period.label}现在没有发布的数字"
    answer(options, found and publication_json(found), [done, stands])
    return DONE


def _tell_published(options: Namespace) -> int:
    from fsdesk.services.status import published

    with opened(options, write=False) as workspace:
        if options.list:
            listed = published.publications(workspace)
            lines = [f"{each.period.label}\t{each}\t{each.who}" for each in listed]
            plain = [publication_json(each) for each in listed]
            answer(options, plain, lines or ["没有发布的数字"])
            return DONE
        period = aggregation.period_in_year(workspace, options.period)
        found = published.differences(workspace, period)
    lines = list[str]()
    for each in found:
        lines.append(f"{each.what} {each.name}：{each.published} → {each.now}")
        lines += [f"\t{cause}" for cause in each.causes]
    answer(options, to_plain(found), lines or ["与发布时相同"])
    return DONE
