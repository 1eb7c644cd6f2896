"""Rows of tables as far as they can be read, whatever is broken."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct, field

from fsdesk.store.care import raw
from fsdesk.store.care.integrity import label

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

Row = dict[str, Any]
_PART = 500
_BEYOND = 20_000  # how far is looked behind a broken page when the table's end can't be read


class Reading(Struct, dict=True):
    """A database that is read in spite of damage.

    Attributes:
        columns: By table, those that it should have; none of a database of an older program.
        lost: By table that could not be read whole, where the first break is: the last row number
            before it.
    """

    connection: sqlite3.Connection
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    lost: dict[str, int] = field(default_factory=dict)

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables that there are, those that an older program did not know left out."""
        rows = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return frozenset(str(name) for (name,) in rows)

    @property
    def version(self) -> str:
        """The number of the last step by which the tables were made; empty where it is lost."""
        rows = list(self.rows("alembic_version"))
        return str(rows[0]["version_num"]) if rows else ""

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table that can be read, each with its number as ``#``."""
        if table not in self.tables:
            return
        if not self._has_columns(table):
            self.lost.setdefault(table, 0)
            return
        last, end = 0, 0
        while True:
            try:
                part = self._between(table, last, None, _PART)
            except raw.faults():
                self.lost.setdefault(table, last)
                end = self._end(table, last)
                break
            yield from part
            if len(part) < _PART:
                return
            last = part[-1]["#"]
        yield from self._around(table, last, end)

    def _has_columns(self, table: str) -> bool:
        """Tell whether a table still has the columns that the program asks for."""
        try:
            found = self.connection.execute(f'PRAGMA table_info("{table}")')
            return self.columns.get(table, frozenset()) <= {row[1] for row in found}
        except raw.faults():
            return False

    def _between(self, table: str, after: int, until: int | None, most: int) -> list[Row]:
        limit = "" if until is None else f" AND rowid <= {until}"
        found = self.connection.execute(
            f'SELECT rowid AS "#", * FROM "{table}" WHERE rowid > {after}{limit}'  # noqa: S608
            f" ORDER BY rowid LIMIT {most}"
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def _end(self, table: str, last: int) -> int:
        try:
            found = self.connection.execute(f'SELECT max(rowid) FROM "{table}"')  # noqa: S608
            return int(found.fetchone()[0] or 0)
        except (*raw.faults(), TypeError, ValueError):
            return last + _BEYOND

    def _around(self, table: str, after: int, until: int) -> Iterator[Row]:
        """Yield what can be read of a range of rows: halved until the break stands alone."""
        if after >= until:
            return
        try:
            yield from self._between(table, after, until, until - after)
        except raw.faults():
            if until - after > 1:
                middle = (after + until) // 2
                yield from self._around(table, after, middle)
                yield from self._around(table, middle, until)

    def told(self) -> list[str]:
        """Say which tables could not be read whole, and from which row on."""
        return [
            f"表{label(table)}有读不出的记录，第一处在第 {last} 行之后"
            for table, last in self.lost.items()
        ]


def plain(text: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a text says as JSON; None where it is none."""
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None


def fields_of(text: object) -> dict[str, Any] | None:
    """Return what a text says as JSON by name; None where it says nothing of the kind."""
    found = plain(text)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def same(logged: object, stands: object) -> bool:
    """Tell whether a stored value is what the log says: numbers as numbers, dates as texts."""
    if isinstance(logged, bool):
        return stands in (0, 1) and bool(stands) is logged
    if isinstance(logged, int | float):
        return isinstance(stands, int | float) and float(stands) == float(logged)
    return logged == stands


def differing(logged: Mapping[str, Any], stands: Mapping[str, Any]) -> list[str]:
    """Say in which of the columns that a row has it isn't what the log says."""
    return [
        f"{_FIELDS.get(name, name)}应为“{_short(value)}”，现为“{_short(stands[name])}”"
        for name, value in logged.items()
        if name in stands and not same(value, stands[name])
    ]


_FIELDS = {
    "value": "数值", "numerator": "分子", "denominator": "分母", "not_applicable": "无此项",
    "note": "备注", "status": "状态", "text": "进展", "problems": "问题",
    "next_steps": "下一步", "done_on": "完成日期", "evidence": "佐证", "revision": "版本",
    "recorded_at": "填报时间", "recorded_by": "填报人", "state": "状态", "comment": "意见",
    "reason": "原因", "unit": "单位", "period": "时期", "name": "名称", "size": "大小",
    "digest": "内容摘要", "kept": "留存方式", "at": "时间",
}  # fmt: skip
_MOST = 60


def _short(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    words = "" if value is None else str(value)
    return words if len(words) <= _MOST else f"{words[:_MOST]}…"
