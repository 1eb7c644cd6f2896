"""The ledger rows behind a unit's figure of one period, as they may leave the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.ledger.conditions import CellCheck, Condition, View
from fsdesk.domain.ledger.formulas import DaySpan
from fsdesk.services.ledger.ledger_figures import sources
from fsdesk.services.status.drill_sources import cell_texts, ledger_of, sides_of
from fsdesk.store.ledger import ledgers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.domain.ledger.formulas import LedgerMeasure
    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace

Cells = tuple[tuple[str, str], ...]


def rows_behind(
    workspace: Workspace, period: Period, indicator: str, unit: str
) -> Iterator[tuple[str, Cells]]:
    """Yield the rows that make a unit's figure in a period: title of the ledger, and its cells.

    Columns that say who a citizen is are left out, and so are notes, where anything may stand. Of a
    ratio those below the line are given: those above it are among them, or of the other ledger.
    """
    source = sources(workspace).get(indicator)
    if source is None:
        return
    with workspace.reading() as session:
        for side in sides_of(source)[-1:]:
            ledger = ledger_of(session, side.ledger)
            shown = [
                column.title
                for column in ledger.columns
                if not column.personal and column.title != ledger.note_column
            ]
            view = View(unit=unit, conditions=_conditions(side.measure, period))
            for entry in ledgers.entries(session, side.ledger, view):
                texts = cell_texts(entry, shown)
                cells = tuple((t, text) for t, text in zip(shown, texts, strict=True) if text)
                yield ledger.title, cells


def _conditions(measure: LedgerMeasure, period: Period) -> tuple[Condition, ...]:
    days: list[Condition] = []
    if measure.day and measure.span is not DaySpan.ALWAYS:
        until = period.last_day.isoformat()
        days.append(Condition(measure.day, CellCheck.AT_MOST, (until,)))
        if measure.span is DaySpan.WITHIN:
            first = period.first_day.isoformat()
            days.append(Condition(measure.day, CellCheck.AT_LEAST, (first,)))
    return (*measure.where, *days)
