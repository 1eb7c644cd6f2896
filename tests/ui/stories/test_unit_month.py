"""A unit's months by real keys and mouse; after each step all is compared with the truth."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import OpinionAnswer
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.care import setup
from fsdesk.services.packet import checking, exchange, reviewing
from fsdesk.services.supervision import supervision
from tests.plans import small_plan
from tests.ui.stories.unit_month import INBOX, RECORDING
from tests.workspaces import Clock, import_files
from ui.pages.recording.value_editor import ValueEditor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
MARCH = Period.parse("2026-03")
FIRST, APRIL = "2026-03-02T01:00:00+00:00", "2026-04-02T01:00:00+00:00"


class Office:
    """The office's workspace on another PC, and what it sends to a unit."""

    def __init__(self, workspace, folder):
        self.workspace, self.folder, self._count = workspace, folder, 0

    def _out(self):
        self._count += 1
        return self.folder / f"out{self._count}"

    def issue(self, unit):
        written = run_through(exchange.issue_packets(self.workspace, MARCH, self._out()))
        return next(each.file for each in written if each.unit == unit)

    def answer(self, unit, period=MARCH):
        written = run_through(exchange.answer_reports(self.workspace, period, self._out()))
        return next(each.file for each in written if each.unit == unit)


@pytest.fixture
def office(tmp_path, clock):
    """The office on the small plan; it issued the plan at the beginning of March."""
    with setup.create_office(tmp_path / "office", small_plan(), clock=clock) as workspace:
        yield Office(workspace, tmp_path)


@pytest.fixture(scope="module")
def built_in(tmp_path_factory):
    """The packets of the built-in plan, issued at the beginning of March."""
    folder = tmp_path_factory.mktemp("issued")
    with setup.create_office(folder / "office", load_builtin_plan(2026), clock=Clock(FIRST)) as at:
        return run_through(exchange.issue_packets(at, MARCH, folder / "out"))


@pytest.mark.parametrize("unit", ["scjg", "xx"])
def test_a_first_month_from_an_empty_pc(sit_down, built_in, clock, tmp_path, unit):
    clock.set(APRIL)
    clerk = sit_down()
    clerk.begin(next(each.file for each in built_in if each.unit == unit), unit, APRIL)
    assert clerk.window.period == str(MARCH)
    clerk.look()
    view = clerk.to_first_task()
    fill_in_what_is_empty(clerk)
    clerk.look()
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff picture")
    clerk.page(RECORDING)
    item = next(iter(view.evidence))
    clerk.attach(item, photo)
    clerk.look()
    look_before_the_export(clerk)
    report = tmp_path / "报送包.zip"
    clerk.send(report)
    assert len(checking.read(report).files) == 1
    clerk.look()
    change_a_figure_or_words(clerk, "后来的进展")
    clerk.look()
    clerk.send(tmp_path / "报送包2.zip")
    clerk.look()


def fill_in_what_is_empty(clerk):
    """Type where the cursor stands, as docs/trial.md says."""
    page = clerk.window.page("recording")
    view = page.forms.views[page.tasks.code]
    editor = next(each for each in view.editors if each.has_focus)
    if isinstance(editor, ValueEditor):
        for _ in editor.fields:
            assert isinstance(clerk.at, QLineEdit)
            clerk.type("12")
            clerk.press("Return")
    else:
        clerk.press("Down", "Tab")
    clerk.settle()


def change_a_figure_or_words(clerk, words):
    """Type words into the report on the task that is shown."""
    page = clerk.to_form()
    view = page.forms.views[page.tasks.code]
    report = next(each for each in view.editors if not isinstance(each, ValueEditor))
    clerk.go_to(report.texts[0])
    clerk.type(words)
    clerk.press("Ctrl+Return")
    clerk.settle()


def look_before_the_export(clerk):
    """The page says what is missing and what goes, and goes away again."""
    clerk.to_form()
    clerk.press("F9")
    export = clerk.window.page("recording").export
    clerk.wait(export.isVisible)
    done, asked = clerk.truth.filled(str(MARCH))
    assert f"填报内容 {done}/{asked} 项" in export.holds.text()
    assert "佐证材料 1 个" in export.holds.text()
    assert export.where.text().endswith(".zip")
    missing = sum(row.concern.value == "missing" for row in export.model.rows)
    assert f"{missing} 项" in export.summary.text()
    clerk.click(clerk.button("返回填报"))


def test_a_month_that_is_returned_mended_and_confirmed(sit_down, office, clock, tmp_path):
    packet = office.issue("scj")
    clock.set(APRIL)
    clerk = sit_down()
    clerk.begin(packet, "scj", APRIL)
    clerk.to_first_task()
    fill_in_what_is_empty(clerk)
    change_a_figure_or_words(clerk, "三月的进展")
    clerk.look()
    clerk.send(tmp_path / "一.xlsx")
    clerk.look()

    import_files(office.workspace, tmp_path / "一.xlsx")
    item = next(r.key.item for r in checking.read(tmp_path / "一.xlsx").filled)
    clock.set("2026-04-02T03:00:00+00:00")
    reviewing.return_report(office.workspace, "scj", MARCH, "请核对两项", {item: "与台账不符"})
    clerk.take(office.answer("scj"), office.folder / "office")
    assert any("3月报送被退回" in text for text in clerk.told)
    assert returned_banner(clerk)
    clerk.look()

    clock.set("2026-04-02T04:00:00+00:00")
    mend(clerk, item)
    clerk.look()
    clerk.send(tmp_path / "二.xlsx")
    assert not returned_banner(clerk)  # it was sent again
    clerk.look()
    import_files(office.workspace, tmp_path / "二.xlsx")
    clock.set("2026-04-02T05:00:00+00:00")
    reviewing.accept(office.workspace, "scj", MARCH)
    clerk.look()  # nobody told the unit
    clerk.take(office.answer("scj"), office.folder / "office")
    assert "已全部交出并收到回执" in clerk.window.status.text
    clerk.look()


def returned_banner(clerk):
    """Return whether the window still tells that a report was returned."""
    return any("报送被退回" in banner.text for banner in clerk.window.banners.banners)


def mend(clerk, item):
    """Answer the opinion from 今日 on."""
    clerk.page("Ctrl+1")
    clerk.click(clerk.button("去修改"))
    clerk.look()
    page = clerk.window.page("recording")
    row = page.opinions.rows[item]
    clerk.go_to(row.answer)
    row_text = OpinionAnswer.EXPLAINED.label
    clerk.choose(row.answer, row_text)
    clerk.go_to(row.words)
    clerk.type("当月停工，原数无误")
    clerk.press("Tab")
    clerk.settle()


def test_a_month_with_two_letters_a_reply_and_an_extension(sit_down, office, clock, tmp_path):
    packet = office.issue("scj")
    clock.set(APRIL)
    clerk = sit_down()
    clerk.begin(packet, "scj", APRIL)
    clerk.to_first_task()
    fill_in_what_is_empty(clerk)
    clerk.send(tmp_path / "一.xlsx")
    clerk.look()
    import_files(office.workspace, tmp_path / "一.xlsx")
    clock.set("2026-04-03T01:00:00+00:00")
    drafts = [
        supervision.draft_for(office.workspace, MARCH, "scj", kind)
        for kind in (LetterKind.REMINDER, LetterKind.RECTIFICATION)
    ]
    supervision.issue(office.workspace, [each.key for each in drafts])
    clerk.truth.today = clerk.truth.today.replace(day=3)
    clerk.take(office.answer("scj"), office.folder / "office")
    clerk.look()
    answer_the_first(clerk, tmp_path / "整改.jpg")
    ask_for_more_time_for_the_second(clerk)

    clerk.to_form()
    clerk.press("F9")
    export = clerk.window.page("recording").export
    clerk.wait(export.isVisible)
    assert export.where.text().endswith(".zip")  # a letter's evidence alone
    clerk.click(clerk.button("返回填报"))
    clerk.send(tmp_path / "二.zip")
    assert len(checking.read(tmp_path / "二.zip").replies) == 2
    clerk.look()
    import_files(office.workspace, tmp_path / "二.zip")
    reviewing.accept(office.workspace, "scj", MARCH)
    clerk.take(office.answer("scj"), office.folder / "office")
    assert "已全部交出并收到回执" in clerk.window.status.text
    clerk.look()


def answer_the_first(clerk, proof):
    page = clerk.page(INBOX)
    clerk.go_to(page.table)
    clerk.press("Home")
    clerk.go_to(page.reply)
    clerk.type("已整改到位")
    clerk.look()  # typed, and not stored
    assert page.reply.toPlainText() == "已整改到位"
    clerk.page(INBOX)
    clerk.go_to(page.send)
    clerk.press("Return")
    clerk.look()
    page = clerk.page(INBOX)
    proof.write_bytes(b"\xff\xd8\xff mended")
    clerk.give_file(proof)
    clerk.go_to(page.proofs.add)
    clerk.press("Return")
    clerk.look()


def ask_for_more_time_for_the_second(clerk):
    page = clerk.page(INBOX)
    clerk.go_to(page.table)
    clerk.press("Home", "Down")
    clerk.go_to(page.why)
    clerk.type("设备待检")
    clerk.go_to(page.ask)
    clerk.press("Return")
    clerk.look()
