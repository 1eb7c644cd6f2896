"""Units and groups of a plan file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from fsdesk.documents.node import YamlNode


def read_directory(root: YamlNode) -> Directory:
    """Read `units` and `groups`; problems are noted, each with its line."""
    units = tuple(_unit(node) for node in root.nodes("units"))
    if not units:
        root.note("缺少“units”", "请列出责任单位")
    codes = {unit.code for unit in units}
    groups = tuple(_group(node, codes) for node in root.nodes("groups"))
    _check_names(root)
    return Directory(units, groups)


def _unit(node: YamlNode) -> Unit:
    node.only("code", "name", "kind", "aliases", "quarterly", "bases")
    kind = node.text("kind")
    if kind and kind not in set(UnitKind):
        node.note(f"单位类别“{kind}”无效", f"可用：{'、'.join(UnitKind)}", "kind")
    valid = UnitKind(kind) if kind in set(UnitKind) else UnitKind.DEPARTMENT
    return Unit(
        node.code(),
        node.text("name"),
        valid,
        node.texts("aliases"),
        quarterly=node.value.get("quarterly") is True,
        bases=_bases(node),
    )


def _bases(node: YamlNode) -> tuple[tuple[str, float], ...]:
    """Read how much a unit has of plan constants, by their codes."""
    plain: Any = node.value.get("bases") or {}
    by_code = cast("dict[Any, Any]", plain) if isinstance(plain, dict) else {"": plain}
    found = [(str(code), value) for code, value in by_code.items()]
    for code, value in found:
        if not code or isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            node.note(f"基数“{code}”应是大于 0 的数", "如 bases: {population: 320000}", "bases")
            return ()
    return tuple((code, float(value)) for code, value in found)


def _group(node: YamlNode, codes: set[str]) -> UnitGroup:
    node.only("code", "name", "members", "aliases")
    members = node.texts("members")
    for member in members:
        if member not in codes:
            node.note(f"单位组中的“{member}”不是单位编码", "请填写单位的 code", "members")
    if not members:
        node.note("单位组没有成员", "请在“members”中列出单位编码")
    return UnitGroup(node.code(), node.text("name"), members, node.texts("aliases"))


def _check_names(root: YamlNode) -> None:
    """A name or alias must lead to one unit or group only."""
    seen: dict[str, YamlNode] = {}
    for key in ("units", "groups"):
        for node in root.nodes(key):
            names = (*(node.value.get(key) for key in ("code", "name")), *node.texts("aliases"))
            for name in dict.fromkeys(str(name) for name in names if name):
                owner = seen.setdefault(fold(name), node)
                if owner is not node:
                    what = f"“{name}”已被第 {owner.line} 行的单位使用"
                    node.note(what, "编码、名称和别名都不能重复，请改用不同的")
