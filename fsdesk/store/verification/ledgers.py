"""Rows of ledgers beside the change log, and each row beside what it says twice itself.

What was typed is logged row by row; many rows at once are logged by one digest of them all. Rows
of which later steps of many rows have changed some can no longer be told from the log, and nothing
is said of them but whether they are consistent.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.ledger.codec import entry_to_dict
from fsdesk.domain.ledger.ledger import natural_key
from fsdesk.store.care.integrity import label
from fsdesk.store.ledger.batch import are_rows
from fsdesk.store.ledger.declarations import declared_of
from fsdesk.store.ledger.layout import BESIDE, LedgerLayout
from fsdesk.store.verification.reading import differing, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.store.verification.log import Line
    from fsdesk.store.verification.reading import Reading, Row

_TABLE, _SUBJECT = "ledger_entry", "ledger"
_WHOLE, _ONE = 2, 3  # parts of the subject of many rows, and of one
# Whatever nonsense a damaged row holds, reading it ends in one of these.
NONSENSE = (
    FsdeskError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    ArithmeticError,
)


class _LedgerPast(Struct):
    """What the log says of one ledger.

    Attributes:
        rows: The last line about each row that was logged by itself.
        steps: The lines about many rows at once.
        changed: The last line after which rows may be other than logged.
    """

    rows: dict[str, Line] = field(default_factory=dict)
    steps: list[Line] = field(default_factory=list)
    changed: int = 0


class LedgerPasts:
    """Gathers what the log says of the rows of ledgers, then looks at what stands."""

    def __init__(self) -> None:
        self._pasts: dict[str, _LedgerPast] = defaultdict(_LedgerPast)
        self._origins: set[tuple[str, str, str]] = set()

    def note(self, line: Line) -> bool:
        """Take in a line of the log; tell whether it is one about ledgers."""
        parts = line.subject.split("/", _ONE - 1)
        if parts[0] != _SUBJECT or len(parts) < _WHOLE:
            return False
        self._origins.add((line.at, line.who, line.packet))
        past = self._pasts[parts[1]]
        told = line.after or {}
        if len(parts) == _ONE:
            past.rows[parts[2]] = line
        else:
            past.steps.append(line)
            if "digest" not in told or told.get("updated"):
                past.changed = line.id
        return True

    def compare(self, reading: Reading) -> Iterator[str]:
        """Say of every row what is wrong with it."""
        layouts: dict[str, LedgerLayout] = {}
        for row in reading.rows("ledger"):
            try:
                row["keyed_by_unit"] = bool(row.get("keyed_by_unit"))
                layouts[row["code"]] = LedgerLayout(declared_of(row))
            except NONSENSE:
                yield f"表{label('ledger')}：台账 {row.get('code')} 的表头已读不出"
        facets = {row["#"]: fields_of(row["content"]) for row in reading.rows("ledger_facet")}
        batches = {row["#"]: row for row in reading.rows("ledger_batch")}
        for number, batch in batches.items():
            if (batch["at"], batch["who"], batch["packet"]) not in self._origins:
                table = label("ledger_batch")
                yield f"表{table}：第 {number} 行的时间、填报人或来源与变更记录不符"
        looks = {
            code: _LedgerLook(layout, self._pasts[code], facets, batches)
            for code, layout in layouts.items()
        }
        for row in reading.rows(_TABLE):
            look = looks.get(row["ledger"])
            if look is None:
                yield f"{_where(row)}：所属的台账没有表头"
            else:
                yield from look.of(row)
        for code in layouts:
            yield from looks[code].in_the_end(lost=_TABLE in reading.lost)


class _LedgerLook:
    """Looks at the rows of one ledger."""

    def __init__(
        self,
        layout: LedgerLayout,
        past: _LedgerPast,
        facets: dict[int, Any],
        batches: dict[int, Row],
    ) -> None:
        self._layout, self._past = layout, past
        self._facets, self._batches = facets, batches
        self._seen: set[str] = set()
        self._found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        moments = {line.at for line in (*past.steps, *past.rows.values())}
        self._moments = moments
        # The steps whose rows must still be there as they came, by moment.
        at = [line.at for line in past.steps]
        self._whole = {
            line.at: line
            for line in past.steps
            if line.id > past.changed and at.count(line.at) == 1
        }
        self._several = {moment for moment in at if at.count(moment) > 1}

    @property
    def _name(self) -> str:
        return f"表{label(_TABLE)}：{self._layout.ledger.title}"

    def of(self, row: Row) -> Iterator[str]:
        where, layout = _where(row), self._layout
        ordered = tuple(row[name] for name in layout.columns)
        try:
            entry = layout.decode((row["#"], *ordered))
            said = entry_to_dict(entry)
            encoded = layout.encode(entry)
            key, facet = natural_key(layout.ledger, entry.values), layout.facet_of(encoded)
        except NONSENSE:
            yield f"{where}：内容已读不出"
            return
        self._seen.add(entry.id)
        content = self._facets.get(row["facet"])
        pairs = zip(layout.facet_titles, facet, strict=True)
        should = {title: value for title, value in pairs if value is not None}
        if key != row["key"]:
            yield f"{where}：关键列的内容与登记的关键字“{row['key']}”不符"
        elif content != should:
            yield f"{where}：内容与其分类不符"
        batch = self._batches.get(row["batch"])
        moment = batch["at"] if batch else ""
        line = self._past.rows.get(entry.id)
        if moment not in self._moments and not self._past.changed:
            yield f"{where}：变更记录中没有这一行"
        elif line is not None and line.at == moment and line.id > self._past.changed:
            if row["state"] < BESIDE:
                yield from _compared(where, line, said)
        elif moment in self._whole:
            self._found[self._whole[moment].id].append(ordered)

    def in_the_end(self, *, lost: bool) -> Iterator[str]:
        """Say which rows are gone, and which steps' rows are no longer those that came."""
        for id_, line in self._past.rows.items():
            if line.after and id_ not in self._seen and line.id > self._past.changed:
                what = "已读不出" if lost else "库中没有"
                yield f"{self._name} {id_}：变更记录中有，{what}"
        for line in self._whole.values():
            rows = self._found.get(line.id, [])
            told = line.after or {}
            if line.action == "record" and any(r.at == line.at for r in self._past.rows.values()):
                continue
            later = [r for r in self._past.rows.values() if r.id > line.id and r.before]
            where = f"{self._name}：变更记录第 {line.id} 条写入"
            if len(rows) + len(later) < told.get("added", 0):
                yield f"{where} {told['added']} 行，库中只有 {len(rows)} 行"
            elif len(rows) == told.get("added", 0) and not are_rows(rows, str(told["digest"])):
                yield f"{where}的 {len(rows)} 行中有内容与写入时不同"


def _compared(where: str, line: Line, said: dict[str, Any]) -> Iterator[str]:
    after = dict(line.after or {})
    before, now = after.pop("values", {}), dict(said)
    stands = now.pop("values")
    blank = dict.fromkeys({*before, *stands})
    faults = differing(after, now) + differing(blank | before, blank | stands)
    if faults:
        yield f"{where}：与变更记录第 {line.id} 条不符，" + "，".join(faults)


def _where(row: Row) -> str:
    whose = f"台账 {row['ledger']}，单位 {row['unit']}，{row['key']}"
    return f"表{label(_TABLE)}：第 {row['#']} 行，{whose}"
