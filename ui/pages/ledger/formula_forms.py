"""Forms for how a ledger feeds an indicator: what is counted, where, on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.declarations import condition_from_text, values_text
from fsdesk.domain.ledger.formulas import DaySpan, Feed, LedgerMeasure, RowOperation
from fsdesk.domain.ledger.ledger import ColumnType
from fsdesk.domain.plan.indicators import IndicatorKind
from ui.theme import SPACE_XS
from ui.widgets.boxes import column_of, row_of
from ui.widgets.choice import Choice
from ui.widgets.field_values import value_of
from ui.widgets.fields import line_edit
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.ledger.ledger import LedgerColumn
    from fsdesk.domain.plan.indicators import Indicator
    from ui.drafts import Drafts
    from ui.widgets.field_values import Field

_CONDITIONS = 4
_SPANS = (DaySpan.WITHIN, DaySpan.UNTIL)
_NOT_SET = "（不限）"
_WITHOUT_VALUES = (CellCheck.FILLED, CellCheck.EMPTY)


class _ConditionRow(QWidget):
    """One condition: column, how it is looked at, with what."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.column = Choice(f"条件 {number} 的列")
        self.column.setFixedWidth(150)
        self.check = Choice(f"条件 {number}", [(check.label, check) for check in CellCheck])
        self.check.setFixedWidth(96)
        self.values = line_edit(f"条件 {number} 的取值", "取值，几个之间用顿号隔开")
        self.column.chosen.connect(lambda _title: self.enable())
        self.check.chosen.connect(lambda _check: self.enable())
        row_of(self.column, self.check, self.values, spacing=SPACE_XS, parent=self)

    def offer(self, columns: Sequence[LedgerColumn], condition: Condition | None) -> None:
        self.column.set_entries([(_NOT_SET, ""), *((c.title, c.title) for c in columns)])
        self.column.set_value(condition.column if condition else "")
        self.check.set_value(condition.check if condition else CellCheck.IS)
        self.values.setText(values_text(condition) if condition else "")
        self.enable()

    def condition(self, columns: Sequence[LedgerColumn]) -> Condition | None:
        column = next((c for c in columns if c.title == self.column.value), None)
        if column is None:
            return None
        return condition_from_text(column, CellCheck(self.check.value), self.values.text())

    def enable(self) -> None:
        used = bool(self.column.value)
        self.check.setEnabled(used)
        self.values.setEnabled(used and self.check.value not in _WITHOUT_VALUES)


class MeasureForm(QWidget):
    """A number made from the rows of a ledger."""

    def __init__(self, what: str) -> None:
        """Make the fields of the 分子 or 分母."""
        super().__init__()
        self._columns: Sequence[LedgerColumn] = ()
        self._more: tuple[Condition, ...] = ()
        self.heading = label(what)
        self.action = Choice(f"{what}取什么", [(action.label, action) for action in RowOperation])
        self.column = Choice(f"{what}取哪一列")
        self.day = Choice(f"{what}按哪个日期计入")
        self.span = Choice(f"{what}的日期范围", [(span.label, span) for span in _SPANS])
        self.conditions = [_ConditionRow(number) for number in range(1, _CONDITIONS + 1)]
        self.action.chosen.connect(lambda _action: self.enable())
        self.day.chosen.connect(lambda _day: self.enable())
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_XS)
        grid.setColumnStretch(4, 1)
        grid.addWidget(self.heading, 0, 0, 1, 5)
        for at, part in enumerate((label("取", "muted"), self.action, self.column)):
            grid.addWidget(part, 1, at)
        for at, part in enumerate((label("日期", "muted"), self.day, self.span)):
            grid.addWidget(part, 2, at)
        for number, row in enumerate(self.conditions):
            grid.addWidget(label("条件", "muted"), 3 + number, 0)
            grid.addWidget(row, 3 + number, 1, 1, 4)

    def offer(self, columns: Sequence[LedgerColumn], measure: LedgerMeasure) -> None:
        """Show a measure over these columns."""
        self._columns = columns
        self.action.set_value(measure.action)
        self.column.set_entries([(column.title, column.title) for column in columns])
        self.column.set_value(measure.column)
        days = [c.title for c in columns if c.type is ColumnType.DATE]
        self.day.set_entries([("（不限日期）", ""), *((day, day) for day in days)])
        self.day.set_value(measure.day)
        self.span.set_value(measure.span if measure.span in _SPANS else DaySpan.WITHIN)
        self._more = measure.where[_CONDITIONS:]
        where = (*measure.where, *([None] * _CONDITIONS))
        for row, condition in zip(self.conditions, where, strict=False):
            row.offer(columns, condition)
        self.enable()

    def fields(self) -> Mapping[str, Field]:
        """Return the fields by name."""
        named: dict[str, Field] = {
            "action": self.action,
            "column": self.column,
            "day": self.day,
            "span": self.span,
        }
        for number, row in enumerate(self.conditions):
            named |= {
                f"column{number}": row.column,
                f"check{number}": row.check,
                f"values{number}": row.values,
            }
        return named

    def measure(self) -> LedgerMeasure:
        """Return what is filled in; a condition that compares what can't be is rejected."""
        found = [row.condition(self._columns) for row in self.conditions]
        day = self.day.value or ""
        action = RowOperation(self.action.value)  # Qt hands it back as plain text
        counts = action is RowOperation.COUNT
        return LedgerMeasure(
            action,
            "" if counts else self.column.value or "",
            (*(condition for condition in found if condition is not None), *self._more),
            day,
            DaySpan(self.span.value) if day else DaySpan.ALWAYS,
        )

    def enable(self) -> None:
        """Let only those fields be changed that matter now."""
        for row in self.conditions:
            row.enable()
        self.column.setEnabled(self.action.value != RowOperation.COUNT)
        self.span.setEnabled(bool(self.day.value))


class FeedForm(QWidget):
    """How a ledger feeds one indicator; a ratio has two measures."""

    def __init__(self, drafts: Drafts) -> None:
        """Make the fields."""
        super().__init__()
        self._indicators: dict[str, Indicator] = {}
        self._visits = ""
        self.indicator = Choice("指标")
        self.indicator.chosen.connect(lambda _code: self._enable())
        self.above, self.below = MeasureForm("分子"), MeasureForm("分母")
        self.counts = QCheckBox("汇总时以台账算出的数为准（不勾选则只与填报数并列，供核对）")
        self.kept = KeptFields(drafts, self)
        self._fields: dict[str, Field] = {"indicator": self.indicator, "counts": self.counts}
        for part, form in (("above", self.above), ("below", self.below)):
            self._fields |= {f"{part}-{name}": field for name, field in form.fields().items()}
        for name, field in self._fields.items():
            self.kept.add(name, field)
        row = row_of(label("指标", "muted"), self.indicator, (None, 1), spacing=-1)
        column_of(
            row,
            row_of((self.above, 1), (self.below, 1), spacing=-1),
            self.counts,
            self.kept.note,
            parent=self,
        )

    def offer(
        self,
        indicators: Sequence[Indicator],
        columns: Sequence[LedgerColumn],
        feed: Feed | None,
        place: str,
    ) -> None:
        """Show a formula, or an empty one, and what was typed for it; `place` is the ledger's."""
        self.kept.leave()
        self._indicators = {indicator.code: indicator for indicator in indicators}
        self._visits = feed.visits if feed else ""
        entries = [(f"{each.code} {each.name}", each.code) for each in indicators]
        self.indicator.set_entries(entries)
        if feed is not None:
            self.indicator.set_value(feed.indicator)
        self.above.offer(columns, feed.numerator if feed else LedgerMeasure())
        self.below.offer(columns, (feed.denominator if feed else None) or LedgerMeasure())
        self.counts.setChecked(bool(feed and feed.counts))
        stored = {name: value_of(field) for name, field in self._fields.items()}
        self.kept.show(f"{place}/formula/{feed.indicator if feed else 'new'}", stored)
        for form in (self.above, self.below):
            form.enable()
        self._enable()

    def feed(self) -> Feed:
        """Return what is filled in; a condition that compares what can't be is rejected."""
        return Feed(
            self.indicator.value or "",
            self.above.measure(),
            self.below.measure() if self._is_ratio() else None,
            self.counts.isChecked(),
            self._visits,
        )

    def _is_ratio(self) -> bool:
        indicator = self._indicators.get(self.indicator.value)
        return indicator is not None and indicator.kind is IndicatorKind.RATIO

    def _enable(self) -> None:
        ratio = self._is_ratio()
        self.below.setVisible(ratio)
        self.above.heading.setText("分子" if ratio else "计算方法")
