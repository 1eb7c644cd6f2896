"""The ranking of an assessment and a unit's score sheet, for paper and spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import Align
from fsdesk.domain.output.reporting import basis_line
from fsdesk.domain.periods import date_text
from fsdesk.domain.plan.indicators import number_text
from fsdesk.reports.paper.table import Cell, Table, TableColumn
from fsdesk.reports.tables.standing import FOOTER, missing_names, number_format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.assessment import Scheme, ScoreLine, ScoreSheet
    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.status.results import YearStatus


def ranking_table(
    status: YearStatus, sheets: Sequence[ScoreSheet], scheme: Scheme, head: PaperHead
) -> Table:
    """Build the ranking (评议考核排名表): a row for each unit, a column for each rule."""
    ruled = {rule.title for rule in scheme.criteria}
    more = [line.title for sheet in sheets for line in sheet.lines if line.title not in ruled]
    titles = [*(rule.title for rule in scheme.criteria), *dict.fromkeys(more)]
    full = {
        rule.title: f"（{_n(rule.points)}）" for rule in scheme.criteria if rule.measure.is_share
    }
    columns = (
        TableColumn("名次", 4, Align.CENTRE),
        TableColumn("责任单位", 14),
        *(TableColumn(f"{title}{full.get(title, '')}", 6, Align.RIGHT, "得分") for title in titles),
        TableColumn("总分", 6, Align.RIGHT),
        TableColumn("等次", 6, Align.CENTRE),
    )
    rows = tuple(_ranking_row(sheet, titles) for sheet in sheets)
    grades = "，".join(f"{grade.name} {_n(grade.least)} 分以上" for grade in scheme.grades[:-1])
    missing = "没有填报的按 0 计" if scheme.count_missing else "没有填报的不计入平均"
    notes = (
        f"等次：{grades}，其余为{scheme.grades[-1].name}；{missing}；总分最低为 0 分。",
        "总分相同的名次并列；各单位每项得分的依据见其计分表。",
    )
    return _table(status, "评议考核排名表", (columns, rows), head, notes)


def _ranking_row(sheet: ScoreSheet, titles: Sequence[str]) -> tuple[Cell, ...]:
    points = {line.title: line.points for line in sheet.lines}
    return (
        Cell(str(sheet.rank), sheet.rank, "0"),
        Cell(sheet.name),
        *(_points(points.get(title)) for title in titles),
        _points(sheet.total),
        Cell(sheet.grade),
    )


def score_table(status: YearStatus, sheet: ScoreSheet, head: PaperHead) -> Table:
    """Build a unit's score sheet (评议考核计分表): each line with everything that it rests on."""
    columns = (
        TableColumn("计分项", 9, merged=True),
        TableColumn("计分办法", 14, merged=True),
        TableColumn("计算", 13, merged=True),
        TableColumn("得分", 5, Align.RIGHT, merged=True),
        TableColumn("依据", 26),
        TableColumn("情况", 26),
    )
    rows = tuple(row for line in sheet.lines for row in _score_rows(line))
    notes = (
        f"总分 {_n(sheet.total)} 分，第 {sheet.rank} 名，等次：{sheet.grade}。总分最低为 0 分。",
    )
    name = f"评议考核计分表（{sheet.name}）"
    return _table(status, name, (columns, rows), head, notes)


def _score_rows(line: ScoreLine) -> tuple[tuple[Cell, ...], ...]:
    full = "" if line.full is None else f"（满分 {_n(line.full)}）"
    head = (
        Cell(f"{line.title}{full}"),
        Cell(line.basis),
        Cell(line.formula),
        _points(line.points),
    )
    if not line.sources:
        return ((*head, Cell("—"), Cell(line.value)),)
    return tuple((*head, Cell(source.name), Cell(source.text)) for source in line.sources)


def _table(
    status: YearStatus,
    name: str,
    content: tuple[tuple[TableColumn, ...], tuple[tuple[Cell, ...], ...]],
    head: PaperHead,
    notes: tuple[str, ...],
) -> Table:
    if status.as_published:
        told = f"指标、任务和报送为{status.publication}的数字，函件和加分扣分按现在登记的计。"
        notes = (told, *notes)
    return Table(
        title=f"{status.plan.name}{name}",
        columns=content[0],
        rows=content[1],
        subtitle=(
            f"考核单位：{head.maker}",
            status.until_text,
            f"制表时间：{date_text(head.made_on)}",
        ),
        basis=(f"数据依据：{basis_line(status, head.reporting)}。",),
        notes=(*missing_names(head.reporting), *notes),
        footer=FOOTER,
    )


def _points(points: float | None) -> Cell:
    return Cell("") if points is None else Cell(_n(points), points, number_format(points))


def _n(number: float) -> str:
    return number_text(number)
