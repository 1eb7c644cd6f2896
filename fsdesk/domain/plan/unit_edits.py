"""Changing units and groups of a plan by hand; codes stay, so that renaming loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.plan.codes import FreshCodes
from fsdesk.domain.plan.edits import checked, each_point, named
from fsdesk.domain.plan.indicators import TargetShare
from fsdesk.domain.plan.plan import Assignment
from fsdesk.domain.plan.units import Directory, Unit, UnitKind
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan, Role, Task
    from fsdesk.domain.plan.units import UnitGroup


def put_unit(plan: Plan, unit: Unit, taken: Collection[str] = ()) -> Plan:
    """Change the unit of that code, or add one that has none; a changed name stays as a former one.

    InputRejectedError when its name is missing or another party's, one of its own names was added
    to the former ones, or the plan would have two coordinating offices or none.
    """
    unit = replace(unit, name=named(unit.name, "单位名称"), aliases=_aliases(unit.aliases))
    if not unit.code:
        unit = replace(unit, code=FreshCodes(plan, taken).next("u"))
    directory = plan.directory
    _refuse_namesakes(directory, unit.code, (unit.name, *unit.aliases))
    office = directory.office
    if unit.kind is UnitKind.OFFICE and office is not None and office.code != unit.code:
        raise reject(f"统筹办公室已是“{office.name}”", "请为这个单位选择其他类别")
    if office is not None and office.code == unit.code and unit.kind is not UnitKind.OFFICE:
        raise reject("统筹办公室的类别不能改", "请只修改名称和别名")
    before = directory.by_code.get(unit.code)
    if before is not None:
        _refuse_present_names(before, unit)
    renamed = before is not None and fold(before.name) != fold(unit.name)
    former = (*unit.former_names, before.name) if before and renamed else unit.former_names
    unit = replace(unit, former_names=_without(_aliases(former), (unit.name, *unit.aliases)))
    units = tuple(
        unit if each.code == unit.code else _giving_up(each, unit) for each in directory.units
    )
    if before is None:
        units = (*units, unit)
    return replace(plan, directory=Directory(units, directory.groups))


def _refuse_present_names(before: Unit, unit: Unit) -> None:
    """Refuse a name added to the former ones by which the unit still goes: it would only vanish."""
    present = set(map(fold, (unit.name, *unit.aliases))) - set(map(fold, before.former_names))
    wrong = [name for name in unit.former_names if fold(name) in present]
    if wrong:
        raise reject(f"“{wrong[0]}”是“{unit.name}”现在的名称或别名", "曾用名请只写以前的叫法")


def _giving_up(other: Unit, unit: Unit) -> Unit:
    """Return another unit without former names by which this one goes now."""
    if not other.former_names:
        return other
    return replace(other, former_names=_without(other.former_names, unit.names))


def _without(names: tuple[str, ...], taken: tuple[str, ...]) -> tuple[str, ...]:
    gone = set(map(fold, taken))
    return tuple({fold(name): name for name in names if fold(name) not in gone}.values())


def drop_unit(plan: Plan, code: str) -> Plan:
    """Take out a unit that isn't the office and answers for nothing by name; its reports stay."""
    directory = plan.directory
    name = directory.name(code)
    if directory.office is not None and directory.office.code == code:
        raise reject("统筹办公室不能移除", "如已改名，请直接修改名称")
    _refuse_used(plan, code, name)
    merged = next((unit.name for unit in directory.units if unit.successor == code), None)
    if merged is not None:
        raise reject(
            f"“{merged}”已并入“{name}”",
            f"如“{name}”也已撤并，请把它并入接续的单位",
        )
    groups = tuple(
        replace(group, members=tuple(member for member in group.members if member != code))
        for group in directory.groups
    )
    units = tuple(unit for unit in directory.units if unit.code != code)
    return checked(plan, replace(plan, directory=Directory(units, groups)))


def merge_unit(plan: Plan, gone: str, into: str) -> Plan:
    """Let a unit go on as part of another (并入), which takes over all that it answered for.

    The other keeps the weightier role where both answer, and their shares of a target add up. The
    unit stays in the directory: its months, its reports and its name are still there.

    InputRejectedError for the office, for a unit and itself, and where one of the two has ended.
    """
    directory = plan.directory
    units = [directory.by_code.get(code) for code in (gone, into)]
    if None in units:
        raise reject("计划中已没有这个单位", "请刷新后再试")
    if gone == into:
        raise reject("单位不能并入自己", "请选择另一个单位")
    if directory.office is not None and directory.office.code == gone:
        raise reject("统筹办公室不能并入其他单位", "如已改名，请直接修改名称")
    ended = next((unit for unit in units if unit and unit.successor), None)
    if ended is not None:
        name = directory.name(ended.successor)
        raise reject(f"“{ended.name}”已并入“{name}”", "请选择仍在工作的单位")
    groups = tuple(
        replace(group, members=_passed(group.members, gone, into)) for group in directory.groups
    )
    merged = tuple(
        replace(unit, successor=into) if unit.code == gone else unit for unit in directory.units
    )
    changed = replace(plan, directory=Directory(merged, groups))
    return checked(
        plan,
        each_point(
            changed,
            lambda point: replace(
                point, tasks=tuple(_task_passed(task, gone, into) for task in point.tasks)
            ),
        ),
    )


def _passed(parties: tuple[str, ...], gone: str, into: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(into if party == gone else party for party in parties))


def _task_passed(task: Task, gone: str, into: str) -> Task:
    roles: dict[str, Role] = {}
    for each in task.assignments:
        party = into if each.party == gone else each.party
        roles[party] = each.role.heavier(roles.get(party))
    return replace(
        task,
        assignments=tuple(Assignment(party, role) for party, role in roles.items()),
        indicators=tuple(_indicator_passed(each, gone, into) for each in task.indicators),
    )


def _indicator_passed(indicator: Indicator, gone: str, into: str) -> Indicator:
    shares: dict[str, float] = {}
    for share in indicator.shares:
        unit = into if share.unit == gone else share.unit
        shares[unit] = shares.get(unit, 0.0) + share.target
    return replace(
        indicator,
        reporters=_passed(indicator.reporters, gone, into),
        shares=tuple(TargetShare(unit, target) for unit, target in shares.items()),
    )


def put_group(plan: Plan, group: UnitGroup, taken: Collection[str] = ()) -> Plan:
    """Change the group of that code, or add one that has none.

    InputRejectedError when its name is missing or another party's, it has no members, or a unit
    that leaves it has a target share.
    """
    group = replace(group, name=named(group.name, "单位组名称"), aliases=_aliases(group.aliases))
    if not group.code:
        group = replace(group, code=FreshCodes(plan, taken).next("g"))
    if not group.members:
        raise reject(f"单位组“{group.name}”没有成员", "请至少勾选一个单位")
    directory = plan.directory
    _refuse_namesakes(directory, group.code, (group.name, *group.aliases))
    groups = tuple(group if each.code == group.code else each for each in directory.groups)
    if group.code not in directory.groups_by_code:
        groups = (*groups, group)
    return checked(plan, replace(plan, directory=Directory(directory.units, groups)))


def drop_group(plan: Plan, code: str) -> Plan:
    """Take a group out of the plan; InputRejectedError when it still answers for something."""
    directory = plan.directory
    _refuse_used(plan, code, directory.name(code))
    groups = tuple(group for group in directory.groups if group.code != code)
    return replace(plan, directory=Directory(directory.units, groups))


def move_unit(plan: Plan, code: str, by: int) -> Plan:
    """Move a unit up (negative) or down in the order of all tables; stops at the ends."""
    units = list(plan.directory.units)
    at = next(n for n, unit in enumerate(units) if unit.code == code)
    unit = units.pop(at)
    units.insert(min(max(at + by, 0), len(units)), unit)
    return replace(plan, directory=Directory(tuple(units), plan.directory.groups))


def _refuse_used(plan: Plan, code: str, name: str) -> None:
    """Refuse to take out a party that the plan names."""
    tasks = [t.code for t in plan.tasks if any(a.party == code for a in t.assignments)]
    if tasks:
        raise reject(
            f"“{name}”仍是任务 {'、'.join(tasks)} 的责任单位", "请先修改这些任务的责任分工"
        )
    for indicator in plan.indicators:
        if code in indicator.reporters or indicator.share_of(code) is not None:
            raise reject(
                f"“{name}”仍填报指标“{indicator.name}”", "请先修改该指标的填报单位和分解目标"
            )


def _refuse_namesakes(directory: Directory, code: str, names: tuple[str, ...]) -> None:
    for name in names:
        other = directory.find(name)
        was = isinstance(other, Unit) and other.former_name(name)
        if other is not None and other.code != code and not was:
            raise reject(f"“{name}”已是“{other.name}”的名称、别名或编码", "请换一个名称")
    if len({fold(name) for name in names}) < len(names):
        raise reject("名称和别名中有重复", "请去掉重复的别名")


def _aliases(aliases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(alias.strip() for alias in aliases if alias.strip())
