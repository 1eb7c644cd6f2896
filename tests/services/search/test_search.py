"""What can be found in a workspace."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pypinyin
import pytest

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.search import Findable, FindKind
from fsdesk.domain.supervision.letters import Letter, LetterKind
from fsdesk.services.care import setup
from fsdesk.services.search import search
from fsdesk.services.search.spelling import phrases_in, spell, spell_fast
from fsdesk.store.ledger import ledgers
from fsdesk.store.supervision import letters


@pytest.fixture
def built_in(tmp_path, clock):
    with setup.create_office(tmp_path / "whole", setup.read_plan(None, 2026), clock=clock) as made:
        yield made


def test_characters_with_several_readings_are_read_by_their_word():
    assert spell("重点品种").initials == "zdpz"
    assert spell("银行").full == "YinHang"
    assert spell("A级食堂").initials == "ajst"
    assert spell_fast("区教育局 A级").initials == "qjyjaj"
    assert spell_fast("区教育局").full == "QuJiaoYuJu"


@pytest.mark.parametrize(
    ("typed", "kind", "page"),
    [
        ("spjdcjpc", FindKind.INDICATOR, "plan"),
        ("风险监测预警", FindKind.TASK, "plan"),
        ("qscjgj", FindKind.UNIT, "recording"),
        ("监督抽检台账 ", FindKind.LEDGER, "ledger"),
        ("djcx", FindKind.COMMAND, "aggregate"),
    ],
)
def test_the_plan_units_ledgers_and_commands_are_found(built_in, typed, kind, page):
    commands = [Findable(FindKind.COMMAND, "单据查询", "", "aggregate")]
    index = search.build_index(built_in, commands)
    typed = next(iter(_titles(built_in))) if kind is FindKind.LEDGER else typed
    found = [thing for thing in index.find(typed) if thing.kind is kind]
    assert found[0].page == page


def _titles(workspace):
    with workspace.reading() as session:
        return [ledger.title for ledger in ledgers.load_ledgers(session)]


def test_rows_of_ledgers_are_found_without_personal_data(built_in):
    with built_in.reading() as session:
        declared = ledgers.load_ledgers(session)
    ledger = next(each for each in declared if any(c.personal for c in each.columns))
    text = {c.title: f"{c.title}样品甲" for c in ledger.columns if c.type.value == "text"}
    with built_in.writing() as writing:
        ledgers.edit_entries(writing, [LedgerEntry("", ledger.code, "scjg", text)])
    index = search.build_index(built_in)
    (found,) = [thing for thing in index.find("yangpinjia") if thing.kind is FindKind.ENTRY]
    assert found.page == "ledger"
    assert found.item == (ledger.code, text[ledger.key[0]])
    personal = next(c.title for c in ledger.columns if c.personal)
    assert personal not in found.title


def test_a_letter_is_found_by_its_number(office):
    letter = Letter(
        LetterKind.REMINDER, 2026, 1, "scj", "2026-03", date(2026, 4, 9), date(2026, 4, 24)
    )
    with office.writing() as writing:
        letters.save_letter(writing, letter, ["T01-1"])
    (found,) = search.build_index(office).find("〔2026〕1号")
    assert found.item == letter.document_number
    assert "提醒敦促函" in found.title


def test_a_units_own_tasks_open_where_they_are_filled_in(unit):
    pages = {t.page for t in search.build_index(unit).find("T01") if t.kind is FindKind.TASK}
    assert pages == {"recording"}


def test_phrases_are_read_in_pieces_and_whole():
    file = Path(pypinyin.__file__).with_name("phrases_dict.json")
    assert phrases_in(file) == json.loads(file.read_text(encoding="utf-8"))
