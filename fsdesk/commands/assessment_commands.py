"""`assessment`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer
from fsdesk.domain.findings import reject
from fsdesk.domain.output.kinds import SCORE
from fsdesk.domain.plan.indicators import number_text
from fsdesk.services import assessment
from fsdesk.services.output import reporting
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.status import aggregation

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.domain.assessment import ScoreSheet


def run(options: Namespace) -> int:
    """Show the ranking or one score sheet, or write it."""
    with opened(options, write=False) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        if options.out is not None:
            kind = SCORE if options.unit else "assessment"
            pages = reporting.write_table(workspace, kind, period, options.out, item=options.unit)
            facts = {"file": str(options.out), "pages": pages}
            answer(options, facts, [f"已生成：{options.out}"])
            return DONE
        found = assessment.assess(workspace, period)
        sheets = found.sheets
        if options.unit:
            code = current_plan(workspace).find_unit(options.unit).code
            sheets = tuple(sheet for sheet in sheets if sheet.unit == code)
            if not sheets:
                raise reject(f"“{options.unit}”不参加评议考核", "请换一个单位")
    plain = {"period": str(period), "units": [_plain(sheet) for sheet in sheets]}
    answer(options, plain, _lines(sheets, whole=bool(options.unit)))
    return DONE


def _plain(sheet: ScoreSheet) -> dict[str, Any]:
    return {
        "rank": sheet.rank,
        "unit": sheet.name,
        "total": sheet.total,
        "grade": sheet.grade,
        "lines": [
            {
                "title": line.title,
                "basis": line.basis,
                "value": line.value,
                "formula": line.formula,
                "full": line.full,
                "points": line.points,
                "sources": [
                    {"name": source.name, "text": source.text, "share": source.share}
                    for source in line.sources
                ],
            }
            for line in sheet.lines
        ],
    }


def _lines(sheets: tuple[ScoreSheet, ...], *, whole: bool) -> list[str]:
    found: list[str] = []
    for sheet in sheets:
        found.append(
            f"第 {sheet.rank} 名\t{number_text(sheet.total)} 分\t{sheet.grade}\t{sheet.name}"
        )
        if whole:
            found += [
                f"\t{number_text(line.points)}\t{line.title}\t{line.value}\t{line.formula}"
                for line in sheet.lines
            ]
    return found
