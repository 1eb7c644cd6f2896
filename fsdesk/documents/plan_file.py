"""Plans as readable YAML files: reading, checking, and the line of every error."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fsdesk.documents.indicator_file import read_indicators
from fsdesk.documents.node import read_yaml
from fsdesk.documents.unit_file import read_directory
from fsdesk.domain.plan import (
    Assignment,
    Deliverable,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.places import project_file

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.documents.node import Node
    from fsdesk.domain.indicators import Indicator
    from fsdesk.domain.units import Directory

_PLAN_KEYS = (
    "title", "issuer", "overall_requirement", "constants", "sections", "units", "groups",
)  # fmt: skip
_TASK_KEYS = ("code", "title", "text", "responsible", "indicators", "deliverables")


def load_builtin_plan(year: int) -> Plan:
    """Return the plan that comes with the program, for a year.

    Raises:
        InputRejectedError: When its files were damaged.
    """
    return load_plan(project_file("data/plan/builtin.yaml"), year)


def load_plan(path: Path, year: int) -> Plan:
    """Read a plan file.

    The file may carry its own `units` and `groups`; else those of the program hold.

    Args:
        path: A YAML file like `data/plan/builtin.yaml`.
        year: Year that the plan is for; stands in its title for ``{year}``.

    Raises:
        InputRejectedError: With every problem and its line.
    """
    root = read_yaml(path).only(*_PLAN_KEYS)
    directory = _directory(root)
    root.problems.raise_all()
    reading = _Reading(directory)
    constants = tuple(_constant(node) for node in root.nodes("constants"))
    sections = tuple(reading.section(node) for node in root.nodes("sections"))
    if not sections:
        root.note("缺少“sections”", "计划至少要有一个部分")
    plan = Plan(
        year=year,
        title=root.text("title").replace("{year}", str(year)),
        issuer=root.text("issuer"),
        overall_requirement=root.text("overall_requirement", ""),
        sections=sections,
        directory=directory,
        constants=constants,
    )
    reading.check_references({constant.code for constant in constants})
    root.problems.raise_all()
    return plan


def _directory(root: Node) -> Directory:
    if "units" in root.value:
        return read_directory(root)
    shipped = read_yaml(project_file("data/units.yaml")).only("units", "groups")
    directory = read_directory(shipped)
    shipped.problems.raise_all()
    return directory


def _constant(node: Node) -> PlanConstant:
    node.only("code", "name", "value", "unit")
    return PlanConstant(
        node.text("code"), node.text("name"), node.number("value"), node.text("unit")
    )


class _Reading:
    """Reads sections, points and tasks, and remembers what codes were seen and named."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._seen: dict[str, Node] = {}
        self._named: list[tuple[Node, str, str]] = []

    def section(self, node: Node) -> Section:
        node.only("number", "title", "points")
        points = tuple(self._point(child) for child in node.nodes("points"))
        number = int(node.number("number"))
        self._once(node, f"第 {number} 部分")
        return Section(number, node.text("title"), points)

    def _point(self, node: Node) -> Point:
        node.only("number", "title", "tasks")
        tasks = tuple(self._task(child) for child in node.nodes("tasks"))
        number = int(node.number("number"))
        self._once(node, f"第 {number} 要点")
        return Point(number, node.text("title"), tasks)

    def _task(self, node: Node) -> Task:
        node.only(*_TASK_KEYS)
        code = node.text("code")
        self._once(node, code)
        indicators: list[Indicator] = []
        for child, indicator in read_indicators(node, self._directory):
            self._once(child, indicator.code)
            if indicator.part_of:
                self._named.append((child, "part_of", indicator.part_of))
            if indicator.derivation:
                self._named.append((child, "constant", indicator.derivation.constant))
                if indicator.derivation.source:
                    self._named.append((child, "source", indicator.derivation.source))
            indicators.append(indicator)
        return Task(
            code=code,
            title=node.text("title"),
            text=node.text("text", ""),
            assignments=self._assignments(node),
            indicators=tuple(indicators),
            deliverables=self._deliverables(node),
        )

    def _assignments(self, node: Node) -> tuple[Assignment, ...]:
        found: list[Assignment] = []
        roles = node.child("responsible")
        if roles is not None:
            known = [role for role in roles.only(*Role).value if role in set(Role)]
            for role in known:
                for name in roles.texts(role):
                    party = self._directory.find(name)
                    if party is None:
                        what = f"没有名为“{name}”的单位"
                        roles.note(what, "请核对名称，或在单位表中加上", role)
                    else:
                        found.append(Assignment(party.code, Role(role)))
        if not found:
            node.note("这项任务没有责任单位", "请在“responsible”下写明", "responsible")
        return tuple(found)

    def _deliverables(self, node: Node) -> tuple[Deliverable, ...]:
        items = node.child("deliverables")
        if items is None or not items.value:
            node.note("这项任务没有事项", "请在“deliverables”下至少写一个")
            return ()
        found: list[Deliverable] = []
        for code in items.value:
            self._once(items, str(code), str(code))
            nested = items.child(code) if isinstance(items.value[code], dict) else None
            if nested is None:
                found.append(Deliverable(str(code), items.text(code)))
            else:
                nested.only("title", "due")
                found.append(Deliverable(str(code), nested.text("title"), _due(nested)))
        return tuple(found)

    def _once(self, node: Node, code: str, key: str = "code") -> None:
        first = self._seen.setdefault(code, node)
        if first is not node or (first is node and key == code and code not in node.value):
            node.note(f"“{code}”重复", "编码和编号不能重复，请改成未用过的", key)

    def check_references(self, constants: set[str]) -> None:
        """Note every code that is named and does not exist."""
        for node, key, code in self._named:
            known = constants if key == "constant" else self._seen.keys()
            if code not in known:
                node.note(f"“{key}”指向不存在的“{code}”", "请核对编码", key)
            elif key != "constant" and code == node.value.get("code"):
                node.note(f"“{key}”不能指向自己", "请核对编码", key)


def _due(node: Node) -> date | None:
    found = node.value.get("due")
    if found is None or isinstance(found, date):
        return found
    node.note("“due”应为日期", "请写成 2026-03-31", "due")
    return None
