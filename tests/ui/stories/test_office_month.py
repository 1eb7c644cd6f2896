"""The office's month by keys and mouse, interrupted at every step: nothing typed is lost, nothing
goes out by accident, and every count in the window is that of the database."""

from __future__ import annotations

import functools
import shutil
import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.records.records import (
    DataValue,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.steps import run_through
from fsdesk.services.care import setup
from fsdesk.services.packet import checking, exchange
from fsdesk.services.pending import PendingKind
from fsdesk.services.records import recording
from fsdesk.services.status.unit_forms import unit_form
from fsdesk.workspace import DATABASE, open_workspace
from tests.ui.hands import Hands
from tests.workspaces import MARCH, Clock, import_files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PLAN_DAY, REPORT_DAY, TODAY = (f"2026-{day}T01:00:00+00:00" for day in ("03-02", "04-02", "04-13"))
UNITS = 18
# Whoever reports 0 for the first figure of a shared target that must grow evenly.
LAGGING = {"scjg", "fgj", "mzj", "wjj"}
RETURNED = ("区教育局", "西兴街道", "区司法局")  # none of those that lag
TEXT = "联系人请于收到本函后三日内反馈。"


@pytest.fixture(scope="session")
def month(tmp_path_factory):
    """An office that has issued its plan and received the reports of March of all units."""
    folder, clock = tmp_path_factory.mktemp("month"), Clock(PLAN_DAY)
    plan, files = load_builtin_plan(2026), []
    with setup.create_office(folder / "office", plan, clock=clock) as office:
        issued = run_through(exchange.issue_packets(office, MARCH, folder / "out"))
        clock.set(REPORT_DAY)
        for packet in issued:
            place, read = folder / packet.unit, checking.read(packet.file)
            with setup.create_unit_from_packet(place, read, clock=clock) as unit:
                _fill(unit, packet.unit)
                files.append(exchange.export_report(unit, MARCH, folder / f"{packet.unit}.xlsx"))
        import_files(office, *(each.file for each in files))
    assert len(files) == UNITS
    return folder / "office"


def _fill(unit, code):
    form = unit_form(unit, code, MARCH)
    progress = ProgressReport(Status.UNDER_WAY, "已按计划推进。")
    lines = [line.indicator for task in form.tasks for line in task.indicators]
    counts = [each.code for each in lines if each.kind is IndicatorKind.COUNT]
    entries = [(RecordKind.PROGRESS, task.task.code, progress) for task in form.tasks]
    entries += [(RecordKind.VALUE, each, DataValue(0)) for each in counts[:1]]
    recording.save_all(
        unit,
        [(RecordKey(kind, item, code, str(MARCH)), content) for kind, item, content in entries],
    )


class Truth:
    """What the database says, asked by its own words."""

    def __init__(self, folder):
        self._file = folder / DATABASE

    def ask(self, question):
        with closing(sqlite3.connect(self._file)) as database:
            return database.execute(question).fetchall()

    def number(self, what):
        return self.ask(f"SELECT count(*) FROM {what}")[0][0]  # noqa: S608 - the tests' own words

    def units(self, what):
        return {unit for (unit,) in self.ask(f"SELECT unit FROM {what}")}  # noqa: S608

    @property
    def drafts(self):
        return dict(self.ask("SELECT unit, body FROM letter_draft"))

    @property
    def letters(self):
        return dict(self.ask("SELECT unit, body FROM letter"))

    def pending(self):
        """What 今天要做的 must say, by kind, without what is 0."""
        pressed = self.units("letter_draft") | self.units("letter")
        open_letters = self.units("letter WHERE state = 'issued'")
        returned = self.units("submission WHERE state = 'returned'")
        counts = {
            PendingKind.REVIEW: self.number("submission WHERE state = 'submitted'"),
            PendingKind.KEYS: self.number("signer WHERE added_by LIKE 'packet %'"),
            PendingKind.DRAFTS: self.number("letter_draft"),
            PendingKind.PROPOSALS: len(LAGGING - pressed),
            PendingKind.REMIND: len(returned | open_letters),
        }
        return {kind: count for kind, count in counts.items() if count}


class OfficeClerk(Hands):
    """Hands that hold every count against the truth."""

    def __init__(self, qtbot, program, monkeypatch, folder):
        super().__init__(qtbot, program, monkeypatch)
        self.truth = Truth(folder)

    def interrupted(self):
        """Look at another page and another period, as the telephone wants it, and come back."""
        here = self.window.current_key
        self.go("overview" if here != "overview" else "plan")
        self.window.top_bar.go_to_period("2026-02")
        self.settle()
        self.window.top_bar.go_to_period(str(MARCH))
        self.settle()
        return self.go(here)

    def check(self):
        """Hold every count that the window shows against the database."""
        here, truth = self.window.current_key, self.truth.pending()
        overview = self.go("overview")

        def told():
            items = overview.pending.items
            return {it.kind: it.count for it in items if it.kind is not PendingKind.DOUBTS}

        badges = self.window.navigation
        waiting = truth.get(PendingKind.REVIEW, 0) + truth.get(PendingKind.KEYS, 0)
        try:
            self.wait(
                lambda: (
                    told() == truth
                    and badges.badge("exchange") == waiting
                    and badges.badge("supervision") == truth.get(PendingKind.PROPOSALS, 0)
                )
            )
        finally:
            assert told() == truth
            assert badges.badge("exchange") == waiting
            assert badges.badge("supervision") == truth.get(PendingKind.PROPOSALS, 0)
        desk = self.go("supervision")
        open_letters = self.truth.number("letter WHERE state = 'issued'")
        note = desk.header._note.text()
        assert f"单位任务滞后 {len(LAGGING)} 项次" in note, note
        # All came in time, and what was returned today has days to be mended and is not late.
        assert "累计逾期未报 0 期次" in note
        assert f"待回复函件 {open_letters} 件" in note
        came = self.truth.number("submission")
        judged = self.truth.number("submission WHERE state IN ('accepted', 'returned')")
        words = self.go("exchange").review.reports.words.text()
        assert words.startswith(f"已审 {judged}/{came}，"), words
        return self.go(here)


@pytest.fixture
def clerk(month, qtbot, start, tmp_path, monkeypatch):
    opening = functools.partial(open_workspace, clock=Clock(TODAY))
    monkeypatch.setattr("fsdesk.workspace.open_workspace", opening)
    folder = shutil.copytree(month, tmp_path / "office")
    made = OfficeClerk(qtbot, start(folder), monkeypatch, folder)
    made.window.resize(1366, 728)
    made.window.top_bar.go_to_period(str(MARCH))
    made.settle()
    return made


def judge(clerk):
    """Return three reports with opinions, each after interruptions, and accept one."""
    panel = clerk.go("exchange").review
    clerk.tab(clerk.window.page("exchange").tabs, "审核")
    for name in RETURNED:
        opinion, whole = f"{name}请补充数据来源", f"{name}请于三日内补报"
        clerk.row(panel.reports.table, lambda row, name=name: row.name == name)
        clerk.row(panel.rows_table, lambda row: row.key.kind is RecordKind.PROGRESS)
        clerk.click(panel.comment)
        clerk.type(opinion)
        clerk.click(panel.overall)
        clerk.type(whole)
        clerk.row(panel.reports.table, lambda row, name=name: row.name != name)
        assert (panel.comment.text(), panel.overall.text()) == ("", "")
        clerk.interrupted()
        clerk.row(panel.reports.table, lambda row, name=name: row.name == name)
        clerk.row(panel.rows_table, lambda row: row.key.kind is RecordKind.PROGRESS)
        assert (panel.comment.text(), panel.overall.text()) == (opinion, whole)
        clerk.answer(None)
        clerk.click(panel.give_back)
        assert not clerk.truth.number(f"submission WHERE comment = '{whole}'")
        clerk.answer("退回")
        clerk.click(panel.give_back)
        assert opinion in clerk.questions[-1][1]
        assert clerk.truth.number(f"submission WHERE state = 'returned' AND comment = '{whole}'")
        clerk.check()
    clerk.row(panel.reports.table, lambda row: row.name == "区公安分局")
    clerk.row(panel.rows_table, lambda row: True)
    clerk.press("A")
    assert clerk.truth.number("submission WHERE state = 'accepted'") == 1
    clerk.check()


def write(clerk):
    """Draft what is proposed, and edit two letters in turns without storing one of them."""
    page = clerk.go("supervision")
    clerk.answer(None)
    clerk.click(clerk.button("全部拟稿"))
    assert clerk.truth.drafts == {}
    clerk.answer(f"拟稿 {len(LAGGING)} 件")
    clerk.click(clerk.button("全部拟稿"))
    assert set(clerk.truth.drafts) == LAGGING
    clerk.check()
    clerk.tab(page.tabs, "函件登记簿")
    register = page.register
    for unit in ("scjg", "mzj"):
        clerk.row(register.table, lambda row, unit=unit: row.draft.unit == unit)
        clerk.click(register.body_text)
        clerk.press("Ctrl+End")
        clerk.type(f"{TEXT}{len(unit)}")
        clerk.interrupted()
    for unit in ("scjg", "mzj"):
        clerk.row(register.table, lambda row, unit=unit: row.draft.unit == unit)
        assert register.body_text.toPlainText().endswith(f"{TEXT}{len(unit)}")
        assert not clerk.truth.drafts[unit].endswith(f"{TEXT}{len(unit)}")
    return register


def issue(clerk, register):
    """Issue: not while another letter has text that isn't stored, and one by mistake."""
    clerk.row(register.table, lambda row: row.draft.unit == "mzj")
    clerk.qtbot.keyClick(register.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    clerk.settle()
    clerk.click(register.issue)
    assert clerk.truth.letters == {}
    assert "未保存的修改" in clerk.told[0]
    clerk.row(register.table, lambda row: row.draft.unit == "scjg")
    clerk.click(clerk.button("保存拟稿"))
    assert clerk.truth.drafts["scjg"].endswith(f"{TEXT}4")
    clerk.check()
    clerk.row(register.table, lambda row: row.draft.unit == "mzj")
    clerk.answer(None)
    clerk.click(register.issue)
    assert clerk.truth.letters == {}
    assert clerk.truth.drafts["mzj"].endswith(f"{TEXT}3")
    clerk.answer("印发")
    clerk.click(register.issue)
    assert clerk.truth.letters["mzj"].endswith(f"{TEXT}3")
    clerk.check()
    clerk.interrupted()
    clerk.click(register.back)  # it was a mistake
    assert clerk.truth.letters == {}
    assert clerk.truth.drafts["mzj"].endswith(f"{TEXT}3")
    clerk.check()
    for unit in ("scjg", "mzj"):
        clerk.row(register.table, lambda row, unit=unit: row.draft and row.draft.unit == unit)
        clerk.answer("印发")
        clerk.click(register.issue)
        clerk.interrupted()
    assert set(clerk.truth.letters) == {"scjg", "mzj"}
    assert set(clerk.truth.drafts) == LAGGING - {"scjg", "mzj"}
    clerk.check()


def publish(clerk, file):
    """Issue the bulletin."""
    page = clerk.go("printing")
    place = next(n for n, it in enumerate(page._offered) if "通报" in page.outputs.item(n).text())
    spot = page.outputs.visualItemRect(page.outputs.item(place)).center()
    clerk.qtbot.mouseClick(page.outputs.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    clerk.settle()
    clerk.interrupted()
    clerk.give_file(file)
    clerk.click(page.save)
    assert file.is_file()
    assert clerk.truth.number("published") == 1


def test_an_interrupted_month_loses_nothing_and_issues_nothing_by_accident(clerk, tmp_path):
    clerk.check()
    judge(clerk)
    register = write(clerk)
    issue(clerk, register)
    publish(clerk, tmp_path / "通报.docx")
    clerk.check()
    assert clerk.truth.number("letter") == 2
    assert clerk.truth.number("submission WHERE state = 'returned'") == len(RETURNED)
    for kind in ("progress", "report"):
        said = clerk.truth.number(f"review_comment WHERE kind = '{kind}'")
        assert said == len(RETURNED), kind
    assert clerk.truth.ask("SELECT place FROM field_draft") == []
