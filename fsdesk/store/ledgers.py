"""Ledgers and their entries in the database."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from fsdesk.domain.ledger import ColumnType, Ledger, LedgerColumn
from fsdesk.store.tables import LedgerEntryRow, LedgerRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.store.session import Session, Writing


def save_ledgers(writing: Writing, ledgers: Iterable[Ledger]) -> None:
    """Put declarations in place of those of the same code; entries stay."""
    session = writing.session
    for position, ledger in enumerate(ledgers):
        session.merge(
            LedgerRow(
                code=ledger.code,
                position=position,
                title=ledger.title,
                columns=_json([asdict(column) for column in ledger.columns]),
                key=_json(list(ledger.key)),
            )
        )


def load_ledgers(session: Session) -> tuple[Ledger, ...]:
    """Return the declared ledgers in order."""
    rows = session.scalars(select(LedgerRow).order_by(LedgerRow.position))
    return tuple(
        Ledger(
            row.code,
            row.title,
            tuple(_column(plain) for plain in json.loads(row.columns)),
            tuple(json.loads(row.key)),
        )
        for row in rows
    )


def entry_counts(session: Session) -> Mapping[str, int]:
    """Return how many entries each ledger has, by its code."""
    query = select(LedgerEntryRow.ledger, func.count()).group_by(LedgerEntryRow.ledger)
    return {row[0]: row[1] for row in session.execute(query)}


def _column(plain: dict[str, Any]) -> LedgerColumn:
    return LedgerColumn(
        plain["title"], ColumnType(plain["type"]), tuple(plain["choices"]), plain["personal"]
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
