"""OFD files (GB/T 33190) as a source: a zip of XML, each page with its characters' places."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from fsdesk.documents.official.sources.pages import SCAN, Glyph, LaidOutPage, add_pages
from fsdesk.documents.official.sources.source import DocumentSource
from fsdesk.domain.findings import Place, reject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

ROOT = "OFD.xml"
MOST_PART = 24 * 2**20
MOST_PAGES = 400
MOST_CHARACTERS = 1_000_000
_LEAST_CHARACTERS = 20
# How much of a character stands above its base line.
_ABOVE = 0.88
_A4 = (0.0, 0.0, 210.0, 297.0)
_UPRIGHT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_REMEDY = "请用 OFD 阅读软件或 WPS 打开后转成 .docx 再读取"


def read_ofd(data: bytes, name: str) -> DocumentSource:
    """Take the lines of an OFD file, page by page; refused when damaged, encrypted, or a scan."""
    place = Place(file=name)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            pages = _Package(archive, place).pages()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as problem:
        raise reject("OFD 文件已损坏或已加密", _REMEDY, place) from problem
    except (ET.ParseError, ValueError) as problem:
        raise reject("OFD 文件内部结构已损坏或已加密", _REMEDY, place) from problem
    count = sum(len(page.glyphs) for page in pages)
    if count < _LEAST_CHARACTERS:
        raise reject("OFD 文件是扫描件，只有图片，没有文字", SCAN, place)
    if count > MOST_CHARACTERS:
        raise reject("OFD 文件的文字过多，不像工作要点", _REMEDY, place)
    source = DocumentSource(name)
    add_pages(source, pages)
    return source


class _Package:
    """The parts of a file, found by the paths that they give each other."""

    def __init__(self, archive: zipfile.ZipFile, place: Place) -> None:
        self._archive = archive
        self._place = place
        self._names = {name.lower(): name for name in archive.namelist()}

    def pages(self) -> list[LaidOutPage]:
        """Return the pages of all documents in the file."""
        found: list[LaidOutPage] = []
        for root in _texts(self._part(ROOT), "DocRoot"):
            path = _joined(ROOT, root)
            document = self._part(path)
            templates = {
                one.get("ID", ""): _joined(path, one.get("BaseLoc", ""))
                for one in _all(document, "TemplatePage")
            }
            size = next((_numbers(text) for text in _texts(document, "PhysicalBox")), _A4)
            notes = self._notes(path, document)
            for page in _all(document, "Page"):
                if len(found) == MOST_PAGES:
                    raise reject(f"文件超过 {MOST_PAGES} 页，不像工作要点", _REMEDY, self._place)
                place = _joined(path, page.get("BaseLoc", ""))
                found.append(self._page(place, templates, size))
                found[-1].notes += notes.get(page.get("ID", ""), [])
        return found

    def _notes(self, path: str, document: Element) -> dict[str, list[str]]:
        """Return what readers of the file wrote on its pages, by the pages' own numbers."""
        found: dict[str, list[str]] = {}
        for listed in _texts(document, "Annotations"):
            where = _joined(path, listed)
            for page in _all(self._part(where), "Page"):
                for file in _texts(page, "FileLoc"):
                    texts = _texts(self._part(_joined(where, file)), "Remark")
                    found.setdefault(page.get("PageID", ""), []).extend(filter(None, texts))
        return found

    def _page(self, path: str, templates: dict[str, str], size: tuple[float, ...]) -> LaidOutPage:
        content = self._part(path)
        under = [
            self._part(templates[one.get("TemplateID", "")])
            for one in _all(content, "Template")
            if one.get("TemplateID", "") in templates
        ]
        glyphs = (
            glyph
            for part in (*under, content)
            for one in _all(part, "TextObject")
            for glyph in _glyphs(one)
        )
        found = LaidOutPage(list(glyphs))
        area = next((_numbers(text) for text in _texts(content, "PhysicalBox")), size)
        for picture in _all(content, "ImageObject"):
            left, top, wide, high = _numbers(picture.get("Boundary"))
            found.add_picture((left, top, left + wide, top + high), area[2] * area[3])
        return found

    def _part(self, path: str) -> Element:
        name = self._names.get(path.lower())
        if name is None:
            raise reject("OFD 文件内部缺少内容", _REMEDY, self._place)
        with self._archive.open(name) as stream:
            data = stream.read(MOST_PART + 1)
        if len(data) > MOST_PART:
            size = MOST_PART >> 20
            raise reject(f"展开后超过 {size} MB，不像工作要点", _REMEDY, self._place)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise reject("文件中有不允许的内容", _REMEDY, self._place)
        return ET.fromstring(data)  # noqa: S314 - no entities are left


def _joined(base: str, path: str) -> str:
    """Return where a path leads that stands in a part; one with a slash begins at the top."""
    if path.startswith("/"):
        return path.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))


def _all(element: Element, name: str) -> Iterator[Element]:
    return (one for one in element.iter() if one.tag.rpartition("}")[2] == name)


def _texts(element: Element, name: str) -> list[str]:
    return [one.text.strip() for one in _all(element, name) if one.text]


def _glyphs(element: Element) -> Iterator[Glyph]:
    """Yield the characters of a text object that stands upright."""
    box = _numbers(element.get("Boundary"))
    turn = _numbers(element.get("CTM")) or _UPRIGHT
    if len(box) < len("xy") or len(turn) < len(_UPRIGHT) or turn[1] or turn[2]:
        return
    size = float(element.get("Size") or 0) * abs(turn[3])
    for code in _all(element, "TextCode"):
        x, y = float(code.get("X") or 0), float(code.get("Y") or 0)
        steps = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        for at, character in enumerate((code.text or "").strip("\n")):
            left = box[0] + turn[0] * x + turn[4]
            line = box[1] + turn[3] * y + turn[5]
            wide = size * abs(turn[0] / turn[3]) * (0.5 if character.isascii() else 1)
            top = line - size * _ABOVE
            yield Glyph(character, left, top, left + wide, top + size)
            x += steps[0][at] if at < len(steps[0]) else 0
            y += steps[1][at] if at < len(steps[1]) else 0


def _deltas(text: str | None) -> Sequence[float]:
    """Return the steps between characters; ``g 5 3.5`` stands for five of 3.5."""
    found: list[float] = []
    words = iter((text or "").split())
    for word in words:
        if word == "g":
            count, step = int(next(words, "0")), float(next(words, "0"))
            found += [step] * min(count, MOST_CHARACTERS)
        else:
            found.append(float(word))
    return found


def _numbers(text: str | None) -> tuple[float, ...]:
    return tuple(float(word) for word in (text or "").split())
