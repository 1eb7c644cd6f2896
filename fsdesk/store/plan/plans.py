"""The plan in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, column, select, table

from fsdesk.domain.plan.history import Turn, summary
from fsdesk.store import audit
from fsdesk.store.engine import writes
from fsdesk.store.plan import history

if TYPE_CHECKING:
    from sqlalchemy import Pool
    from sqlalchemy.orm import Session

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Writing

# How the first state of a plan is told.
FIRST = "建立计划"


def save_plan(writing: Writing, plan: Plan, turn: Turn = Turn.EDIT, label: str = "") -> None:
    """Put a plan in place of the one of the same year; keep the new state, and log what changed.

    `turn`: whether this is a change, or one undone or done again.
    `label`: the change in one line; without it the first thing that differs.
    """
    # Every command reads plans and few change one.
    from fsdesk.domain.plan.changes import compare_plans
    from fsdesk.store.plan import rows

    session = writing.session
    before = load_plan(session, plan.year)
    rows.put(session, plan)
    if before is None:
        history.append(writing, plan, turn, label or FIRST)
        new = {"revision": plan.revision, "title": plan.title}
        audit.log(writing, "plan", f"plan/{plan.year}", None, new)
        return
    if history.is_empty(session, plan.year):
        history.append(writing, before, Turn.EDIT, FIRST)
    difference = compare_plans(before, plan)
    line = label or summary(difference)
    retired = {item.code for item in difference.removed if item.code}
    history.append(writing, plan, turn, line, retired)
    new = {"revision": plan.revision, "label": line} | difference.lines()
    audit.log(writing, "plan", f"plan/{plan.year}", {"revision": before.revision}, new)


def load_plan(session: Session, year: int) -> Plan | None:
    """Return the plan of a year, or None.

    It is asked for with every form and every figure and seldom changes, so the one that was read
    last is kept. Every change adds a state to the plan's history, by which it is noticed wherever
    it was made; what a transaction has changed and not stored yet is never kept. The newest state
    is the plan whole, so it is read at once; the tables only where none was kept yet.

    Raises:
        WorkspaceError: When the state is damaged.
    """
    connection = session.connection()
    state = history.newest(session, year)
    known = _READ.setdefault(connection.engine.pool, {})
    if state is not None and year in known and known[year][0] == state:
        return known[year][1]
    if state is None:
        from fsdesk.store.plan import rows  # seldom asked for

        return rows.read(session, year)
    plan = history.plan_at(session, state)
    if not writes(connection):
        known[year] = state, plan
    return plan


# By database and year, the newest state of the plan's history and the plan.
_READ: WeakKeyDictionary[Pool, dict[int, tuple[int, Plan]]] = WeakKeyDictionary()


def revision(session: Session, year: int) -> int:
    """Return the revision of a year's plan; 0 when there is none."""
    return session.scalar(_REVISION, {"its_year": year}) or 0


# Asked with every packet.
_PLAN = table("plan", column("year"), column("revision"))
_REVISION = select(_PLAN.c.revision).where(_PLAN.c.year == bindparam("its_year"))
