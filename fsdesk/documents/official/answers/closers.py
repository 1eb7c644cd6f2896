"""Where a text says who answers for what stands before it: brackets, labels, or a last sentence.

Brackets are matched as people mean them: of different shapes, of different width, or with one of
the two missing. Whatever had to be mended is told.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.documents.official.answers.names import ends_in_name, is_bare_name, is_likely_name
from fsdesk.documents.official.answers.responsible import ANY_LABEL, ROLE_WORDS, Phrase, read_phrase

_OPEN = {"(": ")", "[": "]"}
_CLOSE = {")": "(", "]": "["}
LONGEST = 600
MISMATCHED = "前后括号不一致"
NOT_CLOSED = "缺少后括号"
NOT_OPENED = "缺少前括号"
_WHEN = re.compile(
    r"\s*(?:.{0,4}\d|全年|长期|持续|常态|年底|[一二三四1-4]季度|第.季度|.{1,3}月|即时|立即|按"
    r"|上半年|下半年|贯穿)"
)
_SENTENCE_ENDS = "。;!?"
_IN_NO_NAME = re.compile(r"[:!?%《》“”\"]|\d{3}")
_BEFORE_PHRASE = re.compile(r"[。;!?\])]|\s")
_FEW = 2
_SMALL = re.compile(r"等|有关|相关|成员|其他|部门|单位|机构|工作|按照?|分别|[\s,;。)\]]")
_WHO_DOES = re.compile(r"[^,。;:负责牵头承担]{3,80}?(?:负责|牵头)(?=[一-鿿]{4,})")
_BODY = (
    r"(?:局|委|厅|署|办|部(?!门)|法院|检察院|街道|办事处|政府|海关|管委会|总工会|妇联|残联|支队"
    r"|大队)"
    r"(?:\([^()]{2,12}\))?"
)
_BODIES = rf"[一-鿿]{{1,14}}?{_BODY}(?:(?:、|和|及|与|会同|联合)[一-鿿]{{1,14}}?{_BODY})*"
_SUBJECT = re.compile(
    rf"(?P<names>(?:[各省市县区州镇乡]{_BODIES}"
    r"(?=(?:要|应|须|将)?(?:做好|抓好|负责|牵头|组织|开展|加强|强化|加大|推进|推动|落实|制定|完善"
    r"|建立|加快|定期|督促|指导|配合|协助|统筹|承担|按照|按职责|依法|结合|切实|进一步))"
    rf"|{_BODIES}(?=要|应|须|做好|抓好|负责(?!人)|牵头(?!单位)|按职责)))[^。]{{4,}}"
)
_SENTENCE_END = re.compile(r"[。;]\s*(?=\S)")
# 配合单位: is a label, and no end of the phrase before it.
_OF_LABEL = re.compile(r"(?:责任)?(?:单位|部门|科室|处室|主体|领导|人)?\s*(?::|为)")
_BY = re.compile(r"\s*由")
_NAMES_GO_ON = re.compile(r"\s*[、,;和及与]|\s*[^。;,、\[\](]{1,24}?(?:负责|牵头|配合|参与|落实)")


class Closer(Struct, frozen=True):
    """A place that says who answers.

    Attributes:
        start: Where it begins, with its bracket or label.
        inner: Where the phrase within it begins.
        fault: What is wrong with its brackets; empty when nothing is.
    """

    start: int
    end: int
    inner: int
    phrase: Phrase
    fault: str = ""


def find_closers(text: str) -> list[Closer]:
    """Find all closers of a text, in order.

    `text`: in half width.
    """
    return list(_closers(text))


@lru_cache(maxsize=65536)  # every step of the reading asks it of every paragraph
def _closers(text: str) -> tuple[Closer, ...]:
    found = _Brackets(text).find()
    found += _labels_outside(text, found)
    found.sort(key=lambda closer: closer.start)
    last = _last_sentence(text, found)
    if last:
        found.append(last)
    return tuple(found)


class _Brackets:
    """Walks through a text with a stack of the brackets that are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[int] = []
        self._found: list[Closer] = []
        self._at = 0

    def find(self) -> list[Closer]:
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in _OPEN:
                if self._open and not self._closes_well():
                    # Either a bracket within a name, or the one before was never closed.
                    self._recover(self._at, only_if_said=True)
                self._open.append(self._at)
            elif character in _CLOSE:
                self._closed(character)
            self._at += 1
        while self._open:
            self._recover(len(self._text))
        return self._found

    def _closes_well(self) -> bool:
        """Tell whether the outermost open bracket has its own end, and says who answers till there.

        Brackets within it are those of names then.
        """
        start = self._open[0]
        depth: list[str] = []
        for at in range(start, min(start + LONGEST, len(self._text))):
            character = self._text[at]
            if character in _OPEN:
                depth.append(_OPEN[character])
            elif character in _CLOSE:
                if depth.pop() != character:
                    return False
                if not depth:
                    return self._said(start, at)
        return False

    def _closed(self, character: str) -> None:
        if not self._open:
            self._stray()
            return
        wanted = _CLOSE[character]
        kinds = [self._text[at] for at in self._open]
        if kinds[-1] == wanted:
            start = self._open.pop()
            self._take(start, self._at, "")
            return
        if wanted in kinds and (self._said(self._outer(wanted), self._at) or len(kinds) == 1):
            start = self._outer(wanted)
            del self._open[self._open.index(start) :]
            self._take(start, self._at, NOT_CLOSED)
            return
        start = self._open.pop()
        self._take(start, self._at, MISMATCHED)

    def _outer(self, kind: str) -> int:
        return next(at for at in reversed(self._open) if self._text[at] == kind)

    def _said(self, start: int, end: int) -> bool:
        phrase = self._phrase(start + 1, end)
        return phrase is not None and phrase.is_said

    def _take(self, start: int, end: int, fault: str) -> None:
        if self._open:  # a bracket within another one
            return
        phrase = self._phrase(start + 1, end)
        if phrase is not None and _may_stand(self._text, start, end, phrase):
            self._found.append(Closer(start, end + 1, start + 1, phrase, fault))

    def _phrase(self, start: int, end: int) -> Phrase | None:
        return read_phrase(self._text[start:end]) if end - start <= LONGEST else None

    def _recover(self, limit: int, *, only_if_said: bool = False) -> None:
        """Close the outermost open bracket where its phrase ends, if it does before a limit."""
        start = self._open[0]
        best = 0
        for role in ROLE_WORDS.finditer(self._text, start + 1, min(limit, start + LONGEST)):
            rest = self._text[role.end() : limit]
            if _OF_LABEL.match(rest):
                continue
            if self._said(start, role.end()) and not _NAMES_GO_ON.match(rest):
                best = role.end()
                break
        if best:
            self._open = [at for at in self._open if at >= best]
            phrase = self._phrase(start + 1, best)
            end = best + (self._text[best : best + 1] in _CLOSE)
            if phrase is not None:
                self._found.append(Closer(start, end, start + 1, phrase, NOT_CLOSED))
        elif not only_if_said:
            self._open.pop(0)

    def _stray(self) -> None:
        """A closing bracket without an opening one: the phrase begins after the last sentence."""
        floor = self._found[-1].end if self._found else 0
        floor = max(floor, self._at - LONGEST)
        for mark in _BEFORE_PHRASE.finditer(self._text, floor, self._at):
            floor = mark.end()
        phrase = self._phrase(floor, self._at)
        if phrase is not None and phrase.is_said and _all_names(phrase):
            self._found.append(Closer(floor, self._at + 1, floor, phrase, NOT_OPENED))


def _all_names(phrase: Phrase) -> bool:
    return bool(phrase.named) and all(is_bare_name(one.name) for one in phrase.named)


def _may_stand(text: str, start: int, end: int, phrase: Phrase) -> bool:
    """Tell whether a bracket that only lists names can be a closer: at a sentence's end."""
    if phrase.is_said:
        return True
    if ends_in_name(text[:start]):  # 区发改局（区粮食局） is one name
        return False
    before = text[:start].rstrip()[-1:]
    after = text[end + 1 :].lstrip()[:1]
    return bool(before) and (before in _SENTENCE_ENDS or after in ("", *_SENTENCE_ENDS))


def _labels_outside(text: str, brackets: list[Closer]) -> list[Closer]:
    """Find labels such as 责任单位： that stand in the text itself, up to the sentence's end."""
    taken = [(closer.start, closer.end) for closer in brackets]
    found: list[Closer] = []
    done = 0
    for label in ANY_LABEL.finditer(text):
        start = label.start()
        if start < done or any(first <= start < last for first, last in taken):
            continue
        if start and text[start - 1] not in " 。;,!?)]、":
            continue
        if label["due"] and not _WHEN.match(text, label.end()):
            continue
        begin = _with_labels_before(text, done, start)
        ends = [at for at in (text.find("。", label.end()),) if at >= 0]
        ends += [first for first, _ in taken if first > start]
        end = _past_labels(text, min(ends, default=len(text)), label.end())
        phrase = read_phrase(text[begin:end])
        if phrase is not None:
            done = min(end + 1, len(text)) if text[end : end + 1] == "。" else end
            found.append(Closer(begin, done, begin, phrase))
    return found


def _with_labels_before(text: str, floor: int, start: int) -> int:
    """Take in a label right before, such as 完成时限 before 责任单位."""
    labels = [label.start() for label in ANY_LABEL.finditer(text, floor, start)]
    for at in labels:
        if (not at or text[at - 1] in " 。;,)]") and "。" not in text[at:start]:
            return at
    return start


def _past_labels(text: str, end: int, floor: int) -> int:
    """Go on when another label follows the sentence's end at once."""
    while end < len(text) and text[end] == "。":
        rest = re.match(r"[。\s]*", text[end:])
        at = end + (rest.end() if rest else 1)
        label = ANY_LABEL.match(text, at)
        if label is None:
            break
        stop = text.find("。", label.end())
        end = stop if stop >= 0 else len(text)
    return max(end, floor)


def _last_sentence(text: str, found: list[Closer]) -> Closer | None:
    """Find a last sentence that is nothing but names with their roles."""
    whole = text.rstrip().rstrip("。")
    floor = found[-1].end if found else 0
    start = max(whole.rfind("。", 0), whole.rfind(";", 0), floor - 1) + 1
    if start == 0 and not found:
        start = 0
    if len(whole) - start > LONGEST or start >= len(whole):
        return None
    if _IN_NO_NAME.search(whole, start) and not ANY_LABEL.search(whole, start):
        return None  # most sentences: they need not be read
    phrase = read_phrase(whole[start:])
    by = bool(_BY.match(whole[start:]))
    if phrase is None or not phrase.is_said or not (_all_names(phrase) or _all_said(phrase, by=by)):
        return None
    behind = ROLE_WORDS.sub("", whole[start:][max(one.end for one in phrase.named) :])
    if (
        len(_SMALL.sub("", behind)) > _FEW
    ):  # what follows the names is what they do: 甲负责,乙配合,取缔…
        return None
    return Closer(start, len(text.rstrip()), start, phrase)


def leading_phrase(text: str) -> Closer | None:
    """Find names with their roles that a text begins with: 由区教育局牵头，区卫健局配合，开展…."""
    end = 0
    by = bool(_BY.match(text))
    for mark in re.finditer(r"[,:。]", text[:LONGEST]):
        part = text[end : mark.start()].strip()
        role = ROLE_WORDS.search(part)
        if role is None or role.end() != len(part) or not _all_said(read_phrase(part), by=by):
            break
        end = mark.end()
    phrase = read_phrase(text[: end - 1]) if end else None
    if phrase is None or not text[end:].strip(" 。"):
        return None
    return Closer(0, end, 0, phrase)


def subject_phrase(text: str) -> Closer | None:
    """Find who a sentence says does what follows: 区商务局、区城管局负责督促…; nothing is cut."""
    found = _WHO_DOES.match(text)
    phrase = read_phrase(text[: found.end()]) if found else None
    if phrase is None or not _all_said(phrase, by=False):
        subject = _SUBJECT.match(text)
        phrase = read_phrase(f"{subject['names']}负责") if subject else None
    if phrase is None or not _all_said(phrase, by=False):
        return None
    return Closer(0, 0, 0, phrase)


def by_subject(text: str) -> list[tuple[int, int, Closer | None]]:
    """Cut a text at the sentences that begin with who does what they ask for.

    Returns:
        Where each part begins and ends, with who is named at its beginning; None for a part at the
        beginning of the text in which nobody is.
    """
    starts = [0, *(mark.end() for mark in _SENTENCE_END.finditer(text))]
    found: list[tuple[int, Closer | None]] = []
    for at in starts:
        closer = leading_phrase(text[at:]) or subject_phrase(text[at:]) if text[at:] else None
        if closer is not None:
            closer = replace(closer, start=closer.start + at, end=closer.end + at, inner=at)
        if closer is not None or not found:
            found.append((at, closer))
    ends = [*(start for start, _ in found[1:]), len(text)]
    return [(start, end, closer) for (start, closer), end in zip(found, ends, strict=True)]


def _all_said(phrase: Phrase | None, *, by: bool) -> bool:
    """Tell whether names with roles are all that a phrase says; 由 before them leaves no doubt."""
    if phrase is None or not all(one.stated for one in phrase.named):
        return False
    return _all_names(phrase) or (by and all(is_likely_name(one.name) for one in phrase.named))


def groups(text: str) -> list[tuple[int, int, list[Closer]]]:
    """Cut a text into clause groups: where each begins and ends, and the closers behind it.

    Closers that follow each other at once belong together; text after the last has none.
    """
    closers = find_closers(text)
    found: list[tuple[int, int, list[Closer]]] = []
    start = 0
    together: list[Closer] = []
    for closer, following in pairwise([*closers, None]):
        if closer is None:
            continue
        together.append(closer)
        gap = text[closer.end : following.start] if following else ""
        if following and not gap.strip(" 。;,、"):
            continue
        found.append((start, together[0].start, together))
        # The marks that follow end the sentence before it.
        match = re.compile(r"[\s。;,、]*").match(text, closer.end)
        start = match.end() if match else closer.end
        together = []
    if text[start:].strip(" 。;,、"):
        found.append((start, len(text), []))
    return found
