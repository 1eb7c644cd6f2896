"""The window copies the workspace while it is open, and goes on telling of damage."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from fsdesk.domain.output.issued_papers import Kept
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.supervision.letters import Letter, LetterKind, LetterState
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.supervision import kept_letters
from fsdesk.store.care import copies
from fsdesk.store.supervision import letters
from fsdesk.store.verification.database import problems_in
from fsdesk.workspace import open_workspace
from tests.ui.desks import WAIT
from tests.ui.hands import Hands
from ui.workspaces.restoring import RestoreDialog


def daily(folder):
    return [copy for copy in copies.copies_of(folder) if copy.kind is copies.CopyKind.DAILY]


def zero_page(folder, table):
    with closing(sqlite3.connect(folder / "fsdesk.db")) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    with (folder / "fsdesk.db").open("r+b") as stream:
        stream.seek((root[0] - 1) * 4096)
        stream.write(bytes(4096))


def banners(program):
    return [banner.text for banner in program.window.banners.banners]


@pytest.fixture
def at_once(monkeypatch):
    """What is done at rest is done at once."""
    monkeypatch.setattr("ui.system.copies._REST_MS", 1)


def test_the_window_makes_a_copy_after_opening_and_after_work(start, folders, qtbot, at_once):
    folder = folders / "office"
    program = start(folder)
    qtbot.waitUntil(lambda: len(daily(folder)) == 1, timeout=WAIT)
    workspace = program._opened.workspace
    recording.record_value(workspace, "I01-1", "2026-03", DataValue(5), unit="scj")
    program.window.mark_changed()
    qtbot.waitUntil(lambda: len(daily(folder)) == 2, timeout=WAIT)
    assert banners(program) == []


def test_letters_that_an_earlier_program_issued_are_kept_after_opening(
    start, folders, qtbot, at_once
):
    with open_workspace(folders / "office") as office, office.writing() as writing:
        day = date(2026, 5, 11)
        kind, state = LetterKind.REMINDER, LetterState.ISSUED
        unit = current_plan(office).directory.units[1].code
        letter = Letter(kind, 2026, 1, unit, "2026-04", day, day, state, issued_on=day)
        letters.save_letter(writing, letter, [], "请抓紧办理。")
    program = start(folders / "office")

    def known():
        with program._opened.workspace.reading() as session:
            return kept_letters.known(session)

    qtbot.waitUntil(lambda: known() == {letter.key: Kept.UPGRADED}, timeout=WAIT)


def test_damage_is_told_after_opening_and_again_with_each_change(start, folders, qtbot, at_once):
    folder = folders / "office"
    zero_page(folder, "review_comment")
    program = start(folder)
    qtbot.waitUntil(lambda: bool(banners(program)), timeout=WAIT)
    (words,) = banners(program)
    assert "已损坏：表“审核意见”有损坏的页" in words
    assert "从备份恢复" in words
    program.window.banners.banners[0].dismiss()
    program.window.mark_changed()
    assert banners(program) == [words]
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
    assert daily(folder) == []


def test_damage_leads_to_the_copies_and_going_back_to_a_sound_one_mends_it(
    start, folders, qtbot, at_once, monkeypatch
):
    folder = folders / "office"
    with open_workspace(folder) as office:
        copies.keep(folder, office.engine, office.clock())
    zero_page(folder, "review_comment")
    hands = Hands(qtbot, start(folder), monkeypatch)
    hands.wait(lambda: any("已损坏" in words for words in hands.told))
    hands.click(hands.button("从备份恢复…"))
    (dialog,) = hands.window.findChildren(RestoreDialog)
    hands.wait(dialog.yes.isEnabled)
    hands.click(dialog.yes)
    hands.wait(lambda: any("已恢复到副本" in words for words in hands.told))
    hands.window.mark_changed()
    hands.settle()
    assert not any("有损坏的页" in words for words in hands.told)
    assert not problems_in(folder / "fsdesk.db")


def test_damage_that_bars_the_door_is_told_on_the_page(start, folders, qtbot):
    open_workspace(folders / "office").close()
    zero_page(folders / "office", "plan_revision")
    page = start(folders / "office").window.page("start")
    qtbot.waitUntil(lambda: hasattr(page, "trouble"), timeout=WAIT)
    words = page.trouble.words.text()
    assert "已损坏" in words
    assert "最近一份完好的备份" in words
