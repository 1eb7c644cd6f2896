"""`init` and `demo`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fsdesk.commands.opening import folder_of
from fsdesk.commands.output import DONE, after, answer, followed, tell
from fsdesk.domain.findings import reject
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.domain.plan_document import ParsedPlan
from fsdesk.services.care import next_year, setup
from fsdesk.services.packet import checking
from fsdesk.services.plan.planning import current_plan, draft_words
from fsdesk.workspace import open_workspace

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.workspace import Workspace

# Official documents; other files are plans as data.
_DOCUMENTS = {".docx", ".htm", ".html", ".mht", ".ofd", ".pdf", ".txt", ".xlsx"}


def init(options: Namespace) -> int:
    """Make a workspace."""
    with _created(options) as workspace, after("工作区已建立"):
        whose, plan = workspace.identity, current_plan(workspace)
        plain = {
            "workspace": str(workspace.folder),
            "role": whose.role.value,
            "unit": plan.unit_name(whose.unit),
            "year": whose.year,
        }
    words = draft_words(plan, at_office=whose.is_office)
    if words:
        tell(words)
    line = f"已建立 {plain['unit']} {plain['year']} 年度工作区：{plain['workspace']}"
    answer(options, plain, [line])
    return DONE


def _created(options: Namespace) -> Workspace:
    if options.former is not None:
        return open_workspace(_following(options))
    folder = folder_of(options)
    if options.role == WorkspaceRole.OFFICE and options.unit:
        raise reject("建立汇总端工作区时不需要 --unit", "请去掉该参数")
    ending = options.plan.suffix.lower() if options.plan else ""
    if ending == ".xlsx" and options.role == WorkspaceRole.UNIT:
        return _from_packet(options)
    if options.role == WorkspaceRole.UNIT and not options.unit:
        raise reject("建立责任单位工作区时需要 --unit 单位名称", "也可用 --plan 指定下发包")
    year = options.year or datetime.now(UTC).astimezone().year
    plan = _document(options) if ending in _DOCUMENTS else setup.read_plan(options.plan, year)
    if options.role == WorkspaceRole.OFFICE:
        return setup.create_office(folder, plan, options.database, district=options.district)
    return setup.create_unit(folder, plan, options.unit, options.database)


def _following(options: Namespace) -> Path:
    """Make the workspace of the year after another one; return its folder."""
    if options.database:
        raise reject("--from 不能与 --database 同时使用", "请去掉其中一个")
    with open_workspace(options.former, write=False) as former:
        _check_following(options, former)
        file = options.plan
        if file is None:
            return next_year.make_carried_on(former, options.workspace)
        if not former.identity.is_office:
            return next_year.make_from_packet(former, file, options.workspace)
        if file.suffix.lower() in _DOCUMENTS:
            parsed = _parsed(options, former)
        else:
            year = options.year or former.identity.year + 1
            parsed = ParsedPlan(setup.read_plan(file, year), coded=True)
        folder = options.workspace or next_year.folder_beside(former, parsed.plan.year)
        next_year.make_next_year(former, folder, parsed)
        return folder


def _check_following(options: Namespace, former: Workspace) -> None:
    whose = former.identity
    if options.role != whose.role:
        kind = "汇总端" if whose.is_office else "责任单位"
        raise reject(f"“{options.former}”是{kind}的工作区", f"请用 --role {whose.role}")
    if options.unit and current_plan(former).find_unit(options.unit).code != whose.unit:
        raise reject(f"“{options.former}”不是{options.unit}的工作区", "请核对 --unit 或去掉它")
    if options.plan is None and options.year not in (None, whose.year + 1):
        raise reject(
            f"“{options.former}”之后的年度是 {whose.year + 1} 年，不是 {options.year} 年",
            "请去掉 --year 或核对文件夹",
        )


def _document(options: Namespace) -> Plan:
    """Read an official document as the plan; what is doubtful is told."""
    return _parsed(options).plan


def _parsed(options: Namespace, workspace: Workspace | None = None) -> ParsedPlan:
    from fsdesk.services.plan_document.plan_documents import read_document

    parsed = read_document(options.plan, workspace, options.year)
    for doubt in parsed.doubts:
        tell(parsed.words_of(doubt, options.plan.name))
    return parsed


def _from_packet(options: Namespace) -> Workspace:
    packet = checking.read_handed_down(options.plan)
    if options.role != WorkspaceRole.UNIT:
        raise reject("下发包只能用来建立责任单位的工作区", "请使用 --role unit")
    if options.year and options.year != packet.header.year:
        raise reject(
            f"下发包是 {packet.header.year} 年度的，与 --year {options.year} 不一致",
            "请去掉 --year 或核对文件",
        )
    if options.unit and packet.plan is not None:
        named = packet.plan.find_unit(options.unit)
        if named.code != packet.header.unit:
            raise reject(
                f"下发包属于{packet.header.unit_name}，与 --unit {options.unit} 不一致",
                "请核对文件或去掉 --unit",
            )
    return setup.create_unit_from_packet(folder_of(options), packet, options.database)


def demo(options: Namespace) -> int:
    """Make a believable year, or a slice of three levels."""
    if options.city is not None:
        return _city_demo(options)
    from fsdesk.demo.demo import make_demo

    steps = make_demo(options.out)
    next(steps)  # from here on an earlier demo is gone
    with after(f"演示没有做完，“{options.out}”中只有一部分，重新运行会从头再做"):
        made = followed(steps)
    plain = {
        "units": made.units,
        "packets": made.packets,
        "files": [str(file) for file in made.files],
    }
    lines = [
        f"演示已生成：{made.units} 个单位，{made.packets} 个报送包，{len(made.files)} 个文件",
        f"请从这里看起：{options.out / '说明.txt'}",
    ]
    answer(options, plain, lines)
    return DONE


def _city_demo(options: Namespace) -> int:
    from fsdesk.demo.city import make_city, slice_of

    size = slice_of(options.districts, options.units, options.months)
    steps = make_city(options.city, size)
    next(steps)  # from here on an earlier demo is gone
    with after(f"演示没有做完，“{options.city}”中只有一部分，重新运行会从头再做"):
        made = followed(steps)
    lines = [
        f"演示已生成：{made.districts} 个区、{made.units} 个单位，{made.packets} 个报送包",
        made.recounted,
        f"请从这里看起：{options.city / '说明.txt'}",
    ]
    answer(options, made.plain, lines)
    return 1 if made.differences else 0
