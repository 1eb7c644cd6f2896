"""Tables of tasks (任务分解表): the header says what each column holds, each row is a task."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.answers.closers import find_closers
from fsdesk.documents.official.answers.columns import (
    TaskColumn,
    TaskTableHeader,
    find_header,
    texts_of,
)
from fsdesk.documents.official.answers.responsible import names_under
from fsdesk.documents.official.clauses import Chunk, Gathering, answers_of_phrase
from fsdesk.documents.official.draft import Clause, DraftPoint, DraftSection
from fsdesk.documents.official.lines.headings import title_end
from fsdesk.documents.official.lines.marks import read_mark
from fsdesk.documents.official.sources.passage import Passage
from fsdesk.documents.official.sources.source import Paragraph, Row, SourceTable
from fsdesk.domain.plan.plan import Role

if TYPE_CHECKING:
    from fsdesk.documents.official.draft import Answer, DocumentDraft

ONE_SECTION = "重点任务"
_NOTHING = re.compile(r"^[\s/\\\-—无.]*$")
_SUM = re.compile(r"^(?:合计|总计|小计|备注|注)")
_LEAD = 25
# A plan has sections and points; a heading below these is that of a task.
_DEPTH = 2
_MOSTLY = 0.7
_ROLES = {TaskColumn.LEAD: Role.LEAD, TaskColumn.SUPPORT: Role.SUPPORT}


def read_table(table: SourceTable, draft: DocumentDraft) -> list[DraftSection]:
    """Read the tasks of a table; a table without such a header yields none."""
    header = find_header(table)
    if header is None:
        return []
    named = _names_tasks(table, header)
    reading = _TaskTableReader(header, draft, table.title, names_tasks=named)
    for row in table.rows[header.end :]:
        reading.row(row)
    return [section for section in reading.sections if section.points]


def _names_tasks(table: SourceTable, header: TaskTableHeader) -> bool:
    """Tell whether the column left of what is asked for gives each row a name of its own.

    责任事项 beside 工作内容 names the task; a few words over many rows are a section.
    """
    asking = header.of(TaskColumn.CATEGORY, TaskColumn.TASK)
    if len(asking) != _DEPTH or header.columns[asking[0]] is not TaskColumn.TASK:
        return False
    rows = [row for row in table.rows[header.end :] if len(row.cells) > asking[1]]
    named = [row.cells[asking[0]].plain.strip() for row in rows]
    own = {name for name, row in zip(named, rows, strict=True) if asking[0] not in row.repeated}
    return len(own - {""}) > len(rows) * _MOSTLY


def loosened(table: SourceTable) -> list[Paragraph | SourceTable]:
    """Return what of a table is no table of tasks as paragraphs, and the rest as the table.

    Lines above a header are text, and so are all cells of a table that only lays out the page.
    """
    header = find_header(table)
    above = table.rows[: header.start if header else len(table.rows)]
    shown = [
        [cell for at, cell in enumerate(row.cells) if len(cell) and at not in row.repeated]
        for row in above
    ]
    lays_out = any("。" in cell.text or find_closers(cell.plain) for row in shown for cell in row)
    found: list[Paragraph | SourceTable] = [
        Paragraph(Passage((piece,)))
        for row in shown
        if len(row) == 1 or lays_out
        for cell in row
        for piece in cell.pieces
        if piece.text.strip()
    ]
    if header is None:
        return found
    return [*found, SourceTable(table.rows[header.start :], table.title)]


class _TaskTableReader(Struct):
    header: TaskTableHeader
    draft: DocumentDraft
    title: str
    names_tasks: bool = False
    sections: list[DraftSection] = field(default_factory=list[DraftSection])
    _over: list[tuple[float, Passage]] = field(default_factory=list[tuple[float, Passage]])
    _headings: tuple[Passage, ...] = ()

    def row(self, row: Row) -> None:
        texts = texts_of(row)
        if not any(texts) or texts == self.header.texts or _SUM.match(next(t for t in texts if t)):
            return
        heading = self._only_heading(row)
        if heading is not None:
            mark = read_mark(heading.plain)
            rank = mark.rank if mark else 0
            self._over = [over for over in self._over if over[0] < rank]
            self._over.append((rank, _unmarked(heading)))
            return
        task = self._task_cell(row)
        if task is None:
            self._more(row)
            return
        self._add(row, *task)

    def _only_heading(self, row: Row) -> Passage | None:
        """Return the cell of a row that is nothing but a heading over those that follow."""
        numbers = set(self.header.of(TaskColumn.NUMBER))
        own = {
            text: row.cells[at].stripped()
            for at, text in reversed(list(enumerate(texts_of(row))))
            if text and not (at in numbers and len(text) <= 3)  # noqa: PLR2004 - 十二、
        }
        answered = [at for at in self._answering() if self._shown(row, at)]
        if len(own) != 1 or (answered and not read_mark(next(iter(own)))):
            return None
        text, cell = next(iter(own.items()))
        if len(text) > _LEAD * 2 or "。" in text.rstrip("。"):
            return None
        return cell

    def _answering(self) -> list[int]:
        return self.header.of(TaskColumn.LEAD, TaskColumn.SUPPORT, TaskColumn.RESPONSIBLE)

    def _shown(self, row: Row, at: int) -> str:
        return row.cells[at].plain.strip() if at < len(row.cells) else ""

    def _task_cell(self, row: Row) -> tuple[Passage, tuple[Passage, ...]] | None:
        """Return what a row asks for, and the headings left of it."""
        columns = self.header.of(TaskColumn.CATEGORY, TaskColumn.TASK)
        asking = columns or self.header.of(TaskColumn.TARGET)
        filled = [at for at in asking if self._shown(row, at) and at not in row.repeated]
        if not filled:
            return None
        last = asking[-1] if self._shown(row, asking[-1]) else filled[-1]
        headings: list[Passage] = []
        for level, at in enumerate(at for at in asking if at < last):
            shown = _unmarked(self._cell(row, at))
            kept = self._headings[level] if level < len(self._headings) else Passage()
            headings.append(shown if len(shown) else kept)
        self._headings = tuple(headings)
        return row.cells[last].stripped(), tuple(heading for heading in headings if len(heading))

    def _add(self, row: Row, cell: Passage, headings: tuple[Passage, ...]) -> None:
        levels = [*(title for _, title in self._over), *headings]
        if self.names_tasks and not self._over:
            levels.insert(0, Passage())
        section = self._section(levels[0] if levels else Passage())
        clauses = self._clauses(row, cell)
        if len(levels) > _DEPTH:
            clauses[0].title, clauses[0].head = levels[-1].plain, levels[-1]
            clauses[0].titled = True
        if len(levels) > 1:
            title = levels[1].plain
            if not section.points or section.points[-1].title != title:
                section.points.append(DraftPoint(title, head=levels[1]))
            section.points[-1].clauses += clauses
        else:
            section.points.append(DraftPoint(clauses[0].title, clauses, head=clauses[0].head))

    def _section(self, title: Passage) -> DraftSection:
        shown = title.plain or (self.sections[-1].title if self.sections else ONE_SECTION)
        if not self.sections or self.sections[-1].title != shown:
            self.sections.append(DraftSection(shown, head=title))
        return self.sections[-1]

    def _clauses(self, row: Row, cell: Passage) -> list[Clause]:
        mark = read_mark(cell.plain)
        text = cell.slice(mark.length) if mark else cell
        end = title_end(text.plain, len(text))
        titled = 1 < end <= _LEAD and end < len(text) - 1 and not self._headings
        lead = text.slice(0, end) if titled else Passage()
        gathering = Gathering(self.draft, self._answers(row))
        gathering.take([Chunk(text, 0, lead)])
        inherited = list(gathering.inherited)
        clauses = gathering.clauses or [Clause(text, lead.text, inherited, head=lead)]
        due = next(
            (c for at in self.header.of(TaskColumn.DUE) if len(c := self._cell(row, at))), None
        )
        for clause in clauses:
            if due is not None and clause.due is None:
                clause.due = (due.plain.strip(), due.stripped().span())
        targets = [self._cell(row, at) for at in self.header.of(TaskColumn.TARGET)]
        clauses[0].targets = next((target for target in targets if len(target)), Passage())
        return clauses

    def _cell(self, row: Row, at: int) -> Passage:
        return row.cells[at] if at < len(row.cells) else Passage()

    def _more(self, row: Row) -> None:
        """Take a row whose task is merged with the one above: another goal of it, or more units."""
        goals = [
            at
            for at in self.header.of(TaskColumn.TARGET)
            if self._shown(row, at) and at not in row.repeated
        ]
        if not goals or not self.sections:
            self._more_answers(row)
            return
        text = row.cells[goals[0]].stripped()
        clauses = self._clauses(row, text)
        clauses[0].targets = Passage()
        self.sections[-1].points[-1].clauses += clauses

    def _more_answers(self, row: Row) -> None:
        """Add to the task above who answers in a row whose task is merged with it."""
        answers = self._answers(row)
        if not self.sections or not answers:
            return
        clause = self.sections[-1].points[-1].clauses[-1]
        known = {answer.name for answer in clause.answers}
        clause.answers += [answer for answer in answers if answer.name not in known]

    def _answers(self, row: Row) -> list[Answer]:
        led = any(self._shown(row, at) for at in self.header.of(TaskColumn.LEAD))
        found: list[Answer] = []
        for at in self._answering():
            cell = self._cell(row, at)
            if _NOTHING.match(cell.plain):
                continue
            role = _ROLES.get(self.header.columns[at], Role.SHARED if led else Role.SOLE)
            found += answers_of_phrase(names_under(cell.plain, role), cell, 0, self.draft)
        unique: dict[str, Answer] = {}
        for answer in found:
            unique.setdefault(answer.name, answer)
        return list(unique.values())


def _unmarked(cell: Passage) -> Passage:
    """Return a heading without its mark, and without what ends it."""
    mark = read_mark(cell.plain)
    text = cell.plain
    start = mark.length if mark else 0
    start += len(text[start:]) - len(text[start:].lstrip(" 。:"))
    return cell.slice(start, max(len(text.rstrip(" 。:")), start))
