"""Whether anything was done in a workspace since it was set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, literal, select, table

if TYPE_CHECKING:
    from fsdesk.store.session import Session

# What setting up fills; rows of any other table are somebody's work, also of tables still to come.
_SET_UP = frozenset(
    {
        "alembic_version", "workspace", "setting", "plan", "plan_revision", "plan_constant",
        "unit", "unit_group", "unit_group_member", "section", "point", "task", "assignment",
        "deliverable", "indicator", "target_share", "ledger", "signer", "change",
        "kept_key",
    }
)  # fmt: skip


def holds_work(session: Session) -> bool:
    """Tell whether something was recorded, received, sent, or changed in the plan."""
    plans = session.execute(select(func.count()).select_from(table("plan_revision"))).scalar_one()
    return plans > 1 or any(
        session.execute(select(literal(1)).select_from(table(name)).limit(1)).first()
        for name in inspect(session.connection()).get_table_names()
        if name not in _SET_UP
    )
