"""Clause groups: the text up to a place that says who answers becomes one clause."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.documents.official.answers.closers import (
    by_subject,
    find_closers,
    groups,
    leading_phrase,
    subject_phrase,
)
from fsdesk.documents.official.answers.names import is_bare_name
from fsdesk.documents.official.draft import Answer, Clause
from fsdesk.documents.official.lines.headings import title_end
from fsdesk.documents.official.lines.marks import read_mark
from fsdesk.documents.official.lines.titles import verb_of
from fsdesk.documents.official.sources.passage import Passage, joined
from fsdesk.documents.official.targets.targets import has_targets
from fsdesk.domain.plan.plan import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.documents.official.answers.closers import Closer
    from fsdesk.documents.official.answers.responsible import Named, Phrase
    from fsdesk.documents.official.draft import DocumentDraft
    from fsdesk.documents.official.tree import HeadingNode
    from fsdesk.domain.plan_document import TextSpan

_LEAD = 25
_HALF = 0.5
_LEAST_TEXT = 4
_LONGEST_HEADING = 20
_NOTE = re.compile(r"^\s*(?:\(|\[)?(?:备?注|说明)\s*[:\]]")
_NO_HEADING = re.compile(r"[,;。:!?)\]\d%]")


class Chunk(Struct, frozen=True):
    """A line under a point.

    Attributes:
        item: Which of the numbered items under the point it belongs to; 0 for none.
        head: Heading of the item, when the line begins with one.
    """

    passage: Passage
    item: int
    head: Passage = field(default_factory=Passage)


def chunks_of(node: HeadingNode) -> list[Chunk]:
    """Return the lines under a point in order; headings that are nothing but a title name items."""
    found = [Chunk(passage, 0) for passage in node.body]
    for item, child in enumerate(node.children, start=1):
        found += _chunks_below(child, item)
    return found


def _chunks_below(node: HeadingNode, item: int) -> list[Chunk]:
    title, only_title = _lead(node)
    found: list[Chunk] = []
    if only_title:
        inside = [Chunk(passage, item) for passage in node.body]
        for child in node.children:
            inside += _chunks_below(child, item)
        if inside:
            first = inside[0]
            inside[0] = Chunk(first.passage, item, first.head if len(first.head) else title)
            return inside
        return [Chunk(node.head, item, title)]
    found.append(Chunk(node.head, item, title))
    found += [Chunk(passage, item) for passage in node.body]
    for child in node.children:
        found += _chunks_below(child, item)
    return found


def _lead(node: HeadingNode) -> tuple[Passage, bool]:
    """Return an item's heading, and whether its line is nothing else."""
    text = node.head.plain
    cut = groups(text)
    closer = cut[0][1] if cut and cut[0][2] else len(text)
    end = node.lead or title_end(text, closer)
    title = node.head.slice(0, len(text[:end].rstrip(" 。:"))).stripped()
    behind = text[end:closer].strip(" 。:")
    if not behind and closer == len(text) and "。" not in text and (node.children or node.body):
        return title, True
    return (title if 0 < end <= _LEAD and behind else Passage()), False


class Gathering(Struct):
    """Goes through the lines under a point and closes a clause wherever somebody answers.

    Attributes:
        inherited: Who answers where nobody is named, from the heading.
        due: A date that holds for the whole point.
    """

    draft: DocumentDraft
    inherited: Sequence[Answer]
    clauses: list[Clause] = field(default_factory=list[Clause])
    due: tuple[str, TextSpan] | None = None
    _waiting: list[Chunk] = field(default_factory=list[Chunk])
    _apart: bool = False
    _last_item: int = -1

    def take(self, chunks: Sequence[Chunk]) -> None:
        """Go through all lines of a point."""
        self._apart = _each_has_its_own(chunks)
        lines = _with_small_headings(chunks)
        last_closed = max((at for at, chunk in enumerate(lines) if _closed(chunk)), default=-1)
        for at, chunk in enumerate(lines):
            if self._apart and self._waiting and self._waiting[-1].item != chunk.item:
                self._leave_open()
            if _is_note(chunk):
                words = "注释没有列为任务"
                self.draft.tell(words, "如有任务请补上", chunk.passage.span())
                continue
            if self.clauses and not self._waiting and _is_left_over(chunk, lines[at + 1 :]):
                words = "没有编号的小标题没有列为任务"
                self.draft.tell(words, "如是任务请补上责任单位", chunk.passage.span())
                continue
            self._line(chunk, alone=at >= last_closed)
        self._leave_open()

    def _line(self, chunk: Chunk, *, alone: bool) -> None:
        """Take a line. `alone`: whether no line of its item behind it says who answers."""
        head = chunk.head
        for start, end, behind in groups(chunk.passage.plain):
            parts = [] if behind else self._parts(chunk.passage.plain[start:end], alone=alone)
            for first, last, ahead in parts or [(0, end - start, None)]:
                closers, begin = behind, start + first
                if ahead is not None:
                    begin = start + ahead.end
                    here = replace(ahead, start=start + first, end=begin, inner=start + ahead.inner)
                    closers = [here]
                    self._tell_subject(here, chunk.passage)
                    if first:
                        self._leave_open()
                text = _trimmed(chunk.passage.slice(begin, start + last))
                mark = read_mark(text.plain) if begin == 0 else None
                if mark and len(text) > mark.length:
                    text = text.slice(mark.length)
                if len(text):
                    self._waiting.append(Chunk(text, chunk.item, head))
                    head = Passage()
                if behind:
                    self._tell_others(chunk.passage.slice(start, end), behind)
                if closers:
                    self._close(closers, chunk)

    def _parts(self, text: str, *, alone: bool) -> list[tuple[int, int, Closer | None]]:
        """Cut a text behind which nobody answers where a sentence begins with who does it."""
        if not alone:
            return [(0, len(text), leading_phrase(text))]
        found: list[tuple[int, int, Closer | None]] = []
        known = _doing(self.inherited)
        for start, end, closer in by_subject(text):
            named = _doing(closer.phrase.named) if closer else set[str]()
            cuts = closer is not None and closer.end > start
            if not cuts and named == known:  # it goes on about those who answer anyway
                first, _, before = found.pop() if found else (start, end, None)
                found.append((first, end, before))
                continue
            found.append((start, end, closer))
            known = named
        return found

    def _tell_subject(self, closer: Closer, passage: Passage) -> None:
        """Tell that who answers was taken from a sentence that only says who does it."""
        if closer.end == closer.start:
            message = "没有单独写明责任单位，按句中“谁负责什么”读取"
            last = max(one.end for one in closer.phrase.named)
            span = passage.span(closer.start, closer.start + last)
            self.draft.warn(message, "请核对责任单位", span)

    def _tell_others(self, passage: Passage, behind: Sequence[Closer]) -> None:
        """Tell of a sentence about somebody whom the bracket behind it doesn't name."""
        named = {one.name for closer in behind for one in closer.phrase.named}
        groups_too = any(name.startswith("各") or "单位" in name for name in named)
        for start, _, closer in by_subject(passage.plain):
            others = [one for one in closer.phrase.named if one.name not in named] if closer else []
            if others and not groups_too:
                span = passage.span(start, start + others[-1].end)
                message = f"这句话说的是“{others[0].name}”，后面的括号里没有它"
                self.draft.warn(message, "请核对是否另有任务或漏列单位", span)

    def _close(self, closers: list[Closer], chunk: Chunk) -> None:
        answers, due = answers_of(closers, chunk.passage, self.draft)
        if not self._waiting and self.clauses:
            answers = _beside_leader(self.clauses[-1].answers, answers, closers)
        if self._waiting:
            self._add(answers, due)
            self._last_item = chunk.item
        elif self.clauses and self._last_item in {chunk.item, 0}:
            last = self.clauses[-1]
            known = {answer.name for answer in last.answers}
            last.answers += [answer for answer in answers if answer.name not in known]
            last.due = last.due or due
        else:
            answers = _beside_leader(self.inherited, answers, closers)
            self.inherited = [*self.inherited, *answers]
            self.due = due or self.due

    def _add(self, answers: list[Answer], due: tuple[str, TextSpan] | None) -> None:
        waiting, self._waiting = self._waiting, []
        passage = joined(chunk.passage for chunk in waiting)
        heads = (chunk.head for chunk in waiting if len(chunk.head))
        one = len({chunk.item for chunk in waiting}) == 1
        head = next(heads, Passage()) if one else Passage()
        clause = Clause(
            passage.slice(0, len(passage.plain.rstrip(" ;,、"))),
            head.text,
            combined(answers, self.inherited),
            due or self.due,
            head=head,
        )
        self.clauses.append(clause)

    def _leave_open(self) -> None:
        """Close a clause behind which nobody is named."""
        if not self._waiting:
            return
        if sum(len(chunk.passage) for chunk in self._waiting) < _LEAST_TEXT:
            self._waiting = []
            return
        if self._apart and self._is_lead_in():
            span = self._waiting[0].passage.span()
            self.draft.tell("这是以下各项的引言，没有列为任务", "如有任务请在计划中补上", span)
            self.draft.aside += [chunk.passage for chunk in self._waiting]
            self._waiting = []
            return
        self._last_item = self._waiting[-1].item
        self._add(self._who_does(), None)

    def _who_does(self) -> list[Answer]:
        """Take who a sentence names as doing it, where nobody else answers."""
        passage = self._waiting[0].passage
        found = None if self.inherited else subject_phrase(passage.plain)
        if found is None:
            return []
        message = "没有单独写明责任单位，按句中“谁负责什么”读取"
        self.draft.warn(message, "请核对责任单位", passage.span())
        return answers_of([found], passage, self.draft)[0]

    def _is_lead_in(self) -> bool:
        """Tell whether what waits only leads to the items that follow: …实施如下项目:."""
        text = "".join(chunk.passage.plain for chunk in self._waiting).rstrip()
        own = all(chunk.item == 0 for chunk in self._waiting)
        return own and text.endswith(":") and not has_targets(text)


def _each_has_its_own(chunks: Sequence[Chunk]) -> bool:
    """Tell whether most numbered items under a point name who answers for them."""
    items = {chunk.item for chunk in chunks if chunk.item}
    closed = {chunk.item for chunk in chunks if chunk.item and _closed(chunk)}
    return len(items) > 1 and len(closed) >= len(items) * _HALF and len(closed) > 1


def _with_small_headings(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Let a line that is only a heading, without a number, stand over the line behind it."""
    found: list[Chunk] = []
    for chunk, following in pairwise([*chunks, None]):
        if chunk is None:
            continue
        over = found.pop() if found and found[-1].passage is _NO_TEXT else None
        head = over.head if over and not len(chunk.head) else chunk.head
        text = chunk.passage.plain
        sentence = following is not None and len(following.passage) > len(text)
        same = following is not None and chunk.item == following.item
        if sentence and same and _is_small_heading(text) and not over:
            found.append(Chunk(_NO_TEXT, chunk.item, chunk.passage.stripped()))
        else:
            found.append(Chunk(chunk.passage, chunk.item, head))
    return found


_NO_TEXT = Passage()


def _is_small_heading(text: str) -> bool:
    """Tell whether a line is short, and neither a sentence nor a goal nor a list of names."""
    shown = text.strip()
    return (
        1 < len(shown) <= _LONGEST_HEADING
        and not _NO_HEADING.search(shown)
        and not is_bare_name(shown)
        and not find_closers(shown)
        and read_mark(shown) is None
    )


def _is_note(chunk: Chunk) -> bool:
    """Tell whether a line only explains how the document is to be read."""
    return bool(_NOTE.match(chunk.passage.plain)) and not _closed(chunk)


def _is_left_over(chunk: Chunk, behind: Sequence[Chunk]) -> bool:
    """Tell whether a last line names only what the next point is about: 食品流通环节."""
    text = chunk.passage.plain
    return not behind and chunk.item == 0 and _is_small_heading(text) and not verb_of(text)


def _doing(named: Iterable[Named | Answer]) -> set[str]:
    """Return the names of those who do the work, and don't only support it."""
    return {one.name for one in named if one.role is not Role.SUPPORT}


def _closed(chunk: Chunk) -> bool:
    return any(closers for _, _, closers in groups(chunk.passage.plain))


def _beside_leader(
    before: Sequence[Answer], answers: list[Answer], closers: Sequence[Closer]
) -> list[Answer]:
    """Give those under 责任单位 their role when a label before has named who leads."""
    led = any(answer.role is Role.LEAD for answer in before)
    if not led or not all(closer.phrase.labelled for closer in closers):
        return answers
    return [replace(a, role=Role.SHARED) if a.role is Role.SOLE else a for a in answers]


def answers_of(
    closers: Sequence[Closer], passage: Passage, draft: DocumentDraft
) -> tuple[list[Answer], tuple[str, TextSpan] | None]:
    """Return who answers by some closers that belong together, and by when."""
    answers: list[Answer] = []
    due: tuple[str, TextSpan] | None = None
    for closer in closers:
        if closer.fault:
            span = passage.span(closer.start, closer.end)
            draft.warn(f"{closer.fault}，已按责任单位读取", "请核对责任单位", span)
        named = answers_of_phrase(closer.phrase, passage, closer.inner, draft)
        answers += _beside_leader(answers, named, [closer])
        if closer.phrase.due:
            start = closer.inner + closer.phrase.due_start
            due = (closer.phrase.due, passage.span(start, start + len(closer.phrase.due)))
        if closer.phrase.people:
            span = passage.span(closer.start, closer.end)
            draft.tell("写明的责任人没有列入计划", "计划只列单位", span)
    return answers, due


def answers_of_phrase(
    phrase: Phrase, passage: Passage, inner: int, draft: DocumentDraft
) -> list[Answer]:
    """Return who answers by a phrase that begins at a place of a passage; its remarks are told."""
    named = [
        Answer(
            one.name,
            one.role,
            passage.span(inner + one.start, inner + one.end),
            one.stated,
            one.more,
            one.tail,
            one.mark,
        )
        for one in phrase.named
    ]
    if phrase.order is not None:
        span = passage.span(inner + phrase.order.start, inner + phrase.order.end)
        draft.orders.append((span, phrase.order))
        draft.settled.update(one.span for one in named)
    for start, end in phrase.unused:
        span = passage.span(inner + start, inner + end)
        draft.warn("括号内的这句说明没有列入责任分工", "如涉及责任单位请补上", span)
    if phrase.above:
        known = {one.name for one in named}
        above = [one for one in draft.last if one.name not in known]
        led = any(one.role is Role.LEAD for one in named)
        named += [
            replace(one, role=Role.SHARED if led else one.role, span=passage.span(inner))
            for one in above
        ]
        draft.tell("写的是“同上”，已按上一项的责任单位读取", "请核对责任单位", passage.span(inner))
    draft.last = named or draft.last
    return named


def _trimmed(passage: Passage) -> Passage:
    """Take away white space, and marks that belong to what stood before."""
    text = passage.plain
    start = len(text) - len(text.lstrip(" 。;,、:"))
    return passage.slice(start, max(len(text.rstrip()), start))


def combined(answers: Sequence[Answer], above: Sequence[Answer]) -> list[Answer]:
    """Return who answers for a clause under a heading that names somebody, too.

    Those whom the clause names stand in their place, but who only supports supports the leader.
    """
    if not answers:
        return list(above)
    if any(answer.role is not Role.SUPPORT for answer in answers):
        return list(answers)
    names = {answer.name for answer in answers}
    return [*(answer for answer in above if answer.name not in names), *answers]
