"""The four letters as Word files: a 函 in letter form, the 通知书 as documents with a red head.

Laid out after GB/T 9704—2012: A4 with margins of 37, 28, 26 and 35 mm; title 2号小标宋, body
3号仿宋 at a pitch of 28.99 points, 22 lines of 28 characters. 小标宋 and 仿宋 are licensed fonts:
the file names them, and the PC that opens it shows its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.supervision import LetterKind
from fsdesk.reports.wording import date_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

REPLY_FORM = "督办事项回复表"
_BLANK = "\n" * 5
_DRAFT = "（拟稿，未编号）"


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """All that stands on a letter.

    Attributes:
        kind: Which of the four.
        number: Document number; empty for a draft.
        period: Words for the period whose figures it states.
        addressee: Unit that is written to.
        body: Its paragraphs.
        signatory: Who signs.
        day: Date of the letter.
        reply_by: Last day for the reply.
    """

    kind: LetterKind
    number: str
    period: str
    addressee: str
    body: Sequence[str]
    signatory: str
    day: date
    reply_by: date


def write_letter_paper(path: Path, paper: LetterPaper) -> None:
    """Write a letter as a Word file, with a form for the reply as its annex.

    Args:
        path: The .docx file; an older one is replaced.
        paper: What it says.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    from fsdesk.reports.official_document import OfficialDocument
    from fsdesk.reports.saving import save_bytes

    is_letter = paper.kind is LetterKind.REMINDER
    number = paper.number or _DRAFT
    subject = f"关于{paper.period}食品药品安全重点工作"
    document = OfficialDocument(f"{subject}的{paper.kind.label}", letter=is_letter)
    if is_letter:
        document.letterhead(paper.signatory, number)
        document.title((f"关于{paper.period}重点工作", "进度滞后的提醒敦促函"))
    else:
        document.red_head(paper.signatory, number)
        document.title((subject, paper.kind.label))
    document.addressee(paper.addressee)
    for line in paper.body[:-1]:
        document.paragraph(line)
    # The signature and its seal never stand alone on a page.
    for line in paper.body[-1:]:
        document.paragraph(line, keep=True)
    document.annex_list((REPLY_FORM,))
    document.signature(paper.signatory, date_text(paper.day))
    document.annex("附件", REPLY_FORM)
    document.form(
        (
            ("项目", "内容"),
            ("来函文号", number),
            ("承办单位", paper.addressee),
            ("回复期限", date_text(paper.reply_by)),
            ("办理情况", _BLANK),
            ("整改措施", _BLANK),
            ("完成时限", ""),
            ("佐证材料", "\n\n"),
            ("负责人签字", "\n年　　月　　日（盖章）"),
        ),
        (34, 122),
    )
    save_bytes(path, document.data())
