"""What was chosen for a form of list, remembered for the next file of the same form."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from fsdesk.store import audit
from fsdesk.store.tables import SettingRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.store.session import Session, Writing

# Before the names of these settings.
PREFIX = "list/"


def _name(ledger: str, signature: str) -> str:
    digest = hashlib.sha256(signature.encode()).hexdigest()[:16]
    return f"{PREFIX}{ledger}/{digest}"


def load_profile(session: Session, ledger: str, signature: str) -> dict[str, Any] | None:
    """Return what was chosen for lists with these headers, or None.

    `signature`: the headers of the list, in a form that does not depend on their order.
    """
    row = session.get(SettingRow, _name(ledger, signature))
    return json.loads(row.value) if row else None


def save_profile(writing: Writing, ledger: str, signature: str, chosen: Mapping[str, Any]) -> None:
    """Remember what was chosen for lists with these headers."""
    name = _name(ledger, signature)
    before = load_profile(writing.session, ledger, signature)
    if before == chosen:
        return
    text = json.dumps(chosen, ensure_ascii=False)
    writing.session.merge(SettingRow(name=name, value=text))
    audit.log(writing, "settings", name, before, chosen)
