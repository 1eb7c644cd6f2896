"""Comparing the districts of a server: what their workspaces published of a month."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.output.districts import Comparison, District
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.domain.status.published import Publication
from fsdesk.reports.tables.districts import districts_table
from fsdesk.reports.tables.spreadsheet import write_xlsx
from fsdesk.services.output.heads import reporting_as
from fsdesk.services.status.aggregation import kept_as
from fsdesk.store.server import reading_views
from fsdesk.store.server.address import ServerAddress
from fsdesk.store.status import published

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.store.server.reading_views import Reading, Renewed


def renew_views(database: str, readers: Sequence[str] = ()) -> Renewed:
    """Let the reading views stand for all workspaces of a database.

    `readers`: accounts that may read them from now on.
    """
    return reading_views.renew(ServerAddress.parse(database), readers)


def compare(database: str, month: str) -> Comparison:
    """Put the districts beside each other in a period, by what they published of it.

    Raises:
        InputRejectedError: When the address or the period can't be understood, or what was
            published can't be read.
        WorkspaceError: When there are no views, or they stand for other workspaces.
    """
    period = Period.parse(month)
    return _compared(reading_views.read(ServerAddress.parse(database), str(period)), period)


def _compared(reading: Reading, period: Period) -> Comparison:
    newest = {each.schema: each for each in reading.published}
    found: list[District] = []
    for each in reading.districts:
        if each.role != WorkspaceRole.OFFICE or each.year != period.year:
            continue
        name = each.name or each.schema
        came = reading.received.get(each.schema, 0)
        row = newest.get(each.schema)
        if row is None:
            found.append(District(each.schema, name, None, came))
            continue
        put_out = Publication(row.id, period, row.at, row.who, row.occasion, row.change)
        kept = kept_as(put_out, published.plain_figures(row.status))
        reporting = reporting_as(kept.reports, put_out.day)
        found.append(District(each.schema, name, kept.status, came, reporting))
    return Comparison(period, _told_apart(found), reading.unlisted)


def _told_apart(districts: list[District]) -> tuple[District, ...]:
    """Add the schema to names that several bear."""
    alike = Counter(each.name for each in districts)
    return tuple(
        replace(each, name=f"{each.name}（{each.schema}）") if alike[each.name] > 1 else each
        for each in sorted(districts, key=lambda each: (each.name, each.schema))
    )


def save(comparison: Comparison, wanted: str, file: Path) -> None:
    """Write the ranking by indicators as a workbook; `wanted`: as for `Comparison.rankings`.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    required_ending(file, "各区对比表", (".xlsx",))
    write_xlsx(file, districts_table(comparison, wanted))
