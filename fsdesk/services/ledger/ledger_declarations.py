"""Editing of declarations by the office: new ledgers, columns, formulas; no code, no data lost.

What is declared travels to the units with the next PLAN packet. A column is never deleted: one
that is declared no longer keeps its rows' contents, and shows them again when it is declared
again under the same name.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, error, raise_errors
from fsdesk.domain.ledger.declarations import check_declaration, retyped
from fsdesk.domain.ledger.ledger import ColumnType, LedgerColumn, natural_key, plain_value
from fsdesk.domain.plan.effect import numbered
from fsdesk.domain.plan.history import Turn
from fsdesk.services.ledger.ledgers import ledger_in
from fsdesk.services.plan.planning import (
    next_revision,
    plan_in,
    require_office,
    store_rules,
)
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.plan import plans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace

_OWN = "own"


class LedgerDesk(Struct, frozen=True):
    """What an editor of a declaration shows.

    Attributes:
        used: How many rows hold something in each column, retired ones among them.
        sealed: Whether its rows travel sealed for their receiver alone.
    """

    ledger: Ledger | None
    used: Mapping[str, int]
    plan: Plan
    numbers: frozenset[str] = frozenset()
    sealed: bool = False

    @property
    def retired(self) -> tuple[str, ...]:
        """Columns that hold something and are declared no longer."""
        titles = {column.title for column in self.ledger.columns} if self.ledger else set[str]()
        return tuple(title for title in self.used if title not in titles)


def open_desk(workspace: Workspace, ledger: str = "") -> LedgerDesk:
    """Return a declaration with how much its columns hold; without a code for a new ledger.

    Raises:
        InputRejectedError: When the ledger is unknown.
    """
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        if not ledger:
            return LedgerDesk(None, {}, plan)
        declared = ledger_in(session, ledger)
        used: Counter[str] = Counter()
        numbers: set[str] = set()
        for entry in _shown(session, declared):
            used.update(entry.values.keys())
            numbers.update(t for t, value in entry.values.items() if isinstance(value, float))
        sealed = declared.code in identity.load_rules(session).sealed_ledgers
        return LedgerDesk(declared, used, plan, frozenset(numbers), sealed)


def save(workspace: Workspace, ledger: Ledger, *, sealed: bool | None = None) -> Ledger:
    """Store a declaration, and return it with its code; one without a code is a new ledger.

    ``sealed`` says whether its rows travel sealed from now on; None leaves that as it is.

    Raises:
        InputRejectedError: When this isn't the office, with everything that is wrong, or with how
            many rows a change would not fit.
    """
    require_office(workspace, "修改台账的设置")
    with workspace.writing() as writing:
        session = writing.session
        known = ledgers.load_ledgers(session)
        plan = plan_in(session, workspace.identity.year)
        others = [other for other in known if other.code != ledger.code or not ledger.code]
        before = next((other for other in known if other.code == ledger.code), None)
        kept = before.feeds if before else ()
        raise_errors(check_declaration(ledger, others, plan.indicators_by_code, kept))
        if before != ledger:
            ledger = _stored(writing, plan, known, before, ledger)
        if sealed is not None:
            rules = identity.load_rules(session).sealing(ledger.code, sealed=sealed)
            store_rules(writing, workspace.identity.year, rules)
    return ledger


def widened(workspace: Workspace, ledger: Ledger, titles: Sequence[str]) -> Ledger:
    """Return a declaration with further columns of text, changing nothing yet.

    Raises:
        InputRejectedError: When this isn't the office, or a title can't be that of a column.
    """
    new = [title for title in dict.fromkeys(titles) if ledger.column(title) is None]
    if not new:
        return ledger
    require_office(workspace, "增加台账的列")
    wide = replace(ledger, columns=(*ledger.columns, *map(LedgerColumn, new)))
    raise_errors(check_declaration(wide, (), (), wide.feeds))
    return wide


def add_columns(writing: Writing, year: int, wide: Ledger) -> None:
    """Store the columns that a declaration has got with `widened`.

    Raises:
        InputRejectedError: When a column of this name was retired, and what its rows hold does
            not fit.
    """
    known = ledgers.load_ledgers(writing.session)
    before = next(ledger for ledger in known if ledger.code == wide.code)
    new = tuple(column for column in wide.columns if before.column(column.title) is None)
    if new:
        plan = plan_in(writing.session, year)
        changed = replace(before, columns=(*before.columns, *new))
        _stored(writing, plan, known, before, changed)


def _stored(
    writing: Writing,
    plan: Plan,
    known: Sequence[Ledger],
    before: Ledger | None,
    ledger: Ledger,
) -> Ledger:
    if before is None:
        codes = {other.code for other in known}
        new = (f"{_OWN}{n}" for n in range(1, len(codes) + 2))
        ledger = replace(ledger, code=next(code for code in new if code not in codes))
    else:
        faults = tuple(_misfits(writing.session, before, ledger))
        if faults:
            raise InputRejectedError(*faults)
    stored = [ledger if other is before else other for other in known]
    ledgers.save_ledgers(writing, stored if before else [*stored, ledger])
    # Units take the newest plan's declarations, so the plan is a new one.
    changed = numbered(plan, next_revision(writing.session, plan))
    plans.save_plan(writing, changed, Turn.EDIT, f"修改台账“{ledger.title}”的设置")
    return ledger


def _shown(session: Session, ledger: Ledger) -> Iterator[LedgerEntry]:
    return (entry for entry in ledgers.all_entries(session, ledger.code) if not entry.gone)


def _misfits(session: Session, before: Ledger, after: Ledger) -> Iterator[Finding]:
    """Yield how many rows a changed declaration would not fit."""
    changed = [column for column in after.columns if _differs(before.column(column.title), column)]
    if changed:
        yield from _retyping_faults(changed, _shown(session, before))
    if before.key != after.key:
        yield from _key_faults(after, _shown(session, before))


def _retyping_faults(
    changed: Sequence[LedgerColumn], entries: Iterator[LedgerEntry]
) -> Iterator[Finding]:
    wrong: Counter[LedgerColumn] = Counter()
    examples: dict[LedgerColumn, str] = {}
    for entry in entries:
        for column in changed:
            text = _misfit(column, entry)
            if text is not None:
                wrong[column] += 1
                examples.setdefault(column, text)
    for column, count in wrong.items():
        kind = column.type.label
        yield error(
            f"“{column.title}”有 {count} 行的内容不合新的类型“{kind}”，如“{examples[column]}”",
            "请先改好这些行，或保留原来的类型、选项，另外新加一列",
        )


def _key_faults(after: Ledger, entries: Iterator[LedgerEntry]) -> Iterator[Finding]:
    keys: Counter[tuple[str, str]] = Counter()
    unkeyed = 0
    for entry in entries:
        keys[entry.unit, natural_key(after, entry.values)] += 1
        unkeyed += any(title not in entry.values for title in after.key)
    if unkeyed:
        yield error(f"有 {unkeyed} 行的识别列是空的", "请先补全，再改识别列")
    doubles = sum(count for count in keys.values() if count > 1)
    if doubles:
        yield error(f"按新的识别列有 {doubles} 行是重复的", "请先改正重复的行，或多选一列为识别列")


def _differs(old: LedgerColumn | None, new: LedgerColumn) -> bool:
    # A column may have been retired before: whatever its rows hold must fit too.
    return old is None or old.type is not new.type or bool(set(old.choices) - set(new.choices))


def _misfit(column: LedgerColumn, entry: LedgerEntry) -> str | None:
    plain = plain_value(entry.values.get(column.title))
    if plain is None:
        return None
    choices = column.choices if column.type is ColumnType.CHOICE else ()
    try:
        retyped(column.type, plain, choices)
    except ValueError:
        return str(plain)[:20]
    return None
