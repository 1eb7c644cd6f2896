"""What aggregation yields: judged figures for indicators, tasks, units and the year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan, Task
    from fsdesk.domain.records.figures import Figure
    from fsdesk.domain.records.records import Status
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.lights import Light


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """A unit's part of an indicator.

    Attributes:
        target: Its share of the target; None when the target isn't split to it.
        attainment: Against its own share, or against the whole target for ratios.
        light: Grey where there is nothing to judge by.
    """

    unit: str
    figure: Figure
    target: float | None
    attainment: float | None
    light: Light


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """An indicator up to a period.

    Attributes:
        figure: Over all its units.
        attainment: Value ÷ target, not capped; None without data.
        pace: Fraction of the target that should be reached.
        by_unit: Every reporting unit's part, in order.
    """

    indicator: Indicator
    task: str
    figure: Figure
    attainment: float | None
    pace: float
    light: Light
    by_unit: tuple[UnitFigure, ...]

    @property
    def reported_units(self) -> int:
        """How many of its units have reported anything."""
        return sum(part.figure.reported for part in self.by_unit)


@dataclass(frozen=True, slots=True)
class DeliverableResult:
    """A deliverable up to a period.

    Attributes:
        progress: Mean over the units that have reported; None when none has.
        pace: Fraction that should be reached.
        deadline_missed: Its date has passed and it is not done.
        by_unit: Latest status of each unit of the task; None where not reported.
    """

    deliverable: Deliverable
    task: str
    progress: float | None
    pace: float
    light: Light
    deadline_missed: bool
    by_unit: Mapping[str, Status | None]

    @property
    def reported_units(self) -> int:
        """How many of its units have reported it."""
        return sum(status is not None for status in self.by_unit.values())


@dataclass(frozen=True, slots=True)
class Part:
    """One number under a task's or a unit's progress: why is this 63 %?

    Attributes:
        code: Indicator or deliverable code.
        progress: Capped attainment or deliverable progress; None without data.
        pace: What should be reached.
        deadline_missed: Its date has passed and it is not done.
    """

    code: str
    name: str
    progress: float | None
    pace: float
    light: Light
    deadline_missed: bool = False


@dataclass(frozen=True, slots=True)
class TaskResult:
    """A task up to a period, as a whole or for one unit.

    Attributes:
        progress: Mean of its parts that have data; None when none has.
        pace: Mean of the same parts' pace; of all parts when none has data.
    """

    task: Task
    progress: float | None
    pace: float
    light: Light
    parts: tuple[Part, ...]

    @property
    def known_parts(self) -> int:
        """How many parts have data."""
        return sum(part.progress is not None for part in self.parts)


@dataclass(frozen=True, slots=True)
class UnitResult:
    """A unit up to a period: mean over its tasks."""

    unit: str
    name: str
    progress: float | None
    pace: float
    light: Light
    tasks: tuple[TaskResult, ...]


@dataclass(frozen=True, slots=True)
class YearStatus:
    """Everything the office wants to know at the end of a period.

    Attributes:
        period: The last period that counts.
        progress: Mean over tasks; None without data.
        pace: Mean pace of the tasks with data.
        reporting_rate: Reports received ÷ expected for the period; None when none is expected.
        timeliness: Reports received by the due date ÷ expected.
        units: In the directory's order; units without tasks are left out.
    """

    plan: Plan
    period: Period
    progress: float | None
    pace: float
    light: Light
    reporting_rate: float | None
    timeliness: float | None
    indicators: tuple[IndicatorResult, ...]
    deliverables: tuple[DeliverableResult, ...]
    tasks: tuple[TaskResult, ...]
    units: tuple[UnitResult, ...]
    rules: Rules
