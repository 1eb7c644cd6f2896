"""What the window says of a reply: it waits, it went out, and the office has it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fsdesk.domain.periods import Period
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.packet import exchange
from fsdesk.services.supervision import supervision
from fsdesk.workspace import open_workspace
from tests.ui.hands import WAIT
from tests.workspaces import import_files

APRIL = Period.parse("2026-04")


@pytest.fixture
def answered(start, office, unit, clock, tmp_path, qtbot, monkeypatch):  # noqa: PLR0917
    """The unit's window, a letter having come; and how the office's next answer is taken there."""
    clock.set("2026-05-11T01:00:00+00:00")
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    supervision.issue(office, [draft.key])
    import_files(unit, answer(office, tmp_path / "first"))
    unit.close()
    monkeypatch.setitem(open_workspace.__kwdefaults__, "clock", clock)
    program = start(unit.folder)
    qtbot.waitUntil(lambda: "supervision" in program.window.keys, timeout=WAIT)
    settle(qtbot, program)
    return program


def answer(office, folder):
    written = run_through(exchange.answer_reports(office, APRIL, folder))
    return next(each.file for each in written if each.unit == "scj")


def settle(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def test_a_saved_reply_waits_in_the_strip_until_it_went_out_and_the_office_has_it(
    answered, office, tmp_path, qtbot, monkeypatch
):
    window, strip = answered.window, answered.window.status
    assert not strip.export.isVisible()
    window.open("supervision")
    settle(qtbot, answered)
    inbox = window.page("supervision")
    inbox.reply.setPlainText("已整改到位")
    qtbot.mouseClick(inbox.send, Qt.MouseButton.LeftButton)
    settle(qtbot, answered)
    assert "未导出：回复 1 件（5月11日起）" in strip.text
    assert strip.export.isVisible()
    assert inbox.handover.words.text() == "1 件未导出（5月11日起）"
    assert inbox.handover.export.isVisible()
    assert window.navigation.badge("supervision") == 1
    assert window.navigation.badge("exchange") == 1

    report = tmp_path / "报送包.xlsx"
    exchange.export_report(answered._opened.workspace, APRIL, report)
    window.mark_changed()
    settle(qtbot, answered)
    assert "已导出，尚未收到回执" in strip.text
    assert not strip.export.isVisible()
    assert inbox.handover.words.text() == "已导出，尚未收到回执"

    import_files(office, report)
    import_files(answered._opened.workspace, answer(office, tmp_path / "second"))
    window.mark_changed()
    settle(qtbot, answered)
    assert "已全部交出并收到回执" in strip.text
    assert inbox.handover.words.text() == "汇总端已收到"
    assert window.navigation.badge("exchange") == 0


def test_export_beside_it_leads_to_the_export(answered, qtbot):
    window = answered.window
    window.open("supervision")
    settle(qtbot, answered)
    inbox = window.page("supervision")
    inbox.reply.setPlainText("已整改到位")
    qtbot.mouseClick(inbox.send, Qt.MouseButton.LeftButton)
    settle(qtbot, answered)
    asked = []
    answered.messages.ask = lambda *words, **_: asked.append(words)
    for press in (inbox.handover.export, window.status.export):
        window.open("supervision")
        settle(qtbot, answered)
        qtbot.mouseClick(press, Qt.MouseButton.LeftButton)
        settle(qtbot, answered)
        assert window.current_key == "recording"
