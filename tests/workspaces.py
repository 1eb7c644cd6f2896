"""Workspaces for tests: an office and a unit on the small plan, with a clock that stands still."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, select, text

from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.settings import Rules
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance, setup
from fsdesk.services.packet import checking, exchange, importing
from fsdesk.store import audit
from fsdesk.store.care import backup
from fsdesk.store.engine import sqlite_url
from fsdesk.store.identity import save_rules
from fsdesk.store.records import submissions
from fsdesk.store.records.submissions import Submission
from fsdesk.store.server import address
from fsdesk.store.server.replacing import NewState, put_in_place, unused_schema
from fsdesk.store.server.transfer import into_file
from fsdesk.workspace import DATABASE, open_workspace
from tests.kept import KEEPER
from tests.plans import small_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace

MARCH = Period.parse("2026-03")
# When, where and by whom a 约谈 is held.
SETTLED = {"time": "2026年6月3日9时", "place": "会议室", "host": "主任", "contact": "张三"}


class Clock:
    """A clock that tests move."""

    def __init__(self, now: str = "2026-04-02T01:00:00+00:00") -> None:
        self.now = datetime.fromisoformat(now).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: str) -> None:
        self.now = datetime.fromisoformat(now).astimezone(UTC)


def all_year(year: int) -> Callable[[Writing], None]:
    """Let the units have the plan from the year's first day, by what the office says."""
    return lambda writing: save_rules(writing, Rules(issued_on=date(year, 1, 1)))


def make_office(
    folder: Path,
    clock: Callable[[], datetime] | None = None,
    plan: Plan | None = None,
    *,
    in_folder: bool = False,
) -> Workspace:
    """Make the office's workspace, on the small plan where no other is named.

    Its units have the plan from the first day of its year; see `all_year`.

    `in_folder`: its database lies there, also where those of this run lie on a server.
    """
    time, used = clock or Clock(), plan or small_plan()
    place = sqlite_url(folder / DATABASE) if in_folder else None
    return KEEPER.office(
        folder,
        time,
        (used, in_folder),
        lambda: setup.create_office(folder, used, place, time, all_year(used.year)),
    )


def make_unit(
    office: Workspace,
    folder: Path,
    unit: str = "scj",
    clock: Callable[[], datetime] | None = None,
    *,
    in_folder: bool = False,
) -> Workspace:
    """Make a unit's workspace from nothing but the packet that the office issues.

    `in_folder`: see `make_office`.
    """
    time = clock or Clock()
    place = sqlite_url(folder / DATABASE) if in_folder else None

    def make() -> Workspace:
        issued = run_through(exchange.issue_packets(office, MARCH, folder.parent / "issued"))
        file = next(packet.file for packet in issued if packet.unit == unit)
        return setup.create_unit_from_packet(folder, checking.read(file), place, time)

    return KEEPER.unit(office, folder, time, (unit, in_folder), make)


def import_files(
    workspace: Workspace, *files: Path, accept_unsigned: bool = False
) -> importing.ImportSummary:
    """Import files and give what became of them."""
    steps = importing.import_packets(workspace, files, accept_unsigned=accept_unsigned)
    return run_through(steps)


def note_sent(
    workspace: Workspace,
    unit: str,
    *periods: str,
    state: SubmissionState = SubmissionState.SUBMITTED,
) -> None:
    """Let a unit's reports for periods count as sent, without their packets."""
    with workspace.writing() as writing:
        for period in periods:
            sent = Submission(unit, period, state, workspace.now())
            submissions.save_submission(writing, sent)


def months(first: int, last: int) -> list[str]:
    """Give months of the small plan's year as periods are written."""
    return [f"2026-{month:02}" for month in range(first, last + 1)]


def changed_beside(workspace: Workspace, statement: str, **values: object) -> None:
    """Let somebody change rows who passes the program by."""
    with workspace.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text(statement), values)


def rows_of(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Give all rows of a workspace's database, by table."""
    with workspace.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.columns))]
            for name, table in found.tables.items()
        }


def snapshot(workspace: Workspace, file: Path) -> Path:
    """Copy a workspace's database as it is now, wherever it lies; gives the copy."""
    if workspace.is_on_server:
        into_file(workspace.engine, file)
    else:
        backup.snapshot(workspace.engine, file)
    return file


def restored(file: Path, folder: Path) -> None:
    """Make a new workspace of a backup, where the workspaces of this run lie."""
    if KEEPER.databases is None:
        maintenance.restore(file, folder)
    else:
        place = KEEPER.databases.server.address(KEEPER.databases.new())
        run_through(maintenance.restore_to_server(file, folder, place))


def replaced(workspace: Workspace, copy: Path) -> Workspace:
    """Close a workspace, let somebody bring back what was copied, and open it again."""
    with workspace.reading() as session:
        newest = audit.newest(session)
    workspace.close()
    there = address.remembered(workspace.folder)
    if there is None:
        shutil.copyfile(copy, workspace.folder / DATABASE)
    else:
        aside = unused_schema(there.address, workspace.clock())
        put_in_place(there.address, NewState(copy, copy.parent / "none", newest, aside))
    return open_workspace(workspace.folder, clock=workspace.clock)
