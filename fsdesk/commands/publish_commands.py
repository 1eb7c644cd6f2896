"""`publish`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer
from fsdesk.domain.plain import to_plain
from fsdesk.services.as_json import publication_json
from fsdesk.services.output import publishing
from fsdesk.services.status import aggregation, published

if TYPE_CHECKING:
    from argparse import Namespace


def publish(options: Namespace) -> int:
    """Publish a period's figures, take that back, or tell what was published."""
    if options.list or options.differences:
        return _tell(options)
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


def _tell(options: Namespace) -> int:
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
