"""The plan of the workspace, and the few figures and rules that the office may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import reject, workspace_error
from fsdesk.domain.plan.effect import numbered, with_effect
from fsdesk.domain.plan.history import summary
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.settings import check_rules
from fsdesk.store import identity
from fsdesk.store.care import restored
from fsdesk.store.plan import plans

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.settings import Rules
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace


def current_plan(workspace: Workspace) -> Plan:
    """Return the plan of the workspace's year.

    Raises:
        WorkspaceError: When the workspace holds none.
    """
    with workspace.reading() as session:
        return plan_in(session, workspace.identity.year)


def plan_in(session: Session, year: int) -> Plan:
    """Return the plan of a year within an open transaction.

    Raises:
        WorkspaceError: When there is none.
    """
    found = plans.load_plan(session, year)
    if found is None:
        raise workspace_error(f"工作区中没有 {year} 年度的计划", "请重新建立工作区")
    return found


def ledgers(workspace: Workspace) -> tuple[tuple[Ledger, int], ...]:
    """Return the declared ledgers, each with how many entries it has."""
    from fsdesk.store.ledger import ledgers as store_ledgers  # who reads the plan needs no ledgers

    with workspace.reading() as session:
        counts = store_ledgers.entry_counts(session)
        return tuple(
            (ledger, counts.get(ledger.code, 0)) for ledger in store_ledgers.load_ledgers(session)
        )


def store_change(writing: Writing, before: Plan, after: Plan, since: date | None) -> None:
    """Store a changed plan as its next revision, told with its day of effect.

    A change of nothing is none.
    """
    from fsdesk.domain.plan.changes import compare_plans  # plans are read by every command

    if after == before:
        return
    label = summary(compare_plans(replace(before, former=()), replace(after, former=())))
    if since is not None:
        label = f"自{since.month}月{since.day}日起：{label}"
    plans.save_plan(writing, numbered(after, next_revision(writing.session, before)), label=label)


def next_revision(session: Session, plan: Plan) -> int:
    """Return the number of a plan's next revision: above all that were ever handed down.

    The units may hold a higher one than the office, where its database was put back.
    """
    from fsdesk.store.records import submissions

    reported_on = submissions.newest_plan_revision(session)
    return max(plan.revision, reported_on, restored.given_revision(session)) + 1


def outrun_units(workspace: Workspace) -> None:
    """Give the plan a number above all that units report on, so that they take it."""
    from fsdesk.store.records import submissions

    with workspace.writing() as writing:
        plan = plan_in(writing.session, workspace.identity.year)
        if submissions.newest_plan_revision(writing.session) > plan.revision:
            number = next_revision(writing.session, plan)
            label = "重新编号：单位持有的计划版次更高（本工作区恢复过较早的数据）"
            plans.save_plan(writing, numbered(plan, number), label=label)


def draft_words(plan: Plan, *, at_office: bool) -> str:
    """Say that a plan is a draft, and what ends that; empty for one that is none."""
    if not plan.draft_note:
        return ""
    if at_office:
        remedy = f"请读取{plan.year}年的工作要点文件；确实照此执行的，请确认为正式计划"
    else:
        office = office_of(plan)
        remedy = f"收到{office}下发的计划后自动更新，此前请以{office}的通知为准"
    return f"{plan.draft_note}：不亮灯，不督办，不计逾期。{remedy}。"


def confirm_plan(workspace: Workspace) -> Plan:
    """Make a plan that was carried on from another year the year's own: a draft no longer.

    Raises:
        InputRejectedError: When this isn't the office, or the plan is no draft.
    """
    require_office(workspace, "确认年度计划")
    with workspace.writing() as writing:
        plan = plan_in(writing.session, workspace.identity.year)
        if not plan.carried_from:
            raise reject(f"{plan.year}年计划不是草案，不需要确认", "可以直接下发")
        own = with_effect(plan, lambda it: replace(it, carried_from=0), None)
        own = numbered(own, plan.revision + 1)
        plans.save_plan(writing, own, label=f"确认为{plan.year}年正式计划")
    return own


def change_settings(
    workspace: Workspace, figures: Mapping[str, float], rules: Rules, since: date | None = None
) -> None:
    """Change district figures by their code, and the rules, all or nothing.

    `since`: the day from which the figures hold; None for the whole year. Rules always do.

    Raises:
        InputRejectedError: When this isn't the office, a figure is unknown or not positive, or the
            rules contradict themselves.
    """
    require_office(workspace, "修改设置")
    check_rules(rules)
    with workspace.writing() as writing:
        plan = plan_in(writing.session, workspace.identity.year)
        changed = with_effect(plan, lambda it: with_figures(it, figures), since)
        store_change(writing, plan, changed, since)
        store_rules(writing, workspace.identity.year, rules)


def set_issue_day(workspace: Workspace, day: date | None) -> None:
    """Say on which day the units had the year's plan; None: with the first packet of it.

    Raises:
        InputRejectedError: When this isn't the office, or the day lies in neither the plan's year
            nor the one before.
    """
    require_office(workspace, "设置计划下发日期")
    year = workspace.identity.year
    if day is not None and day.year not in (year - 1, year):
        raise reject(f"计划下发日期 {day} 不在 {year - 1} 年和 {year} 年内", "请核对日期")
    with workspace.writing() as writing:
        rules = identity.load_rules(writing.session)
        store_rules(writing, year, replace(rules, issued_on=day))


def store_rules(writing: Writing, year: int, rules: Rules) -> None:
    """Store changed rules; where they change what travels sealed, with the plan's next revision.

    An earlier packet of the same revision would otherwise bring units the former choice back.
    """
    before = identity.load_rules(writing.session)
    if rules == before:
        return
    identity.save_rules(writing, rules)
    if (rules.seal_all, rules.sealed_ledgers) != (before.seal_all, before.sealed_ledgers):
        plan = plan_in(writing.session, year)
        plans.save_plan(writing, numbered(plan, plan.revision + 1), label="修改密封报送的范围")


def choose_sealing(workspace: Workspace, ledger: str = "", *, sealed: bool) -> Rules:
    """Let a ledger's rows travel sealed or not, by its code; without one all, and evidence files.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, "修改设置")
    with workspace.writing() as writing:
        rules = identity.load_rules(writing.session)
        rules = rules.sealing(ledger, sealed=sealed)
        store_rules(writing, workspace.identity.year, rules)
    return rules


def with_figures(plan: Plan, figures: Mapping[str, float]) -> Plan:
    """Return the plan with other district figures, by their code.

    Raises:
        InputRejectedError: When a figure is unknown or not positive.
    """
    for code, value in figures.items():
        if plan.constant(code) is None:
            raise reject(f"计划中没有参数“{code}”", "请核对参数编码")
        if not 0 < value < float("inf"):
            raise reject("参数必须是大于 0 的数字", "请重新填写")
    return replace(
        plan,
        constants=tuple(
            replace(item, value=figures.get(item.code, item.value)) for item in plan.constants
        ),
    )


def require_office(workspace: Workspace, what: str) -> None:
    """Refuse what only the office may do.

    Raises:
        InputRejectedError: In a unit's workspace.
    """
    if not workspace.identity.is_office:
        office = office_of(current_plan(workspace))
        raise reject(f"只有{office}可以{what}", f"请与{office}联系")
