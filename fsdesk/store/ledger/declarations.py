"""The declarations of ledgers in the database, and in which slot each column lies."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import insert, select, update

from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.codec import ledgers_from_dict
from fsdesk.domain.ledger.ledger import ColumnType, Ledger
from fsdesk.domain.plain import to_plain
from fsdesk.store.ledger.tables import LEDGER, NUMBER_SLOTS, TEXT_SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import RowMapping

    from fsdesk.store.session import Session

_FREE = {
    "t": tuple(f"t{number}" for number in range(1, TEXT_SLOTS + 1)),
    "n": tuple(f"n{number}" for number in range(1, NUMBER_SLOTS + 1)),
}


class Declared(Struct, frozen=True):
    """A ledger and the slots of its columns by title, also of those that are no longer declared."""

    ledger: Ledger
    slots: Mapping[str, str]


def store_declarations(
    session: Session, ledgers: Iterable[Ledger]
) -> list[tuple[Declared | None, Declared]]:
    """Put declarations in place of those of the same code.

    Returns:
        Each as it was before, if it was declared at all, and as it is now.

    Raises:
        InputRejectedError: When a ledger has more columns than there is room for.
    """
    known = dict(declarations(session))
    changes: list[tuple[Declared | None, Declared]] = []
    for position, ledger in enumerate(ledgers):
        before = known.get(ledger.code)
        slots = _slots(ledger, before.slots if before else {})
        changes.append((before, Declared(ledger, slots)))
        plain: Any = to_plain(ledger)
        row = {
            "position": position,
            "title": ledger.title,
            "slots": _json(slots),
            "keyed_by_unit": ledger.keyed_by_unit,
            **{name: _json(plain[name]) for name in ("columns", "key", "feeds", "rules")},
        }
        known[ledger.code] = Declared(ledger, slots)  # a packet made by hand may say it twice
        if before:
            session.execute(update(LEDGER).where(LEDGER.c.code == ledger.code).values(row))
        else:
            session.execute(insert(LEDGER), row | {"code": ledger.code})
    session.info.pop("ledgers", None)
    return changes


def _slots(ledger: Ledger, before: Mapping[str, str]) -> dict[str, str]:
    """Give each new column a slot of its kind; those of columns that were dropped stay theirs."""
    slots = dict(before)
    for column in ledger.columns:
        kind = "n" if column.type is ColumnType.NUMBER else "t"
        if slots.get(column.title, "")[:1] == kind:
            continue
        free = [slot for slot in _FREE[kind] if slot not in slots.values()]
        if not free:
            raise reject(
                f"台账“{ledger.title}”的列太多",
                f"最多 {TEXT_SLOTS} 列文字、日期或选项和 {NUMBER_SLOTS} 列数字，停用的列也占位置",
            )
        slots[column.title] = free[0]
    return slots


def declaration_digests(session: Session) -> dict[str, str]:
    """Return a digest of each declaration as it is stored, by code."""
    rows = session.execute(select(LEDGER)).mappings()
    return {row["code"]: digest_of(dict(row)) for row in rows}


def digest_of(row: Mapping[str, Any]) -> str:
    """Return the digest of a declaration by its columns."""
    stored = [row[column.name] for column in LEDGER.columns]
    return hashlib.sha256(json.dumps(stored, ensure_ascii=False).encode()).hexdigest()


def load_ledgers(session: Session) -> tuple[Ledger, ...]:
    """Return the declared ledgers in order."""
    return tuple(declared.ledger for declared in declarations(session).values())


_IN_ORDER = select(LEDGER).order_by(LEDGER.c.position)


def declarations(session: Session) -> Mapping[str, Declared]:
    """Return the declared ledgers by code, in order, with their slots."""
    found: dict[str, Declared] | None = session.info.get("ledgers")
    if found is None:
        rows = session.execute(_IN_ORDER).mappings()
        found = {row["code"]: declared_of(row) for row in rows}
        session.info["ledgers"] = found
    return found


def declared(session: Session, code: str) -> Declared:
    """Return one ledger; InputRejectedError when there is none with this code."""
    found = declarations(session).get(code)
    if found is None:
        raise reject(f"没有台账“{code}”", "请核对台账编码，或先导入汇总端的下发包")
    return found


def declared_of(row: RowMapping | Mapping[str, Any]) -> Declared:
    """Read a ledger's declaration by its columns; ValueError or InputRejectedError if it can't."""
    texts = (row[name] for name in ("code", "title", "columns", "key", "feeds", "rules"))
    ledger = _ledger(*texts, by_unit=row["keyed_by_unit"])
    # A workspace of the first version has declarations, but no rows and no slots yet.
    return Declared(ledger, _slots(ledger, json.loads(row["slots"])))


@lru_cache(maxsize=256)  # they are asked for with every row and seldom change
def _ledger(  # noqa: PLR0913 - the columns of a row
    code: str, title: str, columns: str, key: str, feeds: str, rules: str, *, by_unit: bool
) -> Ledger:
    plain: dict[str, Any] = {"code": code, "title": title, "keyed_by_unit": by_unit}
    plain |= {"columns": json.loads(columns), "key": json.loads(key)}
    plain |= {"feeds": json.loads(feeds), "rules": json.loads(rules)}
    return ledgers_from_dict([plain])[0]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
