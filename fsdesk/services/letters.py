"""Letters: drafted from the data, numbered by the register."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.supervision import Letter, LetterKind, LetterState, next_number
from fsdesk.services import aggregation
from fsdesk.services.planning import require_office
from fsdesk.store import letters

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.domain.results import YearStatus
    from fsdesk.workspace import Workspace

REPLY_DAYS = 15


def draft_reminder(
    workspace: Workspace,
    unit: str,
    period: Period,
    file: Path,
    reply_days: int = REPLY_DAYS,
) -> Letter:
    """Issue a reminder (提醒敦促函) with the facts of what lags: register it and write the file.

    The number is the next of the year's series; a number is never given twice. Should the file
    not be written, no number is used.

    Args:
        workspace: The office's.
        unit: Code, name or alias of the unit.
        period: Last period that counts.
        file: Where it goes; the ending must be .docx.
        reply_days: Days until the reply is due; 15 is the usual limit for matters without haste.

    Raises:
        InputRejectedError: When this isn't the office, nothing lags, or the file can't be written.
    """
    require_office(workspace, "制发函件")
    if file.suffix.lower() != ".docx":
        raise reject(f"函件不能保存为“{file.suffix}”格式", "请使用 .docx 结尾的文件名")
    if reply_days < 1:
        raise reject("回复期限应不少于 1 天", "请改正天数")
    status = aggregation.status(workspace, period)
    addressee = status.plan.directory.unit(unit)
    today = workspace.clock().astimezone().date()
    with workspace.writing() as writing:
        known = letters.letters(writing.session)
        letter = Letter(
            kind=LetterKind.REMINDER,
            year=status.plan.year,
            number=next_number(known, LetterKind.REMINDER, status.plan.year),
            unit=addressee.code,
            period=str(period),
            drafted_on=today,
            reply_by=today + timedelta(days=reply_days),
            state=LetterState.ISSUED,
            issued_on=today,
        )
        tasks, body = _write(file, letter, status, today)
        letters.save_letter(writing, letter, tasks, body)
    return letter


def _write(
    file: Path, letter: Letter, status: YearStatus, today: date
) -> tuple[tuple[str, ...], str]:
    """Write the Word file; returns the codes of the tasks that it names, and its text."""
    from fsdesk.reports.letters import (
        LetterFacts,
        lagging_facts,
        paragraphs_of,
        write_reminder,
    )

    plan = status.plan
    facts = lagging_facts(status, letter.unit)
    name = plan.directory.name(letter.unit)
    if not facts:
        raise reject(f"{name}截至{status.period.label}没有滞后的工作", "不需要提醒敦促")
    told = LetterFacts(
        number=letter.document_number,
        year=plan.year,
        plan_title=plan.title,
        addressee=name,
        period=status.period.label,
        facts=facts,
        reply_by=letter.reply_by,
        signatory=plan.issuer,
        issued_on=today,
    )
    write_reminder(file, told)
    pressed = tuple(dict.fromkeys(fact.code for fact in facts))
    return pressed, "\n".join(paragraphs_of(told))


def register(workspace: Workspace) -> tuple[Letter, ...]:
    """Return all letters by kind, year and number."""
    with workspace.reading() as session:
        return letters.letters(session)
