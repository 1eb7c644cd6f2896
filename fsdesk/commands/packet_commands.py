"""`packet …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, PARTLY, after, answer, followed, tell
from fsdesk.domain.findings import reject
from fsdesk.domain.packet.heading import HeadingChoice
from fsdesk.domain.packet.sheet_choice import SheetChoice
from fsdesk.services.as_json import checked_json, summary_json
from fsdesk.services.care import other_years
from fsdesk.services.packet import checking, exchange, import_undo, importing
from fsdesk.services.packet.importing import Accepted, ImportSummary, Result
from fsdesk.services.status import aggregation

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from pathlib import Path

    from fsdesk.services.packet.checking import CheckedPacket
    from fsdesk.services.packet.importing import ImportedFile
    from fsdesk.workspace import Workspace


def packet(options: Namespace) -> int:
    """Issue, export, check or import packets."""
    actions = {
        "issue": _issue,
        "feedback": _issue,
        "export": _export,
        "check": _check,
        "import": _import,
        "undo": _undo,
    }
    return actions[options.action](options)


def _issue(options: Namespace) -> int:
    write = exchange.issue_packets if options.action == "issue" else exchange.answer_reports
    with opened(options, write=True) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        written = followed(write(workspace, period, options.out, unsealed=options.unsealed))
    plain = {
        "packets": [
            {"unit": w.unit_name, "file": str(w.file), "sealed": bool(w.sealed)} for w in written
        ]
    }
    lines = [f"{w.unit_name}\t{w.file}" + (f"\t{w.sealed}" if w.sealed else "") for w in written]
    answer(options, plain, lines)
    return DONE


def _export(options: Namespace) -> int:
    with opened(options, write=True) as workspace:
        period = aggregation.period_in_year(workspace, options.period)
        written = exchange.export_report(
            workspace,
            period,
            options.out,
            changed_rows=options.changed_rows,
            early=options.early,
            unsealed=options.unsealed,
        )
    if written.notice:
        tell(written.notice)
    plain = {
        "packet": written.packet_id,
        "unit": written.unit_name,
        "period": str(written.period),
        "digest": written.digest,
        "file": str(written.file),
        "sealed": bool(written.sealed),
        "left_behind": written.left_behind,
    }
    answer(options, plain, [f"已导出{written.unit_name}{period.label}报送包：{written.file}"])
    return DONE


def _check(options: Namespace) -> int:
    _must_exist(options.paths)
    with opened(options, write=False) as workspace:
        found = followed(
            other_years.check_packets(workspace, options.paths, _heading(options), _sheets(options))
        )
        checked = tuple(_with_command(workspace, item) for item in found)
    lines: list[str] = []
    for item in checked:
        lines.append(f"{item.file}：{_verdict(item)}")
        lines += [f"  读取的是{'、'.join(map(str, item.sheets))}"] if item.sheets else []
        lines += [f"  {item.plan_doubt}"] if item.plan_doubt else []
        lines += [f"  {finding.level.value}：{finding}" for finding in item.findings]
    if options.annotated:
        with after("已检查，但批注文件没有全部写成"):
            copies = checking.annotate(checked, options.annotated)
        lines += [f"已加批注：{file}" for file in copies]
    answer(options, [checked_json(item) for item in checked], lines)
    return DONE if checked and all(item.ok for item in checked) else PARTLY


def _verdict(item: CheckedPacket) -> str:
    if item.signature is None:
        return "不能导入"
    parts = [f"可以导入，将更新 {item.changed} 项", item.signature.label]
    if item.fingerprint:
        parts.append(f"密钥指纹 {item.fingerprint}")
    return "，".join([*parts, *item.news])


def _undo(options: Namespace) -> int:
    with opened(options, write=True) as workspace:
        undone = import_undo.undo_last_import(workspace)
    plain = {
        "packets": undone.packets,
        "records": undone.records,
        "kept": [str(key) for key in undone.kept],
    }
    lines = [f"已撤销 {undone.batch.at} 的导入：{undone.packets} 个文件，{undone.records} 项记录"]
    lines += [f"导入以后又改过或已接收锁定，保持不变：{key}" for key in undone.kept]
    answer(options, plain, lines)
    return PARTLY if undone.kept else DONE


def _import(options: Namespace) -> int:
    _must_exist(options.paths)
    with opened(options, write=True) as workspace:
        other_years.take_keys(workspace)
        summary = followed(
            importing.import_packets(
                workspace,
                options.paths,
                accepted=Accepted(
                    options.accept_unsigned, options.accept_missing_signature, options.accept_plan
                ),
                heading=_heading(options),
                sheets=_sheets(options),
            )
        )
        located = other_years.located_files(workspace, summary.files)
        summary = ImportSummary(tuple(_told_by_command(workspace, item) for item in located))
    counts = [f"{result.label} {summary.count(result)} 个" for result in Result]
    lines = [f"{'，'.join(counts)}，{summary.conflicts} 项待处理"]
    for item in summary.files:
        lines += [f"{item.result.label}\t{item.file}\t{item.message}", *_reminders(item)]
    answer(options, summary_json(summary), lines)
    if not summary.files or summary.count(Result.REJECTED) == len(summary.files):
        return 2
    return PARTLY if summary.count(Result.REJECTED) or summary.conflicts else DONE


def _reminders(item: ImportedFile) -> Iterator[str]:
    """Yield what there is to tell of a file that its message only counts."""
    if item.result is not Result.REJECTED:
        for finding in item.checked.findings:
            if finding not in item.checked.doubts:
                yield f"  {finding.level.value}：{finding}"


def _told_by_command(workspace: Workspace, item: ImportedFile) -> ImportedFile:
    checked = _with_command(workspace, item.checked)
    if checked is item.checked:
        return item
    return replace(item, checked=checked, message=str(checked.findings[0]))


def _with_command(workspace: Workspace, item: CheckedPacket) -> CheckedPacket:
    """Say of a packet of another year by which command it gets there; the window has buttons."""
    where = item.elsewhere
    if where is None or not (where.begins or where.folder):
        return item
    command = (
        f"命令为“init --role unit --plan {item.file} --from {workspace.folder}”"
        if where.begins
        else "命令用 --workspace 指定它"
    )
    first, *others = item.findings
    first = replace(first, remedy=f"{first.remedy}；{command}")
    return replace(item, findings=(first, *others))


def _heading(options: Namespace) -> HeadingChoice | None:
    return HeadingChoice(options.heading) if options.heading else None


def _sheets(options: Namespace) -> SheetChoice | None:
    if options.all_sheets or options.sheet:
        return SheetChoice(merge=options.all_sheets, only=tuple(options.sheet))
    return SheetChoice() if options.own_sheets else None


def _must_exist(paths: list[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise reject(f"找不到文件“{path}”", "请核对路径")
