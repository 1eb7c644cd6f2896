"""A unit's own part of a year: its tasks and its figures, and nothing of what others have to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.results import Coverage, UnitResult

if TYPE_CHECKING:
    from fsdesk.domain.status.results import (
        DeliverableResult,
        IndicatorResult,
        Part,
        YearStatus,
    )


def own_part(status: YearStatus) -> YearStatus:
    """Return a status with what its unit answers for alone.

    In a unit's workspace the whole would be its own figures in the district's name, and all that
    others have to do would read as not reported.
    """
    own = status.units_by_code.get(status.unit) or _nothing(status)
    parts = {part.code: part for task in own.tasks for part in task.parts}
    tasks = {task.task.code for task in own.tasks}
    indicators = (
        _indicator(result, status.unit) for result in status.indicators if result.task in tasks
    )
    return replace(
        status,
        indicators=tuple(found for found in indicators if found is not None),
        deliverables=tuple(
            _deliverable(result, parts[result.deliverable.code], status.unit)
            for result in status.deliverables
            if result.deliverable.code in parts
        ),
        units=(own,) if own.tasks else (),
        progress=own.progress,
        pace=own.pace,
        light=own.light,
        tasks=own.tasks,
        coverage=own.coverage,
    )


def _nothing(status: YearStatus) -> UnitResult:
    """Return what a unit has come to that answers for nothing."""
    return UnitResult(status.unit, status.plan.unit_name(status.unit), None, 0.0, Light.GREY, ())


def _indicator(result: IndicatorResult, unit: str) -> IndicatorResult | None:
    """Return a unit's part of an indicator, held against its own share of the target."""
    own = next((part for part in result.by_unit if part.unit == unit and not part.former), None)
    if own is None:
        return None
    indicator = result.indicator
    return replace(
        result,
        indicator=indicator if own.target is None else replace(indicator, target=own.target),
        figure=own.figure,
        attainment=own.attainment,
        light=own.light,
        by_unit=(own,),
        coverage=Coverage(int(own.figure.reported), 1),
    )


def _deliverable(result: DeliverableResult, own: Part, unit: str) -> DeliverableResult:
    return replace(
        result,
        progress=own.progress,
        pace=own.pace,
        light=own.light,
        deadline_missed=own.deadline_missed,
        by_unit={unit: result.by_unit.get(unit)},
        progress_by_unit={unit: result.progress_by_unit.get(unit)},
        marks_by_unit={unit: own.marks} if own.marks else {},
        coverage=own.coverage,
    )
