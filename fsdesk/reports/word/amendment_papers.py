"""What is issued about a letter later (延期复函, 更正通知): a 函 of one page, in Word and on pages.

It refers to its letter by the document number and bears no number of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.output.pages import Align, Face, Role
from fsdesk.domain.periods import date_text
from fsdesk.reports.word.letter_pages import put_letterhead, put_signature, signature_height
from fsdesk.reports.word.official_document import LINE_PITCH, SIZE_2, OfficialDocument
from fsdesk.reports.word.sheets import CENTRE, Setting, Sheets, line, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from fsdesk.domain.output.pages import PaperPage


class AmendmentPaper(Struct, frozen=True):
    """All that stands on it.

    Attributes:
        number: Document number of the letter that it is about.
        signatory: In whose name it is, in the red head.
        seal: Whose seal it bears (落款).
        contact: Whom to ask, in brackets under the date; empty where nobody is named.
    """

    number: str
    title: str
    addressee: str
    body: Sequence[str]
    signatory: str
    seal: str
    day: date
    contact: str = ""

    @property
    def signed(self) -> str:
        """Whose name stands over the date."""
        return self.seal

    @property
    def name(self) -> str:
        """What it is called, e.g. in a file's properties."""
        return f"{self.title}（{self.number}）"


def amendment_pages(paper: AmendmentPaper) -> tuple[PaperPage, ...]:
    """Return it on pages of A4, in letter form."""
    sheets = Sheets(numbered_from=2)
    put_letterhead(sheets, paper.signatory, "")
    sheets.gap(2 * LINE_PITCH)
    sheets.part(Role.TITLE)
    sheets.put(LINE_PITCH, [line(paper.title, CENTRE, Align.CENTRE, Setting(Face.TITLE, SIZE_2))])
    sheets.gap(LINE_PITCH)
    sheets.part()
    sheets.put_lines(paragraph(f"{paper.addressee}：", 0, justified=False))
    *body, last = [paragraph(text) for text in paper.body]
    for lines in body:
        sheets.part()
        sheets.put_lines(lines)
    if not sheets.room_for((len(last) + 1) * LINE_PITCH + signature_height(paper)):
        sheets.begin()
    sheets.part()
    sheets.put_lines(last)
    sheets.gap(LINE_PITCH)
    put_signature(sheets, paper)
    return sheets.pages(paper.name)


def amendment_document(paper: AmendmentPaper) -> bytes:
    """Return it as a Word file."""
    from fsdesk.reports.word.template import fill_template

    document = OfficialDocument(paper.name)
    document.letterhead(paper.signatory, "")
    document.title((paper.title,))
    document.addressee(paper.addressee)
    # What people typed is filled in, as into a template: it may hold any sign.
    document.paragraph("{%p for 段 in 正文 %}")
    document.paragraph("{{ 段 }}")
    document.paragraph("{%p endfor %}")
    document.paragraph("{{ 结尾 }}", keep=True)
    document.signature(paper.seal, date_text(paper.day))
    document.note_line("联系方式")
    *body, last = paper.body
    words = {"正文": body, "结尾": last, "联系方式": paper.contact}
    return fill_template(document.data(), words, paper.day)
