"""Lines that paper broke are joined again; where it is unsure, the place is told.

What tells a broken line: it fills the width of the page and has no end mark, or a bracket is still
open behind it, or the next line begins with a mark that nothing begins with. A heading's number,
a label (责任单位：) or a date begins a line of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import quantiles
from typing import TYPE_CHECKING

from fsdesk.documents.official.answers.names import ends_in_name, is_bare_name, is_likely_name
from fsdesk.documents.official.answers.responsible import ANY_LABEL
from fsdesk.documents.official.lines.headings import LONGEST_TITLE
from fsdesk.documents.official.lines.marks import HeadingMark, read_mark
from fsdesk.documents.official.reflow.furniture import DAY
from fsdesk.documents.official.sources.source import Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from fsdesk.domain.plan_document import TextSpan

_FINISHED = "。;:!?)]…"
_GOES_ON = re.compile(r"^[,。、;:!?)\]”》%’]|^\.(?!\d)")
_WILL_GO_ON = re.compile(r"[,、(\[“《‘]$")
_LONE_MARK = re.compile(
    r"[(\[]?[一二三四五六七八九十]{1,3}[)\]、]?|\(?\d{1,2}[)）.、]|第[一二三四五六七八九十]{0,3}"
)
_NUMBER_GOES_ON = re.compile(r"^(?:\d|[%批次家个名项件场期份处条元]|万|年|月|日|人次)")
_PROSE = re.compile(r"[,。;、]")
_TOKEN = re.compile(r"[^,。;、:\s()\[\]]+")
_LEAST_WIDTH = 12.0
_LEAST_PROSE = 15
_LEAST_BROKEN = 3
_BROKEN_SHARE = 0.3
# How much the right edge of a page wavers: marks hang, and figures are half as wide.
_WAVERING = 0.15
_EDGE = 1.6
_LONGEST_BRACKET = 160
_SHORT = 16
_LONGEST_LEVEL = 30
_BLANKS_EVERYWHERE = 0.6
_REMEDY = "请核对这一处的标题和正文"


@dataclass(slots=True)
class Joined:
    """Paragraphs that were put together from lines, and what is unsure about it."""

    paragraphs: list[Paragraph] = field(default_factory=list[Paragraph])
    doubts: list[tuple[TextSpan, str, str]] = field(
        default_factory=list["tuple[TextSpan, str, str]"]
    )


@dataclass(slots=True)
class _Line:
    """A line, or what has been put together so far.

    Attributes:
        text: In half width, without space at its ends.
        shown: Its last line as it stands on paper.
        gap: Whether a blank line stands before it.
        apart: Whether a table stands before it.
    """

    paragraph: Paragraph
    text: str
    shown: str
    mark: HeadingMark | None
    gap: bool = False
    apart: bool = False

    @property
    def finished(self) -> bool:
        return self.text[-1:] in _FINISHED


def joined_lines(
    paragraphs: Sequence[Paragraph], dropped: AbstractSet[int], tables: AbstractSet[int]
) -> Joined:
    """Join the lines of a document that paper broke.

    `dropped`: numbers of lines that stood between others only on paper, such as page numbers.
    `tables`: numbers of the lines with which tables begin.
    """
    lines = [_line(paragraph) for paragraph in paragraphs]
    _note_gaps(lines, dropped, tables)
    lines = _whole_marks(lines)
    return _Joining(lines).join()


def _line(paragraph: Paragraph) -> _Line:
    text = paragraph.passage.plain.strip()
    return _Line(paragraph, text, text, None if paragraph.level else read_mark(text))


def _note_gaps(lines: Sequence[_Line], dropped: AbstractSet[int], tables: AbstractSet[int]) -> None:
    """Note where blank lines stand, unless they stand between all lines or a page ends there."""
    for first, second in pairwise(lines):
        last = first.paragraph.passage.pieces[-1].line
        begin = second.paragraph.passage.pieces[0].line
        between = range(last + 1, begin)
        second.apart = any(number in tables for number in between)
        second.gap = bool(between) and not any(number in dropped for number in between)
    if sum(line.gap for line in lines) > len(lines) * _BLANKS_EVERYWHERE:
        for line in lines:
            line.gap = False


def _whole_marks(lines: Sequence[_Line]) -> list[_Line]:
    """Join a line that is nothing but a piece of a heading's mark with the one behind it."""
    found: list[_Line] = []
    for line in lines:
        before = found[-1] if found else None
        lone = before and not line.apart and _LONE_MARK.fullmatch(before.text)
        if before and lone and _completes(before.text, line.text):
            found[-1] = _together(before, line)
        else:
            found.append(line)
    return found


def _completes(begin: str, rest: str) -> bool:
    mark = read_mark(begin + rest)
    return mark is not None and mark.length >= len(begin) and read_mark(rest) is None


def _together(first: _Line, second: _Line) -> _Line:
    passage = first.paragraph.passage + second.paragraph.passage
    text = passage.plain.strip()
    paragraph = replace(first.paragraph, passage=passage)
    mark = None if paragraph.level else first.mark or read_mark(text)
    return _Line(paragraph, text, second.shown, mark, first.gap, first.apart)


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


def _closes(text: str, *, inside: str = "") -> bool:
    """Tell whether a text begins with the rest of a bracket that was opened before it."""
    depth = 1 + inside.count("(") + inside.count("[") - inside.count(")") - inside.count("]")
    for at, character in enumerate(text[:_LONGEST_BRACKET]):
        depth += (character in "([") - (character in ")]")
        if depth == 0:
            return True
        if character == "。" and at:
            return False
    return False


class _Joining:
    """Goes through the lines, knowing how wide the page is and how its headings are written."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines = lines
        self._fixed = False
        self._measure = _wide
        self._full = self._edge()
        self._alone = self._headings_alone()
        self._seen: dict[str, int] = {}
        self._result = Joined()

    def join(self) -> Joined:
        current: _Line | None = None
        for line, following in pairwise([*self._lines, None]):
            if line is None:
                continue
            if current is not None and self._belongs(current, line, following):
                current = _together(current, line)
                continue
            if current is not None:
                self._result.paragraphs.append(current.paragraph)
            current = line
            if line.mark:
                self._seen[line.mark.style] = line.mark.number
        if current is not None:
            self._result.paragraphs.append(current.paragraph)
        return self._result

    def _edge(self) -> float | None:
        """Return how wide a line is at least that paper broke; None where paper broke none."""
        pairs = [(a, b) for a, b in pairwise(self._lines) if self._may_go_on(a, b)]
        broken = [a for a, b in pairs if _is_broken(a, b)]
        if len(broken) < max(_LEAST_BROKEN, len(pairs) * _BROKEN_SHARE):
            return None
        best = None
        for measure in (len, _wide):
            widths = [measure(line.shown) for line in broken]
            low, *_, high = quantiles(widths, n=10)
            middle = quantiles(widths, n=20)[0]
            wavers = (high - low) / high
            if best is None or wavers < best[0]:
                best = (wavers, low, middle, measure)
        if best is None:
            return None
        wavers, low, middle, self._measure = best
        self._fixed = wavers <= _WAVERING
        return low - _EDGE if self._fixed else max(middle, _LEAST_WIDTH)

    def _may_go_on(self, first: _Line, second: _Line) -> bool:
        return not (second.mark or second.gap or second.apart) and not _begins_own(second, None)

    def _headings_alone(self) -> set[str]:
        """Return the styles of those headings that stand on lines of their own."""
        alone: Counter[str] = Counter()
        for line in self._lines:
            if line.mark:
                inside = "。" in line.text or ":" in line.text
                ends = not line.finished and not self._is_full(line)
                alone[line.mark.style] += ends - inside
        return {style for style, count in alone.items() if count > 0}

    def _is_full(self, line: _Line) -> bool:
        return self._full is not None and self._measure(line.shown) >= self._full

    def _belongs(self, first: _Line, second: _Line, following: _Line | None) -> bool:
        """Tell whether a line goes on with what stands before it."""
        if first.paragraph.level or second.paragraph.level or second.apart:
            return False
        if second.mark:
            return self._is_no_mark(first, second)
        opened = open_bracket(first.text)
        if opened >= 0 and _closes(second.text, inside=first.text[opened + 1 :]):
            return True
        if _GOES_ON.match(second.text):
            return True
        if _begins_own(second, following) or (second.gap and not self._crosses(first)):
            return False
        if first.finished:
            return self._fixed and self._is_full(first) and first.text[-1] != ":"
        if first.mark and "。" not in first.text and opened < 0:
            return self._heading_goes_on(first, second, following)
        if self._full is not None:
            return self._is_full(first) or _surely_goes_on(first, second)
        return _surely_goes_on(first, second) or _is_prose(first)

    def _crosses(self, first: _Line) -> bool:
        """Tell whether a sentence goes on behind a blank line."""
        return not first.finished and bool(
            _WILL_GO_ON.search(first.text) or self._fixed_full(first)
        )

    def _fixed_full(self, line: _Line) -> bool:
        return self._fixed and self._is_full(line) and _is_prose(line)

    def _is_no_mark(self, first: _Line, second: _Line) -> bool:
        """Tell whether what looks like a heading's number is in the middle of a sentence."""
        mark = second.mark
        if mark is None or first.finished or not mark.number or not self._is_full(first):
            return False
        if mark.number in {1, self._seen.get(mark.style, 0) + 1} or not _is_prose(first):
            return False
        self._doubt(second, "这一行以数字开头，按接着上一行读取")
        return True

    def _heading_goes_on(self, first: _Line, second: _Line, following: _Line | None) -> bool:
        """Tell whether a heading that has no end mark goes on in the next line."""
        mark = first.mark
        whole = bool(mark) and mark.style in self._alone
        rest = not second.finished and "。" not in second.text
        short = len(second.text) <= _SHORT and not _PROSE.search(second.text)
        if _surely_goes_on(first, second):
            return True
        if self._is_full(first):
            if not whole:
                return True
            if self._fixed and rest and not self._is_full(second):
                return len(first.text) + len(second.text) <= 2 * LONGEST_TITLE
            self._doubt(first, "这一行可能是标题，也可能与下一行是一句话，按标题读取")
            return not self._fixed and len(first.text) > _LONGEST_LEVEL
        if (
            rest
            and short
            and not is_likely_name(second.text)
            and (
                following is None or following.mark or not following.finished or self._full is None
            )
        ):
            self._doubt(first, "标题下面另有一行没有说完的话，标题可能断成了两行")
        return False

    def _doubt(self, line: _Line, message: str) -> None:
        self._result.doubts.append((line.paragraph.passage.span(), message, _REMEDY))


def _is_broken(first: _Line, second: _Line) -> bool:
    """Tell whether a line is surely broken: a sentence that has no end and is no heading."""
    opened = open_bracket(first.text)
    if opened >= 0 and _closes(second.text, inside=first.text[opened + 1 :]):
        return True
    if first.finished or first.paragraph.level or _wide(first.shown) < _LEAST_WIDTH:
        return False
    if ANY_LABEL.match(first.text) and not _PROSE.search(first.text):
        return False
    return "。" in first.text if first.mark else bool(_PROSE.search(first.text))


def _begins_own(line: _Line, following: _Line | None) -> bool:
    """Tell whether a line begins with what always begins one: a label, a date, who signs."""
    if ANY_LABEL.match(line.text) or DAY.match(line.text):
        return True
    signs = following is not None and bool(DAY.match(following.text))
    return signs and len(line.text) <= _LONGEST_LEVEL and is_likely_name(line.text)


def _surely_goes_on(first: _Line, second: _Line) -> bool:
    """Tell whether two lines are one by their words: a comma, a number or a name cut in two."""
    if _WILL_GO_ON.search(first.text):
        return True
    if first.text[-1:].isdigit() and _NUMBER_GOES_ON.match(second.text):
        return True
    last = _TOKEN.findall(first.text)[-1:]
    begin = _TOKEN.match(second.text)
    if not last or not begin or not ANY_LABEL.search(first.text):
        return False
    return not ends_in_name(last[0]) and is_bare_name(last[0] + begin[0])


def _is_prose(line: _Line) -> bool:
    """Tell whether a line is part of a text and no heading, title or list of names."""
    if line.mark and "。" not in line.text:
        return False
    return len(line.text) >= _LEAST_PROSE and bool(_PROSE.search(line.text))


def _wide(text: str) -> float:
    """Return how wide a text is on paper, in Chinese characters."""
    return sum(0.5 if character.isascii() and character.isalnum() else 1.0 for character in text)
