"""The number beside 督办 and 来函 is counted once the window is at rest."""

from __future__ import annotations

from fsdesk.domain.periods import Period
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.packet import exchange
from fsdesk.services.supervision import supervision
from tests.workspaces import import_files

APRIL = Period.parse("2026-04")
WAIT = 20_000


def test_it_is_counted_after_the_start(start, office, unit, clock, tmp_path, qtbot):
    clock.set("2026-05-11T01:00:00+00:00")
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    supervision.issue(office, [draft.key])
    (written, *_) = run_through(exchange.answer_reports(office, APRIL, tmp_path / "反馈"))
    import_files(unit, written.file)
    assert (supervision.due_count(office, APRIL), supervision.due_count(unit, APRIL)) == (2, 1)
    for workspace in (office, unit):
        workspace.close()
        navigation = start(workspace.folder).window.navigation
        qtbot.waitUntil(lambda shown=navigation: shown.badge("supervision") > 0, timeout=WAIT)
