"""The four letters on pages, for preview, printer and PDF: laid out as the Word files are.

Faces, sizes, pitches and places are those of GB/T 9704—2012.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fsdesk.domain.output.pages import Align, Face, LineItem, Role
from fsdesk.domain.periods import date_text
from fsdesk.reports.paper.fonts import drawable
from fsdesk.reports.paper.line_breaking import break_lines
from fsdesk.reports.word.imprint import ImprintPlace
from fsdesk.reports.word.letter_papers import (
    REPLY_FORM,
    is_letter_form,
    reply_rows,
    title_lines,
)
from fsdesk.reports.word.official_document import (
    LINE_PITCH,
    SIZE_2,
    SIZE_3,
    SIZE_MASTHEAD,
    head_size,
)
from fsdesk.reports.word.sheets import (
    BODY,
    CENTRE,
    LEFT,
    MM,
    RED,
    RIGHT,
    STRONG,
    THIN,
    WIDTH,
    Setting,
    Sheets,
    line,
    paragraph,
)

if TYPE_CHECKING:
    from datetime import date

    from fsdesk.domain.output.pages import PaperPage, TextItem
    from fsdesk.reports.word.letter_papers import LetterPaper

_RULE_LEFT, _RULE_RIGHT, _LOWER_RULE = 20 * MM, 190 * MM, 277 * MM
_LETTERHEAD, _RED_HEAD, _UNDER_HEAD = 30 * MM, 35 * MM, 4 * MM
_LABEL = 34 * MM
_TITLE = Setting(Face.TITLE, SIZE_2)
_ANNEX = Setting(Face.HEAD)


def letter_pages(paper: LetterPaper) -> tuple[PaperPage, ...]:
    """Return a letter on pages of A4, with the form for the reply after it."""
    return _sheets(paper).pages(paper.name)


def imprint_place(paper: LetterPaper) -> ImprintPlace:
    """Return where a letter's imprint stands: at the foot of an even last page."""
    sheets = _sheets(paper)
    return ImprintPlace(sheets.added, sheets.imprinted)


def _sheets(paper: LetterPaper) -> Sheets:
    sheets = Sheets(numbered_from=2 if is_letter_form(paper.kind) else 1)
    _head(sheets, paper)
    sheets.gap(2 * LINE_PITCH)
    sheets.part(Role.TITLE)
    for text in title_lines(paper):
        sheets.put(LINE_PITCH, [line(text, CENTRE, Align.CENTRE, _TITLE)])
    sheets.gap(LINE_PITCH)
    sheets.part()
    sheets.put_lines(paragraph(f"{paper.addressee}：", 0, justified=False))
    *body, last = paper.body
    for text in body:
        sheets.part()
        sheets.put_lines(paragraph(text))
    _end(sheets, paper, last)
    _annex(sheets, paper)
    if paper.imprint:
        sheets.imprint((paper.imprint,))
    return sheets


def put_letterhead(sheets: Sheets, issuer: str, number: str) -> None:
    """Put the issuer in red over a double rule, and the document's number under it."""
    sheets.move_to(_LETTERHEAD)
    sheets.part()
    head = Setting(Face.TITLE, head_size(issuer, SIZE_2), RED)
    sheets.put(SIZE_2, [line(issuer, WIDTH / 2, Align.CENTRE, head)])
    sheets.gap(_UNDER_HEAD)
    upper, lower = (sheets.y, STRONG), (sheets.y + 2.6, THIN)
    ends = ((_LOWER_RULE - 2.6, THIN), (_LOWER_RULE, STRONG))
    for y, width in (upper, lower, *ends):
        sheets.draw(LineItem(_RULE_LEFT, y, _RULE_RIGHT, y, width, RED))
    sheets.gap(SIZE_3 * 7 / 8 - (LINE_PITCH - SIZE_3) / 2)  # its line holds a part of the room
    sheets.part()
    sheets.put(LINE_PITCH, [line(number, RIGHT, Align.RIGHT)])


def _head(sheets: Sheets, paper: LetterPaper) -> None:
    if is_letter_form(paper.kind):
        put_letterhead(sheets, paper.signatory, paper.shown_number)
        return
    sheets.gap(_RED_HEAD)
    sheets.part()
    head = Setting(Face.TITLE, head_size(paper.signatory, SIZE_MASTHEAD), RED)
    sheets.put(SIZE_MASTHEAD * 1.4, [line(paper.signatory, CENTRE, Align.CENTRE, head)])
    sheets.gap(2 * LINE_PITCH)
    sheets.part()
    sheets.put(LINE_PITCH, [line(paper.shown_number, CENTRE, Align.CENTRE)])
    sheets.gap(_UNDER_HEAD)
    sheets.draw(LineItem(LEFT, sheets.y, RIGHT, sheets.y, STRONG, RED))


def _end(sheets: Sheets, paper: LetterPaper, last: str) -> None:
    """Put the last paragraph, the list of annexes and the signature, together on a page."""
    lines = paragraph(last)
    # Two empty lines, the annex, who signs and when, whom to ask.
    if not sheets.room_for((len(lines) + 3) * LINE_PITCH + signature_height(paper)):
        sheets.begin()
    sheets.part()
    sheets.put_lines(lines)
    sheets.gap(LINE_PITCH)
    sheets.part()
    sheets.put(LINE_PITCH, [line(f"附件：{REPLY_FORM}", LEFT + 2 * BODY)])
    sheets.gap(LINE_PITCH)
    put_signature(sheets, paper)


class Signed(Protocol):
    """What is said at the end of a letter: whose seal, when, and whom to ask."""

    @property
    def signed(self) -> str:
        """Whose name stands over the date."""
        ...

    @property
    def day(self) -> date:
        """Its date."""
        ...

    @property
    def contact(self) -> str:
        """Whom to ask, in brackets; empty where nobody is named."""
        ...


def put_signature(sheets: Sheets, paper: Signed) -> None:
    """Put who signs, centred over the date, which ends four characters from the right.

    A name longer than the date may begin left of it, two characters from the edge at most; one
    longer than a line takes two. Below stands whom to ask.
    """
    names, dated, edge = _names(paper.signed), date_text(paper.day), RIGHT - 4 * BODY
    widest = max(map(Setting().width, names))
    centre = min(edge - Setting().width(dated) / 2, RIGHT - 2 * BODY - widest / 2)
    signed = [line(name, centre, Align.CENTRE) for name in names]
    for lines in (signed, [line(dated, edge, Align.RIGHT)], _notes(paper)):
        sheets.part()
        sheets.put_lines(lines)


def signature_height(paper: Signed) -> float:
    """Return the room that `put_signature` takes."""
    return (len(_names(paper.signed)) + 1 + len(_notes(paper))) * LINE_PITCH


def _names(signed: str) -> tuple[str, ...]:
    return break_lines(drawable(signed), RIGHT - LEFT - 4 * BODY, Setting().width)


def _notes(paper: Signed) -> list[TextItem]:
    return paragraph(paper.contact) if paper.contact else []


def _annex(sheets: Sheets, paper: LetterPaper) -> None:
    """Put the form for the reply: 附件 on the first line, its title on the third."""
    sheets.begin()
    sheets.part(Role.HEADING)
    sheets.put(LINE_PITCH, [line("附件", LEFT, setting=_ANNEX)])
    sheets.gap(LINE_PITCH)
    sheets.part(Role.HEADING)
    sheets.put(LINE_PITCH, [line(REPLY_FORM, CENTRE, Align.CENTRE, _TITLE)])
    sheets.gap(LINE_PITCH)
    rows = reply_rows(paper.shown_number, paper.addressee, date_text(paper.reply_by))
    sheets.table(rows, (_LABEL, RIGHT - LEFT - _LABEL))
