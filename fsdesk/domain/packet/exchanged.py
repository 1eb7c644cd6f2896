"""What was exchanged: packets that were sent or received, and imports of several at once."""

from __future__ import annotations

from dataclasses import dataclass

from fsdesk.domain.packet.packet import PacketKind  # noqa: TC001 - read at run time
from fsdesk.domain.packet.signing import SignatureState  # noqa: TC001 - likewise
from fsdesk.domain.records.submissions import Direction  # noqa: TC001 - likewise


@dataclass(frozen=True, slots=True)
class PacketNote:
    """A packet that was sent or received.

    Attributes:
        digest: Digest of what it says; the same content is the same packet.
        period: Period in its text form.
        author: Id of the workspace that made it.
        made_at: When it was made, ISO text in UTC.
        plan_revision: Revision of the plan that it was made on.
        file: Name of its copy below the workspace's ``packets``.
        log_end: The newest line of the change log when what was sent was read; 0 for what came in.
        rows_end: Likewise the newest batch of rows of ledgers.
        signature: What its seal was worth when it came in; None for what was sent.
    """

    digest: str
    id: str
    direction: Direction
    kind: PacketKind
    unit: str
    period: str
    author: str
    made_at: str
    handled_at: str
    plan_revision: int
    file: str
    signature: SignatureState | None = None
    log_end: int = 0
    rows_end: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Packets that were taken in one go.

    Attributes:
        id: Counts up.
        at: When, ISO text in UTC.
    """

    id: int
    at: str
    who: str
