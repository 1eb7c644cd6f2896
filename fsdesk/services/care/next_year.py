"""编制下一年度计划: next year begins in a workspace of its own, with what this one has learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.plan_document import ParsedPlan
from fsdesk.services.care import setup
from fsdesk.services.plan.planning import require_office
from fsdesk.services.plan_document import plan_documents
from fsdesk.store import settings
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.workspace import Workspace

_WHAT = "编制下一年度计划"


def draft_next_year(workspace: Workspace) -> ParsedPlan:
    """Return this year's plan rolled over, as a draft to be checked like a document.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, _WHAT)
    return ParsedPlan(plan_documents.next_year(workspace), coded=True)


def make_next_year(workspace: Workspace, folder: Path, draft: Plan, *, coded: bool = False) -> Plan:
    """Make the workspace of a coming year with its plan; this year's workspace stays as it is.

    Units, rules, layouts, ledgers and what was remembered for foreign lists go along. Tasks and
    indicators that stay keep their codes, so that years can be compared; each indicator's baseline
    is what this year has reached. ``coded`` tells whether the draft's codes are those of this
    year's plan.

    Raises:
        InputRejectedError: When this isn't the office, or the plan isn't for a later year.
        WorkspaceError: When the folder can't be used or holds a workspace.
    """
    require_office(workspace, _WHAT)
    if draft.year <= workspace.identity.year:
        raise reject(
            f"这份计划是 {draft.year} 年的，不能用来建立下一年度的工作区", "请核对文件的年度"
        )
    _, plan = plan_documents.revised_plan(workspace, draft, coded=coded)
    with (
        setup.create_office(folder, plan, clock=workspace.clock) as made,
        workspace.reading() as session,
        made.writing() as writing,
    ):
        settings.copy_settings(session, writing)
        ledgers.save_ledgers(writing, ledgers.load_ledgers(session))
    return plan
