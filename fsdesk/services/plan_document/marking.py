"""Making an indicator, a deliverable or a task of text that somebody marked in the document.

What reads the text is loaded with the reader of documents (`plan_documents.load_reader`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.documents.official.sources.passage import plain
from fsdesk.domain.findings import reject
from fsdesk.domain.plan import edits
from fsdesk.domain.plan.codes import FreshCodes
from fsdesk.domain.plan.plan import Deliverable, Task
from fsdesk.domain.plan_document import TextSpan
from fsdesk.domain.text import tidy
from fsdesk.services.plan_document.corrections import followed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.plan_document import ParsedPlan

_LEAST = 2


def task_at(parsed: ParsedPlan, span: TextSpan) -> str:
    """Return the task's code whose text holds a place or stands last before it; else the first."""
    best = parsed.plan.tasks[0].code
    nearest = (0, 0)
    for task in parsed.plan.tasks:
        for where in parsed.spans.get(task.code, ()):
            place = (where.line, where.start)
            if nearest <= place <= (span.line, span.start):
                best, nearest = task.code, place
    return best


def with_indicators(parsed: ParsedPlan, task: str, spans: Sequence[TextSpan]) -> ParsedPlan:
    """Make a task's indicators of the numbers in a marked text, a stretch for each line.

    Raises:
        InputRejectedError: When there is no number with a measure unit in it.
    """
    from fsdesk.documents.official.targets.indicator_draft import POPULATION, indicator_of
    from fsdesk.documents.official.targets.targets import find_targets

    plan, placed = parsed.plan, dict[str, tuple[TextSpan, ...]]()
    for span in spans:
        targets = find_targets(plain(parsed.text_of(span)), sure=True)
        fresh = FreshCodes(plan, parsed.read)
        codes = [fresh.indicator(task) for _ in targets]
        made = tuple(indicator_of(t, c, codes) for t, c in zip(targets, codes, strict=True))
        if any(one.derivation for one in made) and not plan.constant(POPULATION.code):
            plan = replace(plan, constants=(*plan.constants, POPULATION))
        plan = edits.each_task(
            plan, task, lambda it, made=made: replace(it, indicators=(*it.indicators, *made))
        )
        for target, code in zip(targets, codes, strict=True):
            begin = span.start + target.start
            placed[code] = (TextSpan(span.line, begin, span.start + target.end),)
    if not placed:
        raise reject("选中的文字里没有带单位的数字", "请选中含有数量的文字，如“不少于100批次”")
    return followed(parsed, plan, placed)


def with_deliverable(parsed: ParsedPlan, task: str, spans: Sequence[TextSpan]) -> ParsedPlan:
    """Make a deliverable of a marked text; where it is part of another one, that one is cut.

    Raises:
        InputRejectedError: When hardly anything was marked.
    """
    from fsdesk.documents.official.lines.titles import thing_of
    from fsdesk.documents.official.targets.schedules import Schedule, schedule_in

    title, words = _named(parsed, spans, thing_of)
    code = FreshCodes(parsed.plan, parsed.read).deliverable(task)
    schedule = schedule_in(words, parsed.plan.year) or Schedule()
    item = schedule.of(Deliverable(code, title))
    placed: dict[str, tuple[TextSpan, ...]] = {code: tuple(spans)}
    items: list[Deliverable] = []
    for other in parsed.plan.tasks_by_code[task].deliverables:
        where = parsed.spans.get(other.code, ())
        left = tuple(rest for span in where for rest in _cut(span, spans))
        rest = thing_of(plain("".join(parsed.text_of(span) for span in left)))
        if left == where:
            items.append(other)
        elif len(rest) >= _LEAST:
            items.append(replace(other, title=tidy(rest)))
            placed[other.code] = left
    before = sum(_begin(parsed.spans.get(d.code, ())) < _begin(spans) for d in items)
    items.insert(before, item)
    plan = edits.each_task(parsed.plan, task, lambda it: replace(it, deliverables=tuple(items)))
    return followed(parsed, plan, placed)


def with_task(parsed: ParsedPlan, spans: Sequence[TextSpan]) -> ParsedPlan:
    """Make a task of a marked text, with the indicators and deliverables that stand in it.

    Text that belongs to another task leaves it, and those who answer for it answer for both.

    Raises:
        InputRejectedError: When hardly anything was marked, or nothing of a task would be left.
    """
    from fsdesk.documents.official.lines.titles import short_title

    title, _ = _named(parsed, spans, short_title)
    near = parsed.plan.tasks_by_code[task_at(parsed, spans[0])]
    where = parsed.spans.get(near.code, ())
    left = tuple(rest for span in where for rest in _cut(span, spans))
    inside = left != where
    moved = _items_in(parsed, near, spans) if inside else frozenset[str]()
    point = parsed.plan.point_of[near.code]
    codes = FreshCodes(parsed.plan, parsed.read)
    code = codes.task(point.number)
    text = tidy("\n".join(parsed.text_of(span) for span in spans))
    fresh = Task(
        code,
        title,
        text,
        near.assignments if inside else (),
        tuple(item for item in near.indicators if item.code in moved),
        tuple(item for item in near.deliverables if item.code in moved),
    )
    placed: dict[str, tuple[TextSpan, ...]] = {code: tuple(spans)}
    if not fresh.deliverables:
        thing = Deliverable(codes.deliverable(code), title)
        fresh = replace(fresh, deliverables=(thing,))
        placed[thing.code] = tuple(spans)
    rest = _rest(parsed, near, left, moved) if inside else near
    if inside:
        placed[near.code] = left
    tasks = [one for task in point.tasks for one in ((rest, fresh) if task is near else (task,))]
    plan = edits.each_point(
        parsed.plan,
        lambda it: replace(it, tasks=tuple(tasks)) if it.number == point.number else it,
    )
    spanned = {
        (code, party): span
        for (task, party), span in parsed.assignment_spans.items()
        if inside and task == near.code
    }
    parsed = replace(parsed, assignment_spans={**parsed.assignment_spans, **spanned})
    return followed(parsed, plan, placed)


def _rest(parsed: ParsedPlan, task: Task, left: Sequence[TextSpan], moved: frozenset[str]) -> Task:
    """Return what stays of a task that a part was taken from."""
    text = tidy("\n".join(parsed.text_of(span) for span in left))
    rest = replace(
        task,
        text=text,
        indicators=tuple(item for item in task.indicators if item.code not in moved),
        deliverables=tuple(item for item in task.deliverables if item.code not in moved),
    )
    if len(text.strip(" ，。；、")) < _LEAST:
        raise reject("选中了整个任务的文字", "请只选中要另立任务的那一部分")
    if not rest.deliverables and not rest.indicators:
        thing = Deliverable(FreshCodes(parsed.plan, parsed.read).deliverable(task.code), task.title)
        return replace(rest, deliverables=(thing,))
    return rest


def _items_in(parsed: ParsedPlan, task: Task, spans: Sequence[TextSpan]) -> frozenset[str]:
    """Return the codes of a task's items that begin within a marked text."""
    return frozenset(
        item.code
        for item in (*task.indicators, *task.deliverables)
        if any(
            mark.line == where.line and mark.start <= where.start < mark.end
            for where in parsed.spans.get(item.code, ())[:1]
            for mark in spans
        )
    )


def _named(
    parsed: ParsedPlan, spans: Sequence[TextSpan], name: Callable[[str], str]
) -> tuple[str, str]:
    """Return the name of what a marked text asks for, and the text."""
    from fsdesk.documents.official.targets.dues import IN_TEXT

    words = plain("".join(parsed.text_of(span) for span in spans)).strip()
    title = tidy(name(IN_TEXT.sub("", words)))
    if len(title) < _LEAST:
        raise reject("选中的文字太少", "请先在原文中选中一段文字")
    return title, words


def _cut(span: TextSpan, marks: Sequence[TextSpan]) -> list[TextSpan]:
    """Return what is left of a stretch without the marked ones."""
    left = [span]
    for mark in marks:
        parts: list[TextSpan] = []
        for one in left:
            if mark.line != one.line or mark.end <= one.start or one.end <= mark.start:
                parts.append(one)
                continue
            if one.start < mark.start:
                parts.append(TextSpan(one.line, one.start, mark.start))
            if mark.end < one.end:
                parts.append(TextSpan(one.line, mark.end, one.end))
        left = parts
    return left


def _begin(spans: Sequence[TextSpan]) -> tuple[int, int]:
    return min(((span.line, span.start) for span in spans), default=(0, 0))
