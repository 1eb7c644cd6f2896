"""The register of letters (督办登记簿), for paper and spreadsheets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import Align
from fsdesk.domain.output.wording import LIGHT_COLOURS
from fsdesk.domain.periods import Period, date_text
from fsdesk.domain.supervision.letters import (
    FOUND_ITEM,
    REPORT_ITEM,
    LetterDraft,
    LetterKind,
    LetterState,
)
from fsdesk.reports.paper.table import Cell, Table, TableColumn, day_cell
from fsdesk.reports.tables.standing import FOOTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.packet.directives import LetterNotice
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.supervision.letters import Letter

_COLUMNS = (
    TableColumn("文号", 13),
    TableColumn("种类", 8),
    TableColumn("责任单位", 11),
    TableColumn("报告期", 9, Align.CENTRE),
    TableColumn("督办事项", 18),
    TableColumn("印发日期", 10, Align.CENTRE),
    TableColumn("回复期限", 10, Align.CENTRE),
    TableColumn("状态", 6, Align.CENTRE),
    TableColumn("延期、异议和更正", 12),
    TableColumn("回复", 18),
    TableColumn("销号日期", 10, Align.CENTRE),
    TableColumn("办结依据", 14),
)
# Every issued letter stands in one of them, so that the sum is the whole.
_COUNTED = tuple(state for state in LetterState if state is not LetterState.DRAFTED)
_STATE_COLOURS = {
    LetterState.ISSUED: LIGHT_COLOURS["yellow"],
    LetterState.ESCALATED: LIGHT_COLOURS["red"],
    LetterState.CLOSED: LIGHT_COLOURS["green"],
}


def register_table(
    plan: Plan, drafts: Sequence[LetterDraft], notices: Sequence[LetterNotice], head: PaperHead
) -> Table:
    """Build the register: drafts first, then the letters by kind and number."""
    letters = [notice.letter for notice in notices]
    counts = Counter(letter.state for letter in letters)
    sums = [f"{state.label} {counts[state]} 件" for state in _COUNTED if counts[state]]
    return Table(
        title=f"{plan.name}督办登记簿",
        columns=_COLUMNS,
        rows=(
            *(_draft_row(plan, draft) for draft in drafts),
            *(_letter_row(plan, notice) for notice in sorted(notices, key=_place)),
        ),
        subtitle=(
            f"登记单位：{head.maker}",
            "，".join((f"共印发 {len(letters)} 件", *sums)),
            f"制表时间：{date_text(head.made_on)}",
        ),
        notes=("文号按种类和年度连续编排，印发时编定；回复期限按工作日推算。",),
        footer=FOOTER,
    )


def _draft_row(plan: Plan, draft: LetterDraft) -> tuple[Cell, ...]:
    state = LetterState.DRAFTED.label
    first = _first("（拟稿，未编号）", plan, draft, draft.items)
    rest = (Cell(""), day_cell(draft.reply_by), Cell(state))
    return (*first, *rest, *(Cell(""),) * (len(_COLUMNS) - len(first) - len(rest)))


def _letter_row(plan: Plan, notice: LetterNotice) -> tuple[Cell, ...]:
    letter = notice.letter
    return (
        *_first(letter.document_number, plan, letter, notice.tasks),
        day_cell(letter.issued_on),
        day_cell(letter.reply_by),
        Cell(letter.state.label, colour=_STATE_COLOURS.get(letter.state, "")),
        Cell("\n".join(notice.remarks)),
        Cell(letter.reply),
        day_cell(letter.closed_on),
        Cell(letter.evidence),
    )


def _place(notice: LetterNotice) -> tuple[int, int, int]:
    letter = notice.letter
    return list(LetterKind).index(letter.kind), letter.year, letter.number


def _first(
    number: str, plan: Plan, paper: LetterDraft | Letter, items: Sequence[str]
) -> tuple[Cell, ...]:
    missed = [Period.parse(item.removeprefix(REPORT_ITEM)) for item in items if _is_report(item)]
    months = [f"{'、'.join(str(month.last_month) for month in missed)}月报送"] if missed else []
    doubts = sum(item.startswith(FOUND_ITEM) for item in items)
    others = (item for item in items if not item.startswith((REPORT_ITEM, FOUND_ITEM)))
    tasks = [_task_name(plan, item) for item in others]
    found = [f"数据疑点 {doubts} 处"] if doubts else []
    names = "\n".join([*tasks, *months, *found])
    return (
        Cell(number),
        Cell(paper.kind.label),
        Cell(plan.unit_name(paper.unit)),
        Cell(Period.parse(paper.period).label),
        Cell(names),
    )


def _task_name(plan: Plan, code: str) -> str:
    """Name a task, also one that has left the plan during the year."""
    held = plan.holding(code)
    return f"{code} {held.tasks_by_code[code].title}" if held else code


def _is_report(item: str) -> bool:
    return item.startswith(REPORT_ITEM)
