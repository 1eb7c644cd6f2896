"""What else the change log tells of: settings, reports, letters, evidence, keys and decisions."""

from __future__ import annotations

import hashlib
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from fsdesk.domain.records.records import RecordKey
from fsdesk.store.care.integrity import label
from fsdesk.store.issued_papers import content_digest
from fsdesk.store.ladder.parts import content_digest as parts_digest
from fsdesk.store.ledger.declarations import digest_of
from fsdesk.store.packet import imports
from fsdesk.store.verification.reading import differing, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fsdesk.store.verification.log import Line
    from fsdesk.store.verification.reading import Reading, Row

_Key = tuple[str, ...]
# By table, the columns by which a row is known.
_KEYS: Mapping[str, _Key] = {
    "workspace": ("id",),
    "setting": ("name",),
    "submission": ("unit", "period"),
    "left_out": ("unit", "period"),
    "signer": ("fingerprint",),
    "attachment": ("digest", "kind", "item", "unit", "period"),
    "letter": ("kind", "year", "number"),
    "supervision_case": ("kind", "year", "number", "task"),
    "letter_draft": ("key",),
    "issued_paper": ("subject", "part"),
    "published": ("period", "change"),
    "quality_dismissal": ("mark",),
    "review_comment": ("kind", "item", "unit", "period"),
    "ledger": ("code",),
    "import_batch": ("id",),
    "packet": ("digest",),
    "part_sheet": ("unit", "period"),
    "ladder_match": ("kind", "upper"),
    "ladder_drawn": ("record",),
    "ladder_task": ("task",),
}
# Of these earlier programs logged nothing, so that what is not logged says nothing.
_SILENT = frozenset({"review_comment", "ledger", "import_batch", "packet"})
# Of the workspace's identity, what stays as it was made; a copy numbers its edits anew.
_DISMISSED = ("rule", "reason", "level", "message", "remedy")
_IDENTITY = ("id", "role", "unit", "year", "created_at", "program_version")


class ThingPasts:
    """Gathers what the log says of each thing, then looks at what stands."""

    def __init__(self) -> None:
        # By table and key what should stand, as far as it is said; None for what should be gone.
        self._said: dict[str, dict[_Key, dict[str, Any] | None]] = {name: {} for name in _KEYS}
        self._lines: dict[tuple[str, _Key], int] = {}
        self._series: dict[str, _Key] = {}
        self._imports: list[Line] = []
        self._plans: set[tuple[str, str]] = set()
        # Since which line of the log papers are kept, and at which line each letter was entered.
        self._papers_since = 0
        self._entered: dict[_Key, int] = {}
        self._by_action: Mapping[str, Callable[[Line], None]] = {
            "init": self._note_identity,
            "settings": self._note_setting,
            "submission": self._note_submission,
            "leave out": self._note_left_out,
            "key": self._note_signer,
            "attach": self._note_attached,
            "detach": self._note_attached,
            "letter": self._note_letter,
            "letter draft": self._note_draft,
            "paper": self._note_paper,
            "publish": self._note_published,
            "revoke": self._note_published,
            "dismiss": self._note_dismissal,
            "undo": self._note_undone,
            "review": self._note_review,
            "answer": self._note_answer,
            "declare": self._note_declared,
            "batch": self._note_batch,
            "plan": self._note_plan,
            "packet": self._note_packet,
            "parts": self._note_parts,
            "match": self._note_matched,
            "draw": self._note_drawn,
            "hand down": self._note_handed_down,
        }

    def note(self, line: Line) -> None:
        """Take in a line of the log."""
        note = self._by_action.get(line.action)
        if note is not None:
            note(line)

    def compare(self, reading: Reading) -> Iterator[str]:
        """Say what stands otherwise than the log says, what is gone, and what was never logged."""
        for table, said in self._said.items():
            rows = {_key_of(table, row): row for row in reading.rows(table)}
            for key in sorted({*rows, *said}):
                expected, row = said.get(key), rows.get(key)
                where = f"表{label(table)}：{_named(key)}"
                if row is None:
                    if expected is not None:
                        yield f"{where}：变更记录中有，" + (
                            "已读不出" if table in reading.lost else "库中没有"
                        )
                elif expected is None and key not in said and table in _SILENT:
                    continue
                elif expected is None:
                    known = (
                        "变更记录中已删除，库中还在" if key in said else "变更记录中没有这条记录"
                    )
                    yield f"{where}：{known}"
                else:
                    faults = differing(expected, _as_logged(table, row, expected))
                    number = self._lines[table, key]
                    if faults:
                        yield f"{where}：与变更记录第 {number} 条不符，" + "，".join(faults)

        yield from self._compared_imports(reading)
        yield from self._letters_without_paper()
        for row in reading.rows("plan_revision"):
            if (row["at"], row["who"]) not in self._plans:
                where = f"表{label('plan_revision')}：{row['year']} 年计划的第 {row['#']} 个状态"
                yield f"{where}：变更记录中没有这次修订"

    def _letters_without_paper(self) -> Iterator[str]:
        """Name the letters that were issued without being kept; at first programs kept none."""
        kept = {subject for (subject, _), fields in self._said["issued_paper"].items() if fields}
        for series, line in self._entered.items():
            stands = self._said["letter"].get(series) is not None
            asked = stands and 0 < self._papers_since < line
            if asked and f"letter/{'/'.join(series)}" not in kept:
                yield f"表{label('letter')}：{_named(series)}：没有留存印发原件"

    def _compared_imports(self, reading: Reading) -> Iterator[str]:
        """Say which imports can no longer be undone as they should, since what was before is lost.

        Several packets of one import are logged one after another.
        """
        rows: dict[object, list[Row]] = {}
        for row in reading.rows("import_change"):
            rows.setdefault(row["batch"], []).append(row)
        for line in self._imports:
            batch = int(line.subject.rpartition("/")[2])
            told = line.after or {}
            count = told.get("changes", 0)
            part, rows[batch] = rows.get(batch, [])[:count], rows.get(batch, [])[count:]
            if imports.digest_of(part) != told.get("digest"):
                yield f"表{label('import_change')}：第 {batch} 次导入前后的内容与变更记录不符"

    def _put(
        self, line: Line, table: str, key: Iterable[object], fields: dict[str, Any] | None
    ) -> None:
        known = tuple(map(str, key))
        self._said[table][known] = fields
        self._lines[table, known] = line.id

    def _note_identity(self, line: Line) -> None:
        after = _copied(line.after)
        if after is not None:
            fields = {name: after[name] for name in _IDENTITY if name in after}
            self._put(line, "workspace", [after.get("id")], fields)

    def _note_setting(self, line: Line) -> None:
        self._put(line, "setting", [line.subject], {"value": line.after})

    def _note_submission(self, line: Line) -> None:
        self._put(line, "submission", _parts(line.subject, 2), _copied(line.after))

    def _note_left_out(self, line: Line) -> None:
        fields = _copied(line.after)
        if fields is not None:
            fields |= {"decided_at": line.at, "decided_by": line.who}
        self._put(line, "left_out", _parts(line.subject, 2), fields)

    def _note_signer(self, line: Line) -> None:
        self._put(line, "signer", _parts(line.subject, 1), _copied(line.after))

    def _note_attached(self, line: Line) -> None:
        fields = _copied(line.after)
        digest = (fields or _copied(line.before) or {}).get("digest", "")
        if fields is not None:
            fields["added_at"] = line.at
        self._put(line, "attachment", [digest, *RecordKey.parts(line.subject)], fields)

    def _note_letter(self, line: Line) -> None:
        after = _copied(line.after) or {}
        series = tuple(str(after.get(name, "")) for name in _KEYS["letter"])
        if line.before is None and all(series):
            self._series[line.subject] = series
            tasks = after.pop("tasks", ())
            for task in tasks:
                self._put(line, "supervision_case", (*series, task), {})
            self._put(line, "letter", series, after)
            self._entered[series] = line.id
            return
        known = self._series.get(line.subject)
        if known is not None and line.after is None:  # it never left the office
            self._put(line, "letter", known, None)
            for task in (line.before or {}).get("tasks", ()):
                self._put(line, "supervision_case", (*known, task), None)
        elif known is not None:
            self._put(line, "letter", known, (self._said["letter"][known] or {}) | after)

    def _note_draft(self, line: Line) -> None:
        self._put(line, "letter_draft", _parts(line.subject, 1), _copied(line.after))

    def _note_paper(self, line: Line) -> None:
        """A paper was kept, or let go of since its issue was taken back."""
        self._papers_since = self._papers_since or line.id
        told = line.after or line.before or {}
        for part, digest in told.get("parts", {}).items():
            fields = {"kept": told.get("kept"), "at": line.at, "digest": digest}
            self._put(line, "issued_paper", [line.subject, part], fields if line.after else None)

    def _note_published(self, line: Line) -> None:
        fields = _copied(line.after)
        change = (fields or _copied(line.before) or {}).get("change", "")
        if fields is not None:
            fields |= {"at": line.at, "who": line.who}
        self._put(line, "published", [*_parts(line.subject, 1), change], fields)

    def _note_dismissal(self, line: Line) -> None:
        fields = _copied(line.after)
        if fields is not None:
            told = {name: fields[name] for name in _DISMISSED if name in fields}
            fields = told | {"at": line.at, "who": line.who}
        self._put(line, "quality_dismissal", [line.subject], fields)

    def _note_review(self, line: Line) -> None:
        """The office's words on single records: all of a unit and period at once."""
        unit, period = _parts(line.subject, 2)
        after = line.after or {}
        for key in self._said["review_comment"]:
            if key[2:] == (unit, period):
                self._put(line, "review_comment", key, None)
        for record, comment in after.get("rows", {}).items():
            fields = {"comment": comment, "commented_at": after.get("at")}
            self._put(line, "review_comment", RecordKey.parts(record), fields)

    def _note_answer(self, line: Line) -> None:
        key = RecordKey.parts(line.subject.partition("/")[2])
        self._put(line, "review_comment", key, _copied(line.after))

    def _note_declared(self, line: Line) -> None:
        if line.subject == "ledgers":
            for code, digest in (line.after or {}).items():
                self._put(line, "ledger", [code], {"digest": digest})

    def _note_packet(self, line: Line) -> None:
        after = _copied(line.after) or {}
        self._put(line, "packet", [after.get("digest")], after)

    def _note_parts(self, line: Line) -> None:
        self._put(line, "part_sheet", _parts(line.subject, 2), _copied(line.after))

    def _note_matched(self, line: Line) -> None:
        self._put(line, "ladder_match", _parts(line.subject, 2), _copied(line.after))

    def _note_drawn(self, line: Line) -> None:
        self._put_told(line, "ladder_drawn", "drawn")

    def _note_handed_down(self, line: Line) -> None:
        self._put_told(line, "ladder_task", "origin")

    def _put_told(self, line: Line, table: str, column: str) -> None:
        """Take in what stands as JSON in a column, with when and by whom it was put there."""
        told = None
        if line.after is not None:
            told = {column: line.after, "at": line.at, "who": line.who}
        self._put(line, table, _parts(line.subject, 1), told)

    def _note_plan(self, line: Line) -> None:
        self._plans.add((line.at, line.who))

    def _note_batch(self, line: Line) -> None:
        key = tuple(_parts(line.subject, 1))
        if key not in self._said["import_batch"]:  # it was begun with the first of its packets
            self._put(line, "import_batch", key, {"at": line.at, "who": line.who})
        self._imports.append(line)

    def _note_undone(self, line: Line) -> None:
        """An undone import put rows back: the line holds them all, by table."""
        kind, _, name = line.subject.partition("/")
        if kind == "packet":
            self._put(line, "packet", [(line.before or {}).get("digest")], None)
        for table, listed in (line.after or {}).items():
            if table not in _KEYS or not isinstance(listed, list):
                continue
            rows = cast("list[Row]", listed)
            names = dict(zip(_UNDONE.get(kind, ()), name.split("/"), strict=False))
            for key in self._said[table]:
                identity = dict(zip(_KEYS[table], key, strict=True))
                if names and names.items() <= identity.items():
                    self._put(line, table, key, None)
            for row in rows:
                self._put(line, table, (row.get(part) for part in _KEYS[table]), dict(row))


# By what was undone, the columns that its name is made of.
_UNDONE: Mapping[str, _Key] = {
    "submission": ("unit", "period"),
    "evidence": ("unit", "period"),
    "signer": ("fingerprint",),
    "parts": ("unit", "period"),
    "rules": ("name",),
    "letter": ("kind", "year", "number"),
}


# By table, the column that holds what the log holds as JSON.
_AS_JSON = {"ladder_drawn": "drawn", "ladder_task": "origin"}


def _key_of(table: str, row: Row) -> _Key:
    return tuple(str(row.get(name)) for name in _KEYS[table])


def _named(key: _Key) -> str:
    return " ".join(part if len(part) <= _LONG else f"{part[:_LONG]}…" for part in key)


_LONG = 24


def _parts(subject: str, count: int) -> list[str]:
    """Return what a subject such as ``submission/unit/period`` names, without its kind."""
    return subject.split("/", count)[1:]


def _copied(logged: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if logged is None else dict(logged)


def _as_logged(table: str, row: Row, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row in the words of the log."""
    found: dict[str, Any] = dict(row)
    if table == "setting" and not isinstance(expected.get("value"), str):
        found["value"] = plain(row["value"])
    if table in _AS_JSON:
        found[_AS_JSON[table]] = plain(found[_AS_JSON[table]])
    if table == "letter_draft":
        items = str(row["items"]).split(",")
        found["items"] = str(tuple(item for item in items if item))
    if table == "published":
        try:
            found["digest"] = hashlib.sha256(zlib.decompress(row["status"])).hexdigest()
        except (zlib.error, TypeError):
            found["digest"] = "读不出"
    if table == "issued_paper":
        content = content_digest(row["data"])
        found["digest"] = content if content == row["digest"] else "与内容不符"
    if table == "part_sheet":
        content = parts_digest(row["figures"], row["rows"])
        found["digest"] = content if content == row["digest"] else "与内容不符"
    if table == "ledger":
        with suppress(KeyError, TypeError):
            found["digest"] = digest_of(row | {"keyed_by_unit": bool(row["keyed_by_unit"])})
    return _as_texts(found, expected)


def _as_texts(found: dict[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """Letters and drafts are logged as texts."""
    return {
        name: str(value)
        if isinstance(expected.get(name), str) and not isinstance(value, str)
        else value
        for name, value in found.items()
    }
