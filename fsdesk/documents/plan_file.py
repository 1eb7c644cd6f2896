"""Plans as readable YAML files: reading, checking, and the line of every error."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from fsdesk.documents.codes import Codes
from fsdesk.documents.indicator_file import read_indicators
from fsdesk.documents.node import read_yaml
from fsdesk.documents.unit_file import read_directory
from fsdesk.domain.plan.plan import (
    Assignment,
    Cycle,
    Deliverable,
    DeliverableKind,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fsdesk.documents.node import YamlNode
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.units import Directory

_PLAN_KEYS = (
    "year", "title", "issuer", "overall_requirement", "constants", "sections", "units", "groups",
)  # fmt: skip
_TASK_KEYS = ("code", "title", "text", "responsible", "indicators", "deliverables")


@cache
def load_builtin_plan(year: int) -> Plan:
    """Return the program's plan for a year; refused when its files were damaged."""
    return load_plan(project_file("data/plan/builtin.yaml"), year)


def load_plan(path: Path, year: int) -> Plan:
    """Read a plan file.

    The file may carry its own `units` and `groups`; else those of the program hold.

    `path`: a YAML file like `data/plan/builtin.yaml`.
    `year`: year that the plan is for; stands in its title for ``{year}``. A file that names another
        year as its own is carried on as a draft.
    InputRejectedError with every problem and its line.
    """
    root = read_yaml(path).only(*_PLAN_KEYS)
    directory = _directory(root)
    reading = _PlanFileReader(directory, year)
    constants = tuple(reading.constant(node) for node in root.nodes("constants"))
    own = root.whole("year") if "year" in root.value else year
    plan = Plan(
        year=year,
        title=root.text("title").replace("{year}", str(year)),
        issuer=root.text("issuer"),
        overall_requirement=root.text("overall_requirement", ""),
        sections=tuple(reading.section(node) for node in _some(root, "sections", "计划", "部分")),
        directory=directory,
        constants=constants,
        carried_from=own if own != year else 0,
    )
    reading.codes.check({constant.code for constant in constants})
    root.problems.raise_all()
    return plan


def _directory(root: YamlNode) -> Directory:
    if "units" in root.value or "groups" in root.value:
        directory = read_directory(root)
        if not directory.units:  # each name in the plan would be one more error that says nothing
            root.problems.raise_all()
        return directory
    shipped = read_yaml(project_file("data/units.yaml")).only("units", "groups")
    directory = read_directory(shipped)
    shipped.problems.raise_all()
    return directory


def _some(node: YamlNode, key: str, whole: str, part: str) -> tuple[YamlNode, ...]:
    """Return the mappings of a list that must not be empty."""
    found = tuple(node.nodes(key))
    if not found:
        node.note(f"这个{whole}没有{part}", f"请在“{key}”下至少写一个", key)
    return found


class _PlanFileReader:
    """Reads sections, points and tasks, and remembers what codes were seen and named."""

    def __init__(self, directory: Directory, year: int) -> None:
        self._directory = directory
        self._year = year
        self.codes = Codes()

    def constant(self, node: YamlNode) -> PlanConstant:
        node.only("code", "name", "value", "unit")
        code, value = node.code(), node.number("value")
        self.codes.once(node, code)
        if value == 0:
            node.note("“value”应大于 0", "请填写实际数字", "value")
        return PlanConstant(code, node.text("name"), value, node.text("unit"))

    def section(self, node: YamlNode) -> Section:
        node.only("number", "title", "points")
        number = node.whole("number")
        self.codes.once(node, f"第 {number} 部分", "number")
        points = tuple(self._point(child) for child in _some(node, "points", "部分", "要点"))
        return Section(number, node.text("title"), points)

    def _point(self, node: YamlNode) -> Point:
        node.only("number", "title", "tasks")
        number = node.whole("number")
        self.codes.once(node, f"第 {number} 个要点", "number")
        tasks = tuple(self._task(child) for child in _some(node, "tasks", "要点", "任务"))
        return Point(number, node.text("title"), tasks)

    def _task(self, node: YamlNode) -> Task:
        node.only(*_TASK_KEYS)
        code = node.code()
        self.codes.once(node, code)
        roles = node.child("responsible")
        found: list[Assignment] = []
        if roles is not None:
            known = [role for role in roles.only(*Role).value if role in set(Role)]
            found = [assigned for role in known for assigned in self._parties(roles, Role(role))]
        if not found:
            node.note("这项任务没有责任单位", "请在“responsible”下写明", "responsible")
        assignments = tuple(found)
        return Task(
            code=code,
            title=node.text("title"),
            text=node.text("text", ""),
            assignments=assignments,
            indicators=self._indicators(node, tuple(a.party for a in assignments)),
            deliverables=self._deliverables(node),
        )

    def _indicators(self, task: YamlNode, parties: tuple[str, ...]) -> tuple[Indicator, ...]:
        found: list[Indicator] = []
        for node, indicator in read_indicators(task, self._directory):
            self.codes.keep(node, indicator)
            named = indicator.reporters or parties
            units = {unit for party in named for unit in self._directory.expand(party)}
            for share in indicator.shares:
                if share.unit not in units:
                    name = self._directory.name(share.unit)
                    what = f"“{name}”不填报这项指标，却分到了目标"
                    node.note(what, "请在责任单位中加上，或删去这一份", "shares")
            found.append(indicator)
        return tuple(found)

    def _parties(self, roles: YamlNode, role: Role) -> Iterable[Assignment]:
        for name in roles.texts(role):
            party = self._directory.find(name)
            if party is None:
                roles.note(f"没有名为“{name}”的单位", "请核对名称，或在单位表中加上", role)
            else:
                yield Assignment(party.code, role)

    def _deliverables(self, node: YamlNode) -> tuple[Deliverable, ...]:
        items = node.child("deliverables")
        if items is None or not items.value:
            node.note("这项任务没有事项", "请在“deliverables”下至少写一个", "deliverables")
            return ()
        return tuple(self._deliverable(items, key) for key in items.value)

    def _deliverable(self, items: YamlNode, key: str) -> Deliverable:
        code = items.key_code(key)
        self.codes.once(items, code, key)
        if not isinstance(items.value[key], dict):
            return Deliverable(code, items.text(key))
        nested = items.child(key) or items
        nested.only("title", "due", DeliverableKind.RECURRING, DeliverableKind.STANDING)
        kind, times, cycle = self._schedule(nested)
        if kind is not DeliverableKind.ONCE and "due" in nested.value:
            nested.note(f"“due”和“{kind}”只能写一个", "请删去其中一个", "due")
        return Deliverable(code, nested.text("title"), self._due(nested), kind, times, cycle)

    def _schedule(self, node: YamlNode) -> tuple[DeliverableKind, int, Cycle]:
        """Read ``standing: true``, or ``recurring: {quarter: 2}`` for twice a quarter."""
        once = (DeliverableKind.ONCE, 1, Cycle.YEAR)
        if DeliverableKind.STANDING in node.value:
            if DeliverableKind.RECURRING in node.value:
                what = "“standing”和“recurring”只能写一个"
                node.note(what, "请删去其中一个", DeliverableKind.STANDING)
            standing = node.value[DeliverableKind.STANDING]
            if not isinstance(standing, bool):
                node.note("“standing”应为 true 或 false", "请改正", DeliverableKind.STANDING)
            return (DeliverableKind.STANDING, 1, Cycle.YEAR) if standing is True else once
        every = node.child(DeliverableKind.RECURRING)
        if every is None:
            return once
        every.only(*Cycle)
        if len(every.value) != 1:
            node.note("“recurring”应写明一个频次", "请写成 {quarter: 1}", DeliverableKind.RECURRING)
        cycle = next((cycle for cycle in Cycle if cycle in every.value), None)
        if cycle is None:
            return once
        return DeliverableKind.RECURRING, max(every.whole(cycle), 1), cycle

    def _due(self, node: YamlNode) -> date | None:
        if "due" not in node.value:
            return None
        written = node.text("due")
        try:
            found = date.fromisoformat(written)
        except ValueError:
            node.note("“due”应为日期", f"请写成 {self._year}-03-31", "due")
            return None
        if found.year != self._year:
            node.note(f"“due”不在 {self._year} 年内", "请改成当年的日期", "due")
        return found
