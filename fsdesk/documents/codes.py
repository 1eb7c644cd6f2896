"""The codes of a plan file: each used once, and every code that is named exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.documents.node import YamlNode
    from fsdesk.domain.plan.indicators import Indicator

# Words for the ways in which one indicator names another.
_PART = "part_of"
_SOURCE = "source"


class Codes(Struct):
    """What codes were met while a plan file was read."""

    _seen: dict[str, int] = field(default_factory=dict[str, int])
    _indicators: dict[str, tuple[YamlNode, Indicator]] = field(
        default_factory=dict[str, "tuple[YamlNode, Indicator]"]
    )

    def once(self, node: YamlNode, code: str, key: str = "code") -> None:
        """Note a code that was used before; letters count alike in both cases."""
        first = self._seen.get(fold(code))
        if first is None:
            self._seen[fold(code)] = node.line_of(key)
        elif code:
            what = f"“{code}”重复，第 {first} 行已经用过"
            node.note(what, "编码和编号不能重复，请改成未用过的", key)

    def keep(self, node: YamlNode, indicator: Indicator) -> None:
        """Remember an indicator, to look at what it names once all are known."""
        self.once(node, indicator.code)
        self._indicators.setdefault(indicator.code, (node, indicator))

    def check(self, constants: set[str]) -> None:
        """Note every code that is named and doesn't exist, and every circle."""
        for node, indicator in self._indicators.values():
            derivation = indicator.derivation
            if derivation and derivation.constant and derivation.constant not in constants:
                what = f"“constant”指向不存在的“{derivation.constant}”"
                node.note(what, "请在“constants”中加上，或核对编码", "constant")
        self._check_links(_PART, {c: i.part_of for c, (_, i) in self._indicators.items()})
        sources = {
            code: indicator.derivation.source if indicator.derivation else ""
            for code, (_, indicator) in self._indicators.items()
        }
        self._check_links(_SOURCE, sources)

    def _check_links(self, key: str, links: Mapping[str, str]) -> None:
        for code, named in links.items():
            node = self._indicators[code][0]
            if named and named not in links:
                node.note(f"“{key}”指向不存在的指标“{named}”", "请核对指标编码", key)
            elif named and _returns(code, links):
                node.note(f"“{key}”绕了一圈又指回“{code}”", "请核对指标编码", key)


def _returns(code: str, links: Mapping[str, str]) -> bool:
    """Tell whether following the links from a code leads back to it."""
    passed: set[str] = set()
    here = links.get(code, "")
    while here and here not in passed:
        if here == code:
            return True
        passed.add(here)
        here = links.get(here, "")
    return False
