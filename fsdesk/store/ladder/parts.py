"""Sheets indicator × unit in the database: of each unit and period the newest one.

A unit's own workspace keeps its own, as its next report carries it; an office keeps those that
came with its units' reports.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.ladder.parts import (
    PartSheet,
    parts_of_text,
    parts_text,
    rows_of_plain,
    rows_plain,
)
from fsdesk.domain.packet.packet import sha256
from fsdesk.domain.plain import canonical
from fsdesk.store import audit
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Table

    from fsdesk.store.session import Session, Writing


class PartSheetRow(Base):
    """What units below contribute to a unit's report of a period, as the newest packet has it."""

    __tablename__ = "part_sheet"

    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[str]
    digest: Mapped[str]
    packet: Mapped[str]
    figures: Mapped[str]
    rows: Mapped[str]


def save(writing: Writing, unit: str, sheet: PartSheet, packet: str = "") -> None:
    """Keep a sheet in place of the one that is there; ``packet``: id of what it came with."""
    session = writing.session
    before = session.get(PartSheetRow, (unit, sheet.period))
    was = _told(before) if before else None
    figures, rows = parts_text(sheet), canonical(rows_plain(sheet.rows))
    session.execute(_delete(unit, sheet.period))
    session.expire_all()
    session.add(
        PartSheetRow(
            unit=unit,
            period=sheet.period,
            made_at=sheet.made_at,
            digest=content_digest(figures, rows),
            packet=packet,
            figures=figures,
            rows=rows,
        )
    )
    session.flush()
    now = _told(session.get_one(PartSheetRow, (unit, sheet.period)))
    audit.log(writing, "parts", f"parts/{unit}/{sheet.period}", was, now)


def remove(writing: Writing, unit: str, period: str) -> None:
    """Forget a sheet, such as of figures that are typed by now; nothing where there is none."""
    before = writing.session.get(PartSheetRow, (unit, period))
    if before is None:
        return
    was = _told(before)
    writing.session.execute(_delete(unit, period))
    audit.log(writing, "parts", f"parts/{unit}/{period}", was, None)


def content_digest(figures: str, rows: str) -> str:
    """Return the SHA-256 of what is stored of a sheet, by which the log tells it from another."""
    return sha256(canonical([figures, rows]))


def _told(row: PartSheetRow) -> dict[str, object]:
    return {"made_at": row.made_at, "digest": row.digest, "packet": row.packet}


def _delete(unit: str, period: str):  # noqa: ANN202 - SQLAlchemy's own
    return delete(PartSheetRow).where(PartSheetRow.unit == unit, PartSheetRow.period == period)


def is_kept(session: Session, unit: str, period: str) -> bool:
    """Tell whether a sheet of a unit's period is kept."""
    return session.execute(_KEPT, {"its_unit": unit, "its_period": period}).first() is not None


_TABLE = cast("Table", PartSheetRow.__table__)
_KEPT = select(_TABLE.c.unit).where(  # asked with every packet
    _TABLE.c.unit == bindparam("its_unit"), _TABLE.c.period == bindparam("its_period")
)


def find(session: Session, unit: str, period: str) -> PartSheet | None:
    """Return the sheet of a unit's period; None where none came."""
    row = session.get(PartSheetRow, (unit, period))
    return None if row is None else _sheet(row)


def sheets(session: Session, unit: str) -> Mapping[str, PartSheet]:
    """Return all sheets of a unit by their period's text."""
    query = select(PartSheetRow).where(PartSheetRow.unit == unit)
    return {row.period: _sheet(row) for row in session.scalars(query)}


def packets_of(session: Session, unit: str) -> Mapping[str, str]:
    """Return by period with which packet a unit's sheet came; empty for what was made here."""
    query = select(PartSheetRow.period, PartSheetRow.packet).where(PartSheetRow.unit == unit)
    return {row.period: row.packet for row in session.execute(query)}


def units_with_sheets(session: Session) -> frozenset[str]:
    """Return the codes of the units of which any sheet is kept."""
    found: Iterable[str] = session.scalars(select(PartSheetRow.unit).distinct())
    return frozenset(found)


def _sheet(row: PartSheetRow) -> PartSheet:
    sheet = parts_of_text(json.loads(row.figures))
    return replace(sheet, rows=rows_of_plain(json.loads(row.rows)))
