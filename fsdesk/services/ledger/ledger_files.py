"""Ledgers from and to files: forms, exports, and lists of other systems with a preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.conditions import EVERYTHING, View
from fsdesk.domain.ledger.ledger import LedgerEntry, natural_key
from fsdesk.domain.typed import read_text
from fsdesk.packets.lists.headers import UNIT, HeaderCell, ListHeader, find_header
from fsdesk.packets.lists.rows import Choices, Rejected, choose_sheet, read_rows
from fsdesk.services.ledger.ledger_grid import GridRowChange
from fsdesk.services.ledger.ledgers import allowed_unit, ledger_in
from fsdesk.services.plan.planning import plan_in
from fsdesk.store.ledger import ledgers, profiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.packets.lists.opening import ListSheet
    from fsdesk.packets.lists.rows import ListReading
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

__all__ = ["UNIT", "Choices", "HeaderCell", "ListHeader", "Rejected"]

# How far down texts are looked for that show what a column holds.
_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What a list would change; nothing has been changed.

    Attributes:
        header: Its headers and the columns that they name.
        choices: What was chosen for this form of list, now or earlier.
        entries: The rows that can be taken, whole.
        passed_over: Numbers of the rows that hold no entry.
        unknown_words: By title, words that name no choice.
    """

    ledger: Ledger
    file: str
    sheet: str
    header: ListHeader
    choices: Choices
    entries: tuple[LedgerEntry, ...]
    rejected: tuple[Rejected, ...]
    passed_over: tuple[int, ...]
    unknown_words: Mapping[str, tuple[str, ...]]
    added: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ListResult:
    """What became of a list."""

    added: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    changes: tuple[GridRowChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ListLook:
    """A list as far as it can be read: its headers always, what it would change where possible.

    Attributes:
        sheet: The opened sheet, so that it need not be opened again.
        header: Its headers and the columns that they name.
        choices: What was chosen for this form of list, now or earlier.
        preview: What it would change; None when it can't be read yet.
        problem: Why it can't be read yet; empty when it can.
    """

    ledger: Ledger
    sheet: ListSheet
    header: ListHeader
    choices: Choices
    preview: ListPreview | None
    problem: str = ""

    def samples(self, place: int, most: int = 3) -> tuple[str, ...]:
        """Return the first texts below a header."""
        rows = self.sheet.rows[self.header.row + 1 :][:_LOOKED_AT]
        texts = (read_text(row[place]) for row in rows if place < len(row))
        return tuple(dict.fromkeys(text for text in texts if text))[:most]


def look_at_list(
    workspace: Workspace, ledger: str, file: Path, unit: str = "", before: ListLook | None = None
) -> ListLook:
    """Look at a list that may still need somebody to say what its headers mean.

    ``unit`` is whose rows they are where the list does not say; by default this workspace's.
    ``before`` is how it was looked at before, with the choices that hold now.

    Raises:
        InputRejectedError: When the file can't be opened or the ledger is unknown.
    """
    with workspace.reading() as session:
        declared = ledger_in(session, ledger)
        sheet = before.sheet if before else choose_sheet(file, declared)
        chosen = before.choices if before else _remembered(session, sheet, declared)
        header = find_header(sheet, declared, chosen.columns)
        preview, problem = None, ""
        try:
            preview = _preview(workspace, session, declared, (sheet, chosen, unit))
        except InputRejectedError as refused:
            finding = refused.findings[0]
            problem = f"{finding.message}。{finding.remedy}"
    return ListLook(declared, sheet, header, chosen, preview, problem)


def preview_list(
    workspace: Workspace, name: str, file: Path, unit: str = "", choices: Choices | None = None
) -> ListPreview:
    """Tell what a list would change.

    ``unit`` is whose rows they are where the list does not say; by default this workspace's. The
    choices are those of last time unless given.

    Raises:
        InputRejectedError: When the file can't be read as rows of this ledger.
    """
    with workspace.reading() as session:
        ledger = ledger_in(session, name)
        sheet = choose_sheet(file, ledger)
        chosen = choices or _remembered(session, sheet, ledger)
        return _preview(workspace, session, ledger, (sheet, chosen, unit))


def _preview(
    workspace: Workspace, session: Session, ledger: Ledger, what: tuple[ListSheet, Choices, str]
) -> ListPreview:
    sheet, chosen, unit = what
    reading = read_rows(sheet, ledger, chosen)
    finder = _RowOwners(workspace, session, ledger, unit)
    entries = finder.entries(reading)
    told = ledgers.preview_edits(session, entries, workspace.author)
    return ListPreview(
        ledger=ledger,
        file=sheet.file,
        sheet=reading.sheet,
        header=reading.header,
        choices=chosen,
        entries=tuple(entries),
        rejected=tuple(sorted((*reading.rejected, *finder.rejected), key=lambda r: r.row)),
        passed_over=tuple(reading.passed_over),
        unknown_words={t: tuple(sorted(w)) for t, w in reading.unknown_words.items()},
        added=told.added,
        updated=told.updated,
        unchanged=told.unchanged,
    )


def save_rejected(look: ListLook, file: Path) -> int:
    """Write the rows that can't be taken as they stand, each with its reasons.

    Mended, the file can be imported like the list that it came from. Return how many rows were
    written.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    from fsdesk.packets.lists.ledger_writer import write_rejected

    reasons: dict[int, list[str]] = {}
    for each in look.preview.rejected if look.preview else ():
        reasons.setdefault(each.row, []).append(f"{each.column}：{each.message}")
    return write_rejected(file, look.sheet, look.header, reasons)


def take_list(workspace: Workspace, preview: ListPreview, *, whole: bool = False) -> ListResult:
    """Take the rows that a preview told, and remember what was chosen for this form of list.

    With ``whole`` nothing is taken when any row was rejected, and everything returned is 0.
    """
    if whole and preview.rejected:
        return ListResult(0, 0, 0, preview.rejected)
    with workspace.writing() as writing:
        # What was edited since the preview is an older edit of the same rows, not undone.
        code = preview.ledger.code
        held = ledgers.entries_by_key(writing.session, code, preview.entries)
        taken = ledgers.edit_entries(writing, preview.entries)
        changes = _changes(held, preview.entries, taken.ids)
        chosen = preview.choices
        if chosen.columns or chosen.words:
            plain: dict[str, Any] = {
                "columns": dict(chosen.columns),
                "words": {title: dict(words) for title, words in chosen.words.items()},
            }
            signature = preview.header.signature
            profiles.save_profile(writing, code, signature, plain)
    counts = taken.added, taken.updated, taken.unchanged
    return ListResult(*counts, preview.rejected, changes)


def _changes(
    held: Sequence[LedgerEntry | None], taken: Sequence[LedgerEntry], ids: Sequence[str]
) -> tuple[GridRowChange, ...]:
    """Return what a list changed; of a row that it names twice, the last counts."""
    found: dict[str, GridRowChange] = {}
    for before, after, id_ in zip(held, taken, ids, strict=True):
        old = None if before is None or before.gone else before
        if old is None or old.values != after.values:
            found[id_] = GridRowChange(old, replace(after, id=id_))
    return tuple(found.values())


def _remembered(session: Session, sheet: ListSheet, ledger: Ledger) -> Choices:
    signature = find_header(sheet, ledger).signature
    plain = profiles.load_profile(session, ledger.code, signature)
    return Choices(plain["columns"], plain["words"]) if plain else Choices()


class _RowOwners:
    """Finds out whose rows they are and what is held of them."""

    def __init__(self, workspace: Workspace, session: Session, ledger: Ledger, unit: str) -> None:
        self.rejected: list[Rejected] = []
        self._workspace, self._session, self._ledger = workspace, session, ledger
        self._own = allowed_unit(workspace, session, unit)
        self._units: dict[str, str] = {"": self._own}

    def entries(self, reading: ListReading) -> list[LedgerEntry]:
        """Return whole rows: what a list does not say stays as it is held."""
        rows: list[LedgerEntry] = []
        numbers: dict[tuple[str, str], tuple[int, int]] = {}
        code = self._ledger.code
        for row in reading.rows:
            unit = self._unit(row.number, row.unit)
            if unit is None:
                continue
            key = unit, natural_key(self._ledger, row.values)
            entry = LedgerEntry("", code, unit, row.values)
            first, at = numbers.setdefault(key, (row.number, len(rows)))
            if first == row.number or rows[at].values == row.values:
                rows.append(entry)
            else:
                words = f"与第 {first} 行是同一条记录，但内容不同，请只保留一行"
                self.rejected.append(Rejected(row.number, self._ledger.key[0], words))
        held = ledgers.entries_by_key(self._session, code, rows)
        return [_over(old, new) for old, new in zip(held, rows, strict=True)]

    def _unit(self, row: int, name: str) -> str | None:
        if name not in self._units:
            try:
                self._units[name] = allowed_unit(self._workspace, self._session, name)
            except InputRejectedError as problem:
                finding = problem.findings[0]
                self.rejected.append(Rejected(row, UNIT, f"{finding.message}。{finding.remedy}"))
                return None
        return self._units[name]


def _over(held: LedgerEntry | None, new: LedgerEntry) -> LedgerEntry:
    if held is None or held.gone:
        return new if held is None else replace(new, id=held.id)
    return replace(new, id=held.id, values={**held.values, **new.values})


def write_template(workspace: Workspace, name: str, file: Path) -> None:
    """Write an empty form of a ledger.

    Raises:
        InputRejectedError: When the ledger is unknown or the file can't be written.
    """
    from fsdesk.packets.lists.ledger_writer import write_ledger

    with workspace.reading() as session:
        ledger = ledger_in(session, name)
    write_ledger(file, ledger, with_units=workspace.identity.is_office)


def export_ledger(
    workspace: Workspace,
    name: str,
    file: Path,
    view: View = EVERYTHING,
    *,
    personal: bool = False,
) -> int:
    """Write the rows of a view to a workbook, and return how many.

    An older file is replaced. ``personal``: columns that name citizens go along.

    Raises:
        InputRejectedError: When the ledger is unknown or the file can't be written.
    """
    from fsdesk.packets.lists.ledger_writer import write_ledger

    with workspace.reading() as session:
        ledger = ledger_in(session, name)
        plan = plan_in(session, workspace.identity.year)
        rows = ledgers.entries(session, ledger.code, view)
        columns: Sequence[Any] = [c for c in ledger.columns if personal or not c.personal]
        return write_ledger(
            file,
            ledger,
            ((entry, plan.unit_name(entry.unit)) for entry in rows),
            columns=columns,
            with_units=workspace.identity.is_office,
        )
