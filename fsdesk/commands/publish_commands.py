"""`publish`, and `server`: what the districts of one server have published, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, PARTLY, answer
from fsdesk.domain.findings import reject
from fsdesk.domain.output.wording import light_text
from fsdesk.domain.plain import to_plain
from fsdesk.domain.status.shares import paced
from fsdesk.services.as_json import publication_json
from fsdesk.services.output import districts, publishing
from fsdesk.services.status import aggregation, published

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from fsdesk.domain.output.districts import Comparison, DistrictPlace


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


def server(options: Namespace) -> int:
    """Renew the reading views, or compare the districts by them."""
    return _views(options) if options.action == "views" else _compare(options)


def _views(options: Namespace) -> int:
    found = districts.renew_views(options.address, options.reader)
    lines = [f"对比视图中有 {len(found.schemas)} 个工作区：{'、'.join(found.schemas) or '无'}"]
    if found.left_out:
        names = "、".join(found.left_out)
        lines.append(f"没有列入：{names}，现在的账号没有读取它们的权限")
    plain = {"schemas": list(found.schemas), "left_out": list(found.left_out)}
    answer(options, plain, lines)
    return PARTLY if found.left_out else DONE


def _compare(options: Namespace) -> int:
    comparison = districts.compare(options.address, options.period)
    if options.indicator and not comparison.rankings(options.indicator):
        raise reject(
            f"{comparison.period.label}发布的数字中没有指标“{options.indicator}”",
            "请核对指标的名称或编码",
        )
    if options.out:
        districts.save(comparison, options.indicator, options.out)
    answer(options, _compared(comparison, options.indicator), list(_lines(comparison, options)))
    return DONE


def _lines(comparison: Comparison, options: Namespace) -> Iterator[str]:
    for each in comparison.districts:
        yield f"{each.name}\t{each.told}"
    for ranking in comparison.rankings(options.indicator):
        yield f"\n{ranking.measured.name}"
        for place in ranking.places:
            yield "\t".join((place.place_text, place.district.name, *_figures(place), place.why))
    yield ""
    yield from comparison.notes
    if options.out:
        yield f"已导出：{options.out}"


def _figures(place: DistrictPlace) -> tuple[str, ...]:
    result, status = place.result, place.district.status
    if result is None or status is None:
        return ()
    texts = paced(result.attainment, result.pace, status.rules)
    return (
        place.value,
        result.indicator.target_text,
        texts.reached,
        light_text(result.light),
        str(result.coverage),
    )


def _compared(comparison: Comparison, wanted: str) -> dict[str, object]:
    return {
        "period": str(comparison.period),
        "districts": [
            {
                "schema": each.schema,
                "name": each.name,
                "publication": each.status
                and each.status.publication
                and publication_json(each.status.publication),
                "came": each.came,
                "late": list(each.reporting.late),
                "missing": list(each.reporting.missing),
            }
            for each in comparison.districts
        ],
        "unlisted": list(comparison.unlisted),
        "rankings": [
            {
                "indicator": ranking.measured.name,
                "measure_unit": ranking.measured.measure_unit,
                "places": [_place(place) for place in ranking.places],
            }
            for ranking in comparison.rankings(wanted)
        ],
    }


def _place(place: DistrictPlace) -> dict[str, object]:
    result = place.result
    return {
        "schema": place.district.schema,
        "place": place.place,
        "code": result and result.indicator.code,
        "value": result and result.figure.value,
        "target": result and result.indicator.target,
        "attainment": result and result.attainment,
        "light": result and result.light.value,
        "why": place.why,
    }
