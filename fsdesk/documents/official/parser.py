"""An official document becomes a draft of a plan: the one way in for every kind of file."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.documents.official.answers.orders import follow_orders
from fsdesk.documents.official.answers.parties import resolve
from fsdesk.documents.official.answers.tables import read_table
from fsdesk.documents.official.assemble import Assembly
from fsdesk.documents.official.doubts import tell_doubts
from fsdesk.documents.official.draft import DocumentDraft
from fsdesk.documents.official.front import read_front, year_in
from fsdesk.documents.official.net import cast_net
from fsdesk.documents.official.outline import read_outline
from fsdesk.documents.official.reflow.flow import reflowed
from fsdesk.documents.official.refusal import refuse_what_is_no_plan
from fsdesk.documents.official.same_again import are_the_same_again
from fsdesk.documents.official.second_reading import compare_readings
from fsdesk.documents.official.sources.source import Paragraph, SourceTable
from fsdesk.documents.official.tree import grow
from fsdesk.domain.plan.units import Directory
from fsdesk.domain.plan_document import TextSpan

if TYPE_CHECKING:
    from collections.abc import Generator

    from fsdesk.documents.official.sources.source import DocumentSource
    from fsdesk.domain.plan.plan import PlanConstant
    from fsdesk.domain.plan_document import ParsedPlan


class Known(Struct, frozen=True):
    """What is known before a document is read.

    Attributes:
        ours: Whether they are the user's own, so that their aliases hold for the document.
        year: Year of the plan, when the document names none.
        title: Title of the plan, when the document has none.
    """

    directory: Directory = field(default_factory=Directory)
    ours: bool = False
    year: int = 0
    constants: tuple[PlanConstant, ...] = ()
    title: str = ""


def parse(source: DocumentSource, known: Known, year: int | None = None) -> ParsedPlan:
    """Read a document.

    `source`: its paragraphs and tables.
    `year`: year that the user has given; it overrides the document's.
    InputRejectedError when no tasks can be found in it.
    """
    with _nothing_collected():
        return _parse(source, known, year)


@contextmanager
def _nothing_collected() -> Generator[None]:
    """Keep Python from looking for cycles in what is read: all of it is kept, and it is a lot."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _parse(source: DocumentSource, known: Known, year: int | None) -> ParsedPlan:
    source = reflowed(source)
    draft = DocumentDraft()
    _note_passages(source, draft)
    tree = grow(block for block in source.blocks if isinstance(block, Paragraph))
    read_front(tree.front, draft)
    read_outline(tree, draft)
    tabled = _read_tables(source, draft)
    refuse_what_is_no_plan(draft, source.name, tabled=tabled)
    compare_readings(source, draft)
    follow_orders(draft)
    draft.issuer = draft.issuer or tree.signed
    settled = _year(draft, source, known, year)
    parties = resolve([c.answers for c in draft.clauses], known.directory, ours=known.ours)
    tell_doubts(draft, parties)
    for span, message, remedy in source.remarks:
        draft.warn(message, remedy, span)
    assembly = Assembly(draft, parties, settled)
    title = draft.title
    if not title:
        title = known.title if known.year == settled else ""
        title = title or f"{settled}年食品药品安全工作要点"
        draft.tell(f"文件中没有标题，暂定为“{title}”", "请核对标题", TextSpan(1, 0, 0))
    plan = assembly.plan(title, known.constants)
    if draft.year not in {None, settled}:  # the user wants another year's document carried on
        plan = replace(plan, carried_from=draft.year)
    cast_net(draft, plan, assembly.spans)
    return assembly.parsed(plan, source)


def _note_passages(source: DocumentSource, draft: DocumentDraft) -> None:
    """Note all text of a document in order, a merged cell once."""
    for block in source.blocks:
        if isinstance(block, SourceTable):
            for row in block.rows:
                shown = (cell for at, cell in enumerate(row.cells) if at not in row.repeated)
                cells = [cell for cell in shown if len(cell)]
                draft.cells += cells
                draft.passages += cells
        else:
            draft.passages.append(block.passage)


def _read_tables(source: DocumentSource, draft: DocumentDraft) -> bool:
    """Take the tasks of tables; tell whether there are any."""
    sections = [
        section
        for block in source.blocks
        if isinstance(block, SourceTable)
        for section in read_table(block, draft)
    ]
    if not sections:
        return False
    if not any(clause.answers for clause in draft.clauses):
        # The text is the letter or the introduction; the table has the tasks.
        draft.sections = []
        draft.remarks = [remark for remark in draft.remarks if remark.clause is None]
    told = [clause.text.plain for clause in draft.clauses]
    texts = [clause.text.plain for section in sections for clause in section.clauses]
    if are_the_same_again(texts, told):
        span = sections[0].clauses[0].text.span()
        draft.tell("表格与正文是同一批任务，以正文为准，没有重复列入", "如有出入请核对", span)
        tables = (block for block in source.blocks if isinstance(block, SourceTable))
        draft.aside += [cell for table in tables for row in table.rows for cell in row.cells]
    else:
        draft.sections += sections
    return True


def _year(draft: DocumentDraft, source: DocumentSource, known: Known, year: int | None) -> int:
    if year is not None:
        if draft.year not in {None, year}:
            message = f"文件写的是 {draft.year} 年，按指定的 {year} 年读取"
            draft.warn(message, "请核对年度", TextSpan(1, 0, 0))
        return year
    found = draft.year or year_in([source.name])
    if found is None:
        draft.tell(
            f"文件中没有写明年度，按 {known.year} 年读取", "如不对请指定年度", TextSpan(1, 0, 0)
        )
        return known.year
    return found
