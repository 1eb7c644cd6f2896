"""Ledgers from and to files: forms, exports, and lists of other systems with a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.conditions import EVERYTHING, View
from fsdesk.domain.ledger.ledger import NOTE_TITLES
from fsdesk.domain.typed import read_text
from fsdesk.packets.lists.choosing import (
    SheetOffer,
    check_hidden_rows,
    choose,
    offer,
    open_sheets,
    tell_left_out,
)
from fsdesk.packets.lists.headers import UNIT, HeaderCell, ListHeader, find_header
from fsdesk.packets.lists.reading import Choices, Rejected, TableRules
from fsdesk.packets.lists.rows import read_rows
from fsdesk.services.ledger.ledger_declarations import add_columns, widened
from fsdesk.services.ledger.ledger_grid import GridRowChange
from fsdesk.services.ledger.ledgers import ledger_in
from fsdesk.services.ledger.row_owners import RowOwners
from fsdesk.services.plan.planning import plan_in
from fsdesk.store.ledger import ledgers, profiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from fsdesk.packets.lists.opening import ListSheet
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

__all__ = ["UNIT", "Choices", "HeaderCell", "ListHeader", "Rejected"]

# How far down texts are looked for that show what a column holds.
_LOOKED_AT = 30


class ListOptions(Struct, frozen=True):
    """What somebody says of a list that its file does not say.

    Attributes:
        unit: Whose rows they are where the list does not say; empty for this workspace's.
        sheets: Names of the sheets to read; empty when nobody chose.
        every_sheet: Whether all sheets that look like a list are read together.
        hidden_rows: Whether hidden and filtered out rows are read; None when nobody said.
        alike_are_new: Whether a key that is only like a known one is that of a new entry.
    """

    unit: str = ""
    sheets: tuple[str, ...] = ()
    every_sheet: bool = False
    hidden_rows: bool | None = None
    alike_are_new: bool = False


class SheetRead(Struct, frozen=True):
    """A sheet that is read, with how many entries it holds and its first headers."""

    name: str
    entries: int
    header: ListHeader

    def __str__(self) -> str:
        """Name it with the number of its entries; a text file has no name of a sheet."""
        return f"{f'工作表“{self.name}”' if self.name else '文本'} {self.entries} 行"


class ListPreview(Struct, frozen=True):
    """What a list would change; nothing has been changed.

    Attributes:
        sheets: The sheets that are read.
        choices: What was chosen for this form of list, now or earlier.
        entries: The rows that can be taken, whole.
        passed_over: How many rows hold no entry.
        unknown_words: By title, words that name no choice.
        findings: What stands in the file and is not taken, each at its place.
        alike: How many rows are refused because their keys are like known ones.
        extra: Headers of columns that the ledger doesn't have, below which something stands.
    """

    ledger: Ledger
    file: str
    sheets: tuple[SheetRead, ...]
    choices: Choices
    entries: tuple[LedgerEntry, ...]
    rejected: tuple[Rejected, ...]
    passed_over: int
    unknown_words: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]
    alike: int
    extra: tuple[str, ...]
    added: int
    updated: int
    unchanged: int


class ListResult(Struct, frozen=True):
    """What became of a list.

    Attributes:
        ledger: Its declaration, with the columns that the list added.
    """

    ledger: Ledger
    added: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    changes: tuple[GridRowChange, ...] = ()


class ListLook(Struct, frozen=True):
    """A list as far as it can be read: its headers always, what it would change where possible.

    Attributes:
        offers: The opened sheets, so that they need not be opened again.
        choices: What was chosen for this form of list, now or earlier.
        preview: What it would change; None when it can't be read yet.
        problem: Why it can't be read yet; empty when it can.
    """

    ledger: Ledger
    offers: tuple[SheetOffer, ...]
    choices: Choices
    options: ListOptions
    preview: ListPreview | None
    problem: str = ""

    @property
    def chosen(self) -> tuple[SheetOffer, ...]:
        """The sheets that are read; where nobody chose yet, those that could be."""
        try:
            return choose(self.offers, self.options.sheets, every=self.options.every_sheet)
        except InputRejectedError:
            return tuple(each for each in self.offers if each.is_list) or self.offers

    @property
    def header(self) -> ListHeader:
        """The headers of the sheet that is read, or of the first of several."""
        return self.chosen[0].header

    @property
    def has_hidden_rows(self) -> bool:
        """Whether somebody has to say if hidden rows are meant."""
        return any(each.sheet.hidden_rows for each in self.chosen)

    def samples(self, place: int, most: int = 3) -> tuple[str, ...]:
        """Return the first texts below a header."""
        rows = self.chosen[0].sheet.rows[self.header.row + 1 :][:_LOOKED_AT]
        texts = (read_text(row[place]) for row in rows if place < len(row))
        return tuple(dict.fromkeys(text for text in texts if text))[:most]


def look_at_list(
    workspace: Workspace,
    ledger: str,
    file: Path,
    options: ListOptions | None = None,
    before: ListLook | None = None,
) -> ListLook:
    """Look at a list that may still need somebody to say what its headers mean.

    ``before`` is how it was looked at before, with the choices that hold now.

    Raises:
        InputRejectedError: When the file can't be opened or the ledger is unknown.
    """
    options = options or ListOptions()
    with workspace.reading() as session:
        declared = ledger_in(session, ledger)
        sheets = tuple(each.sheet for each in before.offers) if before else None
        given = before.choices if before else None
        sheets = sheets or open_sheets(file, declared)
        chosen = given or _chosen_before(session, declared, sheets)
        preview, problem = None, ""
        offers: tuple[SheetOffer, ...] = ()
        try:
            declared = _widened(workspace, declared, chosen)
            offers = _offers(declared, sheets, chosen)
            preview = _preview(workspace, session, declared, (offers, chosen, options))
        except InputRejectedError as refused:
            problem = str(refused.findings[0])
            offers = offers or _offers(declared, sheets, chosen)
    return ListLook(declared, offers, chosen, options, preview, problem)


def preview_list(
    workspace: Workspace,
    name: str,
    file: Path,
    options: ListOptions | None = None,
    choices: Choices | None = None,
) -> ListPreview:
    """Tell what a list would change.

    The choices are those of last time unless given.

    Raises:
        InputRejectedError: When the file can't be read as rows of this ledger, or somebody has to
            say first which sheets and rows are meant.
    """
    with workspace.reading() as session:
        ledger = ledger_in(session, name)
        sheets = open_sheets(file, ledger)
        chosen = choices or _chosen_before(session, ledger, sheets)
        ledger = _widened(workspace, ledger, chosen)
        offers = _offers(ledger, sheets, chosen)
        return _preview(workspace, session, ledger, (offers, chosen, options or ListOptions()))


def _chosen_before(session: Session, ledger: Ledger, sheets: Sequence[ListSheet]) -> Choices:
    """Return what was chosen earlier for lists of this form."""
    columns: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    notes: dict[str, None] = {}
    for sheet in sheets:
        signature = find_header(sheet, ledger).signature
        plain = profiles.load_profile(session, ledger.code, signature) or {}
        columns |= plain.get("columns", {})
        words |= plain.get("words", {})
        notes |= dict.fromkeys(plain.get("notes", ()))
    return Choices(columns, words, notes=tuple(notes) if ledger.note_column else ())


def _offers(
    ledger: Ledger, sheets: Sequence[ListSheet], choices: Choices
) -> tuple[SheetOffer, ...]:
    headers = [find_header(sheet, ledger, choices.columns) for sheet in sheets]
    return tuple(offer(s, header, ledger) for s, header in zip(sheets, headers, strict=True))


def _widened(workspace: Workspace, ledger: Ledger, choices: Choices) -> Ledger:
    """Return the ledger with the columns that were chosen to be new, and that for notes."""
    new = list(choices.new)
    if choices.notes and not ledger.note_column:
        new.append(NOTE_TITLES[0])
    return widened(workspace, ledger, new)


def _preview(
    workspace: Workspace,
    session: Session,
    ledger: Ledger,
    what: tuple[Sequence[SheetOffer], Choices, ListOptions],
) -> ListPreview:
    offers, choices, options = what
    chosen = choose(offers, options.sheets, every=options.every_sheet)
    if options.hidden_rows is None:
        for each in chosen:
            check_hidden_rows(each.sheet, each.header)
    rules = TableRules(choices, hidden_rows=options.hidden_rows is not False)
    readings = [read_rows(each.sheet, ledger, rules) for each in chosen]
    owners = RowOwners(workspace, session, ledger, options)
    entries = owners.entries(readings)
    told = ledgers.preview_edits(session, entries, workspace.author)
    unknown: dict[str, set[str]] = {}
    for reading in readings:
        for title, words in reading.unknown_words.items():
            unknown.setdefault(title, set()).update(words)
    place = {each.sheet.name: at for at, each in enumerate(offers)}
    rejected = [*owners.rejected, *(r for reading in readings for r in reading.rejected)]
    findings = [finding for reading in readings for finding in reading.findings]
    return ListPreview(
        ledger=ledger,
        file=chosen[0].sheet.file,
        sheets=tuple(SheetRead(r.sheet, len(r.rows), r.header) for r in readings),
        choices=choices,
        entries=tuple(entries),
        rejected=tuple(sorted(rejected, key=lambda r: (place.get(r.sheet, 0), r.row))),
        passed_over=sum(len(reading.passed_over) for reading in readings),
        unknown_words={title: tuple(sorted(words)) for title, words in unknown.items()},
        findings=(*tell_left_out(offers, chosen), *findings, *owners.findings),
        alike=owners.alike,
        extra=tuple(dict.fromkeys(text for reading in readings for text in reading.extra)),
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
    from fsdesk.packets.lists.ledger_writer import RejectedPart, write_rejected

    reasons: dict[tuple[str, int], list[str]] = {}
    for each in look.preview.rejected if look.preview else ():
        reasons.setdefault((each.sheet, each.row), []).append(f"{each.column}：{each.message}")
    parts: list[RejectedPart] = []
    rules = TableRules(look.choices)
    for each in look.chosen:
        of_sheet = {row: why for (sheet, row), why in reasons.items() if sheet == each.sheet.name}
        if of_sheet:
            headers = read_rows(each.sheet, look.ledger, rules).headers
            parts.append(RejectedPart(each.sheet, headers, of_sheet))
    return write_rejected(file, parts)


def take_list(workspace: Workspace, preview: ListPreview, *, whole: bool = False) -> ListResult:
    """Take the rows that a preview told, and remember what was chosen for this form of list.

    With ``whole`` nothing is taken when any row was rejected, and everything returned is 0.
    """
    if whole and preview.rejected:
        return ListResult(preview.ledger, 0, 0, 0, preview.rejected)
    with workspace.writing() as writing:
        add_columns(writing, workspace.identity.year, preview.ledger)
        # What was edited since the preview is an older edit of the same rows, not undone.
        code = preview.ledger.code
        held = ledgers.entries_by_key(writing.session, code, preview.entries)
        taken = ledgers.edit_entries(writing, preview.entries)
        changes = _changes(held, preview.entries, taken.ids)
        chosen = preview.choices
        if chosen.columns or chosen.words or chosen.notes:
            plain: dict[str, Any] = {
                "columns": dict(chosen.columns),
                "words": {title: dict(words) for title, words in chosen.words.items()},
            }
            if chosen.notes:
                plain["notes"] = list(chosen.notes)
            for signature in {sheet.header.signature for sheet in preview.sheets}:
                profiles.save_profile(writing, code, signature, plain)
    counts = taken.added, taken.updated, taken.unchanged
    return ListResult(preview.ledger, *counts, preview.rejected, changes)


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
