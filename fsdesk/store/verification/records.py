"""Records beside the change log: each version that stands must once have been logged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from fsdesk.domain.records.merge import Revision, Version, admit
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.store.care.integrity import label
from fsdesk.store.verification.reading import differing, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fsdesk.store.verification.log import Line
    from fsdesk.store.verification.reading import Reading, Row

_TABLES = {
    RecordKind.VALUE.value: ("data_value", "指标"),
    RecordKind.PROGRESS.value: ("progress_report", "任务"),
    RecordKind.MILESTONE.value: ("milestone", "事项"),
}
_KEY_PARTS = 4
# Lines about what belongs to a record, whose subject is the record all the same.
_BESIDE = frozenset({"attach", "detach"})
_IMPORT, _UNDO = "import", "undo"


class _Past(Struct):
    """What the log says of one record.

    Attributes:
        said: Every version that it ever had, by revision and content.
        stands: The versions that should stand now.
        known: Whether that is all; after an undone import only the leading one was logged.
        moments: When and by whom it was changed.
        line: The last line about it.
    """

    said: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    stands: tuple[Version[str], ...] = ()
    known: bool = True
    moments: set[tuple[str, str]] = field(default_factory=set)
    line: int = 0


class RecordPasts:
    """Gathers what the log says of records, then looks at what stands."""

    def __init__(self) -> None:
        self._pasts: dict[tuple[str, ...], _Past] = {}

    def note(self, line: Line) -> bool:
        """Take in a line of the log; tell whether it is one about records."""
        if line.action in _BESIDE:
            return False
        key = _key(line.subject)
        if key:
            self._note(key, line, line.after)
            return True
        after = line.after or {}
        keys = {key: plain for subject, plain in after.items() if (key := _key(subject))}
        for each, plain in keys.items():
            self._note(each, line, plain)
        return bool(keys)

    def _note(self, key: tuple[str, ...], line: Line, after: dict[str, Any] | None) -> None:
        past = self._pasts.setdefault(key, _Past())
        past.line = line.id
        past.moments.add((line.at, line.who))
        if after is None:
            past.stands = ()
            return
        content = _text(after)
        past.said[content] = after
        now = Version(content, Revision.parse(str(after.get("revision", ""))))
        # An edit holds all that stood there, unless another desk wrote something meanwhile.
        if line.action == _UNDO or not now.revision:
            past.stands = (now,)
        else:
            past.stands = admit(past.stands, now)
        if line.action != _IMPORT:
            past.known = line.action != _UNDO and (past.known or past.stands == (now,))

    def compare(self, reading: Reading) -> Iterator[str]:
        """Say of every record that stands what the log does not say, and which are gone."""
        for kind, (table, item) in _TABLES.items():
            rows: dict[tuple[str, ...], list[Row]] = {}
            for row in reading.rows(table):
                key = (kind, str(row["item"]), str(row["unit"]), str(row["period"]))
                rows.setdefault(key, []).append(row)
            for key in sorted({*rows, *(key for key in self._pasts if key[0] == kind)}):
                where = f"表{label(table)}：{item} {key[1]}，单位 {key[2]}，{key[3]}"
                past = self._pasts.get(key)
                if past is None:
                    yield f"{where}：变更记录中没有这条记录"
                else:
                    yield from _compared(where, past, rows.get(key, []), table in reading.lost)


def _compared(where: str, past: _Past, rows: list[Row], lost: bool) -> Iterator[str]:  # noqa: FBT001
    standing = [_as_logged(row, past) for row in rows]
    texts = {_text(plain) for plain in standing}
    strange = [plain for plain in standing if _text(plain) not in past.said]
    missing = [v.content for v in past.stands if v.content not in texts]
    for plain in strange:
        said = past.said[missing[0]] if missing else _nearest(plain, past)
        missing = missing[1:]
        faults = "，".join(differing(said, plain))
        yield f"{where}：与变更记录第 {past.line} 条不符，{faults}"
    if missing:
        yield f"{where}：变更记录中有，" + ("已读不出" if lost else "库中没有")
    should = {version.content for version in past.stands}
    more = [plain for plain in standing if _text(plain) in past.said and _text(plain) not in should]
    if more and past.known:
        yield f"{where}：现有的是变更记录中早已被取代的内容"
    if not strange and rows:
        yield from _about(where, past, rows)


def _about(where: str, past: _Past, rows: list[Row]) -> Iterator[str]:
    if sum(row["leading"] == 1 for row in rows) != 1:
        yield f"{where}：应恰有一个版本计入汇总，现有 {sum(row['leading'] == 1 for row in rows)} 个"
    for row in rows:
        if (row["recorded_at"], row["recorded_by"]) not in past.moments:
            who = f"{row['recorded_by']}，{row['recorded_at']}"
            yield f"{where}：填报人或填报时间与变更记录不符，现为“{who}”"


def _nearest(plain: Mapping[str, Any], past: _Past) -> Mapping[str, Any]:
    """Return what was said of a version, by its revision; else what was said last."""
    revision = plain.get("revision")
    same_edit = [said for said in past.said.values() if said.get("revision") == revision]
    nothing: Mapping[str, Any] = {}
    return [nothing, *past.said.values(), *same_edit][-1]


def _as_logged(row: Row, past: _Past) -> dict[str, Any]:
    """Return a row in the words of the log; what the log is silent about is left out."""
    plain = {name: row.get(name) for said in past.said.values() for name in said}
    for said in past.said.values():
        if all(same(value, plain.get(name)) for name, value in said.items()):
            return dict(said)
    return plain


def _key(subject: str) -> tuple[str, ...]:
    parts = RecordKey.parts(str(subject))
    return parts if len(parts) == _KEY_PARTS and parts[0] in _TABLES else ()


def _text(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, default=repr)
