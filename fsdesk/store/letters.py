"""The register of letters and the cases that they open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from fsdesk.domain.supervision import Letter, LetterKind, LetterState, SupervisionCase
from fsdesk.store import audit
from fsdesk.store.tables import LetterRow, SupervisionCaseRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.store.session import Session, Writing


def save_letter(writing: Writing, letter: Letter, tasks: Iterable[str]) -> None:
    """Enter a letter and the tasks that it presses."""
    series = {"kind": letter.kind.value, "year": letter.year, "number": letter.number}
    row = LetterRow(
        **series,
        unit=letter.unit,
        period=letter.period,
        drafted_on=letter.drafted_on,
        reply_by=letter.reply_by,
        state=letter.state.value,
    )
    writing.session.add(row)
    writing.session.flush()
    pressed = list(tasks)
    writing.session.add_all(SupervisionCaseRow(**series, task=task) for task in pressed)
    after = {**series, "unit": letter.unit, "period": letter.period, "tasks": pressed}
    audit.log(writing, "letter", letter.document_number, None, after)


def letters(session: Session) -> tuple[Letter, ...]:
    """Return all letters by kind, year and number."""
    query = select(LetterRow).order_by(LetterRow.kind, LetterRow.year, LetterRow.number)
    return tuple(_letter(row) for row in session.scalars(query))


def cases(session: Session) -> tuple[SupervisionCase, ...]:
    """Return all cases, in the order of their letters."""
    by_series = {
        (letter.kind.value, letter.year, letter.number): letter for letter in letters(session)
    }
    rows = session.scalars(
        select(SupervisionCaseRow).order_by(
            SupervisionCaseRow.kind,
            SupervisionCaseRow.year,
            SupervisionCaseRow.number,
            SupervisionCaseRow.task,
        )
    )
    return tuple(
        SupervisionCase(row.task, by_series[row.kind, row.year, row.number]) for row in rows
    )


def _letter(row: LetterRow) -> Letter:
    return Letter(
        kind=LetterKind(row.kind),
        year=row.year,
        number=row.number,
        unit=row.unit,
        period=row.period,
        drafted_on=row.drafted_on,
        reply_by=row.reply_by,
        state=LetterState(row.state),
    )
