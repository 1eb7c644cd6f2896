"""The year's work plan (年度工作要点): sections, points, tasks and who answers for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - field types are read at run time by the codec
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from fsdesk.domain.findings import reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plan.indicators import Indicator  # noqa: TC001 - field types are read at run time by the codec
from fsdesk.domain.plan.units import Directory
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


_Item = TypeVar("_Item")


class Role(LabelledEnum):
    """How a unit answers for a task (责任分工), by the words that close its clause."""

    SOLE = "SOLE", "负责"
    SHARED = "SHARED", "按职责分工负责"
    LEAD = "LEAD", "牵头"
    SUPPORT = "SUPPORT", "配合"


# A unit that is named twice (itself and through a group) keeps its weightiest role.
_ROLE_WEIGHT = {Role.LEAD: 0, Role.SOLE: 1, Role.SHARED: 2, Role.SUPPORT: 3}


@dataclass(frozen=True, slots=True)
class Assignment:
    """The part of a unit or a group, by its code, in a task."""

    party: str
    role: Role


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One concrete thing that a task asks for (事项), recorded as a milestone.

    Attributes:
        code: Stable code such as ``D04-1-2``.
        due: Date by which it must be done; None means the end of the year.
    """

    code: str
    title: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A clause group of the plan that ends in who is responsible (任务).

    Attributes:
        code: Stable code such as ``T04-1``.
        text: What is asked, in our own words or, for an imported plan, the official ones.
        assignments: Who answers, in the order of the document.
        deliverables: Concrete things to do; at least one.
    """

    code: str
    title: str
    text: str
    assignments: tuple[Assignment, ...]
    indicators: tuple[Indicator, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """The second level of heading (要点), numbered through the document."""

    number: int
    title: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The first level of heading (部分)."""

    number: int
    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class PlanConstant:
    """A figure of the district that indicators are divided by and that the office edits.

    Attributes:
        code: Stable code, e.g. ``population``.
        measure_unit: Its unit, e.g. 人.
    """

    code: str
    name: str
    value: float
    measure_unit: str


@dataclass(frozen=True)
class Plan:
    """One year's plan.

    Attributes:
        overall_requirement: The overall requirement (总体要求).
        sections: The document's parts in order.
        revision: Counts up with every change; 1 for a new plan.
    """

    year: int
    title: str
    issuer: str
    overall_requirement: str
    sections: tuple[Section, ...]
    directory: Directory = field(default_factory=Directory)
    constants: tuple[PlanConstant, ...] = ()
    revision: int = 1

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """All points in order."""
        return tuple(point for section in self.sections for point in section.points)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks in order."""
        return tuple(task for point in self.points for task in point.tasks)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in order."""
        return tuple(indicator for task in self.tasks for indicator in task.indicators)

    @cached_property
    def tasks_by_code(self) -> Mapping[str, Task]:
        """Tasks by code."""
        return {task.code: task for task in self.tasks}

    @cached_property
    def indicators_by_code(self) -> Mapping[str, Indicator]:
        """Indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def parts_of(self) -> Mapping[str, Sequence[Indicator]]:
        """The indicators that are a part (其中) of an indicator, by its code."""
        parts: dict[str, list[Indicator]] = {}
        for indicator in self.indicators:
            if indicator.part_of:
                parts.setdefault(indicator.part_of, []).append(indicator)
        return parts

    @cached_property
    def deliverables_by_code(self) -> Mapping[str, Deliverable]:
        """Deliverables by code."""
        return {item.code: item for task in self.tasks for item in task.deliverables}

    @cached_property
    def task_of(self) -> Mapping[str, Task]:
        """The task of each indicator and deliverable code."""
        return {
            item.code: task
            for task in self.tasks
            for item in (*task.indicators, *task.deliverables)
        }

    @cached_property
    def point_of(self) -> Mapping[str, Point]:
        """The point of each task code."""
        return {task.code: point for point in self.points for task in point.tasks}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section of each task code."""
        return {
            task.code: section
            for section in self.sections
            for point in section.points
            for task in point.tasks
        }

    @cached_property
    def _roles(self) -> Mapping[str, Mapping[str, Role]]:
        return {task.code: self._roles_of(task) for task in self.tasks}

    def _roles_of(self, task: Task) -> Mapping[str, Role]:
        roles: dict[str, Role] = {}
        for assignment in task.assignments:
            for unit in self.directory.expand(assignment.party):
                held = roles.get(unit)
                if held is None or _ROLE_WEIGHT[assignment.role] < _ROLE_WEIGHT[held]:
                    roles[unit] = assignment.role
        return roles

    def roles(self, task: str) -> Mapping[str, Role]:
        """Return role by unit code for a task, groups expanded, in the document's order."""
        return self._roles[task]

    def tasks_for(self, unit: str) -> tuple[Task, ...]:
        """Return the tasks that a unit answers for, in order."""
        return tuple(task for task in self.tasks if unit in self._roles[task.code])

    def reporters(self, indicator: Indicator) -> tuple[str, ...]:
        """Return the unit codes that report an indicator, each once."""
        if not indicator.reporters:
            return tuple(self._roles[self.task_of[indicator.code].code])
        expanded = (u for party in indicator.reporters for u in self.directory.expand(party))
        return tuple(dict.fromkeys(expanded))

    def constant(self, code: str) -> PlanConstant | None:
        """Return a plan constant, or None."""
        return next((constant for constant in self.constants if constant.code == code), None)

    def find_indicator(self, name: str) -> Indicator:
        """Find an indicator by code or name; InputRejectedError when there is none."""
        return _find(((i.code, i.name, i) for i in self.indicators), name, "指标")

    def find_task(self, name: str) -> Task:
        """Find a task by code or title; InputRejectedError when there is none."""
        return _find(((t.code, t.title, t) for t in self.tasks), name, "任务")

    def find_deliverable(self, name: str) -> Deliverable:
        """Find a deliverable by code or title; InputRejectedError when there is none."""
        items = self.deliverables_by_code.values()
        return _find(((d.code, d.title, d) for d in items), name, "事项")


def _find(items: Iterable[tuple[str, str, _Item]], name: str, what: str) -> _Item:
    wanted = fold(name)
    for code, title, item in items:
        if wanted in (fold(code), fold(title)):
            return item
    raise reject(f"计划中没有{what}“{name}”", "请用“plan show”命令或“计划”页核对编码")
