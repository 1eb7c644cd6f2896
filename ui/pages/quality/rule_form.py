"""The fields of one rule of data quality."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QPushButton, QWidget

from fsdesk.domain.findings import Severity
from fsdesk.domain.ledger.conditions import Condition
from fsdesk.domain.ledger.filters import conditions_of
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.quality.rules import (
    COMPARING,
    LEDGER_KINDS,
    MILESTONE_KINDS,
    VALUE_KINDS,
    QualityKind,
    QualityRule,
)
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, row_of
from ui.widgets.choice import Choice
from ui.widgets.field_values import ValueField
from ui.widgets.fields import line_edit
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.drafts import FieldValue
    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.services.quality.quality_rules import RuleBook
    from ui.drafts import Drafts

_EMPTY: Mapping[str, FieldValue] = {
    "kind": "", "column": "", "other": "", "where": "", "level": Severity.WARNING.value,
    "message": "", "filter": "", "filter_column": "",
}  # fmt: skip
_COLUMN_WIDTH = 130
_FIELD_WIDTH = 300


class QualityRuleForm(QWidget):
    """What is offered follows from what is examined."""

    def __init__(self, drafts: Drafts) -> None:
        """Begin without ledgers and indicators."""
        super().__init__()
        self.kept = KeptFields(drafts, self)
        self._book: RuleBook | None = None
        self._code = ""
        self._conditions = ValueField(self, "条件")
        self.subject, self.kind = Choice("检查对象"), Choice("检查内容")
        self.column, self.other = Choice("列或指标"), Choice("与哪一项比较")
        self.level = Choice("级别", [(level.value, level) for level in Severity])
        self.message = line_edit("提示语", "留空则由程序说明")
        self.filter_column = Choice("条件的列")
        self.filter_text = line_edit("条件", "如 =不合格、空、>=5")
        self.add, self.clear = QPushButton("加上条件"), QPushButton("清除条件")
        self.where, self.wrong = label("", "muted", wrap=True), label("", "error", wrap=True)
        self.subject.chosen.connect(lambda _: self._offer_kinds())
        self.kind.chosen.connect(lambda _: self._offer_columns())
        self.add.clicked.connect(self._add_condition)
        self.filter_text.returnPressed.connect(self._add_condition)
        self.clear.clicked.connect(lambda: self._set_where(()))
        self._conditions.changed.connect(self._show_where)
        for name, field in (
            ("subject", self.subject), ("kind", self.kind), ("column", self.column),
            ("other", self.other), ("where", self._conditions), ("level", self.level),
            ("message", self.message), ("filter", self.filter_text),
            ("filter_column", self.filter_column),
        ):  # fmt: skip
            self.kept.add(name, field)
        self._lay_out()

    def _lay_out(self) -> None:
        self.filter_column.setMaximumWidth(_COLUMN_WIDTH)
        filters = boxed(row_of(self.filter_column, (self.filter_text, 1), self.add))
        shown = boxed(row_of((self.where, 1), self.clear, spacing=-1))
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setSpacing(SPACE_S)
        for name, field in (
            ("检查对象", self.subject),
            ("检查内容", self.kind),
            ("列或指标", self.column),
            ("与哪一项比较", self.other),
            ("只看哪些行", filters),
            ("", shown),
            ("级别", self.level),
            ("提示语", self.message),
        ):
            self.form.addRow(name, field)
        for choice in (self.subject, self.kind, self.column, self.other, self.level):
            choice.setMaximumWidth(_FIELD_WIDTH)
        self.form.addRow("", self.wrong)
        self.form.addRow(self.kept.note)
        self._filter_rows = (filters, shown)
        self.wrong.hide()

    def set_choices(self, book: RuleBook) -> None:
        """Offer the ledgers and the indicators of the plan."""
        self._book = book
        ledgers = [(f"台账“{ledger.title}”", ledger.code) for ledger in book.ledgers]
        self.subject.set_entries([("填报数据", ""), *ledgers])
        self._offer_kinds()
        self._put_choices()

    def show_new(self) -> None:
        """Offer empty fields."""
        self._code = ""
        self._show_values(None)

    def show_rule(self, rule: QualityRule) -> None:
        """Show a rule."""
        self._code = rule.code
        self._show_values(rule)

    def _show_values(self, rule: QualityRule | None) -> None:
        stored = _values(rule, self._book) if rule else dict(_EMPTY)
        if rule is None:
            stored |= {"subject": self.subject.itemText(0)}
        self.kept.show(place_of(self._code), stored)
        self._put_choices()

    def _put_choices(self) -> None:
        """Put the choices once what they offer follows from those above."""
        for offer in (self._offer_kinds, self._offer_columns):
            offer()
            self.kept.show_again()
        self._show_where()

    def rule(self) -> QualityRule:
        """Return what stands in the fields; the service says whether it fits."""
        ledger, kind = self.subject.value or "", self._kind()
        item = self.column.value or ""
        return QualityRule(
            self._code,
            kind,
            Severity(self.level.value),
            ledger,
            item if ledger else "",
            (self.other.value or "") if kind in COMPARING else "",
            "" if ledger or kind in MILESTONE_KINDS else item,
            self._where() if ledger else (),
            self.message.text().strip(),
        )

    def _kind(self) -> QualityKind:
        return QualityKind(self.kind.value)  # Qt gives a plain text back

    def _ledger(self) -> Ledger | None:
        ledgers = self._book.ledgers if self._book else ()
        return next((each for each in ledgers if each.code == self.subject.value), None)

    def _offer_kinds(self) -> None:
        kinds = LEDGER_KINDS if self.subject.value else VALUE_KINDS
        self.kind.set_entries([(kind.label, kind) for kind in kinds])
        self._offer_columns()

    def _offer_columns(self) -> None:
        ledger, kind = self._ledger(), self._kind()
        if ledger is not None:
            wanted = kind.column_type
            entries = [(x.title, x.title) for x in ledger.columns if wanted in (None, x.type)]
            others = entries
            self.filter_column.set_entries((x.title, x.title) for x in ledger.columns)
        else:
            known = self._book.plan.indicators if self._book else ()
            others = [(indicator.name, indicator.code) for indicator in known]
            compares = kind is QualityKind.AT_MOST
            entries = others if compares else [("全部指标", ""), *others]
        self.column.set_entries(entries)
        self.other.set_entries(others)
        self.form.setRowVisible(self.other, kind in COMPARING)
        self.form.setRowVisible(self.column, ledger is not None or kind not in MILESTONE_KINDS)
        for row in self._filter_rows:
            self.form.setRowVisible(row, ledger is not None)

    def _add_condition(self) -> None:
        ledger = self._ledger()
        column = ledger.column(self.filter_column.value or "") if ledger else None
        found = conditions_of(column, self.filter_text.text()) if column else ()
        self.wrong.setVisible(not found)
        if found:
            self.filter_text.clear()
            self._set_where((*self._where(), *found))
        else:
            self.wrong.setText("条件无法识别，请写成 =甲、空、非空、>=5 或 2026-03")

    def _where(self) -> tuple[Condition, ...]:
        """Return the conditions on columns that the ledger has."""
        text, ledger = self._conditions.text(), self._ledger()
        found = from_plain(tuple[Condition, ...], json.loads(text)) if text else ()
        return tuple(c for c in found if ledger is not None and ledger.column(c.column))

    def _set_where(self, where: tuple[Condition, ...]) -> None:
        self._conditions.set_text(_where_text(where))

    def _show_where(self) -> None:
        where = self._where()
        words = "，".join(condition.text for condition in where)
        self.where.setText(f"条件：{words}" if where else "没有条件，检查全部行")
        self.clear.setVisible(bool(where))


def place_of(code: str) -> str:
    """Return where what is typed for a rule, or a new one, is kept."""
    return f"quality/rules/{code or 'new'}"


def _values(rule: QualityRule, book: RuleBook | None) -> dict[str, FieldValue]:
    """Return what stands in the fields when this is the rule; choices by their words."""
    ledgers = book.ledgers if book else ()
    names = {each.code: f"台账“{each.title}”" for each in ledgers} | {"": "填报数据"}
    indicators = {each.code: each.name for each in book.plan.indicators} if book else {}
    indicators[""] = "全部指标"
    return {
        "subject": names.get(rule.ledger, rule.ledger),
        "kind": rule.kind.label,
        "column": rule.column if rule.ledger else indicators.get(rule.indicator, rule.indicator),
        "other": rule.other if rule.ledger else indicators.get(rule.other, rule.other),
        "where": _where_text(rule.where),
        "level": rule.level.value,
        "message": rule.message,
        "filter": "",
        "filter_column": "",
    }


def _where_text(where: tuple[Condition, ...]) -> str:
    return json.dumps(to_plain(where), ensure_ascii=False) if where else ""
