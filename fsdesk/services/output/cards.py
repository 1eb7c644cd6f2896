"""The one-page cards (使用卡) that the office prints for its units and for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output import cards
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.kinds import OFFICE_CARD, UNIT_CARD, Form, kind_of
from fsdesk.services.output.heads import head_of, require
from fsdesk.store import identity

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.workspace import Workspace

PDF = ".pdf"
_CARDS = {UNIT_CARD: cards.unit_card, OFFICE_CARD: cards.office_card}


def pages(workspace: Workspace, kind: str) -> tuple[PaperPage, ...]:
    """Return a card as a page; see `write_card`."""
    from fsdesk.reports.paper.card import card_page

    require(workspace, Form.CARD, kind)
    with workspace.reading() as session:
        rules = identity.load_rules(session)
    return (card_page(_CARDS[kind](head_of(workspace), workspace.identity.year, rules)),)


def write_card(workspace: Workspace, kind: str, file: Path) -> None:
    """Write a card as a PDF.

    Raises:
        InputRejectedError: In a unit's workspace, or when the file can't be written.
    """
    from fsdesk.reports.paper.pdf import write_pdf

    required_ending(file, kind_of(Form.CARD, kind).title, (PDF,))
    write_pdf(file, pages(workspace, kind), kind_of(Form.CARD, kind).title)
