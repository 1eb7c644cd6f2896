"""Makes what a month begins with: an office, the reports that it waits for, a plan for a unit.

Run as `make_month.py FOLDER UNITS`: `office` holds two months of the demo's units, `reports` are
those of the third month, `issued` the packets of which units make their workspaces.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from fsdesk.demo.demo import DEMO_YEAR
from fsdesk.demo.story import Story
from fsdesk.domain.periods import months_of
from fsdesk.domain.steps import run_through
from fsdesk.services.care import setup
from fsdesk.services.packet import checking, exchange, importing
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.store.engine import relax

MONTHS = 3
SLOW = {"scjg", "fgj", "mzj", "wjj"}


class Clock:
    """Stands at one day after another."""

    def __init__(self) -> None:
        """Stand at the beginning of the year."""
        self.set(1, 5)

    def set(self, month: int, day: int) -> None:
        """Stand at a day's morning."""
        self.now = datetime(DEMO_YEAR, month, day, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


def main() -> None:
    """Make all of it."""
    folder, units, clock = Path(sys.argv[1]), int(sys.argv[2]), Clock()
    months = months_of(DEMO_YEAR)[:MONTHS]
    plan = setup.read_plan(None, DEMO_YEAR)
    with setup.create_office(folder / "office", plan, clock=clock) as office:
        relax(office.engine)
        issued = run_through(exchange.issue_packets(office, months[0], folder / "issued"))
        for sent in issued[:units]:
            clock.set(1, 5)
            read, place = checking.read(sent.file), folder / "units" / sent.unit
            with setup.create_unit_from_packet(place, read, clock=clock) as unit:
                relax(unit.engine)
                story = Story(current_plan(unit), sent.unit, slow=sent.unit in SLOW)
                for month in months:
                    clock.set(month.last_month + 1, 3)
                    recording.save_all(unit, story.entries(month))
                    last = month is months[-1]
                    file = folder / ("reports" if last else str(month)) / f"{sent.unit}.xlsx"
                    exchange.export_report(unit, month, file)
        for month in months[:-1]:
            clock.set(month.last_month + 1, 4)
            run_through(importing.import_packets(office, sorted((folder / str(month)).iterdir())))


main()
