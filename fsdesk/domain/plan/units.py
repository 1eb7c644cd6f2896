"""Units that answer for tasks, and the groups that a plan names in their place."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping


class WorkspaceRole(StrEnum):
    """Whose workspace one is: the coordinating office's, or a unit's."""

    OFFICE = "office"
    UNIT = "unit"


class UnitKind(LabelledEnum):
    """What a unit is within the district."""

    OFFICE = "office", "统筹办公室"
    DISTRICT = "district", "区县"
    DEPARTMENT = "department", "部门"
    STREET = "street", "街道"
    JUDICIAL = "judicial", "司法机关"
    VERTICAL = "vertical", "垂直管理单位"


class Unit(Struct, frozen=True):
    """A responsible unit (责任单位).

    Attributes:
        code: Stable short code; survives renaming.
        aliases: Other names under which it appears in documents.
        successor: Code of the unit that took over its work (并入); empty while it works itself.
        quarterly: Whether it reports quarters in place of months.
        former_names: What it was called before it was renamed; files may still call it so.
        bases: Codes of plan constants, such as its population, and what it has of each (基数), by
            which units of different size are compared; one that is not known is not among them.
    """

    code: str
    name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()
    successor: str = ""
    quarterly: bool = False
    former_names: tuple[str, ...] = ()
    bases: tuple[tuple[str, float], ...] = ()

    def base(self, constant: str) -> float | None:
        """Return what it has of a plan constant; None where nobody has said."""
        return next((value for code, value in self.bases if code == constant), None)

    @property
    def names(self) -> tuple[str, ...]:
        """All names by which it is known, the present one first."""
        return (self.name, *self.aliases, *self.former_names)

    def former_name(self, name: str) -> str:
        """Return the former name that a text is; empty when it is none or still a name."""
        wanted = fold(name)
        if wanted in map(fold, (self.name, *self.aliases)):
            return ""
        return next((each for each in self.former_names if fold(each) == wanted), "")


class UnitGroup(Struct, frozen=True):
    """A group (单位组) that a plan names instead of its members in order, e.g. 各街道."""

    code: str
    name: str
    members: tuple[str, ...]
    aliases: tuple[str, ...] = ()


class Directory(Struct, frozen=True, dict=True):
    """All units and groups of a plan, found by code, name, alias, or a unit's former name."""

    units: tuple[Unit, ...] = ()
    groups: tuple[UnitGroup, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        """Units by their code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def groups_by_code(self) -> Mapping[str, UnitGroup]:
        """Groups by their code."""
        return {group.code: group for group in self.groups}

    @cached_property
    def _codes_by_name(self) -> Mapping[str, str]:
        # A name that another unit has by now is that one's.
        found = {fold(name): unit.code for unit in self.units for name in unit.former_names}
        for party in (*self.groups, *self.units):
            for name in (*party.aliases, party.name, party.code):
                found[fold(name)] = party.code
        return found

    def find(self, name: str) -> Unit | UnitGroup | None:
        """Find a unit or group by code or any of its names, in any width of characters."""
        code = self._codes_by_name.get(fold(name))
        if code is None:
            return None
        return self.by_code.get(code) or self.groups_by_code[code]

    def unit(self, name: str) -> Unit:
        """Find a unit; InputRejectedError when no unit has that code, name or alias."""
        found = self.find(name)
        if isinstance(found, Unit):
            return found
        raise reject(
            f"没有名为“{name}”的单位",
            "请使用计划中的单位名称，可用“units”命令或“计划”页查看",
        )

    def name(self, code: str) -> str:
        """Return the name of a unit or group code; the code itself when it is unknown."""
        party = self.by_code.get(code) or self.groups_by_code.get(code)
        return party.name if party else code

    def expand(self, party: str) -> tuple[str, ...]:
        """Return the unit codes that a unit or group code stands for, in order."""
        group = self.groups_by_code.get(party)
        return group.members if group else (party,)

    def groups_of(self, unit: str) -> tuple[UnitGroup, ...]:
        """Return the groups that a unit belongs to."""
        return tuple(group for group in self.groups if unit in group.members)

    @cached_property
    def reporting_units(self) -> tuple[Unit, ...]:
        """Units that send reports: all but the coordinating office, which records directly."""
        return tuple(unit for unit in self.units if unit.kind is not UnitKind.OFFICE)

    @cached_property
    def working(self) -> tuple[Unit, ...]:
        """Units that have not passed into another one (并入): who may be given work."""
        return tuple(unit for unit in self.units if not unit.successor)

    @cached_property
    def office(self) -> Unit | None:
        """The coordinating office (区食药安办), if the plan names it."""
        return next((unit for unit in self.units if unit.kind is UnitKind.OFFICE), None)
