"""What was exchanged: packets that were sent or received, and imports of several at once."""

from __future__ import annotations

import json
from collections import Counter

from msgspec import Struct
from msgspec.structs import asdict, astuple

from fsdesk.domain.packet.packet import Packet, PacketKind, canonical
from fsdesk.domain.packet.signing import SignatureState  # noqa: TC001 - read at run time
from fsdesk.domain.plain import from_plain
from fsdesk.domain.records.records import RecordKind
from fsdesk.domain.records.submissions import Direction  # noqa: TC001 - likewise


class PacketNote(Struct, frozen=True):
    """A packet that was sent or received.

    Attributes:
        digest: Digest of what it says; the same content is the same packet.
        period: Period in its text form.
        author: Id of the workspace that made it.
        made_at: When it was made, ISO text in UTC.
        plan_revision: Revision of the plan that it was made on.
        file: Name of its copy below the workspace's ``packets``.
        log_end: The newest line of the change log when what was sent was read; 0 for what came in.
        rows_end: Likewise the newest batch of rows of ledgers; of what came in to a unit, once its
            rows were taken, and 0 where somebody wrote in them on the way.
        name: What its file was called; empty of what earlier programs noted.
        contents: How much it holds; see `Contents`. Empty likewise.
        held: What it held of the unit by revision, as text of `holdings`, in the unit's workspace.
        mark: Names what the office said in it that it has; empty where it said nothing.
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
    name: str = ""
    contents: str = ""
    held: str = ""
    mark: str = ""


class Contents(Struct, frozen=True):
    """How much a packet holds.

    Attributes:
        figures: Data values; words: progress reports; milestones: states of deliverables.
        rows: Of ledgers.
        files: Of evidence.
        letters: Letters that it brings.
    """

    figures: int = 0
    words: int = 0
    milestones: int = 0
    rows: int = 0
    files: int = 0
    replies: int = 0
    letters: int = 0

    @property
    def text(self) -> str:
        """As it is stored."""
        return canonical({name: count for name, count in asdict(self).items() if count})

    @classmethod
    def of(cls, text: str) -> Contents | None:
        """Read what was stored; None where it is not known."""
        return from_plain(cls, json.loads(text)) if text else None

    @property
    def told(self) -> str:
        """In words, e.g. 数据 12 项、进展 3 项."""
        parts = [f"{w} {n} {m}" for n, (w, m) in zip(astuple(self), _MEASURES, strict=True) if n]
        return "、".join(parts) or "没有填报内容"


_MEASURES = (
    ("数据", "项"), ("进展", "项"), ("事项", "项"), ("台账", "行"),
    ("佐证材料", "个"), ("回复", "件"), ("函件", "件"),
)  # fmt: skip


def contents_of(packet: Packet, rows: int, files: int) -> Contents:
    """Count what a packet holds.

    `rows`: rows of ledgers; `files`: evidence files. Sealed ones can't be counted here.
    """
    kinds = Counter([record.key.kind for record in packet.filled])
    letters = len(packet.directives.letters) if packet.directives else 0
    return Contents(
        kinds[RecordKind.VALUE],
        kinds[RecordKind.PROGRESS],
        kinds[RecordKind.MILESTONE],
        rows,
        files,
        len(packet.replies),
        letters,
    )


class Batch(Struct, frozen=True):
    """Packets that were taken in one go.

    Attributes:
        id: Counts up.
        at: When, ISO text in UTC.
    """

    id: int
    at: str
    who: str
