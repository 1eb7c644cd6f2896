"""Web pages, and what programs lay on the clipboard beside the text: HTML as a source."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.sources.source import DocumentSource, Row, SourceTable
from fsdesk.documents.official.sources.text import decode
from fsdesk.domain.findings import Place, reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.sources.passage import Passage

MOST_CHARACTERS = 20_000_000
MOST_CELLS = 20_000
_MOST_SPAN = 100
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl"),
    *("dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
    *("hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td"),
    *("tfoot", "th", "thead", "tr", "ul"),
}
_SKIPPED = {"script", "style", "head", "noscript", "select", "textarea", "button", "template"}
_BOLD = {"b", "strong"}
_GAP = re.compile(r"[ \t\r\n\f]+")
_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*)<!--\s*EndFragment\s*-->", re.DOTALL)
_REMEDY = "请改为粘贴文字，或保存为 .docx 文件再读取"


def read_web(html: str, name: str) -> DocumentSource:
    """Take the paragraphs and tables of HTML; refused when far too large."""
    if len(html) > MOST_CHARACTERS:
        raise reject("网页内容过大，不像工作要点", _REMEDY, Place(file=name))
    fragment = _FRAGMENT.search(html)
    reader = _WebReader(DocumentSource(name))
    reader.feed(fragment[1] if fragment else html)
    reader.close()
    return reader.finish()


def read_web_archive(data: bytes, name: str) -> DocumentSource:
    """Take the page of a file in which a browser keeps it with its pictures (.mht)."""
    archive = message_from_bytes(data, policy=policy.default)
    page = next((part for part in archive.walk() if part.get_content_type() == "text/html"), None)
    content = page.get_payload(decode=True) if page else None
    if not isinstance(content, bytes) or not content.strip():
        raise reject("网页文件中没有网页内容", _REMEDY, Place(file=name))
    return read_web(decode(content, name), name)


class _Cell(Struct):
    """A cell while it is read: its paragraphs, and over how many columns and rows it goes."""

    wide: int = 1
    high: int = 1
    parts: list[str] = field(default_factory=list[str])


class _Table(Struct):
    """A table while it is read.

    Attributes:
        nested: Whether another table stands in it, so that it only lays out the page.
    """

    rows: list[list[_Cell]] = field(default_factory=list[list[_Cell]])
    nested: bool = False


class _WebReader(HTMLParser):
    def __init__(self, source: DocumentSource) -> None:
        super().__init__(convert_charrefs=True)
        self._source = source
        self._text = ""
        self._lead = 0
        self._plain_seen = False
        self._bold = 0
        self._skipped = 0
        self._tables: list[_Table] = []
        self._counts: list[int] = []
        self._tables_read = 0

    def finish(self) -> DocumentSource:
        """Return what was read; tables that were not closed count as far as they go."""
        self._end_paragraph()
        while self._tables:
            self._end_table()
        return self._source

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a row, a cell, or bold text."""
        if tag in _SKIPPED:
            self._skipped += 1
        elif tag == "br":
            self._end_paragraph()
        elif tag in _BOLD:
            self._bold += 1
        elif tag in _BLOCKS:
            self._end_paragraph()
            self._begin_block(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """End what was begun; what was never begun is passed over."""
        if tag in _SKIPPED:
            self._skipped = max(self._skipped - 1, 0)
        elif tag in _BOLD:
            self._bold = max(self._bold - 1, 0)
        elif tag in _BLOCKS:
            self._end_paragraph()
            if tag == "table" and self._tables:
                self._end_table()
            elif tag in {"ol", "ul"} and self._counts:
                self._counts.pop()

    def handle_data(self, data: str) -> None:
        """Take text; the breaks of the HTML's own lines are gaps."""
        if self._skipped:
            return
        text = _GAP.sub(" ", data)
        if not self._text:
            text = text.lstrip(" ")
        if text and not self._bold and text.strip():
            self._plain_seen = True
        self._text += text
        if not self._plain_seen:
            self._lead = len(self._text)

    def _begin_block(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "table":
            if self._tables:
                self._lay_out(self._tables[-1])
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag in {"td", "th"} and self._tables:
            table = self._tables[-1]
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(
                _Cell(_count(attributes.get("colspan")), _count(attributes.get("rowspan")))
            )
        elif tag in {"ol", "ul"}:
            start = attributes.get("start") or "1"
            counted = tag == "ol" and attributes.get("type", "1") == "1"
            self._counts.append(int(start) if counted and start.isdigit() else -1 - (not counted))
        elif tag == "li" and self._counts and self._counts[-1] > 0:
            self._text = f"{self._counts[-1]}."
            self._counts[-1] += 1

    def _end_paragraph(self) -> None:
        text = self._text.rstrip(" ")
        lead = self._lead if self._plain_seen and self._lead < len(text) else 0
        self._text, self._lead, self._plain_seen = "", 0, False
        if not text.strip():
            return
        if self._tables and not self._tables[-1].nested:
            table = self._tables[-1]
            if not table.rows or not table.rows[-1]:
                table.rows.append([_Cell()])
            table.rows[-1][-1].parts.append(text.replace("\t", " "))
        else:
            self._add(text, lead)

    def _add(self, text: str, lead: int = 0) -> None:
        self._source.add_paragraph(text, f"第 {len(self._source.lines) + 1} 段", lead)

    def _lay_out(self, table: _Table) -> None:
        """Give out what stands in a table that only lays out the page: another one begins in it."""
        table.nested = True
        for part in (part for row in table.rows for cell in row for part in cell.parts):
            self._add(part)
        table.rows.clear()

    def _end_table(self) -> None:
        table = self._tables.pop()
        if table.nested:
            return
        self._tables_read += 1
        grid = _Grid(self._source, self._tables_read)
        for row in table.rows:
            grid.add(row)
        self._source.blocks.append(SourceTable(tuple(grid.rows)))


class _Grid:
    """Puts the cells of a table into their columns, those of merged rows into each of them."""

    def __init__(self, source: DocumentSource, number: int) -> None:
        self.rows: list[Row] = []
        self._source = source
        self._number = number
        self._down: dict[int, int] = {}
        self._above: Sequence[Passage] = ()
        self._cells = 0

    def add(self, cells: Sequence[_Cell]) -> None:
        """Add a row."""
        texts: list[list[str]] = []
        joined: set[int] = set()
        waiting = list(cells)
        while waiting or any(at >= len(texts) for at in self._down):
            at = len(texts)
            if at in self._down:
                joined.add(at)
                texts.append([])
                self._down[at] -= 1
                if not self._down[at]:
                    del self._down[at]
                continue
            cell = waiting.pop(0) if waiting else _Cell()
            texts += [cell.parts, *([[]] * (cell.wide - 1))]
            for column in range(at, at + cell.wide):
                if cell.high > 1:
                    self._down[column] = cell.high
            for column in range(at, at + cell.wide):
                if column in self._down:
                    self._down[column] -= 1
        self._cells += len(texts)
        if self._cells > MOST_CELLS:
            raise reject("表格过大，不像任务分解表", _REMEDY, Place(file=self._source.name))
        made = self._source.row(texts, f"表格 {self._number} 第 {len(self.rows) + 1} 行")
        filled = tuple(
            self._above[at] if at in joined and at < len(self._above) else cell
            for at, cell in enumerate(made)
        )
        self.rows.append(Row(filled, frozenset(joined)))
        self._above = filled


def _count(value: str | None) -> int:
    return min(max(int(value), 1), _MOST_SPAN) if value and value.isdigit() else 1
