"""The four letters on pages, for preview, printer and PDF: laid out as the Word files are.

Faces, sizes, pitches and places are those of GB/T 9704—2012.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import Align, Face, LineItem
from fsdesk.domain.periods import date_text
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

    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.reports.word.letter_papers import LetterPaper

_RULE_LEFT, _RULE_RIGHT, _LOWER_RULE = 20 * MM, 190 * MM, 277 * MM
_LETTERHEAD, _RED_HEAD, _UNDER_HEAD = 30 * MM, 35 * MM, 4 * MM
_LABEL = 34 * MM
_TITLE = Setting(Face.TITLE, SIZE_2)
_ANNEX = Setting(Face.HEAD)


def letter_pages(paper: LetterPaper) -> tuple[PaperPage, ...]:
    """Return a letter on pages of A4, with the form for the reply after it."""
    return _sheets(paper).pages(paper.name)


def pages_for_imprint(paper: LetterPaper) -> int:
    """Return how many pages come before a letter's imprint, so that its page is an even one."""
    return _sheets(paper).added


def _sheets(paper: LetterPaper) -> Sheets:
    sheets = Sheets(numbered_from=2 if is_letter_form(paper.kind) else 1)
    _head(sheets, paper)
    sheets.gap(2 * LINE_PITCH)
    for text in title_lines(paper):
        sheets.put(LINE_PITCH, [line(text, CENTRE, Align.CENTRE, _TITLE)])
    sheets.gap(LINE_PITCH)
    sheets.put(LINE_PITCH, [line(f"{paper.addressee}：", LEFT)])
    *body, last = paper.body
    for text in body:
        sheets.put_lines(paragraph(text))
    _end(sheets, paper, last)
    _annex(sheets, paper)
    if paper.imprint:
        sheets.imprint((paper.imprint,))
    return sheets


def put_letterhead(sheets: Sheets, issuer: str, number: str) -> None:
    """Put the issuer in red over a double rule, and the document's number under it."""
    sheets.move_to(_LETTERHEAD)
    head = Setting(Face.TITLE, head_size(issuer, SIZE_2), RED)
    sheets.put(SIZE_2, [line(issuer, WIDTH / 2, Align.CENTRE, head)])
    sheets.gap(_UNDER_HEAD)
    upper, lower = (sheets.y, STRONG), (sheets.y + 2.6, THIN)
    ends = ((_LOWER_RULE - 2.6, THIN), (_LOWER_RULE, STRONG))
    for y, width in (upper, lower, *ends):
        sheets.draw(LineItem(_RULE_LEFT, y, _RULE_RIGHT, y, width, RED))
    sheets.gap(SIZE_3 * 7 / 8 - (LINE_PITCH - SIZE_3) / 2)  # its line holds a part of the room
    sheets.put(LINE_PITCH, [line(number, RIGHT, Align.RIGHT)])


def _head(sheets: Sheets, paper: LetterPaper) -> None:
    if is_letter_form(paper.kind):
        put_letterhead(sheets, paper.signatory, paper.shown_number)
        return
    middle = WIDTH / 2
    sheets.gap(_RED_HEAD)
    head = Setting(Face.TITLE, head_size(paper.signatory, SIZE_MASTHEAD), RED)
    sheets.put(SIZE_MASTHEAD * 1.4, [line(paper.signatory, middle, Align.CENTRE, head)])
    sheets.gap(2 * LINE_PITCH)
    sheets.put(LINE_PITCH, [line(paper.shown_number, CENTRE, Align.CENTRE)])
    sheets.gap(_UNDER_HEAD)
    sheets.draw(LineItem(LEFT, sheets.y, RIGHT, sheets.y, STRONG, RED))


def _end(sheets: Sheets, paper: LetterPaper, last: str) -> None:
    """Put the last paragraph, the list of annexes and the signature, together on a page."""
    lines = paragraph(last)
    # Two empty lines, the annex, who signs and when, whom to ask.
    notes = paragraph(paper.contact) if paper.contact else []
    if not sheets.room_for((len(lines) + 5 + len(notes)) * LINE_PITCH):
        sheets.begin()
    sheets.put_lines(lines)
    sheets.gap(LINE_PITCH)
    sheets.put(LINE_PITCH, [line(f"附件：{REPLY_FORM}", LEFT + 2 * BODY)])
    sheets.gap(LINE_PITCH)
    put_signature(sheets, paper.signed, paper.day)
    sheets.put_lines(notes)


def put_signature(sheets: Sheets, signed: str, day: date) -> None:
    """Put who signs, centred over the date, which ends four characters from the right."""
    dated = date_text(day)
    edge = RIGHT - 4 * BODY
    # A name longer than the date may begin left of it, two characters from the edge at most.
    centre = edge - Setting().width(dated) / 2
    centre = min(centre, RIGHT - 2 * BODY - Setting().width(signed) / 2)
    sheets.put(LINE_PITCH, [line(signed, centre, Align.CENTRE)])
    sheets.put(LINE_PITCH, [line(dated, edge, Align.RIGHT)])


def _annex(sheets: Sheets, paper: LetterPaper) -> None:
    """Put the form for the reply: 附件 on the first line, its title on the third."""
    sheets.begin()
    sheets.put(LINE_PITCH, [line("附件", LEFT, setting=_ANNEX)])
    sheets.gap(LINE_PITCH)
    sheets.put(LINE_PITCH, [line(REPLY_FORM, CENTRE, Align.CENTRE, _TITLE)])
    sheets.gap(LINE_PITCH)
    rows = reply_rows(paper.shown_number, paper.addressee, date_text(paper.reply_by))
    sheets.table(rows, (_LABEL, RIGHT - LEFT - _LABEL))
