"""A document's source as its writer meant it; what was done to it keeps every character's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.documents.official.answers.columns import find_header
from fsdesk.documents.official.answers.names import is_bare_name
from fsdesk.documents.official.answers.tables import loosened
from fsdesk.documents.official.reflow.characters import FORMAT, cleaned, is_sprinkled
from fsdesk.documents.official.reflow.furniture import furniture
from fsdesk.documents.official.reflow.going_on import QUANTITY
from fsdesk.documents.official.reflow.lines import joined_lines
from fsdesk.documents.official.reflow.text_tables import Block, Remark, with_tables
from fsdesk.documents.official.sources.source import DocumentSource, Paragraph, Row, SourceTable

if TYPE_CHECKING:
    from collections.abc import Sequence


def reflowed(source: DocumentSource) -> DocumentSource:
    """Return a document without what paper and copying did to it.

    Format characters are dropped, gaps between Chinese characters closed, page numbers and running
    heads taken out, and lines joined that were broken. The lines for showing stay as they are.
    """
    sprinkled = is_sprinkled([FORMAT.sub("", line.text) for line in source.lines])
    blocks, told = with_tables(source.blocks)
    blocks = [
        b if isinstance(b, SourceTable) else _paragraph(b, sprinkled=sprinkled) for b in blocks
    ]
    blocks, dropped = _without_furniture(blocks, source.pages)
    tables: list[SourceTable] = []
    paragraphs: list[Paragraph] = []
    for block in _over_pages(blocks) if source.pages else blocks:
        if isinstance(block, Paragraph):
            paragraphs.append(block)
            continue
        for part in loosened(block):
            if isinstance(part, SourceTable):
                tables.append(_table(part, sprinkled=sprinkled))
            else:
                paragraphs.append(_paragraph(part, sprinkled=sprinkled))
        told += _unread(block)
    joined = joined_lines(source, paragraphs, dropped, {line_of(table) for table in tables})
    ordered = sorted([*joined.paragraphs, *tables], key=line_of)
    remarks = [*source.remarks, *told, *joined.doubts]
    return replace(source, blocks=ordered, remarks=remarks, seams=joined.seams)


def _without_furniture(
    blocks: Sequence[Block], pages: Sequence[int]
) -> tuple[list[Block], set[int]]:
    """Return what is left without page numbers and running heads, and the lines of these."""
    shown = [block for block in blocks if isinstance(block, SourceTable) or not _is_empty(block)]
    paragraphs = [block for block in shown if isinstance(block, Paragraph)]
    numbers, heads = furniture(paragraphs, pages)
    dropped = {line_of(paragraphs[at]) for at in numbers | heads}
    kept = [b for b in shown if isinstance(b, SourceTable) or line_of(b) not in dropped]
    return kept, dropped


def _is_empty(paragraph: Paragraph) -> bool:
    return not paragraph.passage.plain.strip()


def _over_pages(blocks: Sequence[Block]) -> list[Block]:
    """Put the parts of a table together that pages cut in two."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if (
            isinstance(before, SourceTable)
            and isinstance(block, SourceTable)
            and len(before.rows[0].cells) == len(block.rows[0].cells)
            and _header(block) in {(), _header(before)}
        ):
            found[-1] = SourceTable((*before.rows, *block.rows), before.title)
        else:
            found.append(block)
    return found


def _header(table: SourceTable) -> tuple[str, ...]:
    found = find_header(table)
    return found.texts if found else ()


def _unread(table: SourceTable) -> list[Remark]:
    """Tell a table that can't be read as one of tasks, though it names numbers or units."""
    if find_header(table) is not None:
        return []
    cells = [cell for row in table.rows for cell in row.cells if len(cell)]
    read = {part.passage.span() for part in loosened(table) if isinstance(part, Paragraph)}
    left = [cell for cell in cells if cell.span() not in read]
    if not any(QUANTITY.search(cell.plain) or is_bare_name(cell.plain.strip()) for cell in left):
        return []
    return [(left[0].span(), "这张表认不出表头，没有列为任务", "如有任务请在计划中补上")]


def line_of(block: Paragraph | SourceTable) -> int:
    """Return the number of the line with which a block begins."""
    if isinstance(block, Paragraph):
        return block.passage.pieces[0].line
    return next(cell.pieces[0].line for row in block.rows for cell in row.cells if len(cell))


def _paragraph(block: Paragraph, *, sprinkled: bool) -> Paragraph:
    found = cleaned(block.passage, sprinkled=sprinkled)
    if found is block.passage:
        return block
    lead = len(cleaned(block.passage.slice(0, block.lead), sprinkled=sprinkled))
    return Paragraph(found, lead, block.level)


def _table(table: SourceTable, *, sprinkled: bool) -> SourceTable:
    rows = (
        Row(tuple(cleaned(cell, sprinkled=sprinkled) for cell in row.cells), row.repeated)
        for row in table.rows
    )
    return SourceTable(tuple(rows), table.title)
