"""PDF files of pictures that say what they show: title, language, and words for each picture.

matplotlib writes neither language nor structure; both are put into the objects that it writes.
"""

# matplotlib's own annotations are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingParameterType=false
# pyright: reportUnknownParameterType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_pdf import Name, PdfFile, PdfPages, Verbatim

from fsdesk.reports.paper.structure import LANGUAGE

if TYPE_CHECKING:
    from io import BytesIO

_CONTINUED = "（续）"


class TaggedPdf(PdfPages):
    """A PDF whose pages are one picture each; ``words`` say what the first one shows."""

    def __init__(self, file: BytesIO, title: str, words: str, metadata: dict[str, Any]) -> None:
        """Begin a file."""
        super().__init__(file, metadata=metadata)
        said = (words or title, f"{title}{_CONTINUED}")
        self._tagged = _TaggedFile(file, {"Title": title, **metadata}, said)
        self._file = self._tagged

    def _ensure_file(self) -> PdfFile:
        return self._tagged


class _TaggedFile(PdfFile):
    """Marks what is drawn on a page as one picture, and writes the tree that says so."""

    def __init__(self, file: BytesIO, metadata: dict[str, Any], said: tuple[str, str]) -> None:
        self._said, self._open, self._figures = said, False, list[Any]()
        super().__init__(file, metadata=metadata)

    def newPage(self, width: float, height: float) -> None:  # noqa: N802 - matplotlib's name
        super().newPage(width, height)
        self.output(Verbatim(b"/Figure <</MCID 0>> BDC"))
        self._open = True

    def endStream(self) -> None:  # noqa: N802 - matplotlib's name
        if self._open:
            self.output(Verbatim(b"EMC"))
            self._open = False
        super().endStream()

    def writeObject(self, object: Any, contents: Any) -> None:  # noqa: A002, ANN401, N802 - matplotlib's
        kind = contents.get("Type") if isinstance(contents, dict) else None
        name = kind.name if isinstance(kind, Name) else b""
        if name == b"Catalog":
            self._tree, self._document = self.reserveObject("tree"), self.reserveObject("document")
            contents = contents | {
                "Lang": LANGUAGE.encode(),
                "MarkInfo": {"Marked": True},
                "StructTreeRoot": self._tree,
                "ViewerPreferences": {"DisplayDocTitle": True},
            }
        elif name == b"Page":
            contents = contents | {"StructParents": len(self._figures), "Tabs": Name("S")}
            self._figures.append((self.reserveObject("figure"), object))
        super().writeObject(object, contents)

    def finalize(self) -> None:
        self.endStream()
        figures = [figure for figure, _page in self._figures]
        for number, (figure, page) in enumerate(self._figures):
            words = self._said[min(number, 1)]
            told = {"S": Name("Figure"), "P": self._document, "Pg": page, "K": 0, "Alt": words}
            self.writeObject(figure, told)
        self.writeObject(self._document, {"S": Name("Document"), "P": self._tree, "K": figures})
        nums = [part for number, figure in enumerate(figures) for part in (number, [figure])]
        tree = {"Type": Name("StructTreeRoot"), "K": self._document, "ParentTree": {"Nums": nums}}
        self.writeObject(self._tree, tree)
        super().finalize()
