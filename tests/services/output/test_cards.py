"""The one-page cards: what they say is so by the office's own rules and identity."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.output.cards import office_card, unit_card
from fsdesk.domain.output.head import PaperHead
from fsdesk.domain.settings import Rules
from fsdesk.reports.paper.card import card_page
from tests.papers import seen_on

ROOT = Path(__file__).parents[3]
HEAD = PaperHead("某市某区食药安办", date(2026, 1, 5))
KNOWN = replace(HEAD, office=OfficeIdentity(contact="张三", phone="0571-12345678"))


@pytest.mark.parametrize("card", [unit_card, office_card])
@pytest.mark.parametrize("long_name", [False, True])
def test_a_card_is_one_page_and_says_whose_it_is(card, long_name):
    name = "某某壮族苗族自治州某某市食品药品安全委员会办公室" if long_name else HEAD.maker
    rules = Rules(due_days=15, lock_days=30, shift_to_working=True)
    page = card_page(card(replace(HEAD, maker=name), 2026, rules))
    words = seen_on([page])
    assert name in words
    assert "2026年1月5日" in words
    assert "15日内报送，第30日以后“日程”不再催报（逢休息日都顺延" in words
    assert "已接收的才锁定" in words


def test_who_is_asked_stands_on_it_or_is_left_to_be_written_in():
    assert "张三，联系电话：0571-12345678" in seen_on([card_page(unit_card(KNOWN, 2026, Rules()))])
    assert "联系人：＿＿" in seen_on([card_page(unit_card(HEAD, 2026, Rules()))])


def test_every_word_that_a_card_quotes_is_seen_in_the_window():
    """What is called so on the card is called so on screen."""
    sources = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("ui", "fsdesk")
        for file in (ROOT / folder).rglob("*.py")
        if file.name != "cards.py"
    )
    for card in (unit_card, office_card):
        for _, steps in card(HEAD, 2026, Rules()).parts:
            for word in re.findall("“([^”]*)”", "".join(steps)):
                assert word in sources, word
