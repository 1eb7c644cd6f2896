"""What the parts of a document are (tagged PDF), so that it can be read aloud and taken apart.

Pages say of each text which part it belongs to. From that the tree is made that PDF keeps beside
what is drawn: title, headings, paragraphs, tables with rows and cells, pictures with words.
"""

# reportlab carries no annotations.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from itertools import count, groupby
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from fsdesk.domain.output.pages import Part, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportlab.pdfgen.canvas import Canvas

LANGUAGE = "zh-CN"
_CELLS = (Role.HEAD_CELL, Role.CELL)
_Key = tuple[int, tuple[int, int] | None]


class _Element(Struct):
    """A node of the tree.

    Attributes:
        kind: PDF's name of what it is.
        marks: Where its texts are: page and number on it.
    """

    kind: str
    part: Part | None = None
    marks: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    kids: list[_Element] = field(default_factory=list["_Element"])


class Structure(Struct):
    """The parts of a document, noted while its pages are drawn."""

    _found: dict[_Key, _Element] = field(default_factory=dict[_Key, _Element])
    _pages: list[list[_Element]] = field(default_factory=list[list[_Element]])

    def begin_page(self) -> None:
        """Begin the next page."""
        self._pages.append([])

    def mark(self, part: Part) -> str:
        """Note that something of a part is drawn next; return the operator that says so."""
        key = (part.number, part.cell)
        element = self._found.setdefault(key, _Element(part.role, part))
        here = self._pages[-1]
        element.marks.append((len(self._pages) - 1, len(here)))
        here.append(element)
        return f"/{part.role} <</MCID {len(here) - 1}>> BDC"

    def put_into(self, canvas: Canvas, pages: Sequence[str]) -> None:
        """Write the tree into a file whose pages have been drawn; ``pages`` are their names."""
        from reportlab.pdfbase import pdfdoc

        _Writer(canvas, pages).write(list(self._tree()), self._pages)
        catalog: Any = document_of(canvas).Catalog
        catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})

    def _tree(self) -> Iterator[_Element]:
        """Yield the parts in the order of reading, the cells of a table below it and its rows."""
        ordered = sorted(self._found.items(), key=lambda found: (found[0][0], found[0][1] or ()))
        for _, some in groupby(ordered, key=lambda found: found[0][0]):
            elements = [element for _, element in some]
            if elements[0].kind not in _CELLS:
                yield from elements
                continue
            rows = groupby(elements, key=lambda each: each.part and (each.part.cell or (0, 0))[0])
            yield _Element("Table", kids=[_Element("TR", kids=list(cells)) for _, cells in rows])


def document_of(canvas: Canvas) -> Any:  # noqa: ANN401 - reportlab has no types
    """Return the objects of the file that a canvas writes; reportlab has no public way to them."""
    return canvas._doc  # noqa: SLF001  # pyright: ignore[reportAttributeAccessIssue]


class _Writer:
    """Turns the tree into objects of a PDF."""

    def __init__(self, canvas: Canvas, pages: Sequence[str]) -> None:
        self._document = document_of(canvas)
        self._pages = pages
        self._numbers = count()
        self._names: dict[int, str] = {}

    def write(self, tree: Sequence[_Element], marked: Sequence[Sequence[_Element]]) -> None:
        from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName

        top = _Element("Document", kids=list(tree))
        self._put(top, "structure")
        parents: list[Any] = []
        for number, elements in enumerate(marked):
            refs = [self._ref(self._names[id(element)]) for element in elements]
            parents += [number, PDFArray(refs)]
            page: Any = self._document.idToObject[self._pages[number]]
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = number, PDFName("S")
        root = PDFDictionary({
            "Type": PDFName("StructTreeRoot"),
            "K": self._ref(self._names[id(top)]),
            "ParentTree": PDFDictionary({"Nums": PDFArray(parents)}),
        })  # fmt: skip
        self._document.Reference(root, "structure")
        self._document.Catalog.StructTreeRoot = self._ref("structure")

    def _ref(self, name: str) -> Any:  # noqa: ANN401 - reportlab has no types
        from reportlab.pdfbase.pdfdoc import PDFObjectReference

        return PDFObjectReference(name)

    def _put(self, element: _Element, parent: str) -> str:
        """Write an element with all below it; return its name in the file."""
        from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName

        name = f"part{next(self._numbers)}"
        self._names[id(element)] = name
        kids: list[Any] = [self._ref(self._put(kid, name)) for kid in element.kids]
        told: dict[str, Any] = {
            "S": PDFName(element.kind),
            "P": self._ref(parent),
        }
        if element.marks:
            own = element.marks[0][0]
            told["Pg"] = self._ref(self._pages[own])
            kids = [self._mark(page, number, own) for page, number in element.marks]
        told["K"] = PDFArray(kids) if len(kids) != 1 else kids[0]
        told |= _attributes(element.part)
        self._document.Reference(PDFDictionary(told), name)
        return name

    def _mark(self, page: int, number: int, own: int) -> Any:  # noqa: ANN401 - reportlab has no types
        from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName

        if page == own:
            return number
        return PDFDictionary(
            {"Type": PDFName("MCR"), "Pg": self._ref(self._pages[page]), "MCID": number}
        )


def _attributes(part: Part | None) -> dict[str, Any]:
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFString

    if part is None:
        return {}
    told: dict[str, Any] = {"Alt": PDFString(part.words)} if part.words else {}
    table: dict[str, Any] = {
        name: number
        for name, number in zip(("RowSpan", "ColSpan"), part.span, strict=True)
        if number > 1
    }
    if part.role is Role.HEAD_CELL:
        table["Scope"] = PDFName("Column")
    if table:
        told["A"] = PDFDictionary({"O": PDFName("Table"), **table})
    return told
