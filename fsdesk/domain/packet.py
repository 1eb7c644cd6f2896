"""Packets (报送包 / 下发包 / 反馈包): what travels between PCs, apart from its file form."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - field types are read at run time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import Place
from fsdesk.domain.records import Record, RecordKey, content_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.plan import Plan

FORMAT_VERSION = 1


class PacketKind(StrEnum):
    """What a packet carries."""

    PLAN = "PLAN"
    REPORT = "REPORT"
    FEEDBACK = "FEEDBACK"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"PLAN": "下发包", "REPORT": "报送包", "FEEDBACK": "反馈包"}[self.value]


@dataclass(frozen=True, slots=True)
class PacketHeader:
    """Who made a packet for whom, and when.

    Attributes:
        packet_id: Random, unique.
        kind: What it carries.
        unit: Code of the unit that the packet is for (PLAN) or from (REPORT).
        unit_name: Its name, for people.
        period: Period in its text form.
        year: Year of the plan.
        plan_revision: Revision of the plan on which the packet was made.
        author: Id of the workspace that made it.
        created_at: When, in UTC with time zone.
        due: Last day on which the report is on time, ISO date.
        format_version: Of the file form.
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


@dataclass(frozen=True, slots=True)
class Packet:
    """What a packet says.

    Attributes:
        header: Who, for whom, when.
        records: For each row the record with the revision on which it stands. Rows in which
            nothing is typed are there with empty content.
        plan: The whole plan; PLAN packets only.
        rules: The district's rules as plain values; PLAN packets only.
        hand_edited: Whether somebody changed cells outside fsdesk.
        modified_at: When a spreadsheet program last saved it, in UTC; None when unknown.
        findings: Warnings and notices about the file; errors mean it was not read.
        places: Where each record stands in the file, to point people at it.
    """

    header: PacketHeader
    records: tuple[Record, ...]
    plan: Plan | None = None
    rules: dict[str, Any] | None = None
    hand_edited: bool = False
    modified_at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    places: Mapping[RecordKey, Place] = field(default_factory=dict[RecordKey, Place])

    @property
    def filled(self) -> tuple[Record, ...]:
        """The records in which something is typed."""
        return tuple(record for record in self.records if not record.empty)


def canonical_content(record: Record) -> str:
    """Return what is typed in a record as text that is the same for the same content."""
    return _canonical(content_to_dict(record.content))


def packet_digest(header: PacketHeader, records: Iterable[Record]) -> str:
    """Return the SHA-256 of what a packet says: values, not bytes, so that re-saving keeps it."""
    rows = [
        [str(record.key), str(record.revision), content_to_dict(record.content)]
        for record in sorted(records, key=lambda record: record.key)
    ]
    about = [
        header.packet_id,
        header.kind.value,
        header.unit,
        header.period,
        header.year,
        header.plan_revision,
        header.author,
        header.format_version,
    ]
    return hashlib.sha256(_canonical([about, rows]).encode()).hexdigest()


def _canonical(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
