"""Papers as they were issued: what is kept of each, and how it is shown, printed and saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.output.issued_papers import CONTENT, PDF
from fsdesk.domain.output.pages import SCREEN_DOTS
from fsdesk.domain.plain import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.output.issued_papers import IssuedPaper
    from fsdesk.domain.output.pages import PaperPage


# Said of what was published and not kept: by an earlier program, or as there was nothing to show.
NOT_KEPT = "本件发布时没有留存原件，现按发布的数字重新生成。"


class KeptPaper(Struct, frozen=True):
    """A paper as it was issued; preview, printer and files are all of this one."""

    paper: IssuedPaper

    @property
    def told(self) -> Mapping[str, Any]:
        """What was noted of it when it was kept."""
        return json.loads(self.paper.parts[CONTENT])

    def pages(self, dots: int = SCREEN_DOTS) -> tuple[PaperPage, ...]:
        """Return the pages of its PDF, for preview and printer: with the fonts that are in it."""
        from fsdesk.reports.paper.kept_pdf import pdf_pages

        return pdf_pages(self.paper.parts[PDF], dots)

    def file(self, ending: str) -> bytes:
        """Return it as a file of a kind."""
        return self.paper.parts[ending]

    @property
    def since(self) -> str:
        """In words: since when it stands as it does, and which fonts it lacks."""
        fonts = self.told.get("fonts", {})  # earlier programs did not note them
        missing = "、".join(fonts.get("missing", ()))
        told = f"留存时用自带的字体代替{missing}。" if missing else ""
        return f"{self.paper.kept.remark}{told}"


def parts_of(
    pages: Sequence[PaperPage], title: str, files: Mapping[str, bytes], **told: object
) -> Mapping[str, bytes]:
    """Return all that is kept of a paper that is laid out: what it says, and its files.

    `title`: what the PDF is called.
    `files`: the others, by their endings.
    """
    from fsdesk.reports.paper.fonts import missing_fonts
    from fsdesk.reports.paper.pdf import pdf_bytes

    content = {**told, "fonts": {"missing": list(missing_fonts())}}
    return {CONTENT: canonical(content).encode(), PDF: pdf_bytes(pages, title), **files}
