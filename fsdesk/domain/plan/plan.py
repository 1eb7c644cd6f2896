"""The year's work plan (年度工作要点): sections, points, tasks and who answers for them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.periods import date_text
from fsdesk.domain.plan.indicators import Indicator  # noqa: TC001 - field types are read at run time by the codec
from fsdesk.domain.plan.units import Directory, Unit
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.periods import Period


_Item = TypeVar("_Item")


class Role(LabelledEnum):
    """How a unit answers for a task (责任分工), by the words that close its clause."""

    SOLE = "SOLE", "负责"
    SHARED = "SHARED", "按职责分工负责"
    LEAD = "LEAD", "牵头"
    SUPPORT = "SUPPORT", "配合"

    def heavier(self, other: Role | None) -> Role:
        """Return the weightier of two roles, which a unit keeps that is named twice."""
        return self if other is None else min(self, other, key=_BY_WEIGHT.index)


_BY_WEIGHT = (Role.LEAD, Role.SOLE, Role.SHARED, Role.SUPPORT)


class Assignment(Struct, frozen=True):
    """The part of a unit or a group, by its code, in a task."""

    party: str
    role: Role


class DeliverableKind(LabelledEnum):
    """How the time of a deliverable is set, and so how it is judged."""

    ONCE = "once", "一次完成"
    RECURRING = "recurring", "定期开展"
    STANDING = "standing", "长期坚持"


class Cycle(LabelledEnum):
    """After how long a recurring deliverable falls due again."""

    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"

    @property
    def months(self) -> int:
        """How many months it lasts."""
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


class Deliverable(Struct, frozen=True):
    """One concrete thing that a task asks for (事项), recorded as a milestone.

    Attributes:
        code: Stable code such as ``D04-1-2``.
        due: For what is done once, the date by which; without one, the calendar judges nothing.
        times: For what recurs, how often within each cycle.
        cycle: For what recurs, the cycle.
    """

    code: str
    title: str
    due: date | None = None
    kind: DeliverableKind = DeliverableKind.ONCE
    times: int = 1
    cycle: Cycle = Cycle.YEAR

    @property
    def schedule_text(self) -> str:
        """When it must be done, as people write it, e.g. ``每季度2次``; dates with their year."""
        if self.kind is DeliverableKind.STANDING:
            return DeliverableKind.STANDING.label
        if self.kind is DeliverableKind.RECURRING:
            return f"{self.cycle.label}{self.times}次"
        if self.due is None:
            return "未定时限"
        return f"{date_text(self.due)}前完成"


class Task(Struct, frozen=True):
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


class Point(Struct, frozen=True):
    """The second level of heading (要点), numbered through the document."""

    number: int
    title: str
    tasks: tuple[Task, ...]


class Section(Struct, frozen=True):
    """The first level of heading (部分)."""

    number: int
    title: str
    points: tuple[Point, ...]


class PlanConstant(Struct, frozen=True):
    """A figure of the district that indicators are divided by and that the office edits.

    Attributes:
        code: Stable code, e.g. ``population``.
        measure_unit: Its unit, e.g. 人.
    """

    code: str
    name: str
    value: float
    measure_unit: str


class FormerPlan(Struct, frozen=True):
    """What the plan was up to the last day before a change took effect; it has none before it."""

    until: date
    plan: Plan


class Plan(Struct, frozen=True, dict=True):
    """One year's plan.

    Attributes:
        overall_requirement: The overall requirement (总体要求).
        sections: The document's parts in order.
        revision: Counts up with every change; 1 for a new plan.
        former: What the plan was before changes that took effect during the year, oldest first.
        carried_from: The other year whose plan this is, until the year's own was taken; 0 for a
            plan of its own year.
    """

    year: int
    title: str
    issuer: str
    overall_requirement: str
    sections: tuple[Section, ...]
    directory: Directory = field(default_factory=Directory)
    constants: tuple[PlanConstant, ...] = ()
    revision: int = 1
    former: tuple[FormerPlan, ...] = ()
    carried_from: int = 0

    @property
    def name(self) -> str:
        """The title as papers and pages name the plan: a draft says that it is one."""
        return f"{self.title}（草案）" if self.carried_from else self.title

    @property
    def draft_note(self) -> str:
        """What is to be said of a plan that was carried on from another year; or nothing."""
        if not self.carried_from:
            return ""
        return f"{self.year}年计划尚未读入，暂沿用{self.carried_from}年内容，系草案"

    def on(self, day: date) -> Plan:
        """Return the plan that is in force on a day."""
        return next((plan for until, plan in self._then if day <= until), self)

    @cached_property
    def _then(self) -> tuple[tuple[date, Plan], ...]:
        """What it was up to each day, knowing like every plan what it had been before."""
        return tuple(
            (each.until, replace(each.plan, former=self.former[:number]))
            for number, each in enumerate(self.former)
        )

    def at(self, period: Period) -> Plan:
        """Return the plan by which a period is judged: the one in force on its last day."""
        return self.on(period.last_day) if self.former else self

    @property
    def since(self) -> date | None:
        """The first day of effect of the plan as it is now; None when it holds all year."""
        return self.former[-1].until + timedelta(days=1) if self.former else None

    @cached_property
    def states(self) -> tuple[Plan, ...]:
        """The plan as it is and as it was during the year, the newest first."""
        return (self, *(each.plan for each in reversed(self.former)))

    def holding(self, code: str) -> Plan | None:
        """Return the newest state that holds a task or an item of one; None if none does."""
        return next((p for p in self.states if code in p.tasks_by_code or code in p.task_of), None)

    @cached_property
    def units_in_year(self) -> Mapping[str, Unit]:
        """The units by their code, those that left during the year last."""
        found: dict[str, Unit] = {}
        for plan in self.states:
            for unit in plan.directory.units:
                found.setdefault(unit.code, unit)
        return found

    def unit_name(self, code: str) -> str:
        """Return the name of a unit that is in the plan or was in it earlier in the year."""
        unit = self.units_in_year.get(code)
        return unit.name if unit else self.directory.name(code)

    def find_unit(self, name: str) -> Unit:
        """Find a unit by code, name or alias, also one that left the plan during the year.

        InputRejectedError when no unit has that code, name or alias.
        """
        for plan in self.states:
            found = plan.directory.find(name)
            if isinstance(found, Unit):
                return found
        return self.directory.unit(name)

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
                roles[unit] = assignment.role.heavier(roles.get(unit))
        return roles

    def roles(self, task: str) -> Mapping[str, Role]:
        """Return role by unit code for a task, groups expanded, in the document's order."""
        return self._roles[task]

    @cached_property
    def answering(self) -> frozenset[str]:
        """The codes of the units that answer for a task."""
        return frozenset(unit for roles in self._roles.values() for unit in roles)

    @cached_property
    def _tasks_of_units(self) -> Mapping[str, tuple[Task, ...]]:
        found: dict[str, list[Task]] = {}
        for task in self.tasks:
            for unit in self._roles[task.code]:
                found.setdefault(unit, []).append(task)
        return {unit: tuple(tasks) for unit, tasks in found.items()}

    def tasks_for(self, unit: str) -> tuple[Task, ...]:
        """Return the tasks that a unit answers for, in order."""
        return self._tasks_of_units.get(unit, ())

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
