"""What a Word file says, as simple HTML: for a look before it is opened in Word."""

# python-docx has no public way to the order of paragraphs, tables and pictures.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false

from __future__ import annotations

import base64
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

_ALIGN = {WD_ALIGN_PARAGRAPH.CENTER: "center", WD_ALIGN_PARAGRAPH.RIGHT: "right"}
_LARGE, _TITLE = 30, 18


def preview_html(data: bytes) -> str:
    """Return the paragraphs, tables and pictures of a Word file in their order.

    Sizes and fonts are only hinted at; the file itself is what counts.
    """
    document = Document(BytesIO(data))
    parts: list[str] = []
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            parts.append(_table(item))
            continue
        align = "left" if item.alignment is None else _ALIGN.get(item.alignment, "left")
        text = escape(item.text).replace("\t", "&emsp;&emsp;")
        inside = "".join(_pictures(document, item)) or text or "&nbsp;"
        parts.append(f'<p align="{align}" style="{_style(item)}">{inside}</p>')
    return "".join(parts)


def _style(item: Paragraph) -> str:
    run = item.runs[0] if item.runs else None
    points = run.font.size.pt if run is not None and run.font.size is not None else 0.0
    size = 26 if points >= _LARGE else 19 if points >= _TITLE else 15
    colour = run.font.color.rgb if run is not None else None
    indent = 30 if item.paragraph_format.first_line_indent else 0
    red = f"color:#{colour};" if colour is not None else ""
    return f"font-size:{size}px;{red}text-indent:{indent}px;margin:5px 0;line-height:150%"


def _pictures(document: WordDocument, item: Paragraph) -> list[str]:
    found: list[str] = []
    for blip in item._p.iter(qn("a:blip")):  # noqa: SLF001 - no public way to pictures
        part = document.part.related_parts[blip.get(qn("r:embed"))]
        picture = base64.b64encode(part.blob).decode()
        found.append(f'<img width="600" src="data:image/png;base64,{picture}">')
    return found


def _table(table: Table) -> str:
    rows: list[str] = []
    for number, row in enumerate(table.rows):
        tag = "td" if number else "th"
        cells = (f'<{tag} align="center">{escape(cell.text)}</{tag}>' for cell in row.cells)
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        '<table border="1" cellspacing="0" cellpadding="4" width="100%" '
        f'style="font-size:13px">{"".join(rows)}</table>'
    )
