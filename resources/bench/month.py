"""Works through a month in the real window by keys and mouse, and listens to its event loop.

Run as `month.py MADE FOLDER`: what `make_month.py` made, and a place for a copy of it; prints as
JSON, by step, the longest pause and what the window's own thread did.
"""

from __future__ import annotations

import ctypes
import functools
import json
import os
import resource
import shutil
import sys
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from listening import Heartbeat, settle, wait
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QLabel,
    QVBoxLayout,
    QWidget,
)
from sqlalchemy import event
from sqlalchemy.engine import Engine

from fsdesk import workspace as workspaces
from fsdesk.demo.demo import DEMO_YEAR
from fsdesk.services.care.known import PLACE
from ui import printing  # noqa: F401 - as the window's own thread loads it, never a worker
from ui.app import Program
from ui.start import make_application

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.main_window import MainWindow
    from ui.page import Page

PERIOD, OTHERS = f"{DEMO_YEAR}-03", (f"{DEMO_YEAR}-02", f"{DEMO_YEAR}-Q1")
TODAY = datetime(DEMO_YEAR, 4, 8, 1, tzinfo=UTC)
CORES, MEMORY = 2, 4 << 30
# After the opening the pages' modules are loaded by and by: that belongs to the start.
OPENED_MS = 4000
LEFT = Qt.MouseButton.LeftButton
FIELDS, ROUNDS = 50, 5


@dataclass
class Step:
    """What a step took at most, of one that was done several times."""

    ms: float = 0.0
    work: float = 0.0  # of the window's thread, as a multiple of the form of `a_form`
    waits: int = 0  # of the window's thread for the disk
    statements: int = 0  # that it sent to the database
    where: str = ""


class Hands:
    """Keys and mouse on one program, and what each step took."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        """Open the window on a folder."""
        self.program = Program(application, folder, None)
        self.program.messages.ask = lambda _q, _d="", verbs=("",), **_: verbs[0]  # always yes
        self.window.resize(1366, 728)
        self.window.show()
        self.program.open()
        self.window.activateWindow()
        self.rest()
        wait(OPENED_MS)
        self.steps: dict[str, Step] = {}
        self.heart = Heartbeat()

    @property
    def window(self) -> MainWindow:
        """The window."""
        return self.program.window

    def rest(self) -> None:
        """Wait until nothing is left to do."""
        settle(self.program.runner)

    def step(self, name: str, act: Callable[[], object]) -> None:
        """Do something, wait until it is done, and note the pauses under a name."""
        self.rest()
        waits, statements = DISK.of_window(), len(STATEMENTS)
        self.heart.pauses()
        act()
        self.rest()
        found, here = self.heart.pauses(), self.steps.setdefault(name, Step())
        if found.longest * 1000 > here.ms:
            here.ms, here.where = found.longest * 1000, found.where
        here.work = max(here.work, found.work / FORM_SECONDS)
        here.waits = max(here.waits, DISK.of_window() - waits)
        here.statements = max(here.statements, len(STATEMENTS) - statements)

    def page(self, key: str) -> Page:
        """Return a page."""
        return self.window.page(key)

    def click(self, widget: QWidget) -> None:
        """Click in the middle of what is seen."""
        if not widget.isVisible() or not widget.isEnabled():
            raise SystemExit(f"not to be clicked: {widget}")
        QTest.mouseClick(widget, LEFT)

    def press(self, *keys: str) -> None:
        """Press keys where the cursor is."""
        for name in keys:
            stroke = QKeySequence(name)[0]
            at = QApplication.focusWidget() or self.window
            QTest.keyClick(at, stroke.key(), stroke.keyboardModifiers())

    def type(self, text: str) -> None:
        """Type; what is not on the keyboard comes from an input method."""
        for letter in text:
            if letter.isascii():
                QTest.keyClick(QApplication.focusWidget(), letter)
            else:
                made = QInputMethodEvent()
                made.setCommitString(letter)
                QApplication.sendEvent(QApplication.focusWidget(), made)

    def button(self, words: str) -> QAbstractButton:
        """Return the one button that can be seen with these words."""
        buttons = self.window.findChildren(QAbstractButton)
        (found,) = (each for each in buttons if each.isVisible() and each.text() == words)
        return found

    def row(self, view: QAbstractItemView, number: int) -> None:
        """Click a row of a list or table."""
        index = view.model().index(number, 0)
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())


class SlowDisk:
    """Tells how often threads waited for the disk, where one is preloaded; see slow_disk.c."""

    def __init__(self) -> None:
        """Find it."""
        self._library = ctypes.CDLL(None)
        self.there = hasattr(self._library, "slow_disk_waits_of_window")

    def of_window(self) -> int:
        """Return how often the window's thread waited."""
        return self._library.slow_disk_waits_of_window() if self.there else 0

    def of_others(self) -> int:
        """Return how often workers waited."""
        return self._library.slow_disk_waits_of_others() if self.there else 0


DISK = SlowDisk()
STATEMENTS: list[str] = []  # that the window's thread sent to the database
FORM_SECONDS = 1.0


def office(hands: Hands, folder: Path, out: Path) -> None:
    """The office's month."""
    window, step = hands.window, hands.step
    step("period", lambda: window.top_bar.go_to_period(PERIOD))
    first_openings(hands, "office")
    step("open", lambda: window.open("exchange"))
    page = hands.page("exchange")
    reports = sorted((folder / "reports").iterdir())
    step("check_reports", lambda: page.incoming.zone.paths_chosen.emit(reports))
    step("take_reports", lambda: hands.click(page.take))
    review(hands)
    letters(hands)
    publish(hands, out)
    outputs(hands, out)
    step("feedback", lambda: hands.page("exchange").outgoing.answer(PERIOD))
    step("issue_plan", lambda: hands.page("exchange").outgoing.issue(PERIOD))
    around(hands)


def first_openings(hands: Hands, whose: str) -> None:
    """Open every page for the first time, and once more when all of them are stale."""
    keys = [key for key in hands.window.keys if key != "start"]
    for key in keys:
        hands.step(f"{whose}_first_{key}", lambda key=key: hands.window.open(key))
    hands.window.mark_changed()
    for key in keys:
        hands.step("open_again", lambda key=key: hands.window.open(key))


def review(hands: Hands) -> None:
    """Look at reports, accept one, return one, accept the rest."""
    page, step = hands.page("exchange"), hands.step
    panel = page.review
    step("review_tab", lambda: page.tabs.setCurrentWidget(panel))
    for number in range(panel.reports.model.rowCount()):
        step("review_choose", lambda number=number: hands.row(panel.reports.table, number))
        if panel.accept.isEnabled() and number == 0:
            step("review_accept", lambda: hands.click(panel.accept))
    hands.click(panel.overall)
    step("type", lambda: hands.type("请于三日内补报说明材料"))
    if panel.give_back.isEnabled():
        step("review_return", lambda: hands.click(panel.give_back))
    if panel.accept_all.isEnabled():
        step("review_accept_all", lambda: hands.click(panel.accept_all))


def letters(hands: Hands) -> None:
    """Draft what is proposed, change one letter, issue it."""
    step = hands.step
    step("open", lambda: hands.window.open("supervision"))
    page = hands.page("supervision")
    step("draft_letters", lambda: hands.click(hands.button("全部拟稿")))
    register = page.register
    step("letters_tab", lambda: page.tabs.setCurrentWidget(register))
    for number in range(min(4, len(register.papers.rows))):
        step("letter_choose", lambda number=number: hands.row(register.table, number))
    QTest.mouseClick(register.body_text.viewport(), LEFT)
    hands.press("Ctrl+End")
    step("type", lambda: hands.type("联系人请于收到本函后三日内反馈。"))
    step("letter_store", lambda: hands.click(hands.button("保存拟稿")))
    step("letter_issue", lambda: hands.click(register.issue))
    step("letter_preview", lambda: hands.click(register.on_paper))


def publish(hands: Hands, out: Path) -> None:
    """Issue the bulletin of the month."""
    hands.window.open("printing")
    hands.rest()
    page = hands.page("printing")
    titles = [page.outputs.item(row).text() for row in range(page.outputs.count())]
    place = next(row for row, title in enumerate(titles) if "通报" in title)
    hands.step("bulletin", lambda: hands.row(page.outputs, place))
    give(out / "通报.docx")
    hands.step("publish", lambda: hands.click(page.save))


def outputs(hands: Hands, out: Path) -> None:
    """Look at every output and save it, and print the first."""
    page = hands.page("printing")
    for number in range(page.outputs.count()):
        hands.step("preview", lambda number=number: hands.row(page.outputs, number))
        if page.save.isVisible() and page.save.isEnabled():
            ending = page.output.saves[page.save.text()][0]
            give(out / f"{number}{ending}")
            hands.step("save_output", lambda: hands.click(page.save))
    hands.row(page.outputs, 0)
    hands.rest()
    page._printer = lambda _size, **_: printer_to(out / "printed.pdf")  # noqa: SLF001
    hands.step("print", lambda: hands.click(page.print))


def printer_to(file: Path) -> object:
    """Return a printer that writes a file."""
    from PySide6.QtPrintSupport import QPrinter

    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(file))
    made.setFullPage(True)
    return made


def around(hands: Hands) -> None:
    """What people do at any time: other periods, units and colours, find, help, settings."""
    window, step = hands.window, hands.step
    for key in ("overview", "aggregate", "printing", "recording", "plan", "supervision"):
        window.open(key)
        for period in (*OTHERS, PERIOD):
            step("other_period", lambda period=period: window.top_bar.go_to_period(period))
    window.open("recording")
    hands.rest()
    units = hands.page("recording").units
    for number in range(min(4, units.count())):
        chosen = ("unit", units.itemData(number))
        step("other_unit", lambda chosen=chosen: window.open("recording", chosen))
    for key in ("overview", "recording", "printing", "ledger"):
        window.open(key)
        for _ in range(2):
            step("theme", lambda: hands.click(window._theme_tool))  # noqa: SLF001
    step("ledger_settings", hands.page("ledger").edit_declaration)
    step("finder", hands.program.companion.finder.start)
    step("find", lambda: hands.type("抽检"))
    hands.press("Esc")
    step("handbook", hands.program.companion.open_handbook)
    hands.program.companion.book.close()


def unit(hands: Hands, folder: Path, out: Path) -> None:
    """A unit's month, from the packet of the plan on."""
    give(next((folder / "issued").glob("*市场监管局*.xlsx")))
    window, step = hands.window, hands.step
    step("unit_begin", lambda: hands.click(hands.page("start").form.packet))
    wait(OPENED_MS)
    step("period", lambda: window.top_bar.go_to_period(PERIOD))
    first_openings(hands, "unit")
    step("open", lambda: window.open("recording", enter=True))
    page = hands.page("recording")
    for number in range(page.tasks.count()):
        step("unit_task", lambda number=number: hands.row(page.tasks, number))
        view = page.forms.views[page.tasks.code]
        view.focus_first_empty()
        for _ in [field for value in view.values for field in value.fields]:
            step("type", lambda: hands.type("12"))
            step("unit_store", lambda: hands.press("Return"))
    step("unit_look", lambda: hands.press("F9"))
    give(out / "报送包.xlsx")
    hands.click(hands.button("更改…"))
    hands.rest()
    step("unit_export", lambda: hands.click(page.export.export))
    if not (out / "报送包.xlsx").is_file():
        raise SystemExit("nothing was exported")


def give(file: Path) -> None:
    """Let the system's file dialogs give this next."""
    for verb, given in (
        ("getOpenFileNames", ([str(file)], "")),
        ("getOpenFileName", (str(file), "")),
        ("getSaveFileName", (str(file), "")),
        ("getExistingDirectory", str(file)),
    ):
        setattr(QFileDialog, verb, lambda *_, given=given, **__: given)


def form_seconds() -> float:
    """Return what the processor takes for a form that is built and styled: a measure of this PC."""
    found = []
    for _ in range(ROUNDS):
        begun = time.thread_time()
        form = QWidget()
        column = QVBoxLayout(form)
        for number in range(FIELDS):
            column.addWidget(QLabel(str(number)))
        form.ensurePolished()
        form.sizeHint()
        found.append(time.thread_time() - begun)
        form.deleteLater()
    return min(found)


def times_slower() -> float:
    """Return how many seconds go by on the clock while this thread works for one."""
    begun, worked = time.perf_counter(), time.thread_time()
    while time.thread_time() - worked < 0.1:  # noqa: PLR2004 - seconds
        pass
    return (time.perf_counter() - begun) / (time.thread_time() - worked)


def listen_to_database() -> None:
    """Note what the window's own thread asks the database."""

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            STATEMENTS.append(statement)

    event.listen(Engine, "before_cursor_execute", note)


def main() -> None:
    """Go through both months."""
    global FORM_SECONDS  # noqa: PLW0603 - it is measured once the window's style is there
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    folder = shutil.copytree(Path(sys.argv[1]), Path(sys.argv[2]))
    os.environ[PLACE] = str(folder / "known.json")
    out = folder / "out"
    out.mkdir()
    give(out)
    workspaces.open_workspace = functools.partial(workspaces.open_workspace, clock=lambda: TODAY)
    listen_to_database()
    slower = times_slower()
    application = make_application()
    steps: dict[str, Step] = {}
    for month, place in ((office, folder / "office"), (unit, folder / "own")):
        hands = Hands(application, place)
        FORM_SECONDS = form_seconds()
        month(hands, folder, out)
        steps |= {name: greater(steps.get(name), each) for name, each in hands.steps.items()}
        hands.window.close()
    told = {
        "steps": {name: asdict(each) for name, each in steps.items()},
        "slower": slower,
        "form_ms": FORM_SECONDS * 1000,
        "waits_of_others": DISK.of_others(),
    }
    print(json.dumps(told))  # noqa: T201 - the answer


def greater(one: Step | None, other: Step) -> Step:
    """Return the step with the longer pause, with the most that either did."""
    if one is None:
        return other
    longer = max(one, other, key=lambda it: it.ms)
    return Step(
        longer.ms,
        max(one.work, other.work),
        max(one.waits, other.waits),
        max(one.statements, other.statements),
        longer.where,
    )


main()
