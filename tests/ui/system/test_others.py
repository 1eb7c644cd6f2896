"""What another desk stores in a workspace on a server appears, and nothing typed here goes."""

from __future__ import annotations

import pytest

from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind, Status
from fsdesk.services.care import setup
from fsdesk.services.records import recording
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.ui.desks import WAIT
from tests.workspaces import Clock

pytestmark = pytest.mark.postgres
KEY = RecordKey(RecordKind.PROGRESS, "T01-1", "scj", "2026-03")


@pytest.fixture
def program(tmp_path, postgres, new_database, start):
    place = postgres.address(new_database())
    setup.create_office(tmp_path / "office", small_plan(), place, Clock()).close()
    program = start(tmp_path / "office")
    with open_workspace(tmp_path / "other", place, clock=Clock()) as other:
        program.other = other
        yield program


def listens(program, qtbot):
    workspace = program._opened.workspace
    qtbot.waitUntil(lambda: bool(workspace._listener and workspace._listener._schema), timeout=WAIT)


def test_what_another_desk_stores_appears_by_itself(program, qtbot):
    listens(program, qtbot)
    with qtbot.waitSignal(program.window.data_changed, timeout=WAIT):
        recording.record_value(program.other, "I01-1", "2026-03", DataValue(5), unit="scj")


def test_the_own_changes_are_no_news(program, qtbot):
    listens(program, qtbot)
    workspace = program._opened.workspace
    recording.record_value(workspace, "I01-1", "2026-03", DataValue(5), unit="scj")
    assert not workspace.others_stored()


def test_what_is_being_typed_stays_while_others_store(program, qtbot):
    program.window.open("recording", ("", "scj"))
    page = program.window.page("recording")
    program.window.top_bar.go_to_period("2026-03")
    qtbot.waitUntil(lambda: bool(page.forms.views) and not program.runner.busy, timeout=WAIT)
    listens(program, qtbot)
    field = next(each for each in page.forms.editors if each.key.kind is RecordKind.PROGRESS)
    field.first.setFocus()
    words = next(each for each in field._fields if hasattr(each, "toPlainText"))
    words.setFocus()
    qtbot.keyClicks(words, "half a sen")
    with qtbot.waitSignal(program.window.data_changed, timeout=WAIT):
        recording.save(
            program.other, field.key, ProgressReport(Status.DONE, "另一台电脑写的"),
            ProgressReport(),
        )  # fmt: skip
    qtbot.keyClicks(words, "tence")

    def both_kept():
        with program.other.reading() as session:
            held = records.versions_of(session, field.key)
        texts = {item.record.content.text for item in held}
        assert "另一台电脑写的" in texts
        assert any(text.startswith("half a sen") for text in texts)

    qtbot.waitUntil(both_kept, timeout=WAIT)
