"""今天要做的 on 总览: each kind with its count, and one click to where it is done."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.status.lights import Light
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services import pending
from fsdesk.services.packet import exchange
from fsdesk.services.pending import PendingKind
from fsdesk.services.records import recording
from fsdesk.services.supervision import supervision
from tests.workspaces import MARCH, import_files
from ui.pages.exchange.places import ExchangePlace
from ui.pages.overview.overview import OverviewPage
from ui.pages.plan.plan import PlanPage
from ui.pages.supervision.supervision import SupervisionPage

LEFT = Qt.MouseButton.LeftButton
WAIT = 20_000
KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


@pytest.fixture
def busy(office, unit, tmp_path):
    """An office with a report, a conflict in it, a key and a draft of a letter."""
    recording.save(unit, KEY, DataValue(6))
    file = exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file
    recording.save(office, KEY, DataValue(5))
    import_files(office, file)
    supervision.draft_for(office, MARCH, "scj", LetterKind.REMINDER)
    return office


@pytest.fixture
def show(page_test, theme):
    def show_it(workspace):
        test = page_test(workspace)
        test.page = test.show(OverviewPage(test.desk, theme))
        test.qtbot.waitUntil(
            lambda: not test.page.pending.nothing.text().startswith("正在"), timeout=WAIT
        )
        test.settle()
        return test

    return show_it


def entry(test, kind):
    found = [button for item, button in test.page.pending.entries.items() if item.kind is kind]
    assert len(found) == 1, kind
    return found[0]


def test_what_is_shown_is_what_there_is_to_do(busy, show):
    test = show(busy)
    wanted = {(item.kind, item.count) for item in pending.pending(busy).items}
    shown = {(item.kind, item.count) for item in test.page.pending.items}
    assert wanted <= shown
    assert {kind for kind, _ in wanted} >= {
        PendingKind.REVIEW, PendingKind.CONFLICTS, PendingKind.KEYS, PendingKind.DRAFTS,
    }  # fmt: skip
    for item, button in test.page.pending.entries.items():
        assert str(item.count) in button.text()


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (PendingKind.REVIEW, ("exchange", ExchangePlace.REVIEW)),
        (PendingKind.CONFLICTS, ("exchange", ExchangePlace.CONFLICTS)),
        (PendingKind.KEYS, ("exchange", ExchangePlace.KEYS)),
    ],
)
def test_a_click_goes_where_it_is_done(busy, show, kind, place):
    test = show(busy)
    asked, periods = [], []
    test.page.open_requested.connect(lambda *where: asked.append(where))
    test.page.period_requested.connect(periods.append)
    test.qtbot.mouseClick(entry(test, kind), LEFT)
    assert asked == [place]
    assert periods == (["2026-03"] if kind is PendingKind.REVIEW else [])


def test_units_are_reminded_by_a_text_that_is_copied(busy, show):
    test = show(busy)
    test.qtbot.mouseClick(entry(test, PendingKind.REMIND), LEFT)
    assert QGuiApplication.clipboard().text() == pending.pending(busy).reminder
    assert "可粘贴到工作群" in test.told.news[-1]


def test_nothing_to_do_says_on_what_that_rests(office, show, monkeypatch):
    found = pending.pending(office)
    empty = replace(found, items=(), owing=())
    monkeypatch.setattr(pending, "pending", lambda _workspace: empty)
    monkeypatch.setattr(pending, "doubts", lambda _workspace: None)
    test = show(office)
    assert test.page.pending.nothing.isVisible()
    assert "今天没有要做的" in test.page.pending.nothing.text()
    assert "还没有交来的文件不在内" in test.page.pending.rests_on.text()


def test_a_unit_has_no_such_list(unit, page_test, theme):
    test = page_test(unit)
    assert test.show(OverviewPage(test.desk, theme)).pending is None


def test_the_tile_of_lagging_tasks_opens_just_those(busy, show, page_test):
    test = show(busy)
    with test.qtbot.waitSignal(test.page.open_requested) as asked:
        test.qtbot.mouseClick(test.page.lights, LEFT)
    assert asked.args == ["plan", Light.RED]
    plans = page_test(busy)
    plan = plans.show(PlanPage(plans.desk))
    plan.search.setText("没有这样的任务")
    plan.show_item(Light.RED)
    results = {r.task.code for r in plan._status.tasks if r.light is Light.RED}
    top = plan.tree.invisibleRootItem()
    leaves = [
        leaf
        for section in (top.child(n) for n in range(top.childCount()))
        for point in (section.child(n) for n in range(section.childCount()))
        for leaf in (point.child(n) for n in range(point.childCount()))
    ]
    shown = {leaf.text(0).split()[0] for leaf in leaves if not leaf.isHidden()}
    assert shown == results


def test_a_draft_is_opened_in_the_register(busy, page_test):
    (item,) = [it for it in pending.pending(busy).items if it.kind is PendingKind.DRAFTS]
    test = page_test(busy)
    page = test.show(SupervisionPage(test.desk))
    page.show_item(item)
    test.settle()
    assert page.tabs.currentWidget() is page.register
    assert [row.key for row in page.register.chosen] == list(item.letters)


def test_the_counts_change_with_what_is_done(busy, show, office):
    test = show(busy)
    recording.record_progress(office, "T01-2", "2026-03", ProgressReport(text="办"))
    draft = supervision.drafts(busy)[0]
    supervision.withdraw(busy, draft.key)
    test.page.refresh("2026-03")
    test.qtbot.waitUntil(
        lambda: all(it.kind is not PendingKind.DRAFTS for it in test.page.pending.items),
        timeout=WAIT,
    )
