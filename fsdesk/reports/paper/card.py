"""A card of steps on one upright A4 page."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import (
    Align,
    Face,
    Item,
    LineItem,
    Paper,
    PaperPage,
    PaperSize,
    Part,
    Role,
    TextItem,
)
from fsdesk.reports.paper.fonts import text_width
from fsdesk.reports.paper.line_breaking import break_lines

if TYPE_CHECKING:
    from fsdesk.domain.output.cards import Card

_PAPER = Paper(PaperSize.A4, landscape=False, margin_mm=20)
_TITLE, _WHOSE, _HEAD, _TEXT, _FOOT = 24.0, 12.0, 15.0, 13.0, 11.0
# Height of a line as a share of its size, room above a heading, and the hanging number's width.
_PITCH, _ABOVE, _NUMBER = 1.55, 14.0, 30.0


def card_page(card: Card) -> PaperPage:
    """Lay a card out; one that says more than a page holds is a fault of its text."""
    left, right = _PAPER.margin, _PAPER.width - _PAPER.margin
    middle, y = _PAPER.width / 2, _PAPER.margin + _TITLE
    parts = count()
    title = Part(next(parts), Role.TITLE)
    whose = y + _WHOSE * 2
    items: list[Item] = [
        TextItem(middle, y, card.title, _TITLE, align=Align.CENTRE, face=Face.HEAD, part=title),
        TextItem(middle, whose, card.whose, _WHOSE, align=Align.CENTRE, part=Part(next(parts))),
    ]
    y += _WHOSE * 2 + 12
    items.append(LineItem(left, y, right, y, 1.0))
    for heading, steps in card.parts:
        y += _ABOVE + _HEAD
        part = Part(next(parts), Role.HEADING)
        items.append(TextItem(left, y, heading, _HEAD, face=Face.HEAD, part=part))
        y += _HEAD * 0.4
        for number, step in enumerate(steps, start=1):
            y += 3
            part = Part(next(parts))
            for index, line in enumerate(_lines(step, right - left - _NUMBER)):
                y += _TEXT * _PITCH
                if not index:
                    items.append(TextItem(left, y, f"（{number}）", _TEXT, part=part))
                items.append(TextItem(left + _NUMBER + 6, y, line, _TEXT, part=part))
    foot = _PAPER.height - _PAPER.margin
    if y > foot - 2 * _FOOT:
        raise ValueError(f"{card.title}: {y:.0f} points of text on a page of {foot:.0f}")
    items.append(LineItem(left, foot - 2 * _FOOT, right, foot - 2 * _FOOT, 0.5))
    items.append(TextItem(left, foot, card.foot, _FOOT, part=Part(next(parts))))
    return PaperPage(_PAPER.width, _PAPER.height, tuple(items))


def _lines(text: str, width: float) -> tuple[str, ...]:
    return break_lines(text, width - 6, lambda part: text_width(part, _TEXT))
