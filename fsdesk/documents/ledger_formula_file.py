"""The formulas and rules of a ledger as declared in a data file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from fsdesk.documents.node import YamlNode, is_number
from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.formulas import DaySpan, Feed, LedgerMeasure, RowOperation
from fsdesk.domain.ledger.ledger import NO, YES, ColumnType, LedgerColumn
from fsdesk.domain.ledger.rules import Rule, RuleKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from enum import StrEnum

    from fsdesk.domain.ledger.conditions import Plain

_DAYS = (ColumnType.DATE,)
_NUMBERS = (ColumnType.NUMBER,)


class FormulaReader:
    """Reads the formulas and rules of one ledger."""

    def __init__(self, columns: Sequence[LedgerColumn]) -> None:
        self._columns: Mapping[str, LedgerColumn] = {c.title: c for c in columns}

    def feed(self, node: YamlNode) -> Feed:
        """Read how the ledger feeds an indicator."""
        node.only("indicator", "value", "numerator", "denominator", "counts", "visits")
        below = node.child("denominator")
        above = node.child("numerator" if below else "value")
        if above is None:
            node.note("要写“value”，或“numerator”和“denominator”", "请补上")
        return Feed(
            indicator=node.code("indicator"),
            numerator=self._measure(above) if above else LedgerMeasure(),
            denominator=self._measure(below) if below else None,
            counts=node.value.get("counts") is True,
            visits=node.text("visits", ""),
        )

    def _measure(self, node: YamlNode) -> LedgerMeasure:
        node.only("do", "column", "where", "day", "span")
        action = _word(node, "do", RowOperation, RowOperation.COUNT)
        kinds = _NUMBERS if action is RowOperation.SUM else ()
        column = "" if action is RowOperation.COUNT else self.title(node, "column", kinds)
        day = self.title(node, "day", _DAYS) if "day" in node.value else ""
        span = _word(node, "span", DaySpan, DaySpan.WITHIN if day else DaySpan.ALWAYS)
        return LedgerMeasure(action, column, self.where(node), day, span)

    def rule(self, node: YamlNode) -> Rule:
        """Read a rule."""
        node.only("kind", "column", "other", "where", "message")
        kind = _word(node, "kind", RuleKind, None)
        days = kind in (RuleKind.FUTURE, RuleKind.EXPIRED, RuleKind.NOT_BEFORE, RuleKind.OUTLIER)
        kinds = _DAYS if days else _NUMBERS if kind is RuleKind.AT_MOST else ()
        compares = kind in (RuleKind.AT_MOST, RuleKind.NOT_BEFORE)
        return Rule(
            kind=kind,
            column=self.title(node, "column", kinds),
            other=self.title(node, "other", kinds) if compares else "",
            where=self.where(node),
            message=node.text("message", ""),
        )

    def title(self, node: YamlNode, key: str, kinds: tuple[ColumnType, ...] = ()) -> str:
        """Read the title of a column of the ledger, of one of some kinds if any are named."""
        title = node.text(key)
        column = self._columns.get(title)
        if title and column is None:
            node.note(f"“{key}”中的“{title}”不是这个台账的列", "请核对列名", key)
        elif column and kinds and column.type not in kinds:
            words = "、".join(kind.label for kind in kinds)
            node.note(f"“{title}”不是{words}列", "请改用相应的列", key)
        return title

    def where(self, node: YamlNode) -> tuple[Condition, ...]:
        """Read conditions; none when there are none."""
        where = node.child("where")
        if where is None:
            return ()
        return tuple(self._condition(where, title) for title in where.value)

    def _condition(self, node: YamlNode, title: str) -> Condition:
        column = self._columns.get(title)
        if column is None:
            node.note(f"条件中的“{title}”不是这个台账的列", "请核对列名", title)
            column = LedgerColumn(title)
        said = node.value[title]
        if not isinstance(said, dict):
            return Condition(title, CellCheck.IS, self._values(node, column, said))
        given = cast("dict[str, Any]", said)
        check, values = next(iter(given.items()), ("", None))
        if check == "filled":
            return Condition(title, CellCheck.FILLED if values is True else CellCheck.EMPTY)
        if len(given) != 1 or check not in set(CellCheck):
            node.note(f"“{title}”的条件不认识", f"可用：{'、'.join(CellCheck)}", title)
            return Condition(title, CellCheck.FILLED)
        return Condition(title, CellCheck(check), self._values(node, column, values))

    def _values(self, node: YamlNode, column: LedgerColumn, said: object) -> tuple[Plain, ...]:
        found = cast("list[Any]", said) if isinstance(said, list) else [said]
        values = tuple(_plain(value) for value in found)
        allowed = column.choices or ((YES, NO) if column.type is ColumnType.FLAG else ())
        wrong = [value for value in values if allowed and value not in allowed]
        numbers = column.type is ColumnType.NUMBER
        wrong += [value for value in values if isinstance(value, float) is not numbers]
        if wrong or not values:
            expected = "、".join(allowed) or ("数字" if numbers else "文字，必要时加引号")
            node.note(f"“{column.title}”的条件取值无效", f"应为：{expected}", column.title)
        return values


def _plain(value: object) -> Plain:
    if isinstance(value, bool):
        return YES if value else NO
    return float(str(value)) if is_number(value) else str(value)


def _word(node: YamlNode, key: str, words: type[StrEnum], default: Any) -> Any:  # noqa: ANN401
    """Return a word of a list of words as itself."""
    found = node.text(key) if default is None else node.text(key, default)
    if found not in set(words):
        node.note(f"“{key}”的取值“{found}”无效", f"可用：{'、'.join(words)}", key)
        return next(iter(words))
    return words(found)
