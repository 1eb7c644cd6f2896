"""Word files (.docx) as a source: paragraphs and tables in order, with Word's own numbering.

Read from the parts themselves and piece by piece, so that a file of any size is read in bounded
memory. Numbers that Word puts before paragraphs are not in their text; they are counted here.
What stands beside the text is told at its paragraph: comments, footnotes, pictures, revisions.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from fsdesk.documents.official.sources.source import DocumentSource, Row, SourceTable
from fsdesk.documents.official.sources.word_numbers import Numbering
from fsdesk.domain.findings import Place, reject
from fsdesk.domain.plan_document import TextSpan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from fsdesk.documents.official.sources.passage import Passage

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_DOCUMENT, _NUMBERS, _STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
# What is written beside the text: by the part that holds it, how it is referred to, and its name.
_BESIDE = {
    "comment": ("word/comments.xml", "commentReference", "批注"),
    "footnote": ("word/footnotes.xml", "footnoteReference", "脚注"),
    "endnote": ("word/endnotes.xml", "endnoteReference", "尾注"),
}
_PICTURES = {"drawing", "pict", "object"}
_REVISED = {"ins", "del", "moveFrom", "moveTo"}
MOST_PART = 24 * 2**20
MOST_ENTRIES = 5000
MOST_CELLS = 20_000
_WRITE_IT_IN = "要采用的，请写进正文后重新读取"
_REMEDY = "请用 WPS 或 Word 打开后另存为 .docx 文件再试"
# Text that stands in a paragraph twice (an older form beside a newer), was deleted, or isn't shown.
_SKIPPED = {
    "del",
    "moveFrom",
    "Fallback",
    "instrText",
    "delText",
    "footnoteReference",
    "rPr",
    "pPr",
}


def read_word(data: bytes, name: str) -> DocumentSource:
    """Take the paragraphs and tables of a .docx file; refused when damaged or far too large."""
    place = Place(file=name)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if len(archive.namelist()) > MOST_ENTRIES:
                raise reject("文件内部条目过多", _REMEDY, place)
            document = _part(archive, _DOCUMENT, place)
            numbering = Numbering(
                _tree(_part(archive, _NUMBERS, place)), _tree(_part(archive, _STYLES, place))
            )
            beside = {
                kind: _notes(_tree(_part(archive, part, place)), kind)
                for kind, (part, *_) in _BESIDE.items()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as problem:
        raise reject("Word 文件已损坏或已加密", _REMEDY, place) from problem
    except ET.ParseError as problem:
        raise reject("Word 文件内部结构已损坏", _REMEDY, place) from problem
    if not document:
        raise reject("不是 Word 文档", _REMEDY, place)
    return _WordBodyReader(DocumentSource(name), numbering, beside).read(document)


def _notes(part: Element | None, kind: str) -> dict[str, str]:
    """Return the texts of comments or notes by their number; rules between notes have none."""
    found: dict[str, str] = {}
    for note in part.iter(f"{W}{kind}") if part is not None else ():
        text = " ".join(" ".join(_text(each) for each in note.iter(f"{W}p")).split())
        if text:
            found[note.get(f"{W}id", "")] = text
    return found


def _part(archive: zipfile.ZipFile, name: str, place: Place) -> bytes:
    """Return a part, in no namespace but the usual one; empty when there is none."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as stream:
        data = stream.read(MOST_PART + 1)
    if len(data) > MOST_PART:
        raise reject(f"展开后超过 {MOST_PART >> 20} MB，不像工作要点", _REMEDY, place)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise reject("文件中有不允许的内容", _REMEDY, place)
    return data.replace(STRICT[1:-1].encode(), W[1:-1].encode())


def _tree(part: bytes) -> Element | None:
    return ET.fromstring(part) if part else None  # noqa: S314 - no entities are left


class _WordBodyReader:
    def __init__(
        self,
        source: DocumentSource,
        numbering: Numbering,
        beside: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._source = source
        self._numbering = numbering
        self._beside = beside
        self._pictures: list[TextSpan] = []
        self._revised: list[TextSpan] = []
        self._tables = 0
        self._paragraphs = 0

    def read(self, document: bytes) -> DocumentSource:
        place = Place(file=self._source.name)
        try:
            for element in _blocks(document):
                self._block(element)
        except (ET.ParseError, RecursionError) as problem:
            raise reject("Word 文件内部结构已损坏", _REMEDY, place) from problem
        if self._pictures:
            told = f"文件中有 {len(self._pictures)} 处图片或图形，其中的文字没有读取"
            self._source.remarks.append((self._pictures[0], told, "其中有任务的，请补成文字"))
        if self._revised:
            told = f"文件中有 {len(self._revised)} 处修订，按接受全部修订后的文字读取"
            self._source.remarks.append((self._revised[0], told, "请核对哪些修订作数"))
        return self._source

    def _look_beside(self, element: Element, first: int) -> None:
        """Note what stands in a paragraph or a row beside the text that was read."""
        line = self._source.lines[first]
        span = TextSpan(line.number, 0, len(line.text))
        for part in element.iter():
            name = part.tag.rpartition("}")[2]
            if name in _PICTURES and part.find(f".//{W}txbxContent") is None:
                self._pictures.append(span)
            elif name == "r" and (words := _written(part)):
                if _is(part, "vanish"):
                    told = f"隐藏的文字“{words}”没有读取"
                    self._source.remarks.append((span, told, _WRITE_IT_IN))
                elif _is(part, "strike") or _is(part, "dstrike"):
                    told = f"带删除线的文字“{words}”照常读取"
                    self._source.remarks.append((span, told, "不要的请删去后重新读取"))
            elif name in _REVISED and part.find(f".//{W}r") is not None:
                self._revised.append(span)
            for kind, (_, reference, word) in _BESIDE.items():
                text = self._beside[kind].get(part.get(f"{W}id", ""), "")
                if name == reference and text:
                    told = f"{word}“{text}”没有读取"
                    self._source.remarks.append((span, told, _WRITE_IT_IN))

    def _block(self, element: Element) -> None:
        if element.tag == f"{W}tbl":
            self._table(element)
            return
        text = _text(element)
        self._paragraphs += 1
        number = self._numbering.next(element) if text.strip() else ""
        shown = number + text if number else text
        lead, first = _bold_lead(element), len(self._source.lines)
        for part in shown.split("\n"):
            self._source.add_paragraph(
                part,
                f"第 {self._paragraphs} 段",
                lead + len(number) if lead else 0,
                self._numbering.heading(element),
            )
            lead = 0
        self._look_beside(element, first)

    def _table(self, element: Element) -> None:
        self._tables += 1
        rows: list[Row] = []
        above: list[Passage] = []
        for count, line in enumerate(_rows(element), start=1):
            texts, joined = _cells(line, self._numbering)
            if sum(len(row.cells) for row in rows) > MOST_CELLS:
                raise reject("表格过大，不像任务分解表", _REMEDY, Place(file=self._source.name))
            cells = self._source.row(texts, f"表格 {self._tables} 第 {count} 行")
            self._look_beside(line, len(self._source.lines) - 1)
            filled = [
                above[at] if at in joined and at < len(above) else cell
                for at, cell in enumerate(cells)
            ]
            rows.append(Row(tuple(filled), frozenset(joined)))
            above = filled
        self._source.blocks.append(SourceTable(tuple(rows)))


def _blocks(document: bytes) -> Iterator[Element]:
    """Yield paragraphs and tables of the body, each freed after its use."""
    depth = 0
    inside = 0
    for event, element in ET.iterparse(BytesIO(document), ("start", "end")):  # noqa: S314
        wanted = element.tag in {f"{W}p", f"{W}tbl"}
        if event == "start":
            depth += 1
            inside += wanted
            continue
        depth -= 1
        inside -= wanted
        if wanted and inside == 0:
            yield element
            element.clear()


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent"}:
            yield from _rows(child)


def _cells(row: Element, numbering: Numbering) -> tuple[list[list[str]], set[int]]:
    """Return the texts of a row by column of the grid, and the columns merged with those above."""
    texts: list[list[str]] = []
    joined: set[int] = set()
    for cell in row.iter(f"{W}tc"):
        properties = cell.find(f"{W}tcPr")
        wide, merged = 1, None
        if properties is not None:
            span = properties.find(f"{W}gridSpan")
            wide = _number(span) if span is not None else 1
            merged = properties.find(f"{W}vMerge")
        if merged is not None and merged.get(f"{W}val", "continue") == "continue":
            joined.update(range(len(texts), len(texts) + wide))
        paragraphs = (
            numbering.next(p) + text for p in cell.iter(f"{W}p") if (text := _text(p)).strip()
        )
        texts.append([part.replace("\n", " ").replace("\t", " ") for part in paragraphs])
        texts += [list[str]() for _ in range(wide - 1)]
    return texts, joined


def _number(element: Element) -> int:
    value = element.get(f"{W}val", "1")
    return min(int(value), 100) if value.isdigit() else 1


def _text(element: Element) -> str:
    """Return the text that a reader sees in a paragraph."""
    found: list[str] = []
    _collect(element, found)
    return "".join(found).strip("\n")


def _collect(element: Element, found: list[str]) -> None:
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            found.append(child.text or "")
        elif name in {"tab", "ptab"}:
            found.append(" ")
        elif name in {"br", "cr"}:
            found.append("\n")
        elif name == "noBreakHyphen":
            found.append("-")
        elif name not in _SKIPPED and not _is(child, "vanish"):
            _collect(child, found)


def _is(run: Element, look: str) -> bool:
    """Tell whether a run looks so by itself: ``vanish`` is text that nobody sees."""
    found = run.find(f"{W}rPr/{W}{look}")
    return found is not None and found.get(f"{W}val") not in {"0", "false"}


def _written(run: Element) -> str:
    return "".join(text.text or "" for text in run.iter(f"{W}t")).strip()


def _bold_lead(paragraph: Element) -> int:
    """Return how many characters at the beginning are bold; 0 when all are, or none."""
    lead = 0
    for run in paragraph.iter(f"{W}r"):
        text = _text(run)
        bold = run.find(f"{W}rPr/{W}b")
        if text.strip() and (bold is None or bold.get(f"{W}val") in {"0", "false"}):
            return lead
        lead += len(text)
    return 0
