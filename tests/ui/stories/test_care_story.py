"""Two offices' years on one PC by real keys and mouse, and no command: nothing typed is lost.

A first run in December, a stick that is full, a new year beside the old one, and yesterday brought
back and given up again. What the office sends, and what it takes in the end, is done by services.
"""

from __future__ import annotations

import errno

import pytest
from PySide6.QtWidgets import QApplication

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.services.care import known, next_year
from fsdesk.services.packet import exchange
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.bad_disk import BadDisk
from tests.ui.hands import WAIT, Hands
from tests.workspaces import import_files, make_office
from ui.widgets.choice import Choice
from ui.workspaces.restoring import RestoreDialog

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

DECEMBER, JANUARY = Period.parse("2026-12"), Period.parse("2027-01")
SAMPLES = "I01-1"


class FullStick(BadDisk):
    """A stick that has room for the first bytes of a file and for no more."""

    def __init__(self, stick):
        super().__init__(stick, errno.ENOSPC, at=2, database=False, onward=True)

    def hit(self, what, where):
        if what == "write":
            super().hit(what, where)


@pytest.fixture
def clock(pc_clock):
    """The PC's clock, for what the window opens as well."""
    pc_clock.set("2026-12-31T01:00:00+00:00")
    return pc_clock


@pytest.fixture
def sent(tmp_path, clock, monkeypatch):
    """What the office sends its unit: a packet of December, and one of the January after it."""
    with make_office(tmp_path / "office", clock) as office:
        december = issue(office, DECEMBER, tmp_path / "下发2026")
        with open_workspace(next_year.make_carried_on(office), clock=clock) as later:
            january = issue(later, JANUARY, tmp_path / "下发2027")
    # The unit has a PC of its own, which knows nothing of the office's workspaces.
    monkeypatch.setenv(known.PLACE, str(tmp_path / "unit" / "workspaces.json"))
    return december, january


def issue(office, period, folder):
    written = run_through(exchange.issue_packets(office, period, folder))
    return next(packet.file for packet in written if packet.unit == "scj")


@pytest.fixture
def sit_down(start, qtbot, monkeypatch, tmp_path):
    """Start the program as by a double click on its symbol: no folder is named."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("ui.system.copies._REST_MS", 1)  # nobody waits for its seconds of rest
    running = []

    def begin():
        while running:
            running.pop().window.close()
        program = start(None)
        running.append(program)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        hands = Hands(qtbot, program, monkeypatch)
        hands.settle()
        return hands

    return begin


def test_a_year_ends_and_another_begins_and_nothing_typed_is_lost(sit_down, sent, tmp_path, clock):
    december, january = sent
    hands = sit_down()
    begin_with_the_packet(hands, december)
    type_figure(hands, "12 月", "210")

    clock.set("2027-01-03T01:00:00+00:00")
    hands = sit_down()
    assert figure(hands, "12 月") == "210"
    type_figure(hands, "12 月", "300")
    stick = tmp_path / "U盘"
    stick.mkdir()
    export_onto_a_full_stick(hands, stick / "12月.xlsx")
    assert figure(hands, "12 月") == "300"
    export(hands, stick / "12月.xlsx")

    clock.set("2027-01-04T01:00:00+00:00")
    hands = sit_down()
    begin_the_new_year(hands, january)
    type_figure(hands, "1 月", "5")
    correct_december(hands, stick / "12月更正.xlsx")
    assert figure(hands, "1 月") == "5"
    wait_for_copies(hands, 1)

    clock.set("2027-01-05T01:00:00+00:00")
    hands = sit_down()
    type_figure(hands, "1 月", "9")
    go_back_to_yesterday(hands)
    assert figure(hands, "1 月") == "5"
    give_that_up_again(hands)
    assert figure(hands, "1 月") == "9"
    export(hands, stick / "1月.xlsx")

    folders = [tmp_path / "office", tmp_path / "office-2027"]
    reports = [stick / "12月更正.xlsx", stick / "1月.xlsx"]
    taken = [take(*each, clock) for each in zip(folders, reports, strict=True)]
    assert taken == [DataValue(310), DataValue(9)]


# December


def begin_with_the_packet(hands, packet):
    """Nothing is chosen but the packet: it tells unit and year."""
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    hands.give_file(packet)
    hands.go_to(start.form.packet)
    hands.press("Return")
    hands.wait(lambda: hands.window.current_key == "overview")
    assert "区市场监管局" in hands.window.windowTitle()
    assert "2026 年" in hands.window.windowTitle()


def field_of(hands, period):
    """Go to the figure's field by keys."""
    top = hands.window.top_bar
    if top.period_field.currentText() != period:
        hands.choose(top.period_field, period)
    hands.press("Ctrl+2")
    page = hands.window.page("recording")
    if page.tasks.code != "T01-1":
        hands.go_to(page.tasks, "Shift+Tab")
        hands.press("Home", "Return")
    return next(it for it in page.forms.views["T01-1"].values if it.key.item == SAMPLES)


def figure(hands, period):
    return field_of(hands, period).first.text()


def type_figure(hands, period, number):
    editor = field_of(hands, period)
    hands.click(editor.first)
    hands.press("Ctrl+A")
    hands.type(number)
    hands.press("Return")
    assert editor.to_date.text().endswith(number)
    assert "已保存" in hands.window.status.text


def export(hands, file):
    hands.export(file)
    hands.wait(file.is_file)
    page = hands.window.page("recording")
    assert "已导出" in page.export.done.text()
    hands.click(hands.button("返回填报"))
    assert "已导出，尚未收到回执" in hands.window.status.text


def export_onto_a_full_stick(hands, file):
    """What is wrong, where, and what to do; the stick is as it was, and nothing counts as sent."""
    with FullStick(file.parent).at_work():
        hands.export(file)
        hands.wait(lambda: QApplication.activeModalWidget() is not None)
        hands.answer("关闭")
        hands.wait(lambda: QApplication.activeModalWidget() is None)
    what, more = hands.questions[-1]
    assert "磁盘已满" in what
    assert str(file) in (what + more).replace("\u200b", "")  # where it may be broken
    assert not any(word in what + more for word in ("Errno", "space", "OSError"))
    assert list(file.parent.iterdir()) == []
    assert "未导出：12月 1 项" in hands.window.status.text


# January


def begin_the_new_year(hands, packet):
    """The packet of the new year is opened in the old one, and makes a workspace by one click."""
    hands.press("Ctrl+5")
    hands.give_file(packet)
    hands.click(hands.window.page("exchange").incoming.zone)
    hands.click(hands.button("建立 2027 年工作区"))
    hands.wait(lambda: "2027 年" in hands.window.windowTitle())
    assert known.last().year == 2027


def year_box(hands):
    return next(box for box in hands.window.findChildren(Choice) if box.accessibleName() == "年度")


def correct_december(hands, file):
    """To the old year by the box on top, and back by the menu: each is as it was left."""
    hands.go_to(year_box(hands), "Shift+Tab")
    hands.press("Up")
    hands.wait(lambda: "2026 年" in hands.window.windowTitle())
    assert figure(hands, "12 月") == "300"
    type_figure(hands, "12 月", "310")
    export(hands, file)
    hands.pick("Alt+W", "区市场监管局 2027 年")
    hands.wait(lambda: "2027 年" in hands.window.windowTitle())


def wait_for_copies(hands, number):
    """They are made by themselves."""
    folder = known.last().folder / "backups"
    hands.wait(lambda: len(list(folder.glob("daily-*.db"))) == number)


# Yesterday


def restoring(hands, kind, day):
    """Open the list of copies from the menu, and walk down it to one of a kind and a day."""
    hands.pick("Alt+W", "从备份恢复…")
    (dialog,) = hands.window.findChildren(RestoreDialog)
    hands.wait(lambda: bool(dialog.model.rows))
    assert hands.at is dialog.table
    hands.press("Ctrl+Home")
    rows = [point.kind.label == kind and day in point.as_of for point in dialog.model.rows]
    for _ in range(rows.index(True)):
        hands.press("Down")
    hands.wait(dialog.yes.isEnabled)
    return dialog


def restore(hands, dialog):
    """Let the copy be put back, and return the words with which the window opens anew."""
    begin = f"已恢复到副本“{dialog.table.current_row().file.name}”"
    hands.go_to(dialog.yes)
    hands.press("Return")
    hands.wait(lambda: any(words.startswith(begin) for words in hands.told))
    return next(words for words in hands.told if words.startswith(begin))


def go_back_to_yesterday(hands):
    dialog = restoring(hands, "自动备份", "2027-01-04")
    told = dialog.words.toPlainText()
    assert "恢复后失去 1 处改动：填报数据 1" in told
    assert "9" in told
    words = restore(hands, dialog)
    assert "数据截至 2027-01-04" in words
    assert "之后的 1 处改动不在其中" in words
    assert "恢复前的数据保存在 backups/before-restore-20270105" in words


def give_that_up_again(hands):
    dialog = restoring(hands, "恢复前的数据", "2027-01-05")
    assert "恢复不会失去数据" in dialog.words.toPlainText()
    assert "不在其中" not in restore(hands, dialog)


# The office


def take(folder, report, clock):
    """What the office holds after it took a report."""
    with open_workspace(folder, clock=clock) as office:
        import_files(office, report)
        period = DECEMBER if office.identity.year == 2026 else JANUARY
        key = RecordKey(RecordKind.VALUE, SAMPLES, "scj", str(period))
        with office.reading() as session:
            return next(r.content for r in records.load_records(session) if r.key == key)
