"""Lines that paper broke are joined again; where it is unsure, the place is told.

What tells a broken line: it fills the width of the page and has no end mark, or a bracket is still
open behind it, or the next line begins with a mark that nothing begins with. A heading's number,
a label (责任单位：) or a date begins a line of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from itertools import pairwise
from statistics import quantiles
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.answers.closers import find_closers
from fsdesk.documents.official.answers.names import ends_in_name, is_bare_name
from fsdesk.documents.official.answers.responsible import ANY_LABEL, ROLE_WORDS
from fsdesk.documents.official.front import is_title
from fsdesk.documents.official.lines.headings import (
    is_about_the_how,
    is_requirement,
)
from fsdesk.documents.official.lines.marks import RANKS
from fsdesk.documents.official.lines.words import ends_in_word
from fsdesk.documents.official.reflow.furniture import DAY
from fsdesk.documents.official.reflow.going_on import (
    LEAST_WIDTH,
    PROSE,
    TOKEN,
    WILL_GO_ON,
    begins_own,
    begins_with_answers,
    ends_in_answers,
    is_answer,
    is_broken,
    is_own,
    is_prose,
    is_surely_one,
    is_whole_title,
    may_be_heading,
    may_go_on,
    must_go_on,
    surely_goes_on,
)
from fsdesk.documents.official.reflow.line import (
    MEASURES,
    Line,
    open_bracket,
    read_line,
    together,
    whole_marks,
    wide,
)
from fsdesk.documents.official.sources.source import Paragraph, Seam

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from fsdesk.documents.official.lines.marks import HeadingMark
    from fsdesk.documents.official.sources.source import DocumentSource
    from fsdesk.domain.plan_document import TextSpan

# What paper doesn't break: a number or a word in letters.
_UNBROKEN = re.compile(r"[0-9A-Za-z.%]{1,12}")
_SPOKEN = re.compile(r"[一二三四五六七八九十]{1,2}是")
# 工作内容: at a line's beginning says what stands in it.
_ITEM = re.compile(r"[一-鿿]{2,6}:")
# Two letters' room at the left is where a paragraph begins.
_INDENTED = re.compile(r"\s{2}")
_SHOWN = 3
_LONGEST_KNOWN = 8
_LEAST_PAGE = 16.0
_LOOKED_AHEAD = 4
_MOST = 0.6
_LEAST_BROKEN = 3
_BROKEN_SHARE = 0.3
# How much the right edge of a page wavers: marks hang, and letters differ.
_EDGE = 1.6
_SHORT = 16
_BLANKS_EVERYWHERE = 0.6
_REMEDY = "请核对这一处的标题和正文"


class Joined(Struct):
    """Paragraphs that were put together from lines, and what is unsure about it."""

    paragraphs: list[Paragraph] = field(default_factory=list[Paragraph])
    doubts: list[tuple[TextSpan, str, str]] = field(
        default_factory=list["tuple[TextSpan, str, str]"]
    )
    seams: list[Seam] = field(default_factory=list[Seam])


def joined_lines(
    source: DocumentSource,
    paragraphs: Sequence[Paragraph],
    dropped: AbstractSet[int],
    tables: AbstractSet[int],
) -> Joined:
    """Join the lines of a document that paper broke.

    `dropped`: numbers of lines that stood between others only on paper, such as page numbers.
    `tables`: numbers of the lines with which tables begin.
    """
    lines = [read_line(paragraph, source) for paragraph in paragraphs]
    _note_gaps(lines, dropped, tables)
    lines = whole_marks(lines)
    return _Joining(lines).join()


def _note_gaps(lines: Sequence[Line], dropped: AbstractSet[int], tables: AbstractSet[int]) -> None:
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


class _Habit(Struct):
    """How often the headings of one style stand before their text in one line, and how else.

    Attributes:
        inside: In one line with a sentence or with who answers.
        over: On a line of their own, over lower headings.
        apart: On a line of their own, over text.
        whole: Of these, how many surely end there, with a word of the trade.
    """

    inside: int = 0
    over: int = 0
    apart: int = 0
    whole: int = 0


class _Joining:
    """Goes through the lines, knowing how wide the page is and how its headings are written."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._fixed = False
        self._wavers = False  # whether some lines are surely broken that don't fill the page
        self._measure: Callable[[Line], float] = wide
        self._full = self._edge()
        self._habits = self._habits_of_headings()
        self._seen: dict[str, int] = {}
        self._result = Joined()

    def join(self) -> Joined:
        """Put the paragraphs together."""
        current: Line | None = None
        if self._full is not None and not self._fixed:
            self._doubt(self._lines[0], "各行长短不一，断行的地方已按文意接上")
        for at, line in enumerate(self._lines):
            ahead = self._ahead(at)
            if current is not None:
                belongs = self._belongs(current, line, ahead)
                self._note_seam(current, line, joined=belongs)
                if belongs:
                    current = together(current, line)
                    continue
            if current is not None:
                self._result.paragraphs.append(current.paragraph)
            current = line
            if line.mark:
                self._seen[line.mark.style] = line.mark.number
        if current is not None:
            self._result.paragraphs.append(current.paragraph)
        return self._result

    def _ahead(self, at: int) -> list[Line]:
        """Return a line and those behind it that may belong to it."""
        found = [self._lines[at]]
        for line in self._lines[at + 1 : at + _LOOKED_AHEAD]:
            found.append(line)
            if line.mark or line.apart:
                break
        return found

    def _edge(self) -> float | None:
        """Return how wide a line is at least that paper broke; None where paper broke none."""
        pairs = [(a, b) for a, b in pairwise(self._lines) if may_go_on(b)]
        broken = [a for a, b in pairs if is_broken(a, b)]
        open_ended = [a for a, _ in pairs if not a.finished]
        best = edge = 0.0
        for measure in MEASURES:
            widest = max((measure(line) for line in self._lines), default=0.0)
            full = [line for line in open_ended if measure(line) >= widest - _EDGE]
            others = [line for line in broken if measure(line) < widest - _EDGE]
            share = len(full) / max(len(full) + len(others), 1)
            if widest >= _LEAST_PAGE and len(full) >= _LEAST_BROKEN and share > best:
                best, edge, self._measure = share, widest - _EDGE, measure
                self._wavers = bool(others)
        if best >= _MOST:
            self._fixed = True
            return edge
        self._measure = wide
        if len(broken) < max(_LEAST_BROKEN, len(pairs) * _BROKEN_SHARE):
            return None
        widths = [wide(line) for line in broken]
        return max(quantiles(widths, n=20)[0] - _EDGE, LEAST_WIDTH)

    def _habits_of_headings(self) -> defaultdict[str, _Habit]:
        """Count by style how its headings are written in this document."""
        found: defaultdict[str, _Habit] = defaultdict(_Habit)
        for line, following in pairwise([*self._lines, None]):
            if line is None or not line.mark:
                continue
            habit = found[line.mark.style]
            below = following.mark if following else None
            if not may_be_heading(line) or open_bracket(line.text) >= 0 or find_closers(line.text):
                habit.inside += 1
            elif below and below.rank > line.mark.rank and not line.finished:
                habit.over += 1
            elif not line.finished and not self._is_full(line):
                habit.apart += 1
                habit.whole += ends_in_word(line.text)
        return found

    @cached_property
    def _all_over(self) -> bool:
        """Whether all other headings stand alone on their lines, over the lower ones."""
        habits = self._habits.values()
        others = any(habit.over for habit in habits) and not any(habit.inside for habit in habits)
        return others and sum(habit.apart for habit in habits) == 1

    def _is_full(self, line: Line, following: Line | None = None) -> bool:
        """Tell whether a line fills the page; a number in the next may have had no room."""
        if self._full is None:
            return False
        whole = _UNBROKEN.match(following.text) if following and self._fixed else None
        return self._measure(line) + (len(whole[0]) / 2 if whole else 0) >= self._full

    def _belongs(self, first: Line, second: Line, ahead: Sequence[Line]) -> bool:
        """Tell whether a line goes on with what stands before it."""
        whole = first.paragraph.level or second.paragraph.level or second.apart
        if whole or second.mark:
            return not whole and self._is_no_mark(first, second)
        if must_go_on(first, ahead):
            return True
        if self._begins_anew(first, ahead):
            return False
        full = self._is_full(first, second)
        if first.finished:
            own = first.text[-1] == ":" or _SPOKEN.match(second.text)
            return self._fixed and full and not own
        if may_be_heading(first):
            return self._heading_goes_on(first, ahead)
        prose = not self._fixed and is_prose(first)
        return full or prose or surely_goes_on(first, second) or self._label_goes_on(first, second)

    def _note_seam(self, first: Line, second: Line, *, joined: bool) -> None:
        """Note a break at which only the words tell, so that both readings can be compared."""
        whole = first.paragraph.level or second.paragraph.level or second.apart
        measured = self._full is not None and (joined or not self._wavers)
        if measured or whole:
            return
        sure = is_surely_one(first, second) if joined else self._is_surely_two(first, second)
        if not sure:
            self._result.seams.append(Seam(second.paragraph.passage.span(), joined))

    def _is_surely_two(self, first: Line, second: Line) -> bool:
        """Tell whether something new begins with a line, whatever the words before it."""
        if second.gap or _INDENTED.match(second.paragraph.passage.plain):
            return True
        if DAY.match(second.text) or DAY.match(first.text) or is_whole_title(first):
            return True
        if self._stands_over(first, second) or ends_in_answers(first, second):
            return True
        if ANY_LABEL.match(second.text):
            return open_bracket(first.text) < 0
        if second.mark is None:
            by = first.mark is not None and second.text.startswith("由")
            return by and begins_with_answers(second.text)
        return first.finished or self._counts_on(first, second.mark)

    def _counts_on(self, first: Line, mark: HeadingMark) -> bool:
        """Tell whether a heading's mark is the next one, or the first under another heading."""
        if mark.number in {0, self._seen.get(mark.style, 0) + 1}:
            return True
        return mark.number == 1 and bool(may_be_heading(first) or ANY_LABEL.match(first.text))

    def _stands_over(self, first: Line, second: Line) -> bool:
        """Tell whether a line is a heading as this document writes them, and a text follows it."""
        if not may_be_heading(first) or first.mark is None:
            return False
        if _ITEM.match(second.text):
            return True
        if "。" not in second.text:
            return False
        habit = self._habits[first.mark.style]
        title = first.text[first.mark.length :]
        if len(title) <= _LONGEST_KNOWN and (is_requirement(title) or is_about_the_how(title)):
            return True
        shown = habit.apart >= _SHOWN or (habit.apart == habit.whole == _SHOWN - 1)
        return (shown and not habit.inside) or (habit.apart == habit.whole == 1 and self._all_over)

    def _begins_anew(self, first: Line, ahead: Sequence[Line]) -> bool:
        """Tell whether a line surely has nothing to do with the one before it."""
        behind_gap = ahead[0].gap and not self._runs_on(first)
        if behind_gap or begins_own(ahead) or is_whole_title(first):
            return True
        return not self._fixed and is_answer(first, ahead[0])

    def _runs_on(self, line: Line) -> bool:
        """Tell whether a sentence goes on behind a blank line."""
        full = self._fixed and self._is_full(line) and is_prose(line)
        return not line.finished and (full or bool(WILL_GO_ON.search(line.text)))

    def _is_no_mark(self, first: Line, second: Line) -> bool:
        """Tell whether what looks like a heading's number is in the middle of a sentence."""
        mark = second.mark
        if mark is None or first.finished or not mark.number or not self._is_full(first):
            return False
        if mark.number in {1, self._seen.get(mark.style, 0) + 1} or not is_prose(first):
            return False
        self._doubt(second, "这一行以数字开头，按接着上一行读取")
        return True

    def _heading_goes_on(self, first: Line, ahead: Sequence[Line]) -> bool:
        """Tell whether a heading that has no end mark goes on in the next line."""
        second = ahead[0]
        if surely_goes_on(first, second):
            return True
        if self._is_full(first, second):
            return self._full_heading_goes_on(first, second)
        if self._fixed:
            return False
        habit = self._habit(first)
        # Where nothing else in the document shows the habit, a whole paragraph below does.
        shown = habit.over or "。" in second.text.rstrip("。") or find_closers(second.text)
        alone = first.mark is not None and first.mark.rank >= RANKS["number"]
        if habit.apart - alone <= habit.inside and (habit.inside or not shown):
            self._doubt(first, "这一行可能没有说完，请与下一行对照")
            return not habit.over
        short = len(second.text) <= _SHORT and not PROSE.search(second.text)
        if short and not second.finished and not is_bare_name(second.text):
            self._doubt(first, "标题下面只有半句话，标题可能断成了两行")
        return False

    def _full_heading_goes_on(self, first: Line, second: Line) -> bool:
        """Tell the same of a heading that fills the page."""
        habit = self._habit(first)
        if habit.over + habit.apart <= habit.inside:
            return True
        rest = not second.finished and "。" not in second.text and not self._is_full(second)
        if self._fixed and (PROSE.search(first.text) or rest):
            return True
        self._doubt(first, "这一行可能是标题，也可能与下一行是一句话，已分开读取")
        return False

    def _habit(self, line: Line) -> _Habit:
        return self._habits[line.mark.style] if line.mark else _Habit()

    def _label_goes_on(self, first: Line, second: Line) -> bool:
        """Tell whether a line that names who answers, or by when, was broken."""
        if not ANY_LABEL.match(first.text):
            self._tell_loose_end(first, second)
            return False
        begin = TOKEN.match(second.text)
        names = begin and (ROLE_WORDS.search(begin[0]) or ends_in_name(begin[0]))
        if self._fixed or not (names or len(second.text) <= _SHORT) or is_own(second.text):
            return False
        self._doubt(second, "这一行没有编号，已与上一行接上")
        return True

    def _tell_loose_end(self, first: Line, second: Line) -> None:
        """Tell a line without a number that ends in the middle: a heading, or a broken line."""
        if self._fixed or first.finished or first.mark or PROSE.search(first.text):
            return
        own = is_own(first.text) or (
            not self._seen and (is_title(first.text) or is_title(second.text))
        )
        if not own and PROSE.search(second.text):
            self._doubt(first, "这一行没有编号，也没有说完，可能是断行，也可能是标题")

    def _doubt(self, line: Line, message: str) -> None:
        self._result.doubts.append((line.paragraph.passage.span(), message, _REMEDY))
