"""What aggregation yields: judged figures for indicators, tasks, units and the year.

Published figures are stored in this form and read by every later program: a field that is added
has a default, and none changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - field types are read at run time, as below
from dataclasses import dataclass

from fsdesk.domain.periods import Period  # noqa: TC001
from fsdesk.domain.plan.indicators import Indicator  # noqa: TC001
from fsdesk.domain.plan.plan import Deliverable, Plan, Task  # noqa: TC001
from fsdesk.domain.records.figures import Figure  # noqa: TC001
from fsdesk.domain.records.records import Status  # noqa: TC001
from fsdesk.domain.settings import Rules  # noqa: TC001
from fsdesk.domain.status.lights import Light  # noqa: TC001
from fsdesk.domain.status.published import Publication  # noqa: TC001


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
        publication: How the period was published last; None where it was not.
        as_published: Whether these are the figures that were published, not those of now.
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
    publication: Publication | None = None
    as_published: bool = False

    @property
    def published_mark(self) -> str:
        """In brackets, whether a published period is shown as it was published; else nothing."""
        if self.publication is None:
            return ""
        return (
            f"（{self.publication.day_text}发布）"
            if self.as_published
            else "（最新数据，与发布数可能不同）"
        )

    @property
    def until_text(self) -> str:
        """Up to when the figures count, as it stands over them."""
        return f"截至{self.period.label}{self.published_mark}"
