"""`packet …`, `conflicts` and `submission list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, PARTLY, answer, followed
from fsdesk.domain.findings import reject
from fsdesk.services import aggregation, deciding, exchange, taking
from fsdesk.services.planning import current_plan
from fsdesk.services.shown import checked_json, conflicts_json, record_json, summary_json
from fsdesk.services.taking import Result

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path


def packet(options: Namespace) -> int:
    """Issue, export, check or import packets."""
    return {"issue": _issue, "export": _export, "check": _check, "import": _import}[options.action](
        options
    )


def _issue(options: Namespace) -> int:
    with opened(options, write=True) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        written = followed(exchange.issue_packets(workspace, period, options.out))
    plain = {"packets": [{"unit": w.unit_name, "file": str(w.file)} for w in written]}
    answer(options, plain, [f"{w.unit_name}\t{w.file}" for w in written])
    return DONE


def _export(options: Namespace) -> int:
    with opened(options, write=True) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        written = exchange.export_report(workspace, period, options.out)
    plain = {
        "packet": written.packet_id,
        "unit": written.unit_name,
        "period": str(written.period),
        "digest": written.digest,
        "file": str(written.file),
    }
    answer(options, plain, [f"已导出{written.unit_name}{period.label}报送包：{written.file}"])
    return DONE


def _check(options: Namespace) -> int:
    _must_exist(options.paths)
    with opened(options, write=False) as workspace:
        checked = followed(taking.check_packets(workspace, options.paths))
    lines: list[str] = []
    for item in checked:
        verdict = f"可以导入，将更新 {len(item.changes)} 项" if item.ok else "不能导入"
        lines.append(f"{item.file}：{verdict}")
        lines += [f"  {finding.level.value}：{finding}" for finding in item.findings]
    answer(options, [checked_json(item) for item in checked], lines)
    return DONE if checked and all(item.ok for item in checked) else PARTLY


def _import(options: Namespace) -> int:
    _must_exist(options.paths)
    with opened(options, write=True) as workspace:
        summary = followed(taking.import_packets(workspace, options.paths))
    counts = [f"{result.label} {summary.count(result)} 个" for result in Result]
    lines = [f"{'，'.join(counts)}，{summary.conflicts} 项待处理"]
    lines += [f"{item.result.label}\t{item.file}\t{item.message}" for item in summary.files]
    answer(options, summary_json(summary), lines)
    if not summary.files or summary.count(Result.REJECTED) == len(summary.files):
        return 2
    return PARTLY if summary.count(Result.REJECTED) or summary.conflicts else DONE


def _must_exist(paths: list[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise reject(f"找不到文件“{path}”", "请核对路径")


def conflicts(options: Namespace) -> int:
    """List conflicts, or decide one."""
    if options.action == "resolve":
        with opened(options, write=True) as workspace:
            kept = deciding.resolve(workspace, options.id, keep_mine=options.keep == "mine")
            plan = current_plan(workspace)
        answer(options, record_json(plan, kept), [f"已处理 {options.id}"])
        return DONE
    with opened(options, write=False) as workspace:
        found = deciding.conflicts(workspace)
        plan = current_plan(workspace)
    plain = conflicts_json(plan, found)
    lines = [f"{c['id']}\t{c['unit']}\t{c['period']}\t{c['item']}" for c in plain]
    answer(options, plain, lines or ["没有待处理的差异"])
    return DONE


def submissions(options: Namespace) -> int:
    """List who has reported for a period."""
    with opened(options, write=False) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        listed = aggregation.reports_of(workspace, period)
    plain: list[dict[str, Any]] = [
        {
            "unit": item.name,
            "period": str(period),
            "state": item.state,
            "submitted_at": item.made_at or None,
            "on_time": item.on_time,
        }
        for item in listed
    ]
    lines = [f"{item.name}\t{item.state_label}\t{item.made_at}" for item in listed]
    answer(options, plain, lines)
    return DONE
