"""The documents of the corpus as files: text in its encoding, Word and Excel files built here.

A source of a Word file holds one paragraph a line. ``[0] `` before a paragraph gives it Word's own
numbering of that level, which isn't in the text; ``**…**`` is bold. A line of cells between ``|``
is a row of a table; ``^`` is merged with the cell above and ``<`` with the one on the left.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl import Workbook

CORPUS = Path(__file__).parent / "corpus"
LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
FIRST_OWN_NUMBER = 77


def sources():
    """Return the documents of the corpus by name."""
    return sorted(CORPUS.glob("*.txt"))


def built(source: Path) -> tuple[str, bytes]:
    """Return the name and the bytes of the file that a source describes."""
    text = source.read_text(encoding="utf-8")
    stem = source.name.removesuffix(".txt")
    if stem.endswith(".docx"):
        return stem, word_file(text)
    if stem.endswith(".xlsx"):
        return stem, excel_file(text)
    if stem.endswith(".gb18030"):
        return source.name, text.replace("\n", "\r\n").encode("gb18030")
    if stem.endswith(".utf16"):
        return source.name, text.encode("utf-16")
    return source.name, text.encode("utf-8")


def word_file(text: str) -> bytes:
    document = Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for at, (form, pattern) in enumerate(LEVELS)
    )
    number = FIRST_OWN_NUMBER
    shape = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{levels}</w:abstractNum>'
    used = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    numbering.insert(0, parse_xml(shape))
    numbering.append(parse_xml(used))
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(cells_of(line))
            continue
        if rows:
            table_in(document, rows)
            rows = []
        paragraph_in(document, line)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def paragraph_in(document, line):
    level = re.match(r"\[(\d)\] ", line)
    paragraph = document.add_paragraph()
    if level:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().set(qn("w:val"), level[1])
        properties.get_or_add_numId().set(qn("w:val"), str(FIRST_OWN_NUMBER))
        line = line[level.end() :]
    for part in re.split(r"(\*\*.*?\*\*)", line):
        run = paragraph.add_run(part.strip("*"))
        run.bold = part.startswith("**")


def table_in(document, rows):
    table = document.add_table(len(rows), len(rows[0]), "Table Grid")
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text == "^":
                table.cell(row - 1, column).merge(table.cell(row, column))
            elif text == "<":
                table.cell(row, column - 1).merge(table.cell(row, column))
            else:
                table.cell(row, column).text = text


def excel_file(text: str) -> bytes:
    book = Workbook()
    sheet = book.active
    rows = [cells_of(line) for line in text.splitlines() if line.startswith("|")]
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells, start=1):
            if value not in {"^", "<", ""}:
                sheet.cell(row, column, value)
    for row, column, down, right in merged(rows):
        sheet.merge_cells(
            start_row=row + 1, start_column=column + 1, end_row=down + 1, end_column=right + 1
        )
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def merged(rows):
    """Yield the merged areas of a table as top, left, bottom, right."""
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text in {"^", "<"}:
                continue
            down, right = row, column
            while down + 1 < len(rows) and rows[down + 1][column] == "^":
                down += 1
            while right + 1 < len(cells) and cells[right + 1] == "<":
                right += 1
            if (down, right) != (row, column):
                yield row, column, down, right


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
