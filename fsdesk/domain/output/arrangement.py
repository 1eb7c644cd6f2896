"""How a table is to be printed: which columns in which order, on what paper, who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.output.pages import Paper, PaperSize

if TYPE_CHECKING:
    from collections.abc import Mapping


class Arrangement(Struct, frozen=True):
    """A layout that the user has chosen, and may keep under a name.

    Attributes:
        name: Under which it is kept; empty for one that is not.
        columns: Titles of the columns in their order; empty for all.
        landscape: Whether the paper's long side lies across.
        section_pages: Whether each text of the first column begins a new page.
        preparer: Who has made the table (制表).
        reviewer: Who has examined it (审核).
    """

    name: str = ""
    columns: tuple[str, ...] = ()
    size: PaperSize = PaperSize.A4
    landscape: bool = True
    section_pages: bool = False
    preparer: str = ""
    reviewer: str = ""

    @property
    def paper(self) -> Paper:
        """The paper as it lies in the printer."""
        return Paper(self.size, self.landscape)


PLAIN = Arrangement()


def to_plain(wanted: Arrangement) -> dict[str, Any]:
    """Return a layout as plain values that JSON can hold."""
    return {
        "name": wanted.name,
        "columns": list(wanted.columns),
        "size": wanted.size.name,
        "landscape": wanted.landscape,
        "section_pages": wanted.section_pages,
        "preparer": wanted.preparer,
        "reviewer": wanted.reviewer,
    }


def from_plain(plain: Mapping[str, Any]) -> Arrangement:
    """Rebuild a layout from `to_plain`; what is missing keeps its default."""
    return Arrangement(
        name=str(plain.get("name", "")),
        columns=tuple(map(str, plain.get("columns", ()))),
        size=PaperSize[str(plain.get("size", PaperSize.A4.name))],
        landscape=bool(plain.get("landscape", True)),
        section_pages=bool(plain.get("section_pages", False)),
        preparer=str(plain.get("preparer", "")),
        reviewer=str(plain.get("reviewer", "")),
    )
