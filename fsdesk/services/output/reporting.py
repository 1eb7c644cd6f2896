"""Outputs: tables and charts from the workspace's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import FindingCode, InputRejectedError, reject
from fsdesk.domain.output.arrangement import PLAIN, Arrangement
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.issued_papers import PDF, XLSX
from fsdesk.domain.output.kinds import LEDGER, REGISTER, SCORE, Form, kind_of
from fsdesk.domain.output.pages import SCREEN_DOTS
from fsdesk.domain.periods import date_text
from fsdesk.files import make_folder, save_bytes
from fsdesk.reports.tables.arranging import arranged, column_titles, with_even_decimals
from fsdesk.services import assessment
from fsdesk.services.kept_papers import NOT_KEPT
from fsdesk.services.ledger import ledgers
from fsdesk.services.ledger.ledger_figures import told_differently
from fsdesk.services.output import charts, kept_tables
from fsdesk.services.output.heads import head_of, require
from fsdesk.services.plan.planning import current_plan, plan_in
from fsdesk.services.status import aggregation
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.output.pages import Paper, PaperPage
    from fsdesk.domain.periods import Period
    from fsdesk.reports.paper.table import Table
    from fsdesk.workspace import Workspace

# So many rows of a ledger are laid out on paper; more are for a workbook.
MOST_ROWS = 5000
# Words of so many units stand in a row of the progress table.
_MOST_TEXTS = 3


class Sheets(Struct, frozen=True):
    """A table laid out on pages, and the titles of all columns that could be chosen.

    Attributes:
        refused: Why there are no pages: numbers would have to be cut; None where there are some.
        instead: The papers that are wide enough then.
        remark: Of a published period, whether it is the table as it was published.
    """

    pages: tuple[PaperPage, ...]
    columns: tuple[str, ...]
    refused: InputRejectedError | None = None
    instead: tuple[Paper, ...] = ()
    remark: str = ""


def table_sheets(
    workspace: Workspace,
    kind: str,
    period: Period,
    wanted: Arrangement = PLAIN,
    item: str = "",
    dots: int = SCREEN_DOTS,
) -> Sheets:
    """Return a standing table laid out on pages.

    ``kind`` is that of a table in `fsdesk.domain.output.kinds`; ``item`` the ledger, or for `SCORE`
    the unit. One as it was published is drawn from its PDF, with so many ``dots`` per inch.

    Raises:
        InputRejectedError: For an unknown table or column, or a table that is not this role's.
    """
    require(workspace, Form.TABLE, kind)
    kept = kept_tables.find(workspace, kind, period)
    if kept is not None and kept_tables.is_as_kept(wanted, kept):
        return Sheets(kept.pages(dots), kept.columns, remark=kept.paper.kept.remark)
    sheets = _laid_out(_table(workspace, kind, period, item), wanted, _today(workspace))
    if kept is not None:
        return replace(sheets, remark=_ANEW)
    return replace(sheets, remark=NOT_KEPT if kept_tables.is_out(workspace, kind, period) else "")


# Said of a table of a published period that is laid out otherwise than it was published.
_ANEW = "本表按发布的数字重新排版，不是发布时留存的原件；选默认版式即为原件。"


def parts_to_keep(workspace: Workspace, kind: str, period: Period) -> Mapping[str, bytes]:
    """Return a table with its files, as it is without further choice, for keeping.

    It is on the first paper that is wide enough.
    """
    table = _table(workspace, kind, period, "")
    wanted = PLAIN
    sheets = _laid_out(table, wanted, _today(workspace))
    if sheets.refused is not None:
        if not sheets.instead:
            raise sheets.refused
        wanted = replace(PLAIN, size=sheets.instead[0].size, landscape=sheets.instead[0].landscape)
        sheets = _laid_out(table, wanted, _today(workspace))
    chosen = arranged(table, wanted, date_text(_today(workspace)))
    return kept_tables.table_parts(chosen, sheets.pages, sheets.columns, wanted)


def _laid_out(table: Table, wanted: Arrangement, today: date) -> Sheets:
    from fsdesk.reports.paper.table_drawing import lay_out
    from fsdesk.reports.paper.table_layout import papers_for

    chosen = arranged(table, wanted, date_text(today))
    titles = column_titles(table)
    try:
        return Sheets(lay_out(chosen, wanted.paper), titles)
    except InputRejectedError as problem:
        if not problem.tells(FindingCode.TOO_WIDE):
            raise
        return Sheets((), titles, problem, papers_for(chosen, wanted.paper.margin_mm))


def write_table(
    workspace: Workspace,
    kind: str,
    period: Period,
    file: Path,
    wanted: Arrangement = PLAIN,
    item: str = "",
) -> int:
    """Write a standing table; the file's ending picks .pdf or .xlsx.

    Return how many pages it has (for .xlsx, as the same table has on paper). ``item`` is the
    ledger, or for `SCORE` the unit.

    Raises:
        InputRejectedError: For another ending, a table that is not this role's, or when the file
            can't be written.
    """
    from fsdesk.reports.paper.kept_pdf import page_count
    from fsdesk.reports.paper.pdf import write_pdf
    from fsdesk.reports.paper.table_drawing import lay_out
    from fsdesk.reports.tables.spreadsheet import write_xlsx

    ending = required_ending(file, "表格", (PDF, XLSX))
    make_folder(file.parent)
    require(workspace, Form.TABLE, kind)
    kept = kept_tables.find(workspace, kind, period)
    if kept is not None and kept_tables.is_as_kept(wanted, kept):
        save_bytes(file, kept.file(ending))
        return page_count(kept.file(PDF))
    table = arranged(_table(workspace, kind, period, item), wanted, date_text(_today(workspace)))
    pages = lay_out(table, wanted.paper)
    if ending == PDF:
        write_pdf(file, pages, table.title)
    else:
        write_xlsx(file, table, wanted.paper)
    return len(pages)


def write_chart(
    workspace: Workspace,
    kind: str,
    period: Period,
    file: Path,
    item: str = "",
    earlier: Path | None = None,
) -> int:
    """Write a chart; the file's ending picks .png, .svg or .pdf. Return how many pages it has.

    ``item`` and ``earlier`` are as for `fsdesk.services.output.charts.numbers`.

    Raises:
        InputRejectedError: For another ending, an unknown indicator, without last year's data
            where it is compared with, or when the file can't be written.
    """
    make_folder(file.parent)
    return charts.write(charts.numbers(workspace, kind, period, item, earlier), file)


def _table(workspace: Workspace, kind: str, period: Period, item: str) -> Table:
    """Build a table, with its short name and columns whose numbers line up."""
    table = with_even_decimals(_built(workspace, kind, period, item))
    return replace(table, name=table.name or kind_of(Form.TABLE, kind).title)


def _built(workspace: Workspace, kind: str, period: Period, item: str) -> Table:
    from fsdesk.reports.tables import task_breakdown

    require(workspace, Form.TABLE, kind)
    if kind == "breakdown":
        return task_breakdown.breakdown_table(current_plan(workspace), head_of(workspace))
    if kind == REGISTER:
        from fsdesk.reports.tables.letter_register import register_table

        with workspace.reading() as session:
            plan = plan_in(session, workspace.identity.year)
            drafts, notices = letters.drafts(session), letters.all_notices(session)
        return register_table(plan, drafts, notices, head_of(workspace))
    if kind == LEDGER:
        return _ledger_table(workspace, item, head_of(workspace))
    head = head_of(workspace, period)
    if kind in ("assessment", SCORE):
        return assessment.assessment_table(workspace, period, head, item if kind == SCORE else "")
    return _status_table(workspace, kind, period, head)


def _status_table(workspace: Workspace, kind: str, period: Period, head: PaperHead) -> Table:
    from fsdesk.reports.tables import standing

    status = aggregation.status(workspace, period)
    if kind == "reports":
        from fsdesk.reports.tables.details import report_table

        reports = aggregation.completeness(workspace, period)
        states = charts.report_states(reports, status.period)
        units = tuple(zip(reports.units, reports.names, strict=True))
        return report_table(status, units, reports.months, states, head)
    if kind == "tasks":
        texts = aggregation.progress_texts(workspace, status.plan, period)
        short = {code: _shortened(told) for code, told in texts.items()}
        return standing.progress_table(status, short, head)
    if kind == "indicators":
        differing = told_differently(workspace, period)
        beside = {code: both.text(period) for code, both in differing.items()}
        return standing.indicator_table(status, head, beside)
    if kind == "comparison":
        from fsdesk.reports.tables.comparison import comparison_table

        return comparison_table(status, head)
    reports = aggregation.reports_of(workspace, period)
    received = {report.unit: bool(report.on_time) for report in reports if not report.missing}
    return standing.unit_table(status, received, head)


def _ledger_table(workspace: Workspace, name: str, head: PaperHead) -> Table:
    from fsdesk.reports.tables.details import ledger_table

    ledger = ledgers.find_ledger(workspace, name)
    rows = ledgers.page(workspace, ledger.code, limit=MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise reject(
            f"台账“{ledger.title}”超过 {MOST_ROWS} 行，不宜打印", "请在“台账”页筛选后导出 Excel"
        )
    units = current_plan(workspace).directory.units
    columns = [column for column in ledger.columns if not column.personal]
    names = {unit.code: unit.name for unit in units}
    return ledger_table(ledger, columns, rows, names, head)


def _today(workspace: Workspace) -> date:
    return workspace.clock().astimezone().date()


def _shortened(told: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Keep the words of the first units, as the plan names them, so that a row stays readable."""
    if len(told) <= _MOST_TEXTS:
        return told
    rest = len(told) - _MOST_TEXTS
    return (*told[:_MOST_TEXTS], ("其他单位", f"另有 {rest} 家已填报，详见各单位报送内容"))
