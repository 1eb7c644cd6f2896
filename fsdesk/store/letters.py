"""The register of letters and the cases that they open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from fsdesk.domain.handed_down import LetterNotice
from fsdesk.domain.supervision import Letter, LetterKind, LetterState, SupervisionCase
from fsdesk.store import audit
from fsdesk.store.tables import LetterRow, SupervisionCaseRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.store.session import Session, Writing


def save_letter(writing: Writing, letter: Letter, tasks: Iterable[str], body: str = "") -> None:
    """Enter a letter, the tasks that it presses, and its text."""
    series = {"kind": letter.kind.value, "year": letter.year, "number": letter.number}
    row = LetterRow(
        **series,
        unit=letter.unit,
        period=letter.period,
        drafted_on=letter.drafted_on,
        reply_by=letter.reply_by,
        state=letter.state.value,
        body=body,
    )
    writing.session.add(row)
    writing.session.flush()
    pressed = list(tasks)
    writing.session.add_all(SupervisionCaseRow(**series, task=task) for task in pressed)
    after = {**series, "unit": letter.unit, "period": letter.period, "tasks": pressed}
    audit.log(writing, "letter", letter.document_number, None, after)


def receive(writing: Writing, notice: LetterNotice) -> None:
    """Enter a letter that came in; the same again changes nothing."""
    letter = notice.letter
    series = (letter.kind.value, letter.year, letter.number)
    row = writing.session.get(LetterRow, series)
    if row is None:
        save_letter(writing, letter, notice.tasks, notice.body)
    else:
        row.state = letter.state.value


def notices(session: Session, unit: str) -> tuple[LetterNotice, ...]:
    """Return the letters to a unit with their texts, by kind, year and number."""
    pressed: dict[tuple[str, int, int], list[str]] = {}
    for row in session.scalars(select(SupervisionCaseRow).order_by(SupervisionCaseRow.task)):
        pressed.setdefault((row.kind, row.year, row.number), []).append(row.task)
    rows = session.scalars(
        select(LetterRow)
        .where(LetterRow.unit == unit)
        .order_by(LetterRow.kind, LetterRow.year, LetterRow.number)
    )
    return tuple(
        LetterNotice(
            _letter(row), tuple(pressed.get((row.kind, row.year, row.number), ())), row.body
        )
        for row in rows
    )


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
