"""Works through a month in the real window by keys and mouse, and listens to its event loop.

Run as `month.py FOLDER`, as `make_month.py` made it; prints as JSON the longest pauses by step.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from listening import Heartbeat, Pause, settle, wait
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QWidget,
)

from fsdesk import workspace as workspaces
from fsdesk.demo.demo import DEMO_YEAR
from fsdesk.services.care.known import PLACE
from ui.app import Program, make_application
from ui.printing import print_pages

PERIOD = f"{DEMO_YEAR}-03"
OPENED_MS = 3000
UNIT = 6.0
LEFT = Qt.MouseButton.LeftButton


class Hands:
    """Keys and mouse on one program, and what each step took."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        """Open the window on a folder."""
        self.program = Program(application, folder, None)
        self.program.messages.ask = lambda _q, _d="", verbs=("",), **_: verbs[0]  # always yes
        self.window.resize(1366, 728)
        self.window.show()
        self.program.open()
        settle(self.program.runner)
        wait(OPENED_MS)  # the pages' modules are loaded by and by
        self.found: dict[str, tuple[Pause, Pause]] = {}
        self.heart = Heartbeat()

    @property
    def window(self) -> QWidget:
        """The window, which is another one after a workspace was opened."""
        return self.program.window

    def step(self, name: str, act: Callable[[], object]) -> None:
        """Do something, wait until it is done, and note the pauses under a name."""
        settle(self.program.runner)
        unit = self.heart.weigh()
        self.heart.pauses()
        act()
        settle(self.program.runner)
        found = self.heart.pauses()
        unit = (unit + self.heart.weigh()) / 2 * 1000 / UNIT
        found = [p._replace(seconds=p.seconds, busy=p.busy / unit, own=p.own / unit) for p in found]
        before = self.found.get(name, (Pause(), Pause()))
        self.found[name] = (max(before[0], found[0]), max(before[1], found[1], key=lambda p: p.busy))

    def page(self, key: str) -> QWidget:
        """Return a page."""
        return self.window.page(key)

    def press(self, *keys: str) -> None:
        """Press keys where the cursor is."""
        for name in keys:
            stroke = QKeySequence(name)[0]
            at = QApplication.focusWidget() or self.window
            QTest.keyClick(at, stroke.key(), stroke.keyboardModifiers())

    def type(self, text: str) -> None:
        """Type as an input method does."""
        for letter in text:
            event = QInputMethodEvent()
            event.setCommitString(letter)
            QApplication.sendEvent(QApplication.focusWidget(), event)

    def button(self, words: str) -> None:
        """Press the one button that can be seen with these words."""
        found = [
            each
            for each in self.window.findChildren(QAbstractButton)
            if each.isVisible() and each.text() == words
        ]
        if len(found) != 1 or not found[0].isEnabled():
            raise SystemExit(f"{len(found)} x {words}")
        QTest.mouseClick(found[0], LEFT)

    def row(self, view: QAbstractItemView, number: int) -> None:
        """Click a row of a list or table."""
        index = view.model().index(number, 0)
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())


def office(hands: Hands, folder: Path, out: Path) -> None:
    """The office's month."""
    window, step = hands.window, hands.step
    step("period", lambda: window.top_bar.go_to_period(PERIOD))
    for key in [key for key in window.keys if key != "start"]:
        step(f"first {key}", lambda key=key: window.open(key))
    step("open exchange", lambda: window.open("exchange"))
    page = hands.page("exchange")
    step("check", lambda: page.incoming.zone.paths_chosen.emit(sorted((folder / "reports").iterdir())))
    step("take", lambda: QTest.mouseClick(page.take, LEFT))
    review(hands)
    for number in range(len(window.keys)):
        step("again", lambda number=number: window.open(window.keys[number]))
    letters(hands)
    publish(hands, out)
    outputs(hands, out)
    step("feedback", lambda: hands.page("exchange").outgoing.answer(PERIOD))
    step("issue packets", lambda: hands.page("exchange").outgoing.issue(PERIOD))
    around(hands)


def review(hands: Hands) -> None:
    """Accept one report, return another, accept the rest."""
    page = hands.page("exchange")
    panel = page.review
    hands.step("review tab", lambda: page.tabs.setCurrentWidget(panel))
    for number in range(4):
        hands.step("review choose", lambda number=number: hands.row(panel.reports.table, number))
    hands.step("review accept", lambda: QTest.mouseClick(panel.accept, LEFT))
    hands.row(panel.reports.table, 2)
    settle(hands.program.runner)
    QTest.mouseClick(panel.overall, LEFT)
    hands.step("type", lambda: hands.type("请于三日内补报说明材料"))
    hands.step("review return", lambda: QTest.mouseClick(panel.give_back, LEFT))
    hands.step("review all", lambda: QTest.mouseClick(panel.accept_all, LEFT))


def letters(hands: Hands) -> None:
    """Draft what is proposed, change one, issue all."""
    hands.step("open supervision", lambda: hands.window.open("supervision"))
    page = hands.page("supervision")
    hands.step("draft", lambda: hands.button("全部拟稿"))
    register = page.register
    hands.step("letters tab", lambda: page.tabs.setCurrentWidget(register))
    for number in range(min(3, len(register.papers.rows))):
        hands.step("letter choose", lambda number=number: hands.row(register.table, number))
    QTest.mouseClick(register.body_text.viewport(), LEFT)
    hands.press("Ctrl+End")
    hands.step("type letter", lambda: hands.type("联系人请于收到本函后三日内反馈。"))
    hands.step("store letter", lambda: hands.button("保存拟稿"))
    hands.step("issue letter", lambda: QTest.mouseClick(register.issue, LEFT))
    hands.step("letter preview", lambda: QTest.mouseClick(register.on_paper, LEFT))


def publish(hands: Hands, out: Path) -> None:
    """Issue the bulletin of the month."""
    hands.window.open("printing")
    page = hands.page("printing")
    place = next(n for n, it in enumerate(page._offered) if "通报" in it.title)  # noqa: SLF001
    hands.step("bulletin", lambda: hands.row(page.outputs, place))
    give(out / "通报.docx")
    hands.step("publish", lambda: QTest.mouseClick(page.save, LEFT))


def outputs(hands: Hands, out: Path) -> None:
    """Look at every output, save it in its ways, and draw one as for the printer."""
    hands.window.open("printing")
    settle(hands.program.runner)
    page = hands.page("printing")
    for number, output in enumerate(page._offered):  # noqa: SLF001
        hands.step(f"output {output.title}", lambda number=number: hands.row(page.outputs, number))
        for save in (page.save, page.save_other):
            if save.isVisible():
                place = out / f"{number}{save.text()[-5:]}"
                give(place if output.saves[save.text()][0] else place)
                ending = output.saves[save.text()][0]
                give(place.with_suffix(ending) if ending else place)
                hands.step(f"save {output.title}", lambda save=save: QTest.mouseClick(save, LEFT))
    hands.row(page.outputs, 0)
    settle(hands.program.runner)

    def printer(size: object, *, across: bool) -> object:  # noqa: ARG001
        from PySide6.QtPrintSupport import QPrinter

        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(out / "printed.pdf"))
        made.setFullPage(True)
        return made

    page._printer = printer  # noqa: SLF001
    hands.step("print", lambda: QTest.mouseClick(page.print, LEFT))


def around(hands: Hands) -> None:
    """What people do at any time: other periods, units, colours; find, help."""
    window = hands.window
    for period in ("2026-02", "2026-Q1", PERIOD):
        for key in ("overview", "aggregate", "printing", "recording", "plan", "supervision"):
            window.open(key)
            settle(hands.program.runner)
            hands.step(f"period {key}", lambda period=period: window.top_bar.go_to_period(period))
    window.open("recording")
    settle(hands.program.runner)
    page = hands.page("recording")
    for number in (2, 5, 0):
        hands.step("unit", lambda number=number: page.show_item(("unit", page.units.itemData(number))))
    for key in ("overview", "recording", "printing", "ledger"):
        window.open(key)
        settle(hands.program.runner)
        for _ in range(2):
            hands.step(f"theme {key}", hands.program.theme.toggle)
    hands.step("finder", hands.program.companion.finder.start)
    hands.step("find", lambda: [QTest.keyClick(QApplication.focusWidget(), k) for k in "chouj"])
    hands.press("Esc")
    hands.step("handbook", hands.program.companion.open_handbook)
    for top in QApplication.topLevelWidgets():
        if top is not window and top.isVisible():
            top.close()


def unit(hands: Hands, folder: Path, out: Path) -> None:
    """A unit's month, from the packet of the plan on."""
    start = hands.page("start")
    give(next((folder / "issued").glob("*市场监管局*.xlsx")))
    hands.step("unit begin", lambda: QTest.mouseClick(start.form.packet, LEFT))
    window, step = hands.window, hands.step
    wait(OPENED_MS)
    step("unit period", lambda: window.top_bar.go_to_period(PERIOD))
    for key in [key for key in window.keys if key != "start"]:
        step(f"unit first {key}", lambda key=key: window.open(key))
    step("unit recording", lambda: window.open("recording", enter=True))
    page = hands.page("recording")
    for number in range(page.tasks.count()):
        step("unit task", lambda number=number: hands.row(page.tasks, number))
        view = page.forms.views[page.tasks.code]
        view.focus_first_empty()
        for _ in view.values[:2]:
            step("unit type", lambda: [QTest.keyClick(QApplication.focusWidget(), k) for k in "12"])
            step("unit stored", lambda: hands.press("Return"))
    step("unit check", lambda: hands.press("F9"))
    give(out / "报送包.xlsx")
    hands.button("更改…")
    step("unit export", lambda: hands.press("F9"))
    for number in range(len(window.keys)):
        step("unit again", lambda number=number: window.open(window.keys[number]))


def give(file: Path) -> None:
    """Let the system's file dialogs give this next."""
    for verb, given in (
        ("getOpenFileNames", ([str(file)], "")),
        ("getOpenFileName", (str(file), "")),
        ("getSaveFileName", (str(file), "")),
        ("getExistingDirectory", str(file)),
    ):
        setattr(QFileDialog, verb, lambda *_, given=given, **__: given)


def main() -> None:
    """Go through both months."""
    folder = Path(sys.argv[1])
    os.environ[PLACE] = str(folder / "known.json")
    now = datetime(DEMO_YEAR, 4, 8, 1, tzinfo=UTC)
    for name in ("open_workspace",):
        setattr(workspaces, name, functools.partial(getattr(workspaces, name), clock=lambda: now))
    application = make_application()
    out = folder / "out"
    out.mkdir()
    give(out)
    which = sys.argv[2:] or ["office", "unit"]
    found = {}
    if "office" in which:
        hands = Hands(application, folder / "office")
        try:
            office(hands, folder, out)
        finally:
            found |= hands.found
            us = sorted(hands.heart.units); print("units ms", us[0]*1000, us[len(us)//2]*1000, us[-1]*1000)
            tell(found)
        hands.step("close", hands.window.close)
        found |= hands.found
        hands.window.deleteLater()
    if "unit" in which:
        hands = Hands(application, folder / "own")
        try:
            unit(hands, folder, out)
        finally:
            tell(hands.found)
        hands.window.close()


def tell(found):
    rows = sorted(found.items(), key=lambda it: -it[1][1].busy)
    for name, (longest, busiest) in rows[:45]:
        print(f"{name:28} wall {longest.seconds*1000:5.0f}  busy {busiest.busy*1000:5.0f} own {busiest.own*1000:5.0f}   {busiest.where}")


main()
