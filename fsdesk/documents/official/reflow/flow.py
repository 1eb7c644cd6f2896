"""A document's source as its writer meant it; what was done to it keeps every character's place."""

from __future__ import annotations

from dataclasses import replace

from fsdesk.documents.official.answers.tables import loosened
from fsdesk.documents.official.reflow.characters import FORMAT, cleaned, is_sprinkled
from fsdesk.documents.official.reflow.furniture import furniture
from fsdesk.documents.official.reflow.lines import joined_lines
from fsdesk.documents.official.reflow.text_tables import with_tables
from fsdesk.documents.official.sources.source import DocumentSource, Paragraph, Row, SourceTable


def reflowed(source: DocumentSource) -> DocumentSource:
    """Return a document without what paper and copying did to it.

    Format characters are dropped, gaps between Chinese characters closed, page numbers and running
    heads taken out, and lines joined that were broken. The lines for showing stay as they are.
    """
    sprinkled = is_sprinkled([FORMAT.sub("", line.text) for line in source.lines])
    blocks, told = with_tables(source.blocks)
    blocks = [
        part
        for block in blocks
        for part in (loosened(block) if isinstance(block, SourceTable) else [block])
    ]
    tables = [
        _table(block, sprinkled=sprinkled)
        for block in blocks
        if isinstance(block, SourceTable) and any(len(c) for row in block.rows for c in row.cells)
    ]
    paragraphs = [
        made
        for block in blocks
        if isinstance(block, Paragraph)
        and (made := _paragraph(block, sprinkled=sprinkled)).passage.plain.strip()
    ]
    numbers, heads = furniture(paragraphs, source.pages)
    dropped = {line_of(paragraphs[at]) for at in numbers | heads}
    kept = [p for at, p in enumerate(paragraphs) if at not in numbers | heads]
    joined = joined_lines(source, kept, dropped, {line_of(table) for table in tables})
    ordered = sorted([*joined.paragraphs, *tables], key=line_of)
    return replace(source, blocks=ordered, remarks=[*source.remarks, *told, *joined.doubts])


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
