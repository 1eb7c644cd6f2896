"""A reminder in one step: drafted from the data, numbered by the register, written as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.supervision import Letter, LetterKind, LetterState, next_number
from fsdesk.domain.supervision_steps import reply_days
from fsdesk.domain.working_days import add_working_days
from fsdesk.services import letter_files, letter_texts, supervision
from fsdesk.services.planning import require_office
from fsdesk.services.working_calendar import is_working_day
from fsdesk.store import letters

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace


def draft_reminder(
    workspace: Workspace, unit: str, period: Period, file: Path, days: int | None = None
) -> Letter:
    """Issue a reminder (提醒敦促函) with the facts of what lags: register it and write the file.

    The number is the next of the year's series; a number is never given twice. Should the file
    not be written, no number is used.

    Args:
        workspace: The office's.
        unit: Code, name or alias of the unit.
        period: Last period that counts.
        file: Where it goes; the ending must be .docx.
        days: Working days until the reply is due; None for what the rules say.

    Raises:
        InputRejectedError: When this isn't the office, nothing lags, or the file can't be written.
    """
    from fsdesk.reports.letter_papers import write_letter_paper
    from fsdesk.reports.letters import lagging_facts

    require_office(workspace, "制发函件")
    letter_files.require_word(file)
    if days is not None and days < 1:
        raise reject("回复期限应不少于 1 个工作日", "请改正天数")
    trend = supervision.trend_to(workspace, period)
    status = trend[-1]
    code = status.plan.directory.unit(unit).code
    today = workspace.clock().astimezone().date()
    kind = LetterKind.REMINDER
    wait = reply_days(kind, status.rules) if days is None else days
    due = add_working_days(today, wait, is_working_day)
    tasks = tuple(dict.fromkeys(fact.code for fact in lagging_facts(status, code)))
    body = letter_texts.letter_text(status, trend, letter_texts.Wanted(kind, code, tasks, due))
    with workspace.writing() as writing:
        letter = Letter(
            kind=kind,
            year=status.plan.year,
            number=next_number(letters.letters(writing.session), kind, status.plan.year),
            unit=code,
            period=str(period),
            drafted_on=today,
            reply_by=due,
            state=LetterState.ISSUED,
            issued_on=today,
        )
        paper = letter_files.paper_of(status.plan, letter, body, today, letter.document_number)
        write_letter_paper(file, paper)
        letters.save_letter(writing, letter, tasks, body)
    return letter


def register(workspace: Workspace) -> tuple[Letter, ...]:
    """Return all letters by kind, year and number."""
    with workspace.reading() as session:
        return letters.letters(session)
