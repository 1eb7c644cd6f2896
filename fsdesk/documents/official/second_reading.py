"""A second reading of the places where nothing but the words tells whether a line goes on.

Paper, mail programs and people break lines anywhere: within a name, a bracket, a number, a title.
Each break that could be read otherwise is read otherwise, together with the part of the document
around it. Where other tasks come of that, or other units that answer for them, the place is told.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.draft import DocumentDraft
from fsdesk.documents.official.front import read_front
from fsdesk.documents.official.lines.marks import mark_of_level, read_mark
from fsdesk.documents.official.outline import read_outline
from fsdesk.documents.official.reflow.line import put_together
from fsdesk.documents.official.sources.passage import Passage
from fsdesk.documents.official.sources.source import Paragraph
from fsdesk.documents.official.tree import grow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.sources.source import DocumentSource, Seam

# How many paragraphs around a break are read again, and how many characters in all: a document of
# any length is read in seconds. What is long itself leaves less time for a second reading.
_AROUND = 40
_MOST, _LEAST = 150_000, 30_000
_LESS_FOR_EACH = 0.25
_SAID = {
    True: "这一行已接着上一行读取，分开读会得出不同的任务",
    False: "这一行已与上一行分开读取，接着读会得出不同的任务",
}
_NOT_COMPARED = {
    True: "文件很长，这一行已接着上一行读取，没有对照分开读的结果",
    False: "文件很长，这一行已与上一行分开读取，没有对照接着读的结果",
}
_REMEDY = "请核对这一处的断行，以及前后的任务和责任单位"
_Facts = tuple[object, ...]


def compare_readings(source: DocumentSource, draft: DocumentDraft) -> None:
    """Tell each unsure line break of a document at which the other reading gives other tasks.

    Those that are too many to be compared are told, too, and that they weren't.
    """
    if not source.seams:
        return
    told = {span.line for span, *_ in source.remarks}
    document = _Document([block for block in source.blocks if isinstance(block, Paragraph)])
    for seam in source.seams:
        lines = {seam.span.line - 1, seam.span.line}
        if not lines.isdisjoint(told) or not document.holds(seam):
            continue
        if document.is_read_enough:
            draft.warn(_NOT_COMPARED[seam.joined], _REMEDY, seam.span)
        elif document.differs(seam):
            draft.warn(_SAID[seam.joined], _REMEDY, seam.span)


class _Document(Struct, dict=True):
    """The paragraphs of a document, read by the parts in which they stand."""

    paragraphs: Sequence[Paragraph]
    _read: int = 0
    _known: dict[tuple[int, int], _Facts] = field(default_factory=dict["tuple[int, int]", _Facts])

    def holds(self, seam: Seam) -> bool:
        """Tell whether a break is one between or within the paragraphs."""
        return (seam.span.line, seam.span.start) in self._places

    @property
    def is_read_enough(self) -> bool:
        """Whether no more of the document may be read a second time."""
        return self._read > self._most

    def differs(self, seam: Seam) -> bool:
        """Tell whether a document says something else when a break is read the other way."""
        at = self._places[seam.span.line, seam.span.start]
        first, last = self._part(at)
        as_read = self.paragraphs[first:last]
        turned = [*as_read]
        if seam.joined:
            turned[at - first : at - first + 1] = _parted(turned[at - first], seam)
        elif at > first:
            turned[at - first - 1 : at - first + 1] = [put_together(*turned[at - first - 1 :][:2])]
        if (first, last) not in self._known:
            self._known[first, last] = self._facts(as_read)
        return self._known[first, last] != self._facts(turned)

    @cached_property
    def _most(self) -> float:
        """How many characters may be read a second time."""
        length = sum(len(paragraph.passage) for paragraph in self.paragraphs)
        return max(_MOST - max(length - _MOST, 0) * _LESS_FOR_EACH, _LEAST)

    @cached_property
    def _places(self) -> dict[tuple[int, int], int]:
        """Which paragraph holds the stretch of a line that begins at a place."""
        return {
            (piece.line, piece.start): at
            for at, paragraph in enumerate(self.paragraphs)
            for piece in paragraph.passage.pieces
        }

    @cached_property
    def _heads(self) -> list[int]:
        """Which paragraphs begin a part: those under the highest marks."""
        ranks = {
            at: mark.rank
            for at, one in enumerate(self.paragraphs)
            if (mark := read_mark(one.passage.plain) or mark_of_level(one.level))
        }
        highest = min(ranks.values(), default=0)
        return [at for at, rank in ranks.items() if rank == highest]

    def _part(self, at: int) -> tuple[int, int]:
        """Return the first paragraph of the part before a place, and the end of the one behind."""
        before, behind = bisect_left(self._heads, at), bisect_right(self._heads, at)
        first = self._heads[before - 1] if before else 0
        last = self._heads[behind] if behind < len(self._heads) else len(self.paragraphs)
        return max(first, at - _AROUND), min(last, at + _AROUND)

    def _facts(self, paragraphs: Sequence[Paragraph]) -> _Facts:
        """Read some paragraphs by themselves: what they ask for, of whom, by when."""
        self._read += sum(len(paragraph.passage) for paragraph in paragraphs)
        draft = DocumentDraft(passages=[paragraph.passage for paragraph in paragraphs])
        tree = grow(paragraphs)
        read_front(tree.front, draft)
        read_outline(tree, draft)
        return (
            draft.year,
            *(section.title for section in draft.sections),
            *(
                (
                    re.sub(r"\s", "", clause.text.plain),
                    re.sub(r"\s", "", clause.title),
                    clause.due and clause.due[0],
                    *((answer.name, answer.role) for answer in clause.answers),
                )
                for clause in draft.clauses
            ),
        )


def _parted(paragraph: Paragraph, seam: Seam) -> list[Paragraph]:
    """Cut a paragraph where a line of it begins."""
    pieces = paragraph.passage.pieces
    cut = next(
        at
        for at, piece in enumerate(pieces)
        if (piece.line, piece.start) == (seam.span.line, seam.span.start)
    )
    first = Paragraph(Passage(pieces[:cut]), paragraph.lead, paragraph.level)
    return [first, Paragraph(Passage(pieces[cut:]))] if cut else [paragraph]
