"""Whose workspace this is, and its settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import delete, insert, select

from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.domain.settings import Rules
from fsdesk.store import audit
from fsdesk.store.tables import WORKSPACE, SettingRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from fsdesk.store.session import Writing

RULES = "rules"
OFFICE = "office"
# When the packet was made by which the plan came that a unit has, and the first such.
PLAN_SOURCE = "plan-source"


class Identity(Struct, frozen=True):
    """Whose workspace this is.

    Attributes:
        id: Random id; a copy of the workspace has the same.
        role: Whether it is the coordinating office's or a unit's.
        unit: Code of the unit; for the office, its own.
        created_at: When it was made, ISO text in UTC.
    """

    id: str
    role: WorkspaceRole
    unit: str
    year: int
    created_at: str
    program_version: str

    @property
    def is_office(self) -> bool:
        """Whether this is the coordinating office's workspace."""
        return self.role is WorkspaceRole.OFFICE


def save_identity(writing: Writing, identity: Identity) -> None:
    """Store whose workspace this is."""
    plain = to_plain(identity)
    writing.session.execute(delete(WORKSPACE).where(WORKSPACE.c.id == identity.id))
    writing.session.execute(insert(WORKSPACE), plain)
    audit.log(writing, "init", "workspace", None, plain)


def load_identity(session: Session) -> Identity | None:
    """Return whose workspace this is; None when it was never set up."""
    row = session.execute(select(WORKSPACE)).mappings().first()
    if row is None:
        return None
    return from_plain(Identity, {name: row[name] for name in Identity.__struct_fields__})


def save_rules(writing: Writing, rules: Rules) -> None:
    """Store the district's rules."""
    before = _setting(writing.session, RULES)
    after = to_plain(rules)
    writing.session.merge(SettingRow(name=RULES, value=json.dumps(after)))
    audit.log(writing, "settings", "rules", before, after)


def load_rules(session: Session) -> Rules:
    """Return the district's rules; the defaults where none were stored."""
    return from_plain(Rules, _setting(session, RULES) or {})


def plan_source(session: Session) -> dict[str, Any]:
    """Return of a unit's plan when its packet was made, ``made_at``, and the ``first`` such."""
    return _setting(session, PLAN_SOURCE) or {}


def save_office(writing: Writing, office: OfficeIdentity) -> None:
    """Store what the office has said of itself."""
    before = _setting(writing.session, OFFICE)
    after = to_plain(office)
    text = json.dumps(after, ensure_ascii=False)
    writing.session.merge(SettingRow(name=OFFICE, value=text))
    audit.log(writing, "settings", "office", before, after)


def load_office(session: Session) -> OfficeIdentity:
    """Return what the office has said of itself; nothing where it was not asked yet."""
    return from_plain(OfficeIdentity, _setting(session, OFFICE) or {})


def _setting(session: Session, name: str) -> dict[str, Any] | None:
    row = session.get(SettingRow, name)
    return json.loads(row.value) if row else None
