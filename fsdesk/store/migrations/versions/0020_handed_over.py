"""What each packet held, by revision: of those that a unit sent before, as far as the log tells.

A packet's content was read at a line of the change log: what was written up to there is what it
held. Of what can't be told so, nothing is noted, and it counts as not sent.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_BUNDLES = (".zip", ".fsdesk")


def upgrade() -> None:
    """Add columns, and fill in what the newest reports of a unit held."""
    for name in ("name", "contents", "held", "mark"):
        op.add_column("packet", sa.Column(name, sa.String(), nullable=False, server_default=""))
    sent = op.get_bind().execute(
        sa.text(
            "SELECT digest, unit, period, file, log_end FROM packet "
            "WHERE direction = 'sent' AND kind = 'REPORT' ORDER BY log_end"
        )
    )
    for digest, unit, period, file, end in sent.all():
        held = _held(unit, period, end, bundle=file.endswith(_BUNDLES))
        if held:
            text = json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            put = sa.text("UPDATE packet SET held = :held WHERE digest = :digest")
            op.get_bind().execute(put, {"held": text, "digest": digest})


def _held(unit: str, period: str, end: int, *, bundle: bool) -> dict[str, Any]:
    revisions: dict[str, str] = {}
    files: set[tuple[str, str]] = set()
    letters: dict[str, str] = {}
    for action, subject, before, after in op.get_bind().execute(
        sa.text("SELECT action, subject, before, after FROM change WHERE id <= :end ORDER BY id"),
        {"end": end},
    ):
        was, now = _read(before), _read(after)
        if action in {"attach", "detach"}:
            known = (subject, str((now or was).get("digest")))
            (files.add if action == "attach" else files.discard)(known)
        elif action == "letter":
            key = [now.get(name) for name in ("kind", "year", "number")]
            if all(key):
                letters[subject] = "/".join(map(str, key))
        else:
            for name, plain in {subject: now, **now}.items():  # a step of many has them by name
                if isinstance(plain, dict) and isinstance(plain.get("revision"), str):
                    revisions[name] = plain["revision"]
    by_revision: dict[str, list[str]] = defaultdict(list)
    for name, text in revisions.items():
        if text and name.endswith(f"/{unit}/{period}"):
            by_revision[text].append(_without_unit(name))
    found: dict[str, Any] = {
        "records": dict(by_revision),
        "evidence": sorted(
            [_without_unit(name), digest]
            for name, digest in files
            if bundle and name.endswith(f"/{unit}/{period}")
        ),
        "replies": _replies(set(letters.values()), end),
    }
    return {name: value for name, value in found.items() if value}


def _replies(letters: set[str], end: int) -> dict[str, str]:
    """Return when letters were answered, by key, of which nothing was written since."""
    found: dict[str, str] = {}
    rows = op.get_bind().execute(sa.text("SELECT kind, year, number, replied_at FROM letter"))
    for kind, year, number, at in rows.all():
        key = f"{kind}/{year}/{number}"
        if at and key in letters and not _answered_since(at, end):
            found[key] = at
    return found


def _answered_since(at: str, end: int) -> bool:
    query = sa.text(
        "SELECT 1 FROM change WHERE id > :end AND action = 'letter' AND after LIKE :at LIMIT 1"
    )
    found = op.get_bind().execute(query, {"end": end, "at": f'%"replied_at": "{at}"%'})
    return found.first() is not None


def _without_unit(name: str) -> str:
    kind, rest = name.split("/", 1)
    item, _, period = rest.rsplit("/", 2)
    return f"{kind}/{item}/{period}"


def _read(text: str | None) -> dict[str, Any]:
    plain = json.loads(text) if text else {}
    return plain if isinstance(plain, dict) else {}
