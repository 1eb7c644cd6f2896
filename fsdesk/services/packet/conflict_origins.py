"""Where the two versions of a conflict come from: typed here or brought by a packet, and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.services.packet import conflicts as edits_apart
from fsdesk.services.packet.conflicts import Conflict
from fsdesk.store import audit
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from fsdesk.domain.ledger.ledger import LedgerEntry
    from fsdesk.domain.packet.exchanged import PacketNote
    from fsdesk.domain.records.records import Record
    from fsdesk.services.packet.conflicts import LedgerConflict
    from fsdesk.store.records.records import Held
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace


class Origin(Struct, frozen=True):
    """Who put a version here, and when.

    Attributes:
        at: When it was typed or taken here, ISO text in UTC.
        who: Who typed it here, or took the packet.
        packet: The packet that brought it; None where it was typed here.
    """

    at: str
    who: str
    packet: PacketNote | None = None


class ConflictSides(Struct, frozen=True):
    """A conflict with where its versions come from; ``mine`` is the one that counts now."""

    conflict: Conflict | LedgerConflict
    mine: Origin
    theirs: Origin


def conflicts_with_origins(workspace: Workspace) -> tuple[ConflictSides, ...]:
    """Return all conflicts that wait for a decision, those of ledgers after those of records."""
    found = (*edits_apart.conflicts(workspace), *edits_apart.ledger_conflicts(workspace))
    with workspace.reading() as session:
        return tuple(
            ConflictSides(
                each, _origin(session, each, each.mine), _origin(session, each, each.theirs)
            )
            for each in found
        )


def _origin(
    session: Session, found: Conflict | LedgerConflict, version: Record | LedgerEntry
) -> Origin:
    if isinstance(found, Conflict):
        held = records.versions_of(session, found.mine.key)
        own = next(it for it in held if it.record == version)
        packet = _packet_of(session, own)
        return Origin(own.recorded_at, own.recorded_by, packet)
    rows = ledgers.versions_of(session, found.mine.ledger, [found.mine.id])
    row = next(it for it in rows[found.mine.id] if it.entry == version)
    at, who, id_ = ledgers.origin_of(session, row)
    return Origin(at, who, submissions.packet_of_id(session, id_) if id_ else None)


def _packet_of(session: Session, version: Held) -> PacketNote | None:
    """Return the packet with which a version came in; the moment alone does not tell it."""
    name, revision = str(version.record.key), str(version.record.revision)
    for line in audit.lines_at(session, "import", version.recorded_at):
        brought = json.loads(line.after or "{}").get(name)
        if brought is not None and brought.get("revision") == revision:
            return submissions.packet_of_id(session, line.packet)
    return None
