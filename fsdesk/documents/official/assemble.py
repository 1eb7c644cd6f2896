"""A draft becomes a plan: codes are counted, names become units, numbers become indicators."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from fsdesk.documents.official.draft import Remark
from fsdesk.documents.official.lines.titles import LONGEST, is_title_as_it_is, thing_of, title_of
from fsdesk.documents.official.sources.passage import Passage, plain
from fsdesk.documents.official.targets.deliverables import find_items
from fsdesk.documents.official.targets.dues import dates_in, due_date
from fsdesk.documents.official.targets.indicator_draft import POPULATION, indicator_of
from fsdesk.documents.official.targets.passed_over import passed_over
from fsdesk.documents.official.targets.schedules import Schedule, holding, schedule_said
from fsdesk.documents.official.targets.targets import NOTHING, find_targets
from fsdesk.domain.findings import Severity
from fsdesk.domain.plan.plan import Assignment, Deliverable, Plan, Point, Section, Task
from fsdesk.domain.plan.revision import items_of
from fsdesk.domain.plan_document import ParsedPlan, ReadingDoubt, TextSpan
from fsdesk.domain.text import tidy

if TYPE_CHECKING:
    from datetime import date

    from fsdesk.documents.official.answers.parties import Parties
    from fsdesk.documents.official.draft import Clause, DocumentDraft, DraftPoint, DraftSection
    from fsdesk.documents.official.sources.source import DocumentSource
    from fsdesk.documents.official.targets.deliverables import Item
    from fsdesk.documents.official.targets.target import Target
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import PlanConstant

OTHER = "其他任务"
_LEAST_THING = 4
_NAMED_YEAR = re.compile(r"(?<![较比从由自])(20\d\d)年")
_AND_ON = re.compile(r"长期|持续|常态|坚持")


class _Targets(NamedTuple):
    """The targets of a clause: those of its text, and those of a table's own column."""

    text: list[Target]
    column: list[Target]


class Assembly:
    """Counts codes through a document and remembers where everything stands.

    Attributes:
        spans: Where each task, indicator and deliverable stands, by code.
    """

    def __init__(self, draft: DocumentDraft, parties: Parties, year: int) -> None:
        """Begin with a draft whose names have been matched."""
        self._draft = draft
        self._parties = parties
        self._year = year
        self.spans: dict[str, tuple[TextSpan, ...]] = {}
        self._assigned: dict[tuple[str, str], TextSpan] = {}
        self._codes: dict[int, str] = {}

    def plan(self, title: str, constants: tuple[PlanConstant, ...]) -> Plan:
        """Return the whole plan."""
        directory = self._parties.directory
        office = directory.office
        sections = tuple(self._sections())
        indicators = [i for s in sections for p in s.points for t in p.tasks for i in t.indicators]
        derived = any(indicator.derivation for indicator in indicators)
        return Plan(
            year=self._year,
            title=title,
            issuer=self._draft.issuer or (office.name if office else ""),
            overall_requirement=tidy("\n".join(p.text for p in self._draft.requirement)),
            sections=sections,
            directory=directory,
            constants=constants or ((POPULATION,) if derived else ()),
        )

    def parsed(self, plan: Plan, source: DocumentSource) -> ParsedPlan:
        """Return the plan with where its parts stand and what is doubtful."""
        return ParsedPlan(
            plan,
            tuple(source.lines),
            self.spans,
            self._assigned,
            tuple(self._doubts(source)),
            tuple(self._parties.new),
            read=items_of(plan),
        )

    def _doubts(self, source: DocumentSource) -> list[ReadingDoubt]:
        found: list[ReadingDoubt] = []
        for remark in self._draft.remarks:
            item = remark.item or (self._codes.get(id(remark.clause), "") if remark.clause else "")
            text = source.lines[remark.span.line - 1].text[remark.span.start : remark.span.end]
            found.append(
                ReadingDoubt(
                    remark.level,
                    remark.message,
                    remark.remedy,
                    remark.span,
                    text,
                    item or self._item_at(remark.span),
                    remark.code,
                )
            )
        unique = {(doubt.span, doubt.message): doubt for doubt in found}
        return sorted(unique.values(), key=lambda doubt: doubt.span)

    def _item_at(self, span: TextSpan) -> str:
        """Return the task at a place: the one whose text stands right before or around it."""
        tasks = self._tasks_by_line.get(span.line, ())
        return next((code for start, code in reversed(tasks) if start <= span.start), "")

    @cached_property
    def _tasks_by_line(self) -> dict[int, list[tuple[int, str]]]:
        """Where in each line of the document tasks stand, in the order of their codes."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for code, spans in self.spans.items():
            for span in spans if code.startswith("T") else ():
                found[span.line].append((span.start, code))
        return found

    def _sections(self) -> list[Section]:
        drafts = self._draft.sections
        numbers = _numbers([section.number for section in drafts])
        counted = _numbers([point.number for s in drafts for point in s.points])
        found: list[Section] = []
        at = 0
        for number, section in zip(numbers, drafts, strict=True):
            points: list[Point] = []
            for point in section.points:
                points.append(self._point(section, point, counted[at]))
                at += 1
            found.append(Section(number, tidy(section.title) or OTHER, tuple(points)))
        return found

    def _point(self, section: DraftSection, point: DraftPoint, number: int) -> Point:
        stem = f"{number:02}"
        tasks: list[Task] = []
        indicators = 0
        for at, clause in enumerate(point.clauses, start=1):
            only = point.title if len(point.clauses) == 1 else ""
            task = self._task(clause, f"{stem}-{at}", only, indicators)
            indicators += len(task.indicators)
            tasks.append(task)
        title = tidy(point.title)
        if not title and tasks:
            words = tidy(point.clauses[0].text.text.rstrip("。；;"))
            title = words if len(words) <= LONGEST else tasks[0].title
        return Point(number, title or tidy(section.title), tuple(tasks))

    def _task(self, clause: Clause, stem: str, only: str, indicators: int) -> Task:
        code = f"T{stem}"
        self._codes[id(clause)] = code
        self.spans[code] = (clause.text + clause.targets).spans()
        targets = _Targets(
            find_targets(clause.text.plain), find_targets(clause.targets.plain, sure=True)
        )
        self._tell_passed_over(clause, targets)
        own = self._indicators(clause, code, targets.text, indicators)
        more = self._from_column(clause, code, targets, indicators, own)
        title = _title(clause, only)
        if not is_title_as_it_is(plain(title)):
            span = (clause.head if len(clause.head) else clause.text).span()
            self._draft.warn(f"任务标题“{title}”看不出做什么", "请改写标题", span, clause)
        return Task(
            code=code,
            title=title,
            text=tidy("\n".join(_lines(p) for p in (clause.text, clause.targets) if len(p))),
            assignments=tuple(self._assignments(clause, code)),
            indicators=tuple(own + more),
            deliverables=tuple(self._deliverables(clause, code, targets, only)),
        )

    def _assignments(self, clause: Clause, code: str) -> list[Assignment]:
        found: dict[str, Assignment] = {}
        for answer in clause.answers:
            party = self._parties.codes[answer.name]
            found.setdefault(party, Assignment(party, answer.role))
            self._assigned.setdefault((code, party), answer.span)
        return list(found.values())

    def _indicators(
        self, clause: Clause, task: str, targets: list[Target], before: int
    ) -> list[Indicator]:
        stem = task[1:].partition("-")[0]
        codes = [f"I{stem}-{before + at}" for at in range(1, len(targets) + 1)]
        found: list[Indicator] = []
        for code, target in zip(codes, targets, strict=True):
            found.append(indicator_of(target, code, codes))
            self.spans[code] = clause.text.spans(target.start, target.end)
            doubt = target.doubt or self._other_year(clause.text.plain, target.start)
            span = clause.text.span(target.start, target.end)
            self._tell_target(found[-1], doubt, span, clause)
        return found

    def _tell_passed_over(self, clause: Clause, targets: _Targets) -> None:
        """Note each number with a unit that was taken for no target."""
        for passage, found in ((clause.text, targets.text), (clause.targets, targets.column)):
            text = passage.plain
            for start, end in passed_over(text, found):
                message = f"“{text[start:end]}”没有列为指标"
                self._draft.tell(message, "如是量化目标请补上", passage.span(start, end), clause)

    def _tell_target(self, made: Indicator, doubt: str, span: TextSpan, clause: Clause) -> None:
        if doubt:
            words = f"指标“{made.name}”：{doubt}"
            remark = Remark(Severity.WARNING, words, "请核对", span, clause, made.code)
            self._draft.remarks.append(remark)

    def _other_year(self, text: str, start: int) -> str:
        """Return the doubt about a target whose sentence names another year right before it."""
        sentence = text[max(text.rfind(mark, 0, start) for mark in "。;!?") + 1 : start]
        years = [int(found[1]) for found in _NAMED_YEAR.finditer(sentence)]
        return f"写的是{years[-1]}年的目标" if years and years[-1] != self._year else ""

    def _from_column(
        self, clause: Clause, task: str, targets: _Targets, before: int, own: list[Indicator]
    ) -> list[Indicator]:
        """Take the targets of a table's own column; one that the text names too stands at both."""
        inside = {(t.value, t.unit): made.code for t, made in zip(targets.text, own, strict=True)}
        whole = targets.column
        stem = task[1:].partition("-")[0]
        before += len(own)
        codes: list[str] = []
        for target in whole:
            count = before + sum(1 for code in codes if code) + 1
            known = (target.value, target.unit) in inside
            codes.append("" if known else f"I{stem}-{count}")
        found: list[Indicator] = []
        for code, target in zip(codes, whole, strict=True):
            spans = clause.targets.spans(target.start, target.end)
            if not code:
                self.spans[inside[target.value, target.unit]] += spans
            else:
                made, doubt = indicator_of(target, code, codes), target.doubt
                if target.name.startswith(NOTHING):  # the row itself says what is counted
                    made, doubt = replace(made, name=_title(clause, "")), ""
                found.append(made)
                span = clause.targets.span(target.start, target.end)
                self._tell_target(made, doubt, span, clause)
                self.spans[code] = spans
        return found

    def _deliverables(
        self, clause: Clause, task: str, targets: _Targets, only: str
    ) -> list[Deliverable]:
        general = self._general(clause)
        told = [
            (clause.text, find_items(clause.text.plain, targets.text, self._year)),
            (clause.targets, find_items(clause.targets.plain, targets.column, self._year)),
        ]
        found: list[Deliverable] = []
        title = _title(clause, only)
        for passage, items in told:
            for item in items:
                if passage is clause.targets and item.only_target:
                    continue
                code = f"D{task[1:]}-{len(found) + 1}"
                if item.title in {title, *(one.title for one in found)}:
                    continue
                schedule = holding(item.schedule, general) if item.schedule else general
                schedule = item.proposed if schedule == Schedule() else schedule
                found.append(schedule.of(Deliverable(code, tidy(item.title))))
                self.spans[code] = passage.spans(item.start, item.end)
                if schedule.guessed:
                    span = passage.span(item.start, item.end)
                    self._tell_guess(found[-1], span, clause)
        self._tell_dates(clause, [item for _, items in told for item in items])
        if not found:
            code = f"D{task[1:]}-1"
            found.append(
                general.of(
                    Deliverable(
                        code, _named_otherwise(title, clause.title or only or clause.text.plain)
                    )
                )
            )
            self.spans[code] = clause.text.spans()
        return found

    def _tell_dates(self, clause: Clause, items: list[Item]) -> None:
        """Tell of each date in the text that no deliverable has taken."""
        taken = {item.schedule.due for item in items if item.schedule}
        taken.add(due_date(plain(clause.due[0]), self._year) if clause.due else None)
        for words in dates_in(clause.text.plain):
            due = due_date(words[0], self._year)
            if due is None or due in taken:
                continue
            said = "没有列为时限" if due.year == self._year else f"不在 {self._year} 年内，没有列入"
            span = clause.text.span(*words.span())
            self._draft.tell(f"“{words[0]}”{said}", "请核对时限", span, clause)

    def _tell_guess(self, item: Deliverable, span: TextSpan, clause: Clause) -> None:
        message = f"“定期”没有写明频次，事项“{item.title}”按{item.schedule_text}读取"
        remark = Remark(Severity.NOTICE, message, "请核对频次", span, clause, item.code)
        self._draft.remarks.append(remark)

    def _general(self, clause: Clause) -> Schedule:
        """Return what is said about the time of the whole clause."""
        if clause.due is None:
            return Schedule()
        words, span = clause.due
        due = due_date(plain(words), self._year)
        if due and due.year != self._year:
            message = f"完成时限“{words}”不在 {self._year} 年内，没有列入"
            self._draft.tell(message, "请核对年度", span, clause)
        schedule = schedule_said(plain(words), self._year)
        if schedule is None and due is None:
            message = f"完成时限“{words}”看不出日期或频次"
            self._draft.warn(message, "请核对时限", span, clause)
        elif due and len(_dates(plain(words), self._year)) > 1:
            message = f"完成时限写了几个日期“{words}”，事项按最后一个列入"
            self._draft.warn(message, "请核对各事项的时限", span, clause)
        elif due and _AND_ON.search(plain(words)):
            message = f"完成时限写的是“{words}”，事项按期限列入，之后仍要坚持"
            self._draft.tell(message, "如应列为长期坚持请修改", span, clause)
        return schedule or Schedule()


def _dates(words: str, year: int) -> set[date]:
    """Return the dates that the parts of some words about the time name."""
    parts = (due_date(part, year) for part in re.split(r"[,;、。]", words))
    return {day for day in parts if day is not None}


def _lines(passage: Passage) -> str:
    """Return a passage's text; a line of the document that ends a sentence stays a line."""
    text, line = "", 0
    for piece in passage.pieces:
        ends = plain(text).rstrip().endswith(("。", ";", ":")) and piece.line != line
        text += ("\n" if ends else "") + piece.text
        line = piece.line
    return text


def _title(clause: Clause, only: str) -> str:
    heading = plain(clause.title or only)
    if clause.titled and is_title_as_it_is(heading):
        return tidy(clause.title)
    made = title_of(heading, clause.text.plain or clause.targets.plain)
    return tidy(made) or tidy(heading[:LONGEST])


def _named_otherwise(title: str, words: str) -> str:
    """Return a thing that shows that a task is done which asks for nothing else.

    `words`: the words that the title was made of.
    """
    thing = tidy(thing_of(words))
    whole = thing != title and len(thing) >= _LEAST_THING
    return thing if whole else f"{thing}工作情况"


def _numbers(written: list[int]) -> list[int]:
    """Keep a document's own numbers when they count up through it; else count anew."""
    rising = all(first < second for first, second in pairwise(written))
    return written if written and written[0] > 0 and rising else list(range(1, len(written) + 1))
