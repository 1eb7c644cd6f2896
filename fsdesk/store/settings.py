"""Small settings of a workspace that go with it, kept by name as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fsdesk.store import audit
from fsdesk.store.tables import SettingRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fsdesk.store.session import Session, Writing


def load_setting(session: Session, name: str) -> dict[str, Any]:
    """Return a setting's values; empty when it was never stored."""
    text = setting_text(session, name)
    return json.loads(text) if text else {}


def setting_text(session: Session, name: str) -> str:
    """Return a setting as the JSON in which it is stored; empty when it never was."""
    row = session.get(SettingRow, name)
    return row.value if row else ""


def save_setting(writing: Writing, name: str, values: Mapping[str, Any]) -> None:
    """Store a setting, and log what it was before."""
    before = load_setting(writing.session, name)
    writing.session.merge(SettingRow(name=name, value=json.dumps(values, ensure_ascii=False)))
    audit.log(writing, "settings", name, before or None, dict(values))


def copy_settings(session: Session, writing: Writing, wanted: Callable[[str], bool]) -> None:
    """Take those settings of one workspace over into another one whose names are wanted."""
    for row in session.scalars(select(SettingRow).order_by(SettingRow.name)):
        if wanted(row.name):
            save_setting(writing, row.name, json.loads(row.value))
