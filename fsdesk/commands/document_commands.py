"""`plan baselines`, `parse`, `import`, `diff` and `export`: what needs the reader of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, PARTLY, answer, tell
from fsdesk.commands.plan_commands import plan_lines
from fsdesk.domain.findings import reject
from fsdesk.domain.plan.changes import PlanDifference
from fsdesk.domain.typed import CellError, read_date
from fsdesk.services.as_json import difference_json, parsed_json
from fsdesk.services.care import next_year
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.plan_document import corrections, plan_documents

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from datetime import date

    from fsdesk.domain.plan_document import ParsedPlan
    from fsdesk.services.status.plan_effects import MonthEffect
    from fsdesk.workspace import Workspace


def run(options: Namespace) -> int:
    """Do one of them."""
    actions = {
        "baselines": _baselines,
        "parse": _parse,
        "import": _import,
        "diff": _diff,
        "export": _export,
    }
    return actions[options.action](options)


def _baselines(options: Namespace) -> int:
    with opened(options, write=True) as workspace:
        count = next_year.update_baselines(workspace)
    line = f"已更新 {count} 个指标的上年完成值" if count else "上年完成值没有变化"
    answer(options, {"changed": count}, [line])
    return DONE


def _parse(options: Namespace) -> int:
    """Read a document; the workspace's units are known when the options name a workspace."""
    if options.workspace is None and options.database is None:
        parsed = _read(options)
    else:
        with opened(options, write=False) as workspace:
            parsed = _read(options, workspace)
    lines = plan_lines(parsed.plan)
    lines += [parsed.words_of(doubt, options.file.name) for doubt in parsed.doubts]
    answer(options, parsed_json(parsed), lines)
    return DONE


def _read(options: Namespace, workspace: Workspace | None = None) -> ParsedPlan:
    parsed = plan_documents.read_document(options.file, workspace, options.year)
    if not options.owner:
        return parsed
    return corrections.all_assigned(parsed, parsed.plan.find_unit(options.owner).code)


def _import(options: Namespace) -> int:
    """Take a document into the workspace; while it has doubts, only after somebody looked."""
    since = _day(options.since)
    with opened(options, write=True) as workspace:
        parsed = _read(options, workspace)
        if parsed.warnings and not options.accept_doubts:
            return _not_taken(options, parsed)
        effects = plan_documents.effects_of_document(workspace, parsed, since)
        difference = plan_documents.import_document(workspace, parsed, since)
        year = workspace.identity.year
    _tell_doubts(options, parsed)
    _tell_effects(effects)
    if parsed.plan.year != year:
        tell(f"已存为 {parsed.plan.year} 年度的计划，工作区的 {year} 年度计划没有变化。")
    answer(options, difference_json(difference), _difference_lines(difference))
    return DONE


def _not_taken(options: Namespace, parsed: ParsedPlan) -> int:
    _tell_doubts(options, parsed)
    tell(
        f"有 {len(parsed.warnings)} 处需要核对，计划没有更新。请在窗口中读取这份文件逐处核对；"
        "确认读得无误后，也可加 --accept-doubts 再导入。"
    )
    nothing = PlanDifference()
    answer(options, difference_json(nothing), _difference_lines(nothing))
    return PARTLY


def _day(text: str | None) -> date | None:
    try:
        return read_date(text or None)
    except CellError as problem:
        raise reject(f"生效日期“{text}”无法识别", "请写成 2026-09-01") from problem


def _tell_effects(effects: Sequence[MonthEffect]) -> None:
    """Say which months that have ended are judged otherwise from now on."""
    for effect in effects:
        count = len(effect.changes)
        tell(f"{effect.month.label}有 {count} 处数据或亮灯改变，如：{effect.changes[0]}")
    if effects:
        tell("只从某一天起生效的，请用 --since 写明日期；已导入的，先在“编辑计划”中撤销。")


def _diff(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        parsed = _read(options, workspace)
        effects = plan_documents.effects_of_document(workspace, parsed, _day(options.since))
        difference = plan_documents.compare_document(workspace, parsed)
    _tell_doubts(options, parsed)
    _tell_effects(effects)
    answer(options, difference_json(difference), _difference_lines(difference))
    return DONE


def _export(options: Namespace) -> int:
    with opened(options, write=False) as workspace:
        plan_documents.export_plan(current_plan(workspace), options.file)
    answer(options, {"file": str(options.file)}, [f"已导出：{options.file}"])
    return DONE


def _tell_doubts(options: Namespace, parsed: ParsedPlan) -> None:
    for doubt in parsed.doubts:
        tell(parsed.words_of(doubt, options.file.name))


def _difference_lines(difference: PlanDifference) -> list[str]:
    if difference.is_empty:
        return ["计划没有变化"]
    return [
        *(f"增加 {change}" for change in difference.added),
        *(f"修改 {change}" for change in difference.changed),
        *(f"移除 {change}" for change in difference.removed),
    ]
