"""`server`: what an administrator does at it, and its districts side by side."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fsdesk import files
from fsdesk.commands.output import DONE, PARTLY, answer, tell
from fsdesk.domain.accounts import AccountRole
from fsdesk.domain.findings import reject
from fsdesk.domain.output.wording import light_text
from fsdesk.domain.status.shares import paced
from fsdesk.services.as_json import publication_json
from fsdesk.services.care import joining
from fsdesk.services.output import districts

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from fsdesk.domain.output.districts import Comparison, DistrictPlace

_ROLES = {
    "admin": AccountRole.ADMINISTRATOR,
    "clerk": AccountRole.CLERK,
    "reader": AccountRole.READER,
}


def server(options: Namespace) -> int:
    """Prepare or check a server for its administrator, or compare the districts on it."""
    steps = {"script": _script, "check": _check, "views": _views, "compare": _compare}
    return steps[options.action](options)


def _script(options: Namespace) -> int:
    wanted = joining.shared_at(options.address)
    text = joining.script(wanted, options.admin, options.clerk, options.reader)
    if options.file is None:
        sys.stdout.write(text)
    else:
        files.save_text(options.file, text)
        tell(f"已写入 {options.file}")
    return DONE


def _check(options: Namespace) -> int:
    found = joining.check_at(options.address, _ROLES[options.role], options.account)
    plain = [
        {"what": each.what, "found": each.found, "right": each.is_right, "remedy": each.remedy}
        for each in found
    ]
    lines = [
        f"{each.verdict}　{each.what}：{each.found}" + (f"。{each.remedy}" if each.remedy else "")
        for each in found
    ]
    wrong = sum(not each.is_right for each in found)
    answer(options, plain, [*lines, f"共 {len(found)} 项，{wrong} 项不合格"])
    return PARTLY if wrong else DONE


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
