"""A reminder in one step: drafted from the data, numbered by the register, written as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.supervision.letters import REPORT_ITEM, LetterKind
from fsdesk.files import all_or_none, save_bytes
from fsdesk.services.supervision import letter_files, supervision
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.domain.supervision.letters import Letter
    from fsdesk.workspace import Workspace


def issue_reminder(
    workspace: Workspace, unit: str, period: Period, file: Path, days: int | None = None
) -> Letter:
    """Issue a reminder (提醒敦促函) with the facts of what lags: register it and write the file.

    The number is the next of the year's series; a number is never given twice. Should the file not
    be written, no number is used. Days are working days until the reply is due; None for what the
    rules say.

    Raises:
        InputRejectedError: When this isn't the office, no task lags, or the file can't be written.
    """
    required_ending(file, "函件", letter_files.ENDINGS)
    if days is not None and days < 1:
        raise reject("回复期限应不少于 1 个工作日", "请改正天数")
    draft = supervision.text_for(workspace, period, unit, LetterKind.REMINDER, days)
    if all(item.startswith(REPORT_ITEM) for item in draft.items):
        raise reject(f"“{unit}”截至{period.label}没有滞后的工作", "逾期未报的，请按督办建议发函")
    with all_or_none(file), workspace.writing() as writing:
        letters.save_draft(writing, draft)
        kept = supervision.put_out(workspace, writing, draft)
        save_bytes(file, kept.file(file.suffix.lower()))
        letters.note_left(writing, kept.letter, "file")
    return kept.letter
