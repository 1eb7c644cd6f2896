"""The states of a year's plan, each kept whole and compressed."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
)

from fsdesk.domain.findings import workspace_error
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.plan.history import PlanRevision, Turn
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Writing


# The states that a year's plan once had; the newest is the plan itself.
PLAN_REVISION = Table(
    "plan_revision",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    *(Column(each, Integer, nullable=False) for each in ("year", "revision")),
    *(Column(each, String, nullable=False) for each in ("at", "who", "turn", "label", "retired")),
    Column("snapshot", LargeBinary, nullable=False),
)
_COLUMNS = PLAN_REVISION.c
_NEWEST = select(func.max(_COLUMNS.id)).where(  # asked with every packet
    _COLUMNS.year == bindparam("its_year")
)


def append(
    writing: Writing, plan: Plan, turn: Turn, label: str, retired: Iterable[str] = ()
) -> None:
    """Add a state as the newest of its year."""
    plain = json.dumps(plan_to_dict(plan), ensure_ascii=False).encode()
    new = {
        "year": plan.year,
        "revision": plan.revision,
        "at": writing.at,
        "who": writing.author.who,
        "turn": turn.value,
        "label": label,
        "retired": json.dumps(sorted(retired)),
        "snapshot": zlib.compress(plain),
    }
    writing.session.execute(insert(PLAN_REVISION), new)


def is_empty(session: Session, year: int) -> bool:
    """Tell whether no state of a year is kept yet."""
    return session.scalar(select(_COLUMNS.id).where(_COLUMNS.year == year)) is None


def newest(session: Session, year: int) -> int | None:
    """Return the id of the newest state of a year's plan; None while none is kept."""
    return session.scalar(_NEWEST, {"its_year": year})


def states(session: Session, year: int) -> tuple[PlanRevision, ...]:
    """Return the states of a year's plan, oldest first, without their content."""
    row = _COLUMNS
    columns = (row.id, row.revision, row.at, row.who, row.turn, row.label, row.retired)
    found = session.execute(select(*columns).where(row.year == year).order_by(row.id))
    return tuple(
        PlanRevision(id_, number, at, who, Turn(turn), label, tuple(json.loads(retired)))
        for id_, number, at, who, turn, label, retired in found
    )


def plan_at(session: Session, state: int) -> Plan:
    """Return the plan as it was in a state, by the state's id.

    Raises:
        WorkspaceError: When it is damaged.
    """
    asked = select(_COLUMNS.year, _COLUMNS.snapshot).where(_COLUMNS.id == state)
    year, snapshot = session.execute(asked).one()
    try:
        return plan_from_dict(json.loads(zlib.decompress(snapshot)))
    except (zlib.error, ValueError) as problem:
        raise workspace_error(
            f"工作区中保存的 {year} 年度计划已损坏", "请用最近的备份恢复工作区"
        ) from problem
