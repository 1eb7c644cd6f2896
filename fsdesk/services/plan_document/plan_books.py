"""Workbooks that plans come in: tables of tasks, and plans that were exported and edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.documents.official.sources.sheets import SheetNotes, SheetTexts
from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import InputRejectedError, Place, Severity, error
from fsdesk.domain.plan.sheets import HEADERS
from fsdesk.domain.plan.unread import unread
from fsdesk.domain.plan.workbook import plan_from_sheets
from fsdesk.domain.plan_document import ParsedPlan, ReadingDoubt, SourceLine, TextSpan
from fsdesk.packets.lists.margins import Margins, read_margins
from fsdesk.packets.safe.sheet_scan import place_of
from fsdesk.reports.tables.plan_table import breakdown_rows
from fsdesk.reports.tables.plan_workbook import OVERVIEW, OVERVIEW_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.packets.safe.scanned import Scan

# Where, what stands there, what is doubted, what to do.
_Told = tuple[str, str, str, str]
_EDIT_BEHIND = "要改计划，请改后面的各工作表"


def notes_of(scanned: Scan, name: str) -> Mapping[str, SheetNotes]:
    """Return what is known of each worksheet beside its texts."""
    margins = read_margins(scanned.data, name)
    titles = {*scanned.bad_cells, *scanned.merged, *scanned.notes, *margins}
    return {title: _notes(scanned, title, margins.get(title, Margins())) for title in titles}


def _notes(scanned: Scan, title: str, margins: Margins) -> SheetNotes:
    return SheetNotes(
        scanned.merged.get(title, ()),
        {place_of(cell): why for cell, why in scanned.bad_cells.get(title, {}).items()},
        [
            (place_of(cell) if cell else (0, 0), note.text)
            for cell, notes in scanned.notes.get(title, {}).items()
            for note in notes
        ],
        margins.hidden_rows,
        margins.hidden_columns,
    )


def exported_plan(
    sheets: Mapping[str, SheetTexts], scanned: Scan, name: str, standing: Plan | None
) -> ParsedPlan:
    """Read a plan that was exported; what somebody wrote and isn't taken is doubted.

    `standing`: the workspace's plan, of which its printed sheet may still speak.

    Raises:
        InputRejectedError: With every cell that can't be taken.
    """
    texts = {title: sheet.rows for title, sheet in sheets.items()}
    bad = [
        error(f"{why}，不能读取", "请把公式转为数值，或改正后保存", Place(name, title, cell))
        for title in HEADERS
        for cell, why in scanned.bad_cells.get(title, {}).items()
    ]
    if bad:
        raise InputRejectedError(*bad)
    plan = plan_from_sheets(texts, name)
    told = [
        *_not_taken(texts, plan),
        *_printed_over(texts.get(OVERVIEW, ()), plan, standing),
        *_beside(texts, scanned),
    ]
    lines: list[SourceLine] = []
    doubts: list[ReadingDoubt] = []
    for number, (where, text, message, remedy) in enumerate(told, start=1):
        shown = f"{where}：{text}"  # the whole workbook isn't shown, so each says where it stands
        lines.append(SourceLine(number, shown, where))
        span = TextSpan(number, len(shown) - len(text), len(shown))
        doubts.append(ReadingDoubt(Severity.WARNING, message, remedy, span, text))
    return ParsedPlan(plan, tuple(lines), doubts=tuple(doubts), coded=True)


def _not_taken(texts: Mapping[str, Sequence[Sequence[str]]], plan: Plan) -> Iterator[_Told]:
    for cell in unread(texts, plan):
        where = _where(cell.sheet, cell_name(cell.row, cell.column))
        if cell.read:
            told = f"“{cell.text}”没有采用，读作“{cell.read}”"
            yield where, cell.text, told, "请核对：与它有关的其他单元格可能写的不一样"
        else:
            told = f"“{cell.text}”没有读取：不属于计划的这张表"
            yield where, cell.text, told, "要采用的，请写进表头所列的列中"


def _printed_over(
    rows: Sequence[Sequence[str]], plan: Plan, standing: Plan | None
) -> Iterator[_Told]:
    """Tell of rows of the sheet for printing that neither plan would print."""
    printed = {tuple(row) for each in (plan, standing) if each for row in breakdown_rows(each)}
    known = {tuple(_plain(text) for text in row[1:]) for row in printed}
    for number, row in enumerate(rows[OVERVIEW_ROWS:], start=OVERVIEW_ROWS):
        own = tuple(_plain(text) for text in row[1:])
        if any(own) and own not in known:
            where = f"工作表“{OVERVIEW}”第 {number + 1} 行"
            told = f"“{OVERVIEW}”供打印，不读取；这一行与后面的工作表不一致"
            yield where, " ".join(filter(None, map(str.strip, row))), told, _EDIT_BEHIND


def _plain(text: str) -> str:
    return "".join(text.split())


def _beside(texts: Mapping[str, Sequence[Sequence[str]]], scanned: Scan) -> Iterator[_Told]:
    """Tell of sheets that are no part of a plan, and of comments."""
    for title, rows in texts.items():
        first = next((text for row in rows for text in row if text), "")
        if first and title not in {OVERVIEW, *HEADERS}:
            told = f"工作表“{title}”不属于计划，没有读取"
            yield f"工作表“{title}”", first, told, "其中要采用的，请写进计划自己的工作表"
    for title, cells in scanned.notes.items():
        for cell, notes in cells.items():
            for note in notes:
                words = " ".join(note.text.split())
                told = f"批注或文本框“{words}”没有读取"
                yield _where(title, cell), words, told, "要采用的，请写进单元格"


def _where(sheet: str, cell: str) -> str:
    return f"工作表“{sheet}” 单元格 {cell}" if cell else f"工作表“{sheet}”"
