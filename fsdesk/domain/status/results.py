"""What aggregation yields: judged figures for indicators, tasks, units and the year.

Published figures are stored in this form and read by every later program: a field that is added
has a default, and none changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - field types are read at run time, as below
from functools import cached_property

from msgspec import Struct, field

from fsdesk.domain.periods import Period  # noqa: TC001
from fsdesk.domain.plan.indicators import Indicator  # noqa: TC001
from fsdesk.domain.plan.plan import Deliverable, Plan, Task  # noqa: TC001
from fsdesk.domain.records.figures import NO_MARKS, Figure, Mark, Marks
from fsdesk.domain.records.records import Status  # noqa: TC001
from fsdesk.domain.settings import Rules  # noqa: TC001
from fsdesk.domain.status.lights import Light  # noqa: TC001
from fsdesk.domain.status.published import Publication  # noqa: TC001


class Coverage(Struct, frozen=True):
    """What a figure rests on: how many of the parts that it should be made of are known.

    A part is what one unit answers for in one indicator or deliverable.
    """

    known: int = 0
    expected: int = 0

    @property
    def share(self) -> float:
        """The share that is known; all of nothing."""
        return self.known / self.expected if self.expected else 1.0

    def __str__(self) -> str:
        """Return it as people read it, e.g. ``4/148``."""
        return f"{self.known}/{self.expected}"


def resting_on(coverage: Coverage, marks: Marks) -> str:
    """Say beside a figure what it rests on, with what must be said of the data in it."""
    said = "，".join(mark.label for mark in Mark if mark in marks)
    return f"{coverage}（{said}）" if said else str(coverage)


class UnitFigure(Struct, frozen=True):
    """A unit's part of an indicator.

    Attributes:
        figure: With what units reported whose work it carries on.
        target: Its share of the target; None when the target isn't split to it.
        attainment: Against its own share, or against the whole target for ratios; None where only
            what all units reach together can be judged.
        light: Of its own part; of all units together where only that can be judged.
        former: Whether it answers no longer, and nobody carries on; what it reported still counts.
    """

    unit: str
    figure: Figure
    target: float | None
    attainment: float | None
    light: Light
    former: bool = False


class IndicatorResult(Struct, frozen=True):
    """An indicator up to a period.

    Attributes:
        figure: Over all its units.
        attainment: Value ÷ target, not capped; None without data.
        pace: Fraction of the target that should be reached.
        by_unit: Every reporting unit's part, in order; then those of units that left.
    """

    indicator: Indicator
    task: str
    figure: Figure
    attainment: float | None
    pace: float
    light: Light
    by_unit: tuple[UnitFigure, ...]
    coverage: Coverage = Coverage()

    @property
    def reported_units(self) -> int:
        """How many of its units have reported anything."""
        return self.coverage.known


class DeliverableResult(Struct, frozen=True):
    """A deliverable up to a period.

    Attributes:
        progress: Mean over the units that have reported; None when none has.
        pace: Fraction that should be reached.
        overdue: Its date has passed.
        deadline_missed: Its date has passed and it is not done.
        by_unit: Latest status of each unit of the task; None where not reported.
        progress_by_unit: How far each of them is; None where not reported.
        marks_by_unit: What must be said of the data of each.
    """

    deliverable: Deliverable
    task: str
    progress: float | None
    pace: float
    light: Light
    overdue: bool
    deadline_missed: bool
    by_unit: Mapping[str, Status | None]
    progress_by_unit: Mapping[str, float | None] = field(default_factory=dict[str, "float | None"])
    marks_by_unit: Mapping[str, Marks] = field(default_factory=dict[str, "Marks"])
    coverage: Coverage = Coverage()

    @property
    def marks(self) -> Marks:
        """What must be said of the data in it."""
        return NO_MARKS.union(*self.marks_by_unit.values())

    @property
    def reported_units(self) -> int:
        """How many of its units have reported it."""
        return self.coverage.known


class Part(Struct, frozen=True):
    """One number under a task's or a unit's progress: why is this 63 %?

    Attributes:
        code: Indicator or deliverable code.
        progress: Capped attainment or deliverable progress; None without data.
        pace: What should be reached.
        deadline_missed: Its date has passed and it is not done.
        marks: What must be said of the data in it.
    """

    code: str
    name: str
    progress: float | None
    pace: float
    light: Light
    deadline_missed: bool = False
    coverage: Coverage = Coverage()
    marks: Marks = NO_MARKS


class TaskResult(Struct, frozen=True):
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
    coverage: Coverage = Coverage()

    @property
    def known_parts(self) -> int:
        """How many parts have data."""
        return sum(part.progress is not None for part in self.parts)

    @property
    def standing(self) -> float:
        """Progress for rankings: what was not reported counts as nothing done."""
        return sum(part.progress or 0.0 for part in self.parts) / max(len(self.parts), 1)

    @property
    def marks(self) -> Marks:
        """What must be said of the data under it."""
        return NO_MARKS.union(*(part.marks for part in self.parts))

    @property
    def rests_on(self) -> str:
        """What it rests on, as it stands beside it."""
        return resting_on(self.coverage, self.marks)


class UnitResult(Struct, frozen=True):
    """A unit up to a period: mean over its tasks."""

    unit: str
    name: str
    progress: float | None
    pace: float
    light: Light
    tasks: tuple[TaskResult, ...]
    coverage: Coverage = Coverage()

    @property
    def standing(self) -> float:
        """Progress for rankings: what was not reported counts as nothing done."""
        return sum(task.standing for task in self.tasks) / max(len(self.tasks), 1)

    @property
    def marks(self) -> Marks:
        """What must be said of the data under it."""
        return NO_MARKS.union(*(task.marks for task in self.tasks))

    @property
    def rests_on(self) -> str:
        """What it rests on, as it stands beside it."""
        return resting_on(self.coverage, self.marks)


class YearStatus(Struct, frozen=True, dict=True):
    """Everything the office wants to know at the end of a period.

    Attributes:
        period: The last period that counts.
        progress: Mean over tasks; None without data.
        pace: Mean pace of the tasks with data.
        plan: As it was in force at the period's end.
        unit: In a unit's own workspace its code: what others reported is not known there, and all
            of this is the unit's own part; see `own_part`.
        paced_to: The month up to which pace is reckoned, the last that has ended; 0 for none.
        reports: Reports received of those owed for the period; a quarter is made of its months.
        reporting_rate: Reports received ÷ owed; None when none is owed.
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
    coverage: Coverage = Coverage()
    reports: Coverage = Coverage()
    paced_to: int = 0
    unit: str = ""
    publication: Publication | None = None
    as_published: bool = False

    @property
    def published_mark(self) -> str:
        """In brackets, whether a published period is shown as it was published; else nothing."""
        if self.publication is None:
            return ""
        if self.as_published:
            return f"（{self.publication.day_text}发布）"
        return "（最新数据，与发布数可能不同）"

    @property
    def until_text(self) -> str:
        """Up to when the figures count, as it stands over them."""
        return f"截至{self.period.label}{self.published_mark}"

    @property
    def known_tasks(self) -> int:
        """How many tasks have any data."""
        return sum(task.progress is not None for task in self.tasks)

    @cached_property
    def units_by_code(self) -> Mapping[str, UnitResult]:
        """The units by their code."""
        return {result.unit: result for result in self.units}

    @property
    def ranking(self) -> tuple[UnitResult, ...]:
        """The units, the furthest first; what was not reported counts as nothing done."""
        return tuple(sorted(self.units, key=lambda unit: (unit.progress is None, -unit.standing)))
