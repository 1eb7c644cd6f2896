"""What the words of two lines tell of whether the second goes on with the first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.documents.official.answers.closers import find_closers, leading_phrase
from fsdesk.documents.official.answers.names import ends_in_name, is_bare_name, is_likely_name
from fsdesk.documents.official.answers.responsible import ANY_LABEL, ROLE_WORDS, read_phrase
from fsdesk.documents.official.front import is_title, year_in
from fsdesk.documents.official.lines.headings import LONGEST_TITLE
from fsdesk.documents.official.reflow.furniture import DAY
from fsdesk.documents.official.reflow.line import closes, open_bracket, wide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.reflow.line import Line

_GOES_ON = re.compile(r"^[,。、;:!?)\]”》%’]|^\.(?!\d)")
WILL_GO_ON = re.compile(
    r"(?:[,、(\[“《‘和或的将把]|不少于|不低于|不高于|不超过|[达占]到?|超过|以及|并在|其中)$"
)
_ENDS_IN_MARK = re.compile(
    r"(?:[^\s附件表]\([一二三四五六七八九十]{1,3}\)"
    r"|[。;)\]](?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.、]))$"
)
_NUMBER_GOES_ON = re.compile(r"^(?:\d|[%批次家个名项件场期份处条元]|万|年|月|日|人次)")
QUANTITY = re.compile(r"\d\s*(?:[%批次家个名项件场期份处条元起]|万|人次)")
_BY_ITSELF = re.compile(r"^附件|号$|^目\s*录|^\(|[日】》”]$")
PROSE = re.compile(r"[,。;、]")
TOKEN = re.compile(r"[^,。;、:\s()\[\]]+")
LEAST_WIDTH = 12.0
_LEAST_PROSE = 8
_LONGEST_LEVEL = 30


def is_surely_one(first: Line, second: Line) -> bool:
    """Tell whether a line can't be read but with the one before it."""
    if _GOES_ON.match(second.text) or _ENDS_IN_MARK.search(first.text) or _answers(second):
        return True
    opened = open_bracket(first.text)
    if opened < 0 or not closes(second.text, inside=first.text[opened + 1 :]):
        return False
    phrase = read_phrase(first.text[opened + 1 :])
    return phrase is None or not phrase.is_said


def ends_in_answers(line: Line, following: Line) -> bool:
    """Tell whether a line ends with who answers for what stands in it."""
    closers = find_closers(line.text) if line.finished or is_answer(line, following) else []
    return bool(closers) and closers[-1].end >= len(line.text)


def is_answer(line: Line, following: Line) -> bool:
    """Tell whether a line is nothing but names and how they answer: 市财政局、市税务局牵头落实."""
    if ROLE_WORDS.match(following.text):  # 市财政局牵头 may go on: 负责
        return False
    closers = find_closers(line.text)
    role = list(ROLE_WORDS.finditer(line.text))[-1:]
    whole = closers and closers[0].start == 0 and closers[-1].end == len(line.text)
    return bool(whole and role and role[0].end() == len(line.text))


def is_broken(first: Line, second: Line) -> bool:
    """Tell whether a line is surely broken: a sentence that has no end and is no heading."""
    opened = open_bracket(first.text)
    if opened >= 0 and closes(second.text, inside=first.text[opened + 1 :]):
        return True
    if first.finished or first.paragraph.level or wide(first) < LEAST_WIDTH:
        return False
    if ANY_LABEL.match(first.text) and not PROSE.search(first.text):
        return False
    return "。" in first.text if first.mark else bool(PROSE.search(first.text))


def _bracket_goes_on(first: Line, ahead: Sequence[Line]) -> bool:
    """Tell whether a bracket that is open behind a line is closed in those that follow."""
    opened = open_bracket(first.text)
    if opened < 0:
        return False
    rest = "".join(line.text for line in ahead if not line.mark)
    return closes(rest, inside=first.text[opened + 1 :])


def must_go_on(first: Line, ahead: Sequence[Line]) -> bool:
    """Tell whether a line can't begin anything, by what stands at its begin or before it."""
    if _GOES_ON.match(ahead[0].text) or _ENDS_IN_MARK.search(first.text):
        return True
    if first.mark and len(first.text) == first.mark.length + 1:  # one character is no heading
        return True
    if _bracket_goes_on(first, ahead) or _ends_in_label(first.text):
        return True
    return _answers(ahead[0]) and not may_be_heading(first)


def _answers(line: Line) -> bool:
    """Tell whether a line begins with the bracket that says who answers for what stands before."""
    if line.text[:1] not in "([":
        return False
    closers = find_closers(f"。{line.text}")  # names alone answer only behind a sentence
    return bool(closers) and closers[0].start == 1


def begins_with_answers(text: str) -> bool:
    """Tell whether a sentence begins with who does it, or says nothing else."""
    closers = find_closers(text)
    return leading_phrase(text) is not None or bool(closers and closers[0].start == 0)


def _ends_in_label(text: str) -> bool:
    """Tell whether a line ends in a label whose names must follow: 牵头单位：甲；责任单位：."""
    labels = list(ANY_LABEL.finditer(text))[-1:]
    return bool(labels) and labels[0].start() > 0 and labels[0].end() == len(text)


def may_go_on(line: Line) -> bool:
    """Tell whether a line may belong to the one before it, whatever that one says."""
    return not (line.mark or line.gap or line.apart or begins_own([line]))


def begins_own(ahead: Sequence[Line]) -> bool:
    """Tell whether a line begins with what always begins one: a label, a date, who signs."""
    text = ahead[0].text
    if ANY_LABEL.match(text) or DAY.match(text):
        return True
    signs = len(ahead) > 1 and bool(DAY.match(ahead[1].text))
    return signs and len(text) <= _LONGEST_LEVEL and is_likely_name(text)


def is_whole_title(line: Line) -> bool:
    """Tell whether a line is a document's title and nothing can follow it."""
    if line.mark or PROSE.search(line.text):
        return False
    return is_title(line.text) and year_in([line.text]) is not None


def is_own(text: str) -> bool:
    """Tell whether a line without an end mark may stand by itself: a name, a label, a number."""
    return bool(
        is_bare_name(text) or ANY_LABEL.search(text) or _BY_ITSELF.search(text) or text.isdigit()
    )


def surely_goes_on(first: Line, second: Line) -> bool:
    """Tell whether two lines are one by their words: a comma, a number or a name cut in two."""
    if WILL_GO_ON.search(first.text):
        return True
    if first.text[-1:].isdigit() and _NUMBER_GOES_ON.match(second.text):
        return True
    last = TOKEN.findall(first.text)[-1:]
    begin = TOKEN.match(second.text)
    if not last or not begin or not ANY_LABEL.search(first.text):
        return False
    return not ends_in_name(last[0]) and is_bare_name(last[0] + begin[0])


def may_be_heading(line: Line) -> bool:
    """Tell whether a line with a heading's number may be nothing but the heading."""
    return bool(
        line.mark
        and not re.search("[。;]", line.text)
        and len(line.text) <= LONGEST_TITLE
        and line.text.count(",") <= 1
        and not QUANTITY.search(line.text)
    )


def is_prose(line: Line) -> bool:
    """Tell whether a line is part of a text and no heading, title or list of names."""
    if may_be_heading(line) or ANY_LABEL.match(line.text):
        return False
    return "。" in line.text or (len(line.text) >= _LEAST_PROSE and bool(PROSE.search(line.text)))
