"""Lines that paper broke are joined again; where it is unsure, the place is told.

What tells a broken line: it fills the width of the page and has no end mark, or a bracket is still
open behind it, or the next line begins with a mark that nothing begins with. A heading's number,
a label (责任单位：) or a date begins a line of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import quantiles
from typing import TYPE_CHECKING

from fsdesk.documents.official.answers.closers import find_closers, leading_phrase
from fsdesk.documents.official.answers.names import ends_in_name, is_bare_name, is_likely_name
from fsdesk.documents.official.answers.responsible import ANY_LABEL, ROLE_WORDS, read_phrase
from fsdesk.documents.official.front import is_title, year_in
from fsdesk.documents.official.lines.headings import (
    LONGEST_TITLE,
    is_about_the_how,
    is_requirement,
)
from fsdesk.documents.official.lines.marks import RANKS, HeadingMark, read_mark
from fsdesk.documents.official.reflow.furniture import DAY
from fsdesk.documents.official.sources.source import Paragraph, Seam

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from fsdesk.documents.official.sources.passage import Passage
    from fsdesk.documents.official.sources.source import DocumentSource
    from fsdesk.domain.plan_document import TextSpan

_FINISHED = "。;:!?)]…"
_GOES_ON = re.compile(r"^[,。、;:!?)\]”》%’]|^\.(?!\d)")
_WILL_GO_ON = re.compile(
    r"(?:[,、(\[“《‘和或的将把]|不少于|不低于|不高于|不超过|[达占]到?|超过|以及|并在|其中)$"
)
_ENDS_IN_MARK = re.compile(
    r"(?:[^\s附件表]\([一二三四五六七八九十]{1,3}\)"
    r"|[。;)\]](?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.、]))$"
)
_LONE_MARK = re.compile(
    r"[(\[]?[一二三四五六七八九十]{1,3}[)\]、]?|-{1,2}|\(?\d{1,2}[)）.、]?|\(|第[一二三四五六七八九十]{0,3}"
)
_COUNTED = re.compile(r"(?:重点)?(?:任务|行动|项目|事项)")
_COUNT = re.compile(r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*:")
_NUMBER_GOES_ON = re.compile(r"^(?:\d|[%批次家个名项件场期份处条元]|万|年|月|日|人次)")
# What paper doesn't break: a number or a word in letters.
_UNBROKEN = re.compile(r"[0-9A-Za-z.%]{1,12}")
QUANTITY = re.compile(r"\d\s*(?:[%批次家个名项件场期份处条元起]|万|人次)")
_BY_ITSELF = re.compile(r"^附件|号$|^目\s*录|^\(|[日】》”]$")
_PROSE = re.compile(r"[,。;、]")
_TOKEN = re.compile(r"[^,。;、:\s()\[\]]+")
_SPOKEN = re.compile(r"[一二三四五六七八九十]{1,2}是")
# 工作内容: at a line's beginning says what stands in it.
_ITEM = re.compile(r"[一-鿿]{2,6}:")
_SHOWN = 2
_LONGEST_KNOWN = 8
_LEAST_WIDTH = 12.0
_LEAST_PAGE = 16.0
_LOOKED_AHEAD = 4
_MOST = 0.6
_LEAST_PROSE = 8
_LEAST_BROKEN = 3
_BROKEN_SHARE = 0.3
# How much the right edge of a page wavers: marks hang, and letters differ.
_EDGE = 1.6
_LONGEST_BRACKET = 160
_LONGEST_PIECE = 6
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
    seams: list[Seam] = field(default_factory=list[Seam])


@dataclass(slots=True)
class _Line:
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
        return self.text[-1:] in _FINISHED


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
    lines = [_line(paragraph, source) for paragraph in paragraphs]
    _note_gaps(lines, dropped, tables)
    lines = _whole_marks(lines)
    return _Joining(lines).join()


def _line(paragraph: Paragraph, source: DocumentSource) -> _Line:
    text = paragraph.passage.plain.strip()
    mark = None if paragraph.level else read_mark(text)
    number = paragraph.passage.pieces[-1].line
    characters = len(source.lines[number - 1].text.rstrip())
    return _Line(paragraph, text, text, characters, source.ends.get(number, 0.0), mark)


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
        if before and not line.apart and _completes(before.text, line.text):
            found[-1] = _together(before, line)
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


def _together(first: _Line, second: _Line) -> _Line:
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


@dataclass(slots=True)
class _Habit:
    """How often the headings of one style stand before their text in one line, and how else.

    Attributes:
        inside: In one line with a sentence or with who answers.
        over: On a line of their own, over lower headings.
        apart: On a line of their own, over text.
    """

    inside: int = 0
    over: int = 0
    apart: int = 0


class _Joining:
    """Goes through the lines, knowing how wide the page is and how its headings are written."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines = lines
        self._fixed = False
        self._measure: Callable[[_Line], float] = _wide
        self._full = self._edge()
        self._habits = self._habits_of_headings()
        self._seen: dict[str, int] = {}
        self._result = Joined()

    def join(self) -> Joined:
        """Put the paragraphs together."""
        current: _Line | None = None
        if self._full is not None and not self._fixed:
            self._doubt(self._lines[0], "各行长短不一，断行的地方已按文意接上")
        for at, line in enumerate(self._lines):
            ahead = self._ahead(at)
            if current is not None:
                belongs = self._belongs(current, line, ahead)
                self._note_seam(current, line, joined=belongs)
                if belongs:
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

    def _ahead(self, at: int) -> list[_Line]:
        """Return a line and those behind it that may belong to it."""
        found = [self._lines[at]]
        for line in self._lines[at + 1 : at + _LOOKED_AHEAD]:
            found.append(line)
            if line.mark or line.apart:
                break
        return found

    def _edge(self) -> float | None:
        """Return how wide a line is at least that paper broke; None where paper broke none."""
        pairs = [(a, b) for a, b in pairwise(self._lines) if _may_go_on(b)]
        broken = [a for a, b in pairs if _is_broken(a, b)]
        open_ended = [a for a, _ in pairs if not a.finished]
        best = edge = 0.0
        for measure in _MEASURES:
            widest = max((measure(line) for line in self._lines), default=0.0)
            full = [line for line in open_ended if measure(line) >= widest - _EDGE]
            others = [line for line in broken if measure(line) < widest - _EDGE]
            share = len(full) / max(len(full) + len(others), 1)
            if widest >= _LEAST_PAGE and len(full) >= _LEAST_BROKEN and share > best:
                best, edge, self._measure = share, widest - _EDGE, measure
        if best >= _MOST:
            self._fixed = True
            return edge
        self._measure = _wide
        if len(broken) < max(_LEAST_BROKEN, len(pairs) * _BROKEN_SHARE):
            return None
        widths = [_wide(line) for line in broken]
        return max(quantiles(widths, n=20)[0] - _EDGE, _LEAST_WIDTH)

    def _habits_of_headings(self) -> defaultdict[str, _Habit]:
        """Count by style how its headings are written in this document."""
        found: defaultdict[str, _Habit] = defaultdict(_Habit)
        for line, following in pairwise([*self._lines, None]):
            if line is None or not line.mark:
                continue
            habit = found[line.mark.style]
            below = following.mark if following else None
            if not _may_be_heading(line) or open_bracket(line.text) >= 0 or find_closers(line.text):
                habit.inside += 1
            elif below and below.rank > line.mark.rank and not line.finished:
                habit.over += 1
            elif not line.finished and not self._is_full(line):
                habit.apart += 1
        return found

    def _is_full(self, line: _Line, following: _Line | None = None) -> bool:
        """Tell whether a line fills the page; a number in the next may have had no room."""
        if self._full is None:
            return False
        whole = _UNBROKEN.match(following.text) if following and self._fixed else None
        return self._measure(line) + (len(whole[0]) / 2 if whole else 0) >= self._full

    def _belongs(self, first: _Line, second: _Line, ahead: Sequence[_Line]) -> bool:
        """Tell whether a line goes on with what stands before it."""
        whole = first.paragraph.level or second.paragraph.level or second.apart
        if whole or second.mark:
            return not whole and self._is_no_mark(first, second)
        if _must_go_on(first, ahead):
            return True
        if self._begins_anew(first, ahead):
            return False
        full = self._is_full(first, second)
        if first.finished:
            own = first.text[-1] == ":" or _SPOKEN.match(second.text)
            return self._fixed and full and not own
        if _may_be_heading(first):
            return self._heading_goes_on(first, ahead)
        prose = not self._fixed and _is_prose(first)
        return full or prose or _surely_goes_on(first, second) or self._label_goes_on(first, second)

    def _note_seam(self, first: _Line, second: _Line, *, joined: bool) -> None:
        """Note a break at which only the words tell, so that both readings can be compared."""
        whole = first.paragraph.level or second.paragraph.level or second.apart
        if self._full is not None or whole:
            return
        sure = _is_surely_one(first, second) if joined else self._is_surely_two(first, second)
        if not sure:
            self._result.seams.append(Seam(second.paragraph.passage.span(), joined))

    def _is_surely_two(self, first: _Line, second: _Line) -> bool:
        """Tell whether something new begins with a line, whatever the words before it."""
        if second.gap or DAY.match(second.text) or DAY.match(first.text) or _is_whole_title(first):
            return True
        if self._stands_over(first, second) or _ends_in_answers(first, second):
            return True
        if first.mark and second.text.startswith("由") and _begins_with_answers(second.text):
            return True
        if ANY_LABEL.match(second.text):
            return open_bracket(first.text) < 0
        if second.mark is None:
            return False
        counts = second.mark.number in {0, self._seen.get(second.mark.style, 0) + 1}
        over = _may_be_heading(first) or ANY_LABEL.match(first.text)
        return first.finished or bool(counts or (over and second.mark.number == 1))

    def _stands_over(self, first: _Line, second: _Line) -> bool:
        """Tell whether a line is a heading as this document writes them, and a text follows it."""
        if not _may_be_heading(first) or first.mark is None:
            return False
        if _ITEM.match(second.text):
            return True
        if "。" not in second.text:
            return False
        habit = self._habits[first.mark.style]
        title = first.text[first.mark.length :]
        if len(title) <= _LONGEST_KNOWN and (is_requirement(title) or is_about_the_how(title)):
            return True
        return habit.over + habit.apart >= _SHOWN and not habit.inside

    def _begins_anew(self, first: _Line, ahead: Sequence[_Line]) -> bool:
        """Tell whether a line surely has nothing to do with the one before it."""
        behind_gap = ahead[0].gap and not self._runs_on(first)
        if behind_gap or _begins_own(ahead) or _is_whole_title(first):
            return True
        return not self._fixed and _is_answer(first, ahead[0])

    def _runs_on(self, line: _Line) -> bool:
        """Tell whether a sentence goes on behind a blank line."""
        full = self._fixed and self._is_full(line) and _is_prose(line)
        return not line.finished and (full or bool(_WILL_GO_ON.search(line.text)))

    def _is_no_mark(self, first: _Line, second: _Line) -> bool:
        """Tell whether what looks like a heading's number is in the middle of a sentence."""
        mark = second.mark
        if mark is None or first.finished or not mark.number or not self._is_full(first):
            return False
        if mark.number in {1, self._seen.get(mark.style, 0) + 1} or not _is_prose(first):
            return False
        self._doubt(second, "这一行以数字开头，按接着上一行读取")
        return True

    def _heading_goes_on(self, first: _Line, ahead: Sequence[_Line]) -> bool:
        """Tell whether a heading that has no end mark goes on in the next line."""
        second = ahead[0]
        if _surely_goes_on(first, second):
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
        short = len(second.text) <= _SHORT and not _PROSE.search(second.text)
        if short and not second.finished and not is_bare_name(second.text):
            self._doubt(first, "标题下面只有半句话，标题可能断成了两行")
        return False

    def _full_heading_goes_on(self, first: _Line, second: _Line) -> bool:
        """Tell the same of a heading that fills the page."""
        habit = self._habit(first)
        if habit.over + habit.apart <= habit.inside:
            return True
        rest = not second.finished and "。" not in second.text and not self._is_full(second)
        if self._fixed and (_PROSE.search(first.text) or rest):
            return True
        self._doubt(first, "这一行可能是标题，也可能与下一行是一句话，已分开读取")
        return False

    def _habit(self, line: _Line) -> _Habit:
        return self._habits[line.mark.style] if line.mark else _Habit()

    def _label_goes_on(self, first: _Line, second: _Line) -> bool:
        """Tell whether a line that names who answers, or by when, was broken."""
        if not ANY_LABEL.match(first.text):
            self._tell_loose_end(first, second)
            return False
        begin = _TOKEN.match(second.text)
        names = begin and (ROLE_WORDS.search(begin[0]) or ends_in_name(begin[0]))
        if self._fixed or not (names or len(second.text) <= _SHORT) or _is_own(second.text):
            return False
        self._doubt(second, "这一行没有编号，已与上一行接上")
        return True

    def _tell_loose_end(self, first: _Line, second: _Line) -> None:
        """Tell a line without a number that ends in the middle: a heading, or a broken line."""
        if self._fixed or first.finished or first.mark or _PROSE.search(first.text):
            return
        own = _is_own(first.text) or (
            not self._seen and (is_title(first.text) or is_title(second.text))
        )
        if not own and _PROSE.search(second.text):
            self._doubt(first, "这一行没有编号，也没有说完，可能是断行，也可能是标题")

    def _doubt(self, line: _Line, message: str) -> None:
        self._result.doubts.append((line.paragraph.passage.span(), message, _REMEDY))


def _is_surely_one(first: _Line, second: _Line) -> bool:
    """Tell whether a line can't be read but with the one before it."""
    if _GOES_ON.match(second.text) or _ENDS_IN_MARK.search(first.text) or _answers(second):
        return True
    opened = open_bracket(first.text)
    if opened < 0 or not _closes(second.text, inside=first.text[opened + 1 :]):
        return False
    phrase = read_phrase(first.text[opened + 1 :])
    return phrase is None or not phrase.is_said


def _ends_in_answers(line: _Line, following: _Line) -> bool:
    """Tell whether a line ends with who answers for what stands in it."""
    closers = find_closers(line.text) if line.finished or _is_answer(line, following) else []
    return bool(closers) and closers[-1].end >= len(line.text)


def _is_answer(line: _Line, following: _Line) -> bool:
    """Tell whether a line is nothing but names and how they answer: 市财政局、市税务局牵头落实."""
    if ROLE_WORDS.match(following.text):  # 市财政局牵头 may go on: 负责
        return False
    closers = find_closers(line.text)
    role = list(ROLE_WORDS.finditer(line.text))[-1:]
    whole = closers and closers[0].start == 0 and closers[-1].end == len(line.text)
    return bool(whole and role and role[0].end() == len(line.text))


def _is_broken(first: _Line, second: _Line) -> bool:
    """Tell whether a line is surely broken: a sentence that has no end and is no heading."""
    opened = open_bracket(first.text)
    if opened >= 0 and _closes(second.text, inside=first.text[opened + 1 :]):
        return True
    if first.finished or first.paragraph.level or _wide(first) < _LEAST_WIDTH:
        return False
    if ANY_LABEL.match(first.text) and not _PROSE.search(first.text):
        return False
    return "。" in first.text if first.mark else bool(_PROSE.search(first.text))


def _bracket_goes_on(first: _Line, ahead: Sequence[_Line]) -> bool:
    """Tell whether a bracket that is open behind a line is closed in those that follow."""
    opened = open_bracket(first.text)
    if opened < 0:
        return False
    rest = "".join(line.text for line in ahead if not line.mark)
    return _closes(rest, inside=first.text[opened + 1 :])


def _must_go_on(first: _Line, ahead: Sequence[_Line]) -> bool:
    """Tell whether a line can't begin anything, by what stands at its begin or before it."""
    if _GOES_ON.match(ahead[0].text) or _ENDS_IN_MARK.search(first.text):
        return True
    if first.mark and len(first.text) == first.mark.length + 1:  # one character is no heading
        return True
    if _bracket_goes_on(first, ahead) or _ends_in_label(first.text):
        return True
    return _answers(ahead[0]) and not _may_be_heading(first)


def _answers(line: _Line) -> bool:
    """Tell whether a line begins with the bracket that says who answers for what stands before."""
    if line.text[:1] not in "([":
        return False
    closers = find_closers(f"。{line.text}")  # names alone answer only behind a sentence
    return bool(closers) and closers[0].start == 1


def _begins_with_answers(text: str) -> bool:
    """Tell whether a sentence begins with who does it, or says nothing else."""
    closers = find_closers(text)
    return leading_phrase(text) is not None or bool(closers and closers[0].start == 0)


def _ends_in_label(text: str) -> bool:
    """Tell whether a line ends in a label whose names must follow: 牵头单位：甲；责任单位：."""
    labels = list(ANY_LABEL.finditer(text))[-1:]
    return bool(labels) and labels[0].start() > 0 and labels[0].end() == len(text)


def _may_go_on(line: _Line) -> bool:
    return not (line.mark or line.gap or line.apart or _begins_own([line]))


def _begins_own(ahead: Sequence[_Line]) -> bool:
    """Tell whether a line begins with what always begins one: a label, a date, who signs."""
    text = ahead[0].text
    if ANY_LABEL.match(text) or DAY.match(text):
        return True
    signs = len(ahead) > 1 and bool(DAY.match(ahead[1].text))
    return signs and len(text) <= _LONGEST_LEVEL and is_likely_name(text)


def _is_whole_title(line: _Line) -> bool:
    """Tell whether a line is a document's title and nothing can follow it."""
    if line.mark or _PROSE.search(line.text):
        return False
    return is_title(line.text) and year_in([line.text]) is not None


def _is_own(text: str) -> bool:
    """Tell whether a line without an end mark may stand by itself: a name, a label, a number."""
    return bool(
        is_bare_name(text) or ANY_LABEL.search(text) or _BY_ITSELF.search(text) or text.isdigit()
    )


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


def _may_be_heading(line: _Line) -> bool:
    """Tell whether a line with a heading's number may be nothing but the heading."""
    return bool(
        line.mark
        and not re.search("[。;]", line.text)
        and len(line.text) <= LONGEST_TITLE
        and line.text.count(",") <= 1
        and not QUANTITY.search(line.text)
    )


def _is_prose(line: _Line) -> bool:
    """Tell whether a line is part of a text and no heading, title or list of names."""
    if _may_be_heading(line) or ANY_LABEL.match(line.text):
        return False
    return "。" in line.text or (len(line.text) >= _LEAST_PROSE and bool(_PROSE.search(line.text)))


def _wide(line: _Line) -> float:
    """Return how wide a line is on paper, in Chinese characters."""
    narrow = sum(character.isascii() and character.isalnum() for character in line.shown)
    return len(line.shown) - narrow / 2


def _narrow(line: _Line) -> float:
    """Return how wide a line is where marks of half width are set as such."""
    return len(line.shown) - sum(character.isascii() for character in line.text) / 2


# How the width of a page is measured: on paper, or by a machine that counted characters.
_MEASURES: tuple[Callable[[_Line], float], ...] = (
    lambda line: line.end,
    _wide,
    _narrow,
    lambda line: len(line.shown),
    lambda line: line.characters,
)
