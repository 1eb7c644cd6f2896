"""What lags, in the words of a letter: the figure, the target, the pace and who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.output.official import due_clause, official, quoted, target_clause
from fsdesk.domain.output.wording import missing_text, value_text
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced

if TYPE_CHECKING:
    from fsdesk.domain.status.results import Part, TaskResult, YearStatus


class LetterFact(Struct, frozen=True):
    """One thing that lags.

    Attributes:
        item: Name of the indicator or deliverable; `share`: the name of its figure.
        value: What was reached, in words; 未报 when nothing was reported.
        target: What was asked, as a clause: 目标为不低于30%.
        attainment: Reached part as a percentage, in words.
        pace: What should have been reached, in words.
        gap: How far behind, e.g. 15.8个百分点; empty where it can't be counted.
    """

    code: str
    task: str
    item: str
    share: str
    value: str
    target: str
    attainment: str
    pace: str
    gap: str
    responsible: str


def lagging_facts(status: YearStatus, unit: str) -> tuple[LetterFact, ...]:
    """Return the red parts of a unit's red tasks, in the plan's order."""
    found = next((result for result in status.units if result.unit == unit), None)
    if found is None:
        return ()
    return tuple(
        _fact(status, unit, task, part)
        for task in found.tasks
        for part in task.parts
        if part.light is Light.RED
    )


def _fact(status: YearStatus, unit: str, task: TaskResult, part: Part) -> LetterFact:
    value, target = _value_and_target(status, unit, part)
    shown = paced(part.progress, part.pace, status.rules)
    measured = part.code in status.plan.indicators_by_code
    return LetterFact(
        code=task.task.code,
        task=task.task.title,
        item=part.name,
        share=(Measure.ATTAINMENT if measured else Measure.THING_PROGRESS).label,
        value=value,
        target=target,
        attainment=shown.reached,
        pace=shown.pace,
        gap=f"{shown.gap}个百分点" if shown.gap else "",
        responsible=status.plan.unit_name(unit),
    )


def _value_and_target(status: YearStatus, unit: str, part: Part) -> tuple[str, str]:
    for result in status.indicators:
        if result.indicator.code == part.code:
            own = next(found for found in result.by_unit if found.unit == unit)
            indicator = result.indicator
            target = indicator.target if own.target is None else own.target
            words = target_clause(indicator, target)
            if own.target is None and own.figure.reported:
                # Judged by what all its units have reached together, so that is what is told.
                whole = value_text(indicator, result.figure, status.period)
                return f"各单位合计{whole}", words
            return value_text(indicator, own.figure, status.period, target), words
    thing = next(r for r in status.deliverables if r.deliverable.code == part.code)
    state = thing.by_unit.get(unit)
    said = missing_text(reported=False) if state is None else state.label
    return said, due_clause(thing.deliverable)


def fact_text(fact: LetterFact, since: str = "") -> str:
    """Return a fact as a sentence; ``since`` is empty when it began just now."""
    reached = (
        "" if fact.attainment == missing_text(reported=True) else f"{fact.share}{fact.attainment}，"
    )
    gap = f"，落后{fact.gap}" if fact.gap else ""
    begun = f"，自{since}起滞后" if since else ""
    return (
        f"{official(fact.item)}（任务{quoted(fact.task)}）：{fact.target}，目前为{fact.value}，"
        f"{reached}应达到序时进度{fact.pace}{gap}{begun}。责任单位：{official(fact.responsible)}。"
    )
