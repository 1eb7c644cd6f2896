"""Listens to the event loop of the real window while it works; prints the pauses as JSON.

Run as `heartbeat.py FOLDER PACKETS SWITCHES`: an office's workspace on the benchmark's plan, a
folder of packets for it, and how often pages are switched.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from listening import Heartbeat, settle, wait
from PySide6.QtWidgets import QApplication, QTableView

from fsdesk.bench.memory import resident_mb
from fsdesk.services.care.known import PLACE
from ui.app import Program
from ui.start import make_application

CHARTS = ("progress", "units", "heat", "trend", "sections", "reports", "lights", "years")


class Trial:
    """The window with a workspace open, driven from one task to the next."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        """Open it and wait until it is quiet."""
        self.program = Program(application, folder, None)
        self.program.messages.ask = lambda _q, _d="", verbs=("",), **_: verbs[0]  # always yes
        self.program.window.resize(1366, 728)
        self.program.window.show()
        self.program.open()
        self.settle()
        self.heart = Heartbeat()

    def settle(self) -> None:
        """Let the window work until nothing is left to do."""
        settle(self.program.runner)

    def open(self, key: str, item: object = None) -> None:
        """Show a page and wait until it is filled."""
        self.program.window.open(key, item)
        self.settle()

    def take(self, packets: list[Path]) -> None:
        """Read packets, look at them, take them."""
        page = self.program.window.page("exchange")
        page.check(packets)
        self.settle()
        page.take.click()
        self.settle()

    def scroll(self) -> None:
        """Run through the largest table of the page from top to bottom."""
        page = self.program.window.page(self.program.window.current_key)
        tables = [table for table in page.findChildren(QTableView) if table.isVisible()]
        bar = max((table.verticalScrollBar() for table in tables), key=lambda bar: bar.maximum())
        for step in range(101):
            bar.setValue(bar.maximum() * step // 100)
            wait(20)
        self.settle()


def main() -> None:
    """Go through all tasks."""
    os.environ[PLACE] = str(Path(sys.argv[1]).with_name("known.json"))
    application = make_application()
    trial = Trial(application, Path(sys.argv[1]))
    window, heart, found = trial.program.window, trial.heart, {}
    pages = [key for key in window.keys if key != "start"]
    for key in pages:
        trial.open(key)
        found[f"first_{key}_ms"] = heart.longest()
    trial.open("exchange")
    heart.longest()
    trial.take(sorted(Path(sys.argv[2]).glob("*.xlsx")))
    found["import_ms"] = heart.longest()
    for kind in CHARTS:
        trial.open("printing", ("chart", kind))
    found["charts_ms"] = heart.longest()
    if "ledger" in pages:
        trial.open("ledger", "sampling")
        found["ledger_open_ms"] = heart.longest()
        trial.scroll()
        found["ledger_scroll_ms"] = heart.longest()
    for key in pages:
        trial.open(key)
    heart.longest()
    before = resident_mb()
    for number in range(int(sys.argv[3])):
        window.top_bar.period_changed.emit(window.period)  # each page loads anew when it is seen
        trial.open(pages[number % len(pages)])
    found["switches_ms"] = heart.longest()
    found["switches_grown_mb"] = resident_mb() - before
    window.close()
    print(json.dumps(found))  # noqa: T201 - the answer


main()
