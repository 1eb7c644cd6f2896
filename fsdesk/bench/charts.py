"""How long a chart takes to draw anew, beside bare calls of the library that draws it."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.bench.packets import YEAR, benchmark_plan
from fsdesk.domain.output.kinds import Form, kinds_of
from fsdesk.domain.periods import MONTHS, months_of
from fsdesk.domain.plan.plan import Point, Section
from fsdesk.domain.records.records import DataValue, Record, RecordKey, RecordKind
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.known import known_from
from fsdesk.domain.status.reports import expected_units
from fsdesk.domain.status.trend import indicator_trend
from fsdesk.domain.status.year import Year
from fsdesk.services.output import charts
from fsdesk.services.output.charts import ChartNumbers
from fsdesk.services.status.aggregation import Completeness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fsdesk.domain.plan.plan import Plan

CHARTS = tuple(each.kind for each in kinds_of(Form.CHART))
UNITS, TASKS, INDICATORS, SECTIONS = 20, 46, 20, 6
SIZE = (1000, 600)
ROUNDS = 9
_MONTH = 9


def measure_charts(rounds: int = ROUNDS) -> dict[str, float]:
    """Time the drawing of every chart from its second time on, for 20 units and 46 tasks.

    A drawing makes the whole picture from the numbers: figure, words, pixels and the spots under
    the mouse. In turn with it run bare calls that draw as many bars or cells, with plain ticks.

    Returns:
        Median seconds by the chart's name; the peers as ``bare_bars`` and ``bare_grid``, and the
        ratio of the slowest chart to the latter, which should stay below 3.5.
    """
    from fsdesk.reports.charts.peers import bare_bars, bare_grid

    jobs: dict[str, Callable[[], object]] = {
        kind: lambda found=found: charts.drawn(found, SIZE)
        for kind, found in sample_numbers().items()
    }
    jobs["bare_bars"] = lambda: bare_bars(INDICATORS, SIZE)
    jobs["bare_grid"] = lambda: bare_grid(UNITS, TASKS, SIZE)
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            begun = time.perf_counter()
            job()
            if number:
                times[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(found) for name, found in times.items()}
    slowest = max(medians[kind] for kind in CHARTS)
    return {**medians, "ratio_of_slowest_to_bare_grid": slowest / medians["bare_grid"]}


def sample_numbers() -> Mapping[str, ChartNumbers]:
    """Return the numbers of every chart for a full year of 20 units and 46 tasks."""
    plan = _sample_plan()
    months = months_of(YEAR)
    recorded = [
        Record(
            RecordKey(RecordKind.VALUE, indicator.code, unit, str(month)),
            DataValue(float(month.last_month % 4 + place % 3)),
        )
        for place, indicator in enumerate(plan.indicators)
        for unit in plan.reporters(indicator)
        for month in months[:_MONTH]
    ]
    period = months[_MONTH - 1]
    year = Year(plan, Rules(), known_from(recorded), ended=MONTHS, today=period.last_day)
    status = year.status(period)
    units = expected_units(plan)
    accepted = SubmissionState.ACCEPTED
    came = {(unit, str(month)): accepted for unit in units for month in months[:_MONTH]}
    names = tuple(map(plan.directory.name, units))
    reports = Completeness(units, names, months, came, frozenset(came))
    trend = indicator_trend(year, plan.indicators[0], period)
    special = {
        "trend": ChartNumbers("trend", status, trend=trend),
        "years": ChartNumbers("years", status, before=status),
        "completeness": ChartNumbers(
            "completeness",
            status,
            reports=reports,
            states=charts.report_states(reports, period),
        ),
    }
    return {kind: special.get(kind) or ChartNumbers(kind, status) for kind in CHARTS}


def _sample_plan() -> Plan:
    """Return a plan in which every unit has a part in every task."""
    plan = benchmark_plan(UNITS * len(months_of(YEAR)))
    tasks = [
        task if place < INDICATORS else replace(task, indicators=())
        for place, task in enumerate(plan.tasks[:TASKS])
    ]
    step = -(-TASKS // SECTIONS)
    sections = tuple(
        Section(
            number + 1,
            f"第{number + 1}部分",
            (Point(number + 1, "要点", tuple(tasks[number * step : (number + 1) * step])),),
        )
        for number in range(SECTIONS)
    )
    return replace(plan, sections=sections)
