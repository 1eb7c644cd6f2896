"""Ledgers in the database: the one door to their declarations and rows."""

from __future__ import annotations

from fsdesk.store.ledger.batch import HeldVersion, ImportedRows, LedgerTrail
from fsdesk.store.ledger.declarations import load_ledgers
from fsdesk.store.ledger.doubles import Double, doubles
from fsdesk.store.ledger.entries import (
    all_entries,
    conflicts,
    edit_entries,
    entries_by_key,
    held_keys,
    newest_batch,
    origin_of,
    preview_edits,
    preview_taking,
    put_back,
    remove,
    take_entries,
    versions_of,
)
from fsdesk.store.ledger.queries import (
    count,
    entries,
    entry_counts,
    kept_by,
    numbered,
    origins,
    row_edits,
    row_names,
    row_numbers,
    totals,
    written_since,
)
from fsdesk.store.ledger.relaying import save_ledgers

__all__ = [
    "Double",
    "HeldVersion",
    "ImportedRows",
    "LedgerTrail",
    "all_entries",
    "conflicts",
    "count",
    "doubles",
    "edit_entries",
    "entries",
    "entries_by_key",
    "entry_counts",
    "held_keys",
    "kept_by",
    "load_ledgers",
    "newest_batch",
    "numbered",
    "origin_of",
    "origins",
    "preview_edits",
    "preview_taking",
    "put_back",
    "remove",
    "row_edits",
    "row_names",
    "row_numbers",
    "save_ledgers",
    "take_entries",
    "totals",
    "versions_of",
    "written_since",
]
