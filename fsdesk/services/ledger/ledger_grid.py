"""The grid of a ledger: rows by number, cells typed as text, and steps that can be undone.

What is typed is stored cell by cell: a cell that can't be read keeps the others from nothing, and
comes back as a fault with its reason. To undo is to edit once more, so that what went out in a
packet meanwhile is followed by what stands here now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.domain.ledger.cells import cell_text, masked
from fsdesk.domain.ledger.ledger import LedgerEntry, natural_key
from fsdesk.domain.text import tidy
from fsdesk.domain.typed import CellError
from fsdesk.packets.lists.headers import UNIT
from fsdesk.packets.lists.values import read_typed
from fsdesk.services.ledger.ledgers import allowed_unit, ledger_in
from fsdesk.services.plan.planning import plan_in
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.ledger.conditions import View
    from fsdesk.domain.ledger.ledger import Ledger, LedgerValue
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

__all__ = ["UNIT", "Applied", "Fault", "GridRowChange", "LedgerView", "RowEdit"]

# More at once would keep the database busy for minutes.
MOST_ROWS = 20_000


class RowEdit(Struct, frozen=True):
    """What was typed into one row.

    Attributes:
        row: Number of the row in the database; below 0 for one that is not stored yet.
        cells: Typed text by title; `UNIT` for the unit of a new row.
    """

    row: int
    cells: Mapping[str, str]


class Fault(Struct, frozen=True):
    """A cell that can't be stored, with what is wrong and what is expected."""

    row: int
    title: str
    text: str
    message: str


class GridRowChange(Struct, frozen=True):
    """A row before and after a step; None where it was not there."""

    before: LedgerEntry | None
    after: LedgerEntry | None

    @property
    def id(self) -> str:
        """Id of the row."""
        either = self.after or self.before
        return either.id if either else ""


class Applied(Struct, frozen=True):
    """What became of a step.

    Attributes:
        numbers: Number in the database of each row that was typed, by the number it was given.
        rows: The rows that changed, as they are held now; without those that were removed.
        kept: How many rows were edited by somebody else since, and stay.
    """

    changes: tuple[GridRowChange, ...] = ()
    numbers: Mapping[int, int] = field(default_factory=dict[int, int])
    rows: Mapping[int, LedgerEntry] = field(default_factory=dict[int, LedgerEntry])
    faults: tuple[Fault, ...] = ()
    kept: int = 0


class LedgerView(Struct, frozen=True):
    """A view of a ledger: which rows in which order.

    Attributes:
        numbers: Numbers of the rows, eight bytes each.
        total: How many rows the ledger has, whatever is filtered.
    """

    numbers: Sequence[int]
    total: int


def window(workspace: Workspace, ledger: str, view: View) -> LedgerView:
    """Return which rows a view shows.

    Raises:
        InputRejectedError: When the ledger or a column isn't declared.
    """
    with workspace.reading() as session:
        numbers = ledgers.row_numbers(session, ledger, view)
        total = ledgers.entry_counts(session).get(ledger, 0)
        return LedgerView(numbers, total)


def rows(workspace: Workspace, ledger: str, numbers: Sequence[int]) -> Mapping[int, LedgerEntry]:
    """Return rows by their numbers.

    Raises:
        InputRejectedError: When the ledger isn't declared.
    """
    with workspace.reading() as session:
        return ledgers.numbered(session, ledger, numbers)


def number_of(workspace: Workspace, ledger: str, id_: str) -> int:
    """Return the number of a row by its id; -1 when there is none.

    Raises:
        InputRejectedError: When the ledger isn't declared.
    """
    with workspace.reading() as session:
        held = ledgers.versions_of(session, ledger, [id_]).get(id_, ())
    return next((item.n for item in held if item.leading and not item.entry.gone), -1)


def block(
    workspace: Workspace,
    ledger: str,
    numbers: Sequence[int],
    titles: Sequence[str],
    *,
    covered: bool = False,
) -> list[list[str]]:
    """Return cells as texts, row by row, as they are copied.

    `UNIT` among the titles is the unit's name; ``covered`` masks what names citizens.
    """
    with workspace.reading() as session:
        declared = ledger_in(session, ledger)
        plan = plan_in(session, workspace.identity.year)
        held = ledgers.numbered(session, ledger, numbers)
    hidden = {c.title for c in declared.columns if c.personal and covered}
    found: list[list[str]] = []
    for number in numbers:
        entry = held.get(number)
        if entry is None:
            continue
        texts = {title: cell_text(entry.values.get(title)) for title in titles}
        texts |= {title: masked(texts[title]) for title in hidden & texts.keys()}
        texts[UNIT] = plan.unit_name(entry.unit)
        found.append([texts[title] for title in titles])
    return found


def check_cells(workspace: Workspace, ledger: str, edits: Sequence[RowEdit]) -> tuple[Fault, ...]:
    """Tell which cells `apply_cells` would not store; nothing is changed.

    Raises:
        InputRejectedError: When the ledger is unknown or there are too many rows.
    """
    with workspace.reading() as session:
        return _Judge(workspace, session, ledger).judged(edits).faults


def apply_cells(workspace: Workspace, ledger: str, edits: Sequence[RowEdit]) -> Applied:
    """Store what was typed, cell by cell; a new row once all that identifies it is filled in.

    Raises:
        InputRejectedError: When the ledger is unknown or there are too many rows.
    """
    with workspace.writing() as writing:
        judge = _Judge(workspace, writing.session, ledger)
        judged = judge.judged(edits)
        before = [judge.held.get(row) for row, _ in judged.entries]
        taken = ledgers.edit_entries(writing, [entry for _, entry in judged.entries])
        places = _places(writing.session, ledger, taken.ids)
        pairs = zip(judged.entries, taken.ids, strict=True)
        numbers = {row: places[id_][0] for (row, _), id_ in pairs}
        changes = tuple(
            GridRowChange(old, places[id_][1])
            for old, id_ in zip(before, taken.ids, strict=True)
            if old is None or old.values != places[id_][1].values
        )
    return Applied(changes, numbers, dict(places.values()), judged.faults)


def remove(workspace: Workspace, ledger: str, numbers: Sequence[int]) -> Applied:
    """Remove rows.

    Raises:
        InputRejectedError: When the ledger is unknown, a row is another unit's, or too many.
    """
    _check_size(numbers)
    with workspace.writing() as writing:
        held = ledgers.numbered(writing.session, ledger, numbers)
        for unit in {entry.unit for entry in held.values()}:
            allowed_unit(workspace, writing.session, unit)
        ledgers.edit_entries(writing, [replace(entry, gone=True) for entry in held.values()])
    return Applied(tuple(GridRowChange(entry, None) for entry in held.values()))


def restore(
    workspace: Workspace, ledger: str, changes: Sequence[GridRowChange], *, back: bool
) -> Applied:
    """Undo a step, or do it again, except for rows that were edited otherwise since.

    With ``back`` it is undone. Return the rows as they are held now, and how many were left as they
    are.
    """
    with workspace.writing() as writing:
        held = ledgers.versions_of(writing.session, ledger, [change.id for change in changes])
        fronts = {
            id_: next(item.entry for item in items if item.leading) for id_, items in held.items()
        }
        edits: list[LedgerEntry] = []
        for change in changes:
            old, new = (change.after, change.before) if back else (change.before, change.after)
            if _same(fronts.get(change.id), old):
                gone = new is None
                whole = new or old
                edits += [replace(whole, gone=gone)] if whole else []
        taken = ledgers.edit_entries(writing, edits)
        places = _places(writing.session, ledger, taken.ids)
    there = dict(place for place in places.values() if not place[1].gone)
    return Applied(rows=there, kept=len(changes) - len(edits))


def _places(
    session: Session, ledger: str, ids: Iterable[str]
) -> dict[str, tuple[int, LedgerEntry]]:
    """Return number and leading version of rows, by id."""
    held = ledgers.versions_of(session, ledger, ids)
    fronts = {id_: next(i for i in items if i.leading) for id_, items in held.items()}
    return {id_: (front.n, front.entry) for id_, front in fronts.items()}


def _same(held: LedgerEntry | None, expected: LedgerEntry | None) -> bool:
    if expected is None:
        return held is None or held.gone
    return held is not None and not held.gone and held.values == expected.values


def _check_size(numbers: Sequence[object]) -> None:
    if len(numbers) > MOST_ROWS:
        raise reject(
            f"一次最多修改 {MOST_ROWS} 行，选中了 {len(numbers)} 行",
            "请分几次进行，或用导入的办法批量更新",
        )


class _Judged(Struct):
    entries: list[tuple[int, LedgerEntry]]
    faults: tuple[Fault, ...]


class _Judge:
    """Reads typed cells and finds out which rows can be stored."""

    def __init__(self, workspace: Workspace, session: Session, ledger: str) -> None:
        self.held: Mapping[int, LedgerEntry] = {}
        self._workspace, self._session = workspace, session
        self._ledger: Ledger = ledger_in(session, ledger)
        self._year = workspace.identity.year
        self._faults: list[Fault] = []
        self._units: dict[str, str] = {}

    def judged(self, edits: Sequence[RowEdit]) -> _Judged:
        """Return the rows as they would be stored, and the cells that would not."""
        _check_size(edits)
        code = self._ledger.code
        known = [edit.row for edit in edits if edit.row >= 0]
        self.held = ledgers.numbered(self._session, code, known)
        found: list[tuple[RowEdit, LedgerEntry]] = []
        for edit in edits:
            entry = self._entry(edit)
            if entry is not None:
                found.append((edit, entry))
        kept = self._without_doubles(found)
        return _Judged(kept, tuple(self._faults))

    def _entry(self, edit: RowEdit) -> LedgerEntry | None:
        held = self.held.get(edit.row)
        if held is None and edit.row >= 0:
            gone = "这条记录已被删除，没有保存"
            self._faults += [Fault(edit.row, t, text, gone) for t, text in edit.cells.items()]
            return None
        unit = self._unit(edit, held)
        values: dict[str, LedgerValue] = dict(held.values) if held else {}
        for title, text in edit.cells.items():
            if title != UNIT or self._ledger.column(UNIT) is not None:
                self._read(edit.row, title, text, values)
        missing = [title for title in self._ledger.key if title not in values]
        if held is None and (unit is None or missing):
            self._note_missing(edit, missing)
            return None
        if held is not None and missing:
            # The rest is stored; what identifies the row stays as it was.
            self._note_missing(edit, missing)
            values |= {title: held.values[title] for title in missing if title in held.values}
        return LedgerEntry(held.id if held else "", self._ledger.code, unit or "", values)

    def _read(self, row: int, title: str, text: str, values: dict[str, LedgerValue]) -> None:
        column = self._ledger.column(title)
        if column is None:
            self._faults.append(Fault(row, title, text, "台账没有这一列"))
            return
        try:
            is_key = title in self._ledger.key
            value = read_typed(column, text, self._year, is_key=is_key)
        except CellError as problem:
            self._faults.append(Fault(row, title, text, str(problem)))
            return
        value = tidy(value) if isinstance(value, str) else value
        if value is None or value == "":
            values.pop(title, None)
        else:
            values[title] = value

    def _unit(self, edit: RowEdit, held: LedgerEntry | None) -> str | None:
        name = edit.cells.get(UNIT, "").strip()
        if held is None and not name and self._workspace.identity.is_office:
            self._faults.append(Fault(edit.row, UNIT, "", "请选择这条记录是哪个单位的"))
            return None
        try:
            unit = self._allowed(name) if name else ""
        except InputRejectedError as problem:
            finding = problem.findings[0]
            self._faults.append(Fault(edit.row, UNIT, name, f"{finding.message}，{finding.remedy}"))
            return held.unit if held else None
        if held is not None and unit not in ("", held.unit):
            self._faults.append(Fault(edit.row, UNIT, name, "已保存的记录不能改换单位"))
        if held is not None:
            self._allowed(held.unit)
            return held.unit
        return unit or self._workspace.identity.unit

    def _allowed(self, name: str) -> str:
        """Return the code of a unit whose rows may be written here; each is looked up once."""
        if name not in self._units:
            self._units[name] = allowed_unit(self._workspace, self._session, name)
        return self._units[name]

    def _note_missing(self, edit: RowEdit, missing: Iterable[str]) -> None:
        told = {
            fault.title for fault in self._faults[-len(edit.cells) - 1 :] if fault.row == edit.row
        }
        self._faults += [
            Fault(edit.row, title, "", "不能为空，程序靠它识别同一条记录")
            for title in missing
            if title not in told
        ]

    def _without_doubles(
        self, found: Sequence[tuple[RowEdit, LedgerEntry]]
    ) -> list[tuple[int, LedgerEntry]]:
        """Leave out rows that would be the same as another row: nothing is replaced unseen."""
        ledger = self._ledger
        asked = [(edit, entry) for edit, entry in found if self._has_new_key(edit, entry)]
        probes = [replace(entry, id="") for _, entry in asked]
        there = ledgers.entries_by_key(self._session, ledger.code, probes)
        seen: set[tuple[str, str]] = set()
        doubles: set[int] = set()
        for (edit, entry), other in zip(asked, there, strict=True):
            key = entry.unit, natural_key(ledger, entry.values)
            if key in seen or (other and not other.gone and other.id != entry.id):
                doubles.add(edit.row)
                titles = [title for title in ledger.key if title in edit.cells]
                words = "已有相同的记录，请直接修改那一行，或换一个编号"
                self._faults += [Fault(edit.row, t, edit.cells[t], words) for t in titles]
            seen.add(key)
        return [
            (edit.row, self._with_old_key(edit, entry) if edit.row in doubles else entry)
            for edit, entry in found
            if edit.row >= 0 or edit.row not in doubles
        ]

    def _has_new_key(self, edit: RowEdit, entry: LedgerEntry) -> bool:
        held = self.held.get(edit.row)
        if held is None:
            return True
        return natural_key(self._ledger, entry.values) != natural_key(self._ledger, held.values)

    def _with_old_key(self, edit: RowEdit, entry: LedgerEntry) -> LedgerEntry:
        held = self.held[edit.row].values
        old = {title: held[title] for title in self._ledger.key if title in held}
        return replace(entry, values={**entry.values, **old})
