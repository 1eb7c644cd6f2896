"""What is held of a unit's, by revision: in a packet, or at the office; and as text.

Of records the edits tell, of evidence the digest of the file, of answers to letters the one name
that each has, of ledgers what all rows come to. No clock decides anything here.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.packet.packet import canonical
from fsdesk.domain.periods import Period
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.records.merge import Revision
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.domain.status.joint import JointSums

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DIGEST_BYTES = 8


class LedgerMark(Struct, frozen=True):
    """What tells one state of the rows of a ledger that were edited in a workspace from any other.

    Attributes:
        rows: How many there are, removed ones included.
        digest: Of their ids and of what their revisions hold of that workspace's edits.
    """

    rows: int
    digest: str


class Holdings(Struct, frozen=True):
    """What is held of a unit's by revision: in a packet, or at the office.

    Attributes:
        records: By record, which edits of it.
        evidence: Evidence files, each with the record that it proves, by the digest of its content.
        ledgers: By code.
        replies: By key of the letter, when the answer was given: that is the name of an answer.
        answers: The same of opinions on returned reports; see `answer_key`.
    """

    records: Mapping[RecordKey, Revision] = field(default_factory=dict[RecordKey, Revision])
    evidence: frozenset[tuple[RecordKey, str]] = frozenset()
    ledgers: Mapping[str, LedgerMark] = field(default_factory=dict[str, LedgerMark])
    replies: Mapping[str, str] = field(default_factory=dict[str, str])
    answers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __bool__(self) -> bool:
        """Whether anything is held."""
        return bool(self.records or self.evidence or self.ledgers or self.replies or self.answers)

    def has_record(self, key: RecordKey, revision: Revision) -> bool:
        """Tell whether all edits of a state of a record are held."""
        held = self.records.get(key)
        return held is not None and held.contains(revision)


def answer_key(period: str, item: str) -> str:
    """Name what is answered to the opinion on an item of a report; no item: on the whole."""
    return f"{period}/{item}"


class Receipts(Struct, frozen=True):
    """What the office says that it has of a unit's, as it goes along with what it hands down.

    Attributes:
        mark: Names the state of the office's data that is told of.
        held: Records, evidence and replies.
        rows: By id of the workspace that they were edited in, what the rows of each ledger come to.
        earlier: The marks of the receipts that this unit was given before: told of older states.
        packets: Digests of the unit's reports that were taken.
        joint: What the targets that it shares with others have come to.
    """

    mark: str
    held: Holdings
    rows: Mapping[str, Mapping[str, LedgerMark]] = field(
        default_factory=dict[str, "Mapping[str, LedgerMark]"]
    )
    earlier: tuple[str, ...] = ()
    packets: tuple[str, ...] = ()
    joint: JointSums | None = None

    def __hash__(self) -> int:
        """Take the mark alone: mappings have no hash."""
        return hash(self.mark)


class Told(Struct, frozen=True):
    """What the office said last, put together from all its packets in whatever order they came.

    Attributes:
        receipts: Of its newest state.
        joint: Those with the sums up to the latest period, of several the newest.
    """

    receipts: Receipts
    joint: Receipts | None = None

    def with_more(self, came: Receipts) -> Told:
        """Return what it has said after one more packet came."""
        receipts = came if is_news(came, self.receipts) else self.receipts
        return Told(receipts, _later_sums(came, self.joint))


def first_told(came: Receipts) -> Told:
    """Return what the office has said by its first packet."""
    return Told(came, _later_sums(came, None))


def _later_sums(came: Receipts, known: Receipts | None) -> Receipts | None:
    if came.joint is None or known is None or known.joint is None:
        return came if came.joint is not None else known
    period, other = Period.parse(came.joint.period).order, Period.parse(known.joint.period).order
    return came if (period, is_news(came, known)) > (other, False) else known


def is_news(receipts: Receipts, known: Receipts) -> bool:
    """Tell whether receipts tell of another state than those known, and not of an older one.

    Where neither knows of the other, the office came back from a backup in between.
    """
    return receipts.mark != known.mark and receipts.mark not in known.earlier


# What rows of a ledger come to


def ledger_mark(rows: Iterable[tuple[str, Revision]], workspace: str) -> LedgerMark:
    """Return what rows come to, each its id and all edits of it that are known, in any order.

    `workspace`: id of the unit's workspace. Only its own edits count: the office has others, and
        so has the table that somebody wrote in on the way, of which it need not know.
    """
    count, total = 0, 0
    for id_, revision in rows:
        own = revision.of(workspace)
        if own:
            count += 1
            digest = hashlib.blake2b(f"{id_} {own}".encode(), digest_size=_DIGEST_BYTES).digest()
            total = (total + int.from_bytes(digest)) % (1 << 8 * _DIGEST_BYTES)
    return LedgerMark(count, f"{total:0{2 * _DIGEST_BYTES}x}")


NO_ROWS = ledger_mark((), "")


# As text


def holdings_to_dict(held: Holdings) -> dict[str, Any]:
    """Return what is held as plain values that JSON can hold, without what is empty."""
    by_revision: dict[str, list[str]] = {}
    for key, revision in held.records.items():
        by_revision.setdefault(str(revision), []).append(_key_text(key))
    plain = {
        "records": {revision: sorted(keys) for revision, keys in sorted(by_revision.items())},
        "evidence": sorted([_key_text(key), digest] for key, digest in held.evidence),
        "ledgers": _marks_to_dict(held.ledgers),
        "replies": dict(sorted(held.replies.items())),
        "answers": dict(sorted(held.answers.items())),
    }
    return {name: value for name, value in plain.items() if value}


def holdings_from_dict(plain: Mapping[str, Any], unit: str) -> Holdings:
    """Rebuild what is held of a unit's; ValueError or TypeError for other values."""
    return Holdings(
        {
            _key(text, unit): revision
            for text_of, keys in plain.get("records", {}).items()
            for revision in [Revision.parse(text_of)]
            for text in keys
        },
        frozenset((_key(text, unit), str(digest)) for text, digest in plain.get("evidence", ())),
        _marks(plain.get("ledgers", {})),
        {str(letter): str(at) for letter, at in plain.get("replies", {}).items()},
        {str(opinion): str(at) for opinion, at in plain.get("answers", {}).items()},
    )


def holdings_text(held: Holdings) -> str:
    """Return what is held as text; empty for nothing."""
    return canonical(holdings_to_dict(held)) if held else ""


@lru_cache(maxsize=256)  # asked with every look at a year's packets
def holdings_of(text: str, unit: str) -> Holdings:
    """Rebuild what is held of a unit's from its text."""
    return holdings_from_dict(json.loads(text), unit) if text else Holdings()


def receipts_to_dict(receipts: Receipts) -> dict[str, Any]:
    """Return receipts as plain values that JSON can hold."""
    return {
        "mark": receipts.mark,
        "earlier": list(receipts.earlier),
        "packets": list(receipts.packets),
        "rows": {author: _marks_to_dict(marks) for author, marks in sorted(receipts.rows.items())},
        **({"joint": to_plain(receipts.joint)} if receipts.joint is not None else {}),
        **holdings_to_dict(receipts.held),
    }


def receipts_from_dict(plain: Mapping[str, Any], unit: str) -> Receipts:
    """Rebuild the receipts of a unit; KeyError, ValueError or TypeError for other values."""
    return Receipts(
        str(plain["mark"]),
        holdings_from_dict(plain, unit),
        {str(author): _marks(marks) for author, marks in plain.get("rows", {}).items()},
        tuple(map(str, plain.get("earlier", ()))),
        tuple(map(str, plain.get("packets", ()))),
        from_plain(JointSums, plain["joint"]) if "joint" in plain else None,
    )


def told_to_dict(told: Told) -> dict[str, Any]:
    """Return what the office said as plain values; of the sums without the receipts beside them."""
    plain = receipts_to_dict(told.receipts)
    if told.joint is not None and told.joint is not told.receipts:
        bare = replace(told.joint, held=Holdings(), rows={}, packets=())
        return {**plain, "sums": receipts_to_dict(bare)}
    return plain


def told_from_dict(plain: Mapping[str, Any], unit: str) -> Told:
    """Rebuild what the office said; KeyError, ValueError or TypeError for other values."""
    receipts = receipts_from_dict(plain, unit)
    sums = receipts_from_dict(plain["sums"], unit) if "sums" in plain else receipts
    return Told(receipts, sums if sums.joint is not None else None)


def _key_text(key: RecordKey) -> str:
    return f"{key.kind.value}/{key.item}/{key.period}"


def _key(text: str, unit: str) -> RecordKey:
    kind, _, rest = text.partition("/")
    item, _, period = rest.rpartition("/")
    return RecordKey(RecordKind(kind), item, unit, period)


def _marks_to_dict(marks: Mapping[str, LedgerMark]) -> dict[str, list[int | str]]:
    return {code: [mark.rows, mark.digest] for code, mark in sorted(marks.items())}


def _marks(plain: Mapping[str, Any]) -> dict[str, LedgerMark]:
    return {str(code): LedgerMark(int(rows), str(digest)) for code, (rows, digest) in plain.items()}
