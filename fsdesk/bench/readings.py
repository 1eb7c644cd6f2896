"""What opening the pages that show figures costs, beside one bare reading of the same rows."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.bench.packets import YEAR, benchmark_plan
from fsdesk.bench.peers import run_peer
from fsdesk.domain.periods import MONTHS, months_of
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, TargetShare
from fsdesk.domain.plan.plan import Deliverable, DeliverableKind
from fsdesk.domain.records.records import DataValue, Milestone, RecordKey, RecordKind, Status
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.services import assessment
from fsdesk.services.care import setup
from fsdesk.services.output import charts
from fsdesk.services.status import aggregation
from fsdesk.services.supervision import supervision
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.domain.records.records import Content
    from fsdesk.workspace import Workspace

UNITS = (20, 100, 500)
ROUNDS = 5
# Every so many units are behind with everything.
_BEHIND = 3


def measure_readings(
    scratch: Path, sizes: Sequence[int] = UNITS, rounds: int = ROUNDS
) -> dict[str, float]:
    """Time the first and the second opening of each page over a full year of so many units.

    Before a first opening nothing is remembered, and the database is opened anew. So it is for the
    bare reading, which runs in each of the rounds in a process of its own: it reads the rows that
    figures are made of and those of the plan, the rules and all else that they are held against,
    and makes nothing of them. Each time is the least of the rounds. Times are of the processor, so
    that other work of the machine shows less.

    Returns:
        For each number of units, as in ``100_case_desk_first``, the times of the bare reading that
        an opening takes: the first should stay below 3, the second below 0.1; ``100_bare`` in
        seconds. ``growth_case_desk`` is by how much more than the units the time of the first
        opening grows from the last number but one to the last, 1 being linear.
    """
    found: dict[str, float] = {}
    seconds: list[Mapping[str, float]] = []
    for units in sizes:
        bare, first, second = _measured(scratch / f"{units}-units", units, rounds)
        seconds.append(first)
        found[f"{units}_bare"] = bare
        for page in first:
            found[f"{units}_{page}_first"] = first[page] / bare
            found[f"{units}_{page}_second"] = second[page] / bare
    for page in seconds[-1]:
        grown = seconds[-1][page] / seconds[-2][page]
        found[f"growth_{page}"] = grown / (sizes[-1] / sizes[-2])
    return found


def _measured(
    folder: Path, units: int, rounds: int
) -> tuple[float, dict[str, float], dict[str, float]]:
    """Return the least seconds of the bare reading, and of both openings by page."""
    bare: list[float] = []
    first: dict[str, list[float]] = {}
    second: dict[str, list[float]] = {}
    plan = year_plan(units)
    with setup.create_office(folder, plan) as office:
        fill(office, plan)
        pages = pages_of(office)
        for _ in range(rounds):
            bare.append(float(run_peer("read_year.py", folder / "fsdesk.db", "3")))
            for page, opening in pages.items():
                office.engine.dispose()  # nothing is remembered
                gc.collect()
                first.setdefault(page, []).append(_seconds(opening))
                second.setdefault(page, []).append(_seconds(opening))
    least = [{page: min(times) for page, times in each.items()} for each in (first, second)]
    return min(bare), least[0], least[1]


def pages_of(office: Workspace) -> dict[str, Callable[[], object]]:
    """Return what opens each page that shows figures, at the year's end."""
    december = months_of(YEAR)[-1]
    return {
        "overview": lambda: (
            aggregation.status(office, december),
            aggregation.completeness(office),
        ),
        "status": lambda: aggregation.status(office, december),
        "case_desk": lambda: supervision.case_desk(office, december),
        "assessment": lambda: assessment.assess(office, december),
        "trend": lambda: charts.progress(office, december),
    }


def _seconds(job: Callable[[], object]) -> float:
    gc.disable()  # the window, too, looks for unused objects when nothing works
    try:
        begun = time.process_time()
        job()
        return time.process_time() - begun
    finally:
        gc.enable()


def year_plan(units: int) -> Plan:
    """Return a plan with targets of every kind: shared out, rates, levels, all units together."""
    plan = benchmark_plan(units * MONTHS)
    section = plan.sections[0]
    point = section.points[0]
    codes = [unit.code for unit in plan.directory.reporting_units]
    tasks = tuple(_with_kinds(task, number, codes) for number, task in enumerate(point.tasks))
    return replace(plan, sections=(replace(section, points=(replace(point, tasks=tasks),)),))


def _with_kinds(task: Task, number: int, units: Sequence[str]) -> Task:
    if not task.indicators:
        kind = DeliverableKind.STANDING if number % 2 else DeliverableKind.ONCE
        thing = Deliverable(f"D{number:02d}-1", f"事项{number}", kind=kind)
        return replace(task, deliverables=(thing,))
    indicator = task.indicators[0]
    changed = (
        indicator,
        replace(
            indicator, shares=tuple(TargetShare(each, indicator.target / 10) for each in units)
        ),
        replace(indicator, kind=IndicatorKind.RATIO, target=90.0),
        replace(indicator, aggregation=Aggregation.LEVEL),
    )[number % 4]
    return replace(task, indicators=(changed,))


def fill(office: Workspace, plan: Plan) -> None:
    """Record what every unit reports in every month."""
    with office.writing() as writing:
        records.record_contents(writing, dict(_contents(plan)), {})
        for unit in plan.directory.reporting_units:
            for month in months_of(YEAR):
                made = f"{month.due(3).isoformat()}T08:00:00+00:00"
                submission = submissions.Submission(
                    unit.code, str(month), SubmissionState.SUBMITTED, made, made
                )
                submissions.save_submission(writing, submission)


def _contents(plan: Plan) -> Iterator[tuple[RecordKey, Content]]:
    for place, unit in enumerate(plan.directory.reporting_units):
        behind = place % _BEHIND == 0
        for month in months_of(YEAR):
            for indicator in plan.indicators:
                key = RecordKey(RecordKind.VALUE, indicator.code, unit.code, str(month))
                yield key, _value(indicator, place + month.last_month, behind=behind)
            for code in plan.deliverables_by_code:
                if month.last_month % 3 == 0:
                    key = RecordKey(RecordKind.MILESTONE, code, unit.code, str(month))
                    yield key, Milestone(Status.NOT_STARTED if behind else Status.UNDER_WAY)


def _value(indicator: Indicator, number: int, *, behind: bool) -> DataValue:
    count = float(number % 7 + (0 if behind else 11))
    if indicator.kind is IndicatorKind.RATIO:
        return DataValue(numerator=count, denominator=18.0)
    return DataValue(count)
