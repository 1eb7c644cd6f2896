"""Tables of a published period: kept with their files as they were published, and given as such.

What is kept is each table as it is without further choice. With other columns, another paper or
names under it, a table is laid out anew from the published figures, and says that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.output import arrangement
from fsdesk.domain.output.issued_papers import XLSX
from fsdesk.domain.output.kinds import LEDGER, REGISTER, SCORE, Form, kinds_of
from fsdesk.services.kept_papers import KeptPaper, parts_of
from fsdesk.services.status import published
from fsdesk.store import issued_papers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.output.arrangement import Arrangement
    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.domain.periods import Period
    from fsdesk.reports.paper.table import Table
    from fsdesk.workspace import Workspace

# The tables that are put out with a period's figures: those of the office that are about no single
# thing; the register is kept up from day to day.
KINDS = tuple(
    each.kind
    for each in kinds_of(Form.TABLE)
    if each.maker.may_be(office=True) and each.kind not in {SCORE, REGISTER, LEDGER}
)


class KeptTable(KeptPaper, frozen=True):
    """A table as it was published."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The titles of its columns."""
        return tuple(self.told["columns"])

    @property
    def wanted(self) -> Arrangement:
        """How it was laid out."""
        return arrangement.from_plain(self.told["arrangement"])


def find(workspace: Workspace, kind: str, period: Period) -> KeptTable | None:
    """Return a table of a published period as it was published; None where none was kept.

    Raises:
        InputRejectedError: When what was kept is damaged.
    """
    if not (is_out(workspace, kind, period) and (out := published.published(workspace, period))):
        return None
    with workspace.reading() as session:
        paper = issued_papers.find(session, out.table(kind))
    return KeptTable(paper) if paper is not None else None


def is_out(workspace: Workspace, kind: str, period: Period) -> bool:
    """Tell whether a table was put out with a period's figures, and is looked at as it was."""
    wanted = workspace.as_published and kind in KINDS
    return wanted and published.published(workspace, period) is not None


def is_as_kept(wanted: Arrangement, kept: KeptTable) -> bool:
    """Tell whether a table is wanted in the very layout in which it was kept."""
    return replace(wanted, name="") == kept.wanted


def table_parts(
    table: Table, pages: tuple[PaperPage, ...], columns: tuple[str, ...], wanted: Arrangement
) -> Mapping[str, bytes]:
    """Return all that is kept of a table that is laid out."""
    from fsdesk.reports.tables.spreadsheet import xlsx_bytes

    return parts_of(
        pages,
        table.title,
        {XLSX: xlsx_bytes(table, wanted.paper)},
        columns=list(columns),
        arrangement=arrangement.to_plain(wanted),
    )
