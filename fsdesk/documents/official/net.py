"""The net under the reading: what a document says and the draft doesn't have is told at its place.

It knows nothing of how the draft came about. It goes through all text of the document once more,
with wider and simpler patterns than the reading has, and looks up by its place in the draft
whatever says who answers, a number with a measure unit, a deadline, and every line. What is found
in none is a doubt: silence would claim that the document has nothing there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from fsdesk.documents.official.lines.headings import is_about_answers
from fsdesk.documents.official.lines.marks import read_mark
from fsdesk.documents.official.targets.dues import dates_in
from fsdesk.domain.plan.plan import DeliverableKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fsdesk.documents.official.draft import DocumentDraft
    from fsdesk.documents.official.sources.passage import Passage
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.plan_document import TextSpan

# A bracket that may say who answers, with one pair within it: the name of a body has some.
_BRACKET = re.compile(r"[(\[](?:[^()\[\]]|[(\[][^()\[\]]{1,20}[)\]]){2,400}[)\]]")
_ROLES = re.compile(
    r"负责|牵头|配合|责任单位|责任部门|责任主体|主办|协办|承办|落实单位|参加单位|分工"
)
_LABEL = re.compile(
    r"(?:责任|牵头|配合|主办|协办|承办|参与|参加|实施|落实|主责|协同|主要责任)(?:单位|部门|主体|科室|处室)"
    r"(?:\([^()]{1,12}\))?\s*:(?P<names>[^。;:]{2,200})"
)
# A sentence that is nothing but names and what they do: 市财政局、市税务局分别牵头落实.
_SENTENCE = re.compile(
    r"(?:^|(?<=[。;]))(?P<names>[^。;:()\[\]]{3,120}?)(?:分别|共同|按职责)?(?:牵头|负责|配合)(?:落实|实施|推进)?(?=。|$)"
)
_BY = re.compile(r"由(?P<names>[^。;,:由]{2,40}?)(?:负责|牵头)(?!人|制)")
# Parts of a phrase that name somebody, by how the names of bodies end or groups begin.
_NAME = re.compile(
    r"(?:[一-鿿]{1,14}(?:局|委|厅|署|办|部|院|街道|办事处|政府|海关|管委会|总工会|妇联|残联|支队|大队|中心|集团|学校|医院|公司|协会)"
    r"|^各[一-鿿()、]{1,12}|[一-鿿]{0,8}(?:部门|单位))(?:\([^()]*\))?"
)
_ENDS_IN_NAME = re.compile(
    r"(?:局|委|厅|署|办|部|院|街道|办事处|政府|海关|会|联|支队|大队|中心|集团|学校|医院|公司|单位|部门|行|所|站)$"
)
_PARTS = re.compile(r"[、,;和及与]|会同|联合|按照?|分别|共同|根据|依")
_NUMBER = re.compile(
    r"(?:百分之[一二三四五六七八九十百零]+|(?<![第\d.\-/A-Za-z“《])(?:\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九]成(?![立员为果效绩本长型熟分品就]))"
    r"(?:[-~至到]\d+(?:\.\d+)?)?\s*(?P<unit>[万千百亿]?(?:%|‰|个百分点|批次|[批家户件起场次期例份条项所处座台套名人支辆吨亩元篇块张种类只轮岁分个])"
    r"|/\d*[万千]?(?:人|家)|ms|成)?)"
)
# What a number behind which one of these stands is part of: dates, years, numbers of papers.
_NO_GOAL = re.compile(r"\s*(?:年|月|日|号|季度|版|届|级|条例|条规定|款|类(?=人))")
_BEGINNING = 8  # characters of a line that make it worth asking where it went
_LONGEST_END = 40
_LEAST_NAME = 2


def cast_net(draft: DocumentDraft, plan: Plan, spans: Mapping[str, tuple[TextSpan, ...]]) -> None:
    """Add a doubt to the draft for whatever of the document isn't in the plan that came of it.

    `spans`: where the plan's items stand, by code.
    """
    net = _Net(draft, plan, spans)
    for passage in draft.passages:
        net.who_answers(passage)
        net.numbers(passage)
        net.deadlines(passage)
    net.lines()


class _Places:
    """Stretches of the document, to be asked whether one meets another."""

    def __init__(self, spans: Iterable[TextSpan]) -> None:
        # Of each line, where stretches begin and end; those that touch are one.
        self._bounds: dict[int, list[int]] = defaultdict(list)
        for span in sorted(spans, key=_in_order):
            bounds = self._bounds[span.line]
            if bounds and span.start <= bounds[-1]:
                bounds[-1] = max(bounds[-1], span.end)
            else:
                bounds += (span.start, span.end)

    def meet(self, passage: Passage, start: int, end: int) -> bool:
        """Tell whether one of them shares a character with a stretch of a passage."""
        return any(self._meets(span) for span in passage.spans(start, end))

    def _meets(self, span: TextSpan) -> bool:
        bounds = self._bounds[span.line]
        at = bisect_right(bounds, span.start)
        return at % 2 == 1 or (at < len(bounds) and bounds[at] < span.end)


class _Net:
    def __init__(
        self, draft: DocumentDraft, plan: Plan, spans: Mapping[str, tuple[TextSpan, ...]]
    ) -> None:
        self._draft = draft
        self._cells = {id(passage) for passage in draft.cells}
        told = [remark.span for remark in draft.remarks]
        aside = [span for passage in draft.aside for span in passage.spans()]
        clauses = draft.clauses
        dues = [clause.due[1] for clause in clauses if clause.due]
        orders = [span for span, _ in draft.orders]
        answers = [answer.span for clause in clauses for answer in clause.answers]
        texts = [
            span
            for clause in clauses
            for passage in (clause.text, clause.targets, clause.head)
            for span in passage.spans()
        ]
        heads = [
            span
            for part in (*draft.sections, *(p for s in draft.sections for p in s.points))
            for span in part.head.spans()
        ]
        front = [span for p in (*draft.requirement, draft.head) for span in p.spans()]
        timed = [
            span
            for item in plan.deliverables_by_code.values()
            if item.due or item.kind is not DeliverableKind.ONCE
            for span in spans.get(item.code, ())
        ]
        goals = [span for code in plan.indicators_by_code for span in spans.get(code, ())]
        self._answered = _Places([*answers, *orders, *dues, *told, *aside])
        self._counted = _Places([*goals, *timed, *dues, *told, *aside])
        self._dated = _Places([*timed, *dues, *told, *aside])
        self._asked = _Places(texts)
        self._said = _Places([*texts, *heads])
        self._kept = _Places([*texts, *heads, *front, *answers, *dues, *orders, *told, *aside])

    def who_answers(self, passage: Passage) -> None:
        """Look up each phrase that says who answers, and each name in it."""
        text = passage.plain
        for start, end in _phrases(text):
            if not self._answered.meet(passage, start, end):
                message = f"这里写明了责任单位，没有读入任何任务：{_short(text[start:end])}"
                self._draft.warn(
                    message, "请核对责任分工，有漏列的任务请补上", passage.span(start, end)
                )
                continue
            for first, last in _names(text, start, end):
                if not self._answered.meet(passage, first, last):
                    message = f"“{text[first:last]}”没有读成责任单位"
                    self._draft.warn(
                        message, "请核对责任分工，漏列的请补上", passage.span(first, last)
                    )

    def numbers(self, passage: Passage) -> None:
        """Look up each number with a measure unit in what tasks and headings say."""
        for number in _NUMBER.finditer(passage.plain):
            start, end = number.span()
            if not number["unit"] and not re.search("百分之|成", number[0]):
                continue
            if _NO_GOAL.match(passage.plain, end) or not self._said.meet(passage, start, end):
                continue
            if not self._counted.meet(passage, start, end):
                message = f"“{number[0].strip()}”没有列为指标"
                self._draft.tell(message, "如要考核，请列为指标", passage.span(start, end))

    def deadlines(self, passage: Passage) -> None:
        """Look up each date before which something is to be done in tasks and headings."""
        for due in dates_in(passage.plain):
            start, end = due.span()
            if self._said.meet(passage, start, end) and not self._dated.meet(passage, start, end):
                message = f"时限“{due[0]}”没有读成事项的完成时限"
                self._draft.warn(message, "请核对完成时限", passage.span(start, end))

    def lines(self) -> None:
        """Look up each line: what is in no task, no heading and no remark is told, by stretches."""
        passages = self._draft.passages
        in_tasks = [at for at, p in enumerate(passages) if self._asked.meet(p, 0, len(p))]
        first, last = (in_tasks[0], in_tasks[-1]) if in_tasks else (0, 0)
        lost = [at >= first and self._is_lost(p) for at, p in enumerate(passages)]
        for is_lost, run in groupby(range(len(passages)), key=lambda at: lost[at]):
            places = list(run)
            if not is_lost or (places[0] > last and _is_end(passages[at] for at in places)):
                continue
            passage = passages[places[0]]
            more = f"（共 {len(places)} 行）" if len(places) > 1 else ""
            message = f"这里的文字没有列入任何任务{more}：{_short(passage.plain.strip())}"
            marked = any(read_mark(passages[at].plain) for at in places)
            say = self._draft.warn if marked else self._draft.tell
            say(message, "如有任务请补上", passage.span())

    def _is_lost(self, passage: Passage) -> bool:
        # A cell of a few characters says nothing by itself; a line of its own may be half a word.
        least = _BEGINNING if id(passage) in self._cells else _LEAST_NAME
        text = passage.plain.strip()
        mark = read_mark(text)
        if len(text) < least or is_about_answers(text[mark.length if mark else 0 :].strip()):
            return False
        return not self._kept.meet(passage, 0, len(passage))


def _in_order(span: TextSpan) -> tuple[int, int, int]:
    return span.line, span.start, span.end


def _phrases(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text may say who answers, in half width."""
    brackets = [
        m.span() for m in _BRACKET.finditer(text) if _ROLES.search(m[0]) and _names_any(m[0])
    ]
    yield from brackets
    for pattern in (_LABEL, _BY, _SENTENCE):
        for match in pattern.finditer(text):
            start, end = match.span("names")
            inside = any(first <= start < last for first, last in brackets)
            if inside or not _NAME.search(match["names"]):
                continue
            if pattern is not _SENTENCE or _only_names(match["names"]):
                yield start, end


def _only_names(phrase: str) -> bool:
    """Tell whether all parts of a phrase end as names do."""
    parts = [part for part in _PARTS.split(phrase.strip(" ,、")) if part.strip()]
    return all(_ENDS_IN_NAME.search(part.strip()) for part in parts)


def _names_any(phrase: str) -> bool:
    """Tell whether a bracket holds more than words about the role."""
    return len(re.findall("[一-鿿]", _ROLES.sub("", phrase))) >= _LEAST_NAME


def _names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where parts of a phrase stand that name somebody."""
    at = start
    for cut in [*_PARTS.finditer(text, start, end), None]:
        until = cut.start() if cut else end
        name = _NAME.search(text[at:until].strip("()[] :"))
        first = text.index(name[0], at) if name else end
        if name and not _ROLES.match(text, first):
            yield first, first + len(name[0])
        at = cut.end() if cut else end


def _is_end(passages: Iterable[Passage]) -> bool:
    """Tell whether lines behind the last task are the letter's: who signed, when, copies to."""
    return all(len(passage.plain.strip()) <= _LONGEST_END for passage in passages)


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
