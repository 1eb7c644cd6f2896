"""Every kind of output made and read back as the words that stand on it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from fsdesk.domain.output.kinds import LEDGER, SCORE, YEARS, Form
from fsdesk.domain.output.pages import TextItem
from fsdesk.domain.steps import run_through
from fsdesk.reports.poster import poster_figure
from fsdesk.services.output import bulletin, charts, outputs
from fsdesk.services.output.month_set import LIST
from fsdesk.services.output.outputs import Chosen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fsdesk.domain.output.kinds import OutputKind
    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace

# What a kind that is about one thing is about here.
_ABOUT = {SCORE: "scj", LEDGER: "sampling"}


def words_of(workspace: Workspace, kind: OutputKind, period: Period, folder: Path) -> str:
    """Return all that stands on an output, as it was saved; pictures by what was drawn on them."""
    output = outputs.find(kind.form, kind.kind)
    chosen = Chosen(item=_about(workspace, kind))
    if kind.form is Form.POSTER:
        run(output.save(workspace, period, chosen, folder / "poster.pdf"))
        facts = bulletin.bulletin_facts(workspace, period)
        return _drawn(poster_figure(facts, charts.progress(workspace, period)))
    if kind.form is Form.EVIDENCE_PACK:
        run(output.save(workspace, period, chosen, folder / "pack"))
        return "\n".join(of_file(each) for each in sorted((folder / "pack").rglob("*.xlsx")))
    if kind.form is Form.SET:
        run(output.save(workspace, period, chosen, folder / "set"))
        return (folder / "set" / LIST).read_text(encoding="utf-8-sig")
    ending = ".docx" if kind.form is Form.BULLETIN else ".pdf"
    file = folder / f"{kind.form}-{kind.kind}{ending}"
    run(output.save(workspace, period, chosen, file))
    return of_file(file)


def seen_on(pages: Iterable[PaperPage]) -> str:
    """Return all that stands on pages, without spaces and without the pages' numbers."""
    items = (item for page in pages for item in page.items)
    texts = (item.text for item in items if isinstance(item, TextItem))
    return "".join("".join(text.split()) for text in texts if not text.startswith("— "))


def run(saved: object) -> None:
    """Do long work to its end."""
    if saved is not None and not isinstance(saved, int):
        run_through(saved)


def of_file(file: Path) -> str:
    """Return the words of a file, without the breaks between its lines."""
    if file.suffix == ".pdf":
        return "".join(page.extract_text() for page in PdfReader(file).pages).replace("\n", "")
    if file.suffix == ".docx":
        document = Document(BytesIO(file.read_bytes()))
        cells = (c.text for t in document.tables for row in t.rows for c in row.cells)
        return "\n".join([*(each.text for each in document.paragraphs), *cells])
    sheets = load_workbook(file).worksheets
    cells = (str(c.value) for s in sheets for row in s.iter_rows() for c in row if c.value)
    return "\n".join(cells)


def _about(workspace: Workspace, kind: OutputKind) -> str:
    if kind.form is Form.LETTER:
        return next((code for _, code in outputs.find(kind.form, kind.kind).items.found(workspace)))
    return _ABOUT.get(kind.kind, "")


def _drawn(figure: object) -> str:
    from matplotlib.text import Text

    found: Iterable[Text] = figure.findobj(Text)
    return "\n".join(text.get_text() for text in found)


# Without last year's figures there is nothing to compare.
NEEDS_LAST_YEAR = (Form.CHART, YEARS)
