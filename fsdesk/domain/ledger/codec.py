"""Declarations and rows of ledgers as plain values that JSON can hold, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.conditions import Check, Condition
from fsdesk.domain.ledger.formulas import Action, Feed, Measure, Span
from fsdesk.domain.ledger.ledger import (
    NO,
    YES,
    ColumnType,
    Ledger,
    LedgerColumn,
    LedgerEntry,
    LedgerValue,
    plain_value,
)
from fsdesk.domain.ledger.rules import Rule, RuleKind
from fsdesk.domain.records.merge import Revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Plain = dict[str, Any]


def ledgers_to_dict(ledgers: Iterable[Ledger]) -> list[Plain]:
    """Return declarations as plain values, in order."""
    return [asdict(ledger) for ledger in ledgers]


def ledgers_from_dict(plain: Iterable[Mapping[str, Any]]) -> tuple[Ledger, ...]:
    """Rebuild declarations from `ledgers_to_dict`.

    Raises:
        InputRejectedError: When something is missing or of the wrong kind.
    """
    try:
        return tuple(_ledger(each) for each in plain)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise reject("台账的声明不完整或已损坏", "请向区食药安办重新索要下发包") from problem


def _ledger(plain: Mapping[str, Any]) -> Ledger:
    return Ledger(
        code=str(plain["code"]),
        title=str(plain["title"]),
        columns=tuple(column_from_dict(each) for each in plain["columns"]),
        key=_texts(plain["key"]),
        feeds=tuple(feed_from_dict(each) for each in plain.get("feeds", ())),
        rules=tuple(rule_from_dict(each) for each in plain.get("rules", ())),
    )


def _texts(plain: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(each) for each in plain)


def column_from_dict(plain: Mapping[str, Any]) -> LedgerColumn:
    """Rebuild a column."""
    return LedgerColumn(
        title=str(plain["title"]),
        type=ColumnType(plain["type"]),
        choices=_texts(plain["choices"]),
        personal=plain["personal"] is True,
        aliases=_texts(plain.get("aliases", ())),
        words=tuple((str(word), str(choice)) for word, choice in plain.get("words", ())),
    )


def feed_from_dict(plain: Mapping[str, Any]) -> Feed:
    """Rebuild a feed."""
    below = plain["denominator"]
    return Feed(
        indicator=str(plain["indicator"]),
        numerator=_measure(plain["numerator"]),
        denominator=_measure(below) if below else None,
        counts=plain["counts"] is True,
        visits=str(plain.get("visits", "")),
    )


def _measure(plain: Mapping[str, Any]) -> Measure:
    return Measure(
        action=Action(plain["action"]),
        column=str(plain["column"]),
        where=conditions_from_dict(plain["where"]),
        day=str(plain["day"]),
        span=Span(plain["span"]),
    )


def conditions_from_dict(plain: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Rebuild conditions."""
    return tuple(
        Condition(str(each["column"]), Check(each["check"]), tuple(each["values"]))
        for each in plain
    )


def rule_from_dict(plain: Mapping[str, Any]) -> Rule:
    """Rebuild a rule."""
    return Rule(
        kind=RuleKind(plain["kind"]),
        column=str(plain["column"]),
        other=str(plain["other"]),
        where=conditions_from_dict(plain["where"]),
        message=str(plain["message"]),
    )


def entry_to_dict(entry: LedgerEntry) -> Plain:
    """Return a row as plain values in a canonical form."""
    values = {title: _compact(plain_value(value)) for title, value in entry.values.items()}
    return {
        "id": entry.id,
        "unit": entry.unit,
        "values": {title: values[title] for title in sorted(values) if values[title] is not None},
        "revision": str(entry.revision),
        "gone": entry.gone,
    }


def _compact(value: str | float | None) -> str | float | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def entry_from_dict(ledger: Ledger, plain: Mapping[str, Any]) -> LedgerEntry:
    """Rebuild a row from `entry_to_dict`; values of columns that are not declared stay text.

    Raises:
        InputRejectedError: When something is missing or of the wrong kind.
    """
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


def typed_value(kind: ColumnType, plain: object) -> LedgerValue:
    """Return a plain value as its column holds it.

    Raises:
        ValueError: When it is not of that kind.
    """
    if plain is None:
        return None
    if kind is ColumnType.NUMBER:
        return float(plain) if isinstance(plain, int | float) else _no(plain)
    if not isinstance(plain, str):
        return _no(plain)
    if kind is ColumnType.DATE:
        return date.fromisoformat(plain)
    if kind is ColumnType.FLAG:
        return plain == YES if plain in (YES, NO) else _no(plain)
    return plain


def _no(plain: object) -> LedgerValue:
    raise ValueError(plain)
