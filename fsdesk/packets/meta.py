"""The hidden sheets of a packet: what it is, and on what each row is based."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import InputRejectedError, Place, error, reject
from fsdesk.domain.merge import Revision
from fsdesk.domain.packet import (
    FORMAT_VERSION,
    Packet,
    PacketHeader,
    PacketKind,
    canonical_content,
)
from fsdesk.domain.plan_codec import plan_from_dict, plan_to_dict
from fsdesk.domain.records import Record, RecordKey, RecordKind
from fsdesk.packets.layout import META_SHEET, PLAN_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.domain.plan import Plan

_ROW = "row"
_CHUNK = 30_000
_NUMBERS = ("year", "plan_revision", "format_version")


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is noted of a row: on which revision it was written, and what stood there."""

    revision: Revision
    digest: str


@dataclass(frozen=True, slots=True)
class Meta:
    """The contents of the hidden sheet."""

    header: PacketHeader
    rows: dict[RecordKey, RowNote]


def content_digest(record: Record) -> str:
    """Return a digest of what is typed in a record."""
    return hashlib.sha256(canonical_content(record).encode()).hexdigest()[:24]


def meta_rows(packet: Packet) -> Iterable[tuple[str, ...]]:
    """Yield the rows of the hidden sheet, all text."""
    header = packet.header
    for field in fields(PacketHeader):
        value = getattr(header, field.name)
        yield field.name, value.isoformat() if isinstance(value, datetime) else str(value)
    for record in packet.records:
        key = record.key
        yield _ROW, key.kind.value, key.item, str(record.revision), content_digest(record)


def read_meta(rows: Sequence[Sequence[object]], file: str) -> Meta:
    """Read the hidden sheet.

    Raises:
        InputRejectedError: When it is damaged or of a later version of the program.
    """
    place = Place(file, META_SHEET)
    plain: dict[str, str] = {}
    notes: list[list[str]] = []
    for row in rows:
        cells = [_text(cell) for cell in row]
        if cells and cells[0] == _ROW:
            notes.append(cells)
        elif len(cells) > 1:
            plain[cells[0]] = cells[1]
    _check_version(plain, file)
    try:
        header = _header(plain)
        return Meta(header, dict(_note(header, cells) for cells in notes))
    except (KeyError, ValueError, IndexError, InputRejectedError) as problem:
        raise reject(
            "隐藏的登记信息已损坏", "请使用原始的下发包或报送包重新填写", place
        ) from problem


def _check_version(plain: dict[str, str], file: str) -> None:
    version = plain.get("format_version", "")
    if version.isdigit() and int(version) > FORMAT_VERSION:
        raise InputRejectedError(
            error("文件由更高版本的程序生成", "请升级本程序后再导入", Place(file))
        )


def _header(plain: dict[str, str]) -> PacketHeader:
    values: dict[str, Any] = {field.name: plain[field.name] for field in fields(PacketHeader)}
    for name in _NUMBERS:
        values[name] = int(values[name])
    values["kind"] = PacketKind(values["kind"])
    values["created_at"] = datetime.fromisoformat(values["created_at"])
    if values["created_at"].tzinfo is None:
        raise ValueError("created_at")
    return PacketHeader(**values)


def _note(header: PacketHeader, cells: Sequence[str]) -> tuple[RecordKey, RowNote]:
    key = RecordKey(RecordKind(cells[1]), cells[2], header.unit, header.period)
    return key, RowNote(Revision.parse(cells[3]), cells[4])


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def plan_cells(plan: Plan, rules: dict[str, Any] | None) -> Iterable[str]:
    """Yield a plan as text in pieces that a cell can hold."""
    plain = {"plan": plan_to_dict(plan), "rules": rules}
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    for start in range(0, len(text), _CHUNK):
        # A mark at both ends, since programs drop white space there.
        yield f"|{text[start : start + _CHUNK]}|"


def read_plan(rows: Sequence[Sequence[object]], file: str) -> tuple[Plan, dict[str, Any] | None]:
    """Read the plan that a PLAN packet carries.

    Raises:
        InputRejectedError: When it is damaged.
    """
    text = "".join(_text(row[0])[1:-1] for row in rows if row and row[0])
    try:
        plain = json.loads(text)
        return plan_from_dict(plain["plan"]), plain.get("rules")
    except (ValueError, TypeError, KeyError, InputRejectedError) as problem:
        raise reject(
            "文件中的计划数据已损坏", "请向区食药安办重新索要下发包", Place(file, PLAN_SHEET)
        ) from problem
