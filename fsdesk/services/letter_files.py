"""Letters as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.attachments import safe_name
from fsdesk.domain.findings import Place, reject
from fsdesk.domain.periods import Period
from fsdesk.services.planning import plan_in
from fsdesk.store import letters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from fsdesk.domain.plan import Plan
    from fsdesk.domain.supervision import Draft, Letter
    from fsdesk.reports.letter_papers import LetterPaper
    from fsdesk.workspace import Workspace


def write_letter(workspace: Workspace, key: str, file: Path) -> None:
    """Write a letter, or the draft of one, as a Word file.

    Args:
        workspace: The office's workspace, or the one of the unit that was written to.
        key: Key of the letter or of the draft.
        file: Where it goes; the ending must be .docx.

    Raises:
        InputRejectedError: When there is no such letter, or the file can't be written.
    """
    from fsdesk.reports.letter_papers import write_letter_paper

    require_word(file)
    write_letter_paper(file, _paper(workspace, key))


def require_word(file: Path) -> None:
    """Refuse another ending than .docx.

    Raises:
        InputRejectedError: When it has one.
    """
    if file.suffix.lower() != ".docx":
        raise reject(
            f"函件不能保存为“{file.suffix}”格式",
            "请使用 .docx 结尾的文件名",
            Place(file=file.name),
        )


def write_letters(workspace: Workspace, keys: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Write several letters into a folder, each named by unit and number.

    Raises:
        InputRejectedError: When there is no such letter, or a file can't be written.
    """
    from fsdesk.reports.letter_papers import write_letter_paper

    written: list[Path] = []
    for key in keys:
        paper = _paper(workspace, key)
        name = safe_name(f"{paper.addressee}-{paper.number or paper.kind.label}.docx")
        write_letter_paper(folder / name, paper)
        written.append(folder / name)
    return tuple(written)


def _paper(workspace: Workspace, key: str) -> LetterPaper:
    today = workspace.clock().astimezone().date()
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        draft = next((each for each in letters.drafts(session) if each.key == key), None)
        notice = None if draft else letters.notice(session, key)
    if draft is not None:
        day, number, body, paper = today, "", draft.body, draft
    elif notice is not None:
        letter = notice.letter
        day, number = letter.issued_on or letter.drafted_on, letter.document_number
        body, paper = notice.body, letter
    else:
        raise reject("登记簿中没有这份函件", "请刷新后再试")
    return paper_of(plan, paper, body, day, number)


def paper_of(plan: Plan, paper: Letter | Draft, body: str, day: date, number: str) -> LetterPaper:
    """Return all that stands on a letter or on a draft.

    Args:
        plan: Names the addressee and who signs.
        paper: The letter or the draft.
        body: Its text, one paragraph a line.
        day: Date of the letter.
        number: Document number; empty for a draft.
    """
    from fsdesk.reports.letter_papers import LetterPaper

    return LetterPaper(
        kind=paper.kind,
        number=number,
        period=Period.parse(paper.period).label,
        addressee=plan.directory.name(paper.unit),
        body=[line for line in body.splitlines() if line.strip()],
        signatory=plan.issuer,
        day=day,
        reply_by=paper.reply_by,
    )
