"""Of a chart with more rows than a place has room for, those that need looking at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from fsdesk.domain.status.lights import Light
    from fsdesk.services.output.charts import ChartNumbers

    _Row = TypeVar("_Row")


def limited(found: ChartNumbers, most: int) -> tuple[ChartNumbers, str]:
    """Return a chart's numbers with so many rows at most, and what its title says of that.

    The rows keep their order; what is said is empty where none is left out.
    """
    if found.reports is not None:
        return _least_reported(found, most)
    status = found.status
    if found.kind in {"units", "heat"} and len(status.units) > most:
        units = _first(
            status.units, most, lambda unit: _urgency(unit.light, unit.progress, unit.pace)
        )
        said = f"（{len(status.units)}个单位中最需关注的{most}个）"
        return replace(found, status=replace(status, units=tuple(units))), said
    if found.kind == "indicators" and len(status.indicators) > most:
        results = _first(
            status.indicators, most, lambda each: _urgency(each.light, each.attainment, each.pace)
        )
        said = f"（{len(status.indicators)}项指标中最需关注的{most}项）"
        return replace(found, status=replace(status, indicators=tuple(results))), said
    return found, ""


def _least_reported(found: ChartNumbers, most: int) -> tuple[ChartNumbers, str]:
    reports, states = found.reports, found.states or {}
    if reports is None or len(reports.units) <= most:
        return found, ""

    def received(named: tuple[str, str]) -> tuple[int, int]:
        own = [state for (unit, _), state in states.items() if unit == named[0]]
        return (-sum(state in {"missing", "returned"} for state in own), own.count("on_time"))

    named = _first(list(zip(reports.units, reports.names, strict=True)), most, received)
    units, names = zip(*named, strict=True)
    said = f"（{len(reports.units)}个单位中欠报、迟报最多的{most}个）"
    return replace(found, reports=replace(reports, units=units, names=names)), said


def _urgency(light: Light, reached: float | None, pace: float) -> tuple[float, ...]:
    return light.urgency, (reached or 0.0) - pace


def _first(
    rows: Sequence[_Row], most: int, urgency: Callable[[_Row], tuple[float, ...]]
) -> list[_Row]:
    places = sorted(range(len(rows)), key=lambda n: urgency(rows[n]))
    return [rows[n] for n in sorted(places[:most])]
