"""Declarations and rows of ledgers as plain values that JSON can hold, and back."""

from __future__ import annotations

from datetime import date
from sys import float_info
from typing import TYPE_CHECKING, Any, NoReturn

from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.ledger import (
    NO,
    YES,
    ColumnType,
    Ledger,
    LedgerEntry,
    LedgerValue,
    plain_value,
)
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.records.merge import Revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Plain = dict[str, Any]


def ledgers_to_dict(ledgers: Iterable[Ledger]) -> list[Plain]:
    """Return declarations as plain values, in order.

    What was added after packets were first written is left out where it says nothing, so that
    their signed content stays the same.
    """
    plain: list[Plain] = to_plain(list(ledgers))
    for each in plain:
        if not each["keyed_by_unit"]:
            del each["keyed_by_unit"]
    return plain


def ledgers_from_dict(plain: Sequence[Mapping[str, Any]]) -> tuple[Ledger, ...]:
    """Rebuild declarations from `ledgers_to_dict`; InputRejectedError for other values."""
    try:
        return from_plain(tuple[Ledger, ...], plain)
    except ValueError as problem:
        raise reject("台账的声明不完整或已损坏", "请向汇总端重新索要下发包") from problem


def entry_to_dict(entry: LedgerEntry) -> Plain:
    """Return a row as plain values in a canonical form."""
    values = values_to_dict(entry)
    return {
        "id": entry.id,
        "unit": entry.unit,
        "values": {title: values[title] for title in sorted(values)},
        "revision": str(entry.revision),
        "gone": entry.gone,
    }


def values_to_dict(entry: LedgerEntry) -> Plain:
    """Return what stands in a row as plain values, by title; what is empty is left out."""
    values: Plain = {}
    for title, value in entry.values.items():
        if type(value) is str:  # most are
            if value:
                values[title] = value
            continue
        plain = plain_value(value)
        if isinstance(plain, float):
            values[title] = int(plain) if plain.is_integer() else plain
        elif plain:
            values[title] = plain
    return values


def entry_from_dict(ledger: Ledger, plain: Mapping[str, Any]) -> LedgerEntry:
    """Rebuild a row; what isn't declared stays text; InputRejectedError for other values."""
    types = {column.title: column.type for column in ledger.columns}
    try:
        return LedgerEntry(
            id=str(plain["id"]),
            ledger=ledger.code,
            unit=str(plain["unit"]),
            values={
                str(title): typed_value(types.get(title, ColumnType.TEXT), value)
                for title, value in plain["values"].items()
            },
            revision=Revision.parse(str(plain["revision"])),
            gone=plain["gone"] is True,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise reject(f"台账“{ledger.title}”的数据已损坏", "请向发件单位重新索要") from problem


def _number(plain: object) -> float:
    if isinstance(plain, int | float) and abs(plain) <= float_info.max:
        return float(plain)
    return _no(plain)


def typed_value(kind: ColumnType, plain: object) -> LedgerValue:
    """Return a plain value as its column holds it; ValueError when it is not of that kind."""
    if plain is None:
        return None
    if kind is ColumnType.NUMBER:
        return _number(plain)
    if not isinstance(plain, str):
        return _no(plain)
    if kind is ColumnType.DATE:
        return date.fromisoformat(plain)
    if kind is ColumnType.FLAG:
        return plain == YES if plain in (YES, NO) else _no(plain)
    return plain


def _no(plain: object) -> NoReturn:
    raise ValueError(plain)
