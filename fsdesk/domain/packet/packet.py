"""Packets (报送包 / 下发包 / 反馈包): what travels between PCs, apart from its file form."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.domain.findings import Place
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plain import canonical, compact, encoded
from fsdesk.domain.records.records import DataValue, Record, RecordKey, content_to_dict
from fsdesk.domain.records.submissions import OPINION_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.ladder.parts import PartSheet
    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from fsdesk.domain.packet.directives import Directives
    from fsdesk.domain.packet.heading import Heading
    from fsdesk.domain.packet.sealed import SealedPart
    from fsdesk.domain.packet.sheet_choice import SheetCopy, SheetTaken
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.domain.records.submissions import Opinion
    from fsdesk.domain.supervision.letters import Letter, LetterReply

FORMAT_VERSION = 1
SEALED_FORMAT = 2  # of packets that hold something sealed, which earlier programs can't read
PARTS_FORMAT = 3  # of packets that say what units below contribute, likewise
# Endings of packets that hold the workbook and its evidence files in one archive; the second is
# the program's own, which the system opens with it.
OWN_ENDING = ".fsdesk"
BUNDLES = (".zip", OWN_ENDING)


class PacketKind(LabelledEnum):
    """What a packet carries."""

    PLAN = "PLAN", "下发包"
    REPORT = "REPORT", "报送包"
    FEEDBACK = "FEEDBACK", "反馈包"


class PacketHeader(Struct, frozen=True):
    """Who made a packet for whom, and when.

    Attributes:
        packet_id: Random, unique.
        unit: Code of the unit that the packet is for (PLAN) or from (REPORT).
        unit_name: Its name, for people.
        period: Period in its text form.
        plan_revision: Revision of the plan on which the packet was made.
        author: Id of the workspace that made it.
        created_at: When, in UTC with time zone.
        due: Last day on which the report is on time, ISO date.
    """

    packet_id: str
    kind: PacketKind
    unit: str
    unit_name: str
    period: str
    year: int
    plan_revision: int
    author: str
    created_at: datetime
    due: str
    format_version: int = FORMAT_VERSION


class Seal(Struct, frozen=True):
    """An Ed25519 signature over the digest of what a packet said when it was written.

    Attributes:
        public_key: The signer's public key, in hexadecimal digits.
        signature: The signature, in hexadecimal digits.
    """

    public_key: str
    signature: str


class Recovery(Struct, frozen=True):
    """The recovery code of a workspace's password, sealed for who keeps it.

    Nothing rests on it but itself: it is not part of what is signed, and the receiver looks whether
    it opens.

    Attributes:
        mark: By which people tell the password from others.
        keys: By fingerprint of each key of the receiver, the code sealed with it, in base64.
    """

    mark: str
    keys: tuple[tuple[str, str], ...]


class Packet(Struct, frozen=True):
    """What a packet says.

    Attributes:
        records: For each row the record with the revision on which it stands. Rows in which
            nothing is typed are there with empty content.
        ledgers: The ledgers that have a sheet in it.
        entries: Their rows, with the revision on which each stands; sealed ones once opened.
        sealed: What travels sealed in it.
        file_key: With which the contents of its evidence files are sealed; empty where they aren't.
        directives: What the office hands down; PLAN and FEEDBACK packets only.
        part_sheet: What each unit below contributes to its figures; None where nothing says that.
        recovery: The recovery code of the password on the unit's workspace, for the office.
        answers: What the unit says to the opinions on the report that was returned.
        answers_mark: Signature over them, by the key of the seal. They are none of what that is set
            on: earlier programs, which know no answers, take the rest as it is.
        letters: The letters to the unit that its reply form names; empty in a packet that was read.
        noted: Digest of what it said when it was written: what the seal is set on.
        digest: Digest of what it says now.
        modified_at: When a spreadsheet program last saved it, in UTC; None when unknown.
        altered: The records whose rows differ from what was noted.
        altered_ledgers: The ledgers whose rows do.
        altered_entries: Those rows, by code of the ledger and id; one that was added has no id.
        altered_replies: Keys of the letters whose answers do.
        headings: What it says of unit and period where people look.
        copies: Sheets that look like its own and say something else.
        sheets: What was read, sheet by sheet.
        findings: Warnings and notices about the file; errors mean it was not read.
        places: Where each record stands in the file, to point people at it.
        cells: Where each field of it stands that is filled.
    """

    header: PacketHeader
    records: tuple[Record, ...]
    ledgers: tuple[Ledger, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    sealed: tuple[SealedPart, ...] = ()
    directives: Directives | None = None
    files: tuple[Attachment, ...] = ()
    file_key: bytes = b""
    letters: tuple[Letter, ...] = ()
    replies: tuple[LetterReply, ...] = ()
    part_sheet: PartSheet | None = None
    recovery: Recovery | None = None
    answers: tuple[Opinion, ...] = ()
    answers_mark: str = ""
    seal: Seal | None = None
    noted: str = ""
    digest: str = ""
    modified_at: datetime | None = None
    altered: frozenset[RecordKey] = frozenset()
    altered_ledgers: tuple[str, ...] = ()
    altered_entries: frozenset[tuple[str, str]] = frozenset()
    altered_replies: frozenset[str] = frozenset()
    headings: tuple[Heading, ...] = ()
    copies: tuple[SheetCopy, ...] = ()
    sheets: tuple[SheetTaken, ...] = ()
    findings: tuple[Finding, ...] = ()
    places: Mapping[RecordKey, Place] = field(default_factory=dict[RecordKey, Place])
    cells: Mapping[RecordKey, Mapping[str, Place]] = field(
        default_factory=dict[RecordKey, "Mapping[str, Place]"]
    )

    @property
    def plan(self) -> Plan | None:
        """The plan that it brings, if any."""
        return self.directives.plan if self.directives else None

    @property
    def hand_edited(self) -> bool:
        """Whether somebody changed cells outside fsdesk."""
        return self.digest != self.noted

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is typed in it."""
        return not self.entries and not self.replies and all(each.empty for each in self.records)

    @property
    def only_replies(self) -> bool:
        """Whether it answers letters and reports nothing."""
        return bool(self.replies) and not self.filled and not self.entries

    @property
    def own_replies(self) -> tuple[LetterReply, ...]:
        """What the unit itself answers in it: not what the office's packet repeats of it."""
        if self.header.kind is PacketKind.REPORT:
            return self.replies
        return tuple(each for each in self.replies if each.letter in self.altered_replies)

    @property
    def filled(self) -> tuple[Record, ...]:
        """The records in which something is typed."""
        return tuple(record for record in self.records if not record.empty)


def canonical_content(record: Record) -> str:
    """Return what is typed in a record as text that is the same for the same content."""
    return canonical(content_to_dict(record.content))


def content_digest(record: Record) -> str:
    """Return the SHA-256 of what is typed in a record."""
    plain, content = content_to_dict(record.content), record.content
    # Only figures have numbers.
    said = encoded(plain) if isinstance(content, DataValue) else compact(plain)
    return hashlib.sha256(said).hexdigest()


def packet_digest(
    header: PacketHeader,
    rows: Iterable[tuple[str, str, str]],
    directives: str,
    files: Iterable[Attachment],
) -> str:
    """Return the SHA-256 of what a packet says: values, not bytes, so that re-saving keeps it.

    `rows`: for each row its key, revision and digest, as text, in any order.
    `directives`: digest of what the office hands down; empty when that is nothing.
    """
    about = [_text(getattr(header, name)) for name in PacketHeader.__struct_fields__]
    enclosed = [[file.digest, file.name, file.size, str(file.record)] for file in files]
    said = compact([about, directives, sorted(rows), sorted(enclosed)])  # its numbers are whole
    return hashlib.sha256(said).hexdigest()


def answers_digest(noted: str, answers: Iterable[Opinion]) -> str:
    """Return the SHA-256 of what a unit answers in a packet; it holds for that packet alone."""
    return plain_digest(["answers", noted, [answer_cells(each) for each in answers]])


def answer_cells(opinion: Opinion) -> tuple[str, ...]:
    """Return an answered opinion as it travels: all texts."""
    return tuple(str(getattr(opinion, name)) for name in OPINION_FIELDS)


def plain_digest(plain: object) -> str:
    """Return the SHA-256 of plain values in their canonical form."""
    return hashlib.sha256(encoded(plain)).hexdigest()


def sha256(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
