"""A line of a document while its lines are joined, and what two lines are together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.documents.official.answers.responsible import ANY_LABEL
from fsdesk.documents.official.lines.marks import HeadingMark, read_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.documents.official.sources.passage import Passage
    from fsdesk.documents.official.sources.source import DocumentSource, Paragraph

_FINISHED = "。;:!?)]…"
_LONE_MARK = re.compile(
    r"[(\[]?[一二三四五六七八九十]{1,3}[)\]、]?|-{1,2}|\(?\d{1,2}[)）.、]?|\(|第[一二三四五六七八九十]{0,3}"
)
_COUNTED = re.compile(r"(?:重点)?(?:任务|行动|项目|事项)")
_COUNT = re.compile(r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*:")
_LONGEST_BRACKET = 160
_LONGEST_PIECE = 6


class Line(Struct):
    """A line, or what has been put together so far.

    Attributes:
        text: In half width, without space at its ends.
        shown: Its last line as it stands on paper.
        characters: How many characters that line has, with those that nobody sees.
        end: How far from the page's left edge it ends, where the file tells.
        gap: Whether a blank line stands before it.
        apart: Whether a table stands before it.
    """

    paragraph: Paragraph
    text: str
    shown: str
    characters: int
    end: float
    mark: HeadingMark | None
    gap: bool = False
    apart: bool = False

    @property
    def finished(self) -> bool:
        """Whether it ends in a mark that ends something."""
        return self.text[-1:] in _FINISHED


def read_line(paragraph: Paragraph, source: DocumentSource) -> Line:
    """Return a paragraph of one line with what is known of that line."""
    text = paragraph.passage.plain.strip()
    mark = None if paragraph.level else read_mark(text)
    number = paragraph.passage.pieces[-1].line
    characters = len(source.lines[number - 1].text.rstrip())
    return Line(paragraph, text, text, characters, source.ends.get(number, 0.0), mark)


def whole_marks(lines: Sequence[Line]) -> list[Line]:
    """Join a line that is nothing but a piece of a heading's mark with the one behind it."""
    found: list[Line] = []
    for line in lines:
        before = found[-1] if found else None
        if before and not line.apart and _completes(before.text, line.text):
            found[-1] = together(before, line)
        else:
            found.append(line)
    return found


def _completes(begin: str, rest: str) -> bool:
    """Tell whether a line is the begin of a heading's mark, or of a label, that goes on below."""
    if len(begin) <= _LONGEST_PIECE and ANY_LABEL.match(begin + rest):
        return not ANY_LABEL.match(begin) and not ANY_LABEL.match(rest)
    if _COUNTED.fullmatch(begin) and _COUNT.match(rest):  # 任务 and 一：
        return True
    if not _LONE_MARK.fullmatch(begin):
        return False
    mark = read_mark(begin + rest)
    whole = read_mark(rest) is None or begin == "("
    return mark is not None and mark.length >= len(begin) and whole


def put_together(first: Paragraph, second: Paragraph) -> Paragraph:
    """Return two lines as one."""
    return replace(first, passage=_without_gap(first.passage, second.passage))


def together(first: Line, second: Line) -> Line:
    """Return two lines as one that may go on."""
    paragraph = put_together(first.paragraph, second.paragraph)
    text = paragraph.passage.plain.strip()
    mark = None if paragraph.level else first.mark or read_mark(text)
    return replace(
        second, paragraph=paragraph, text=text, mark=mark, gap=first.gap, apart=first.apart
    )


def _without_gap(first: Passage, second: Passage) -> Passage:
    """Put two lines together; what stands at their edges is no gap in the text."""
    begin, rest = first.plain.rstrip(), second.plain.lstrip()
    if begin[-1:].isascii() and begin[-1:].isalpha() and rest[:1].isascii() and rest[:1].isalpha():
        return first + second
    return first.slice(0, len(begin)) + second.slice(len(second) - len(rest))


def open_bracket(text: str) -> int:
    """Return where the bracket begins that is still open at a text's end; -1 when none is."""
    waiting: list[int] = []
    first = max(len(text) - _LONGEST_BRACKET, 0)
    for at in range(first, len(text)):
        if text[at] in "([":
            waiting.append(at)
        elif text[at] in ")]" and waiting:
            waiting.pop()
    return waiting[0] if waiting else -1


def closes(text: str, *, inside: str = "") -> bool:
    """Tell whether a text begins with the rest of a bracket that was opened before it."""
    depth = 1 + inside.count("(") + inside.count("[") - inside.count(")") - inside.count("]")
    for at, character in enumerate(text[:_LONGEST_BRACKET]):
        depth += (character in "([") - (character in ")]")
        if depth == 0:
            return True
        if character == "。" and at:
            return False
    return False


def wide(line: Line) -> float:
    """Return how wide a line is on paper, in Chinese characters."""
    narrow = sum(character.isascii() and character.isalnum() for character in line.shown)
    return len(line.shown) - narrow / 2


def narrow(line: Line) -> float:
    """Return how wide a line is where marks of half width are set as such."""
    return len(line.shown) - sum(character.isascii() for character in line.text) / 2


# How the width of a page is measured: on paper, or by a machine that counted characters.
MEASURES: tuple[Callable[[Line], float], ...] = (
    lambda line: line.end,
    wide,
    narrow,
    lambda line: len(line.shown),
    lambda line: line.characters,
)
